package watari.app.config;

import java.util.List;
import java.util.Optional;

/// How far the kernel is to carry usual packets itself.
///
/// @param demand whether it may or must
/// @param hook where its programs are to run
/// @param interfaces whose packets it is to carry; without them it carries none
public record OffloadWish(Demand demand, Hook hook, Optional<Interfaces> interfaces) {
  /// Whether the kernel carries packets.
  public enum Demand {
    OFF,
    /// Where it can; where not, all goes on without.
    AUTO,
    /// There is no start without.
    REQUIRED
  }

  /// Where the programs run.
  public enum Hook {
    /// At the driver where the interfaces are cards, else at traffic control.
    AUTO,
    /// At the driver: the fastest for packets of cards.
    XDP,
    /// At traffic control, where super-packets of TCP arrive whole.
    TC
  }

  /// The names of network interfaces.
  ///
  /// @param ipv4 those that IPv4 comes in by: of the Internet at a relay, of the home at a gateway
  /// @param line those that IPv6 packets of the tunnel come in by
  public record Interfaces(List<String> ipv4, List<String> line) {
    public Interfaces {
      ipv4 = List.copyOf(ipv4);
      line = List.copyOf(line);
    }
  }
}
