package watari.lab.bench;

import java.util.List;

/// UDP packets that a [TrafficProgram] makes, one after the other. Where they have a pace, the
/// payload begins with the time of the kernel's clock.
sealed interface Traffic permits RuleTraffic, SessionTraffic {
  /// The port of every end in the Internet.
  int REMOTE_PORT = 443;

  int ETHERNET = 14;
  int IPV6 = 40;

  /// Bytes of the IPv4 packets.
  int size();

  /// Whether subscribers send them.
  boolean isUp();

  /// Whether they are in a tunnel.
  boolean isTunnelled();

  /// At least so long from one packet to the next, 0 for as many as go.
  int gapNanos();

  /// The port of each host, where packets are of hosts of one home.
  List<Integer> ports();

  /// What the numbers begin with.
  default long seed() {
    return 7597;
  }

  /// Bytes before the IPv4 packet.
  default int head() {
    return isTunnelled() ? ETHERNET + IPV6 : ETHERNET;
  }

  /// Bytes of a frame.
  default int frame() {
    return head() + size();
  }
}
