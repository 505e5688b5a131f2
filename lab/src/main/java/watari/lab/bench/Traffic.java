package watari.lab.bench;

/// UDP packets of random subscribers of all [ManyRules], one after the other. Where they have a
/// pace, the payload begins with the time of the kernel's clock.
///
/// @param rules how many there are
/// @param size bytes of the IPv4 packets
/// @param isUp whether subscribers send them
/// @param isTunnelled whether they are in the tunnel to the relay
/// @param first the first address of the first rule
/// @param remote the first of 65,536 addresses of the Internet's ends, a multiple of 65,536
/// @param gapNanos at least so long from one packet to the next, 0 for as many as go
record Traffic(
    int rules, int size, boolean isUp, boolean isTunnelled, int first, int remote, int gapNanos) {
  /// The port of every end in the Internet.
  static final int REMOTE_PORT = 443;

  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;

  /// The same, but not more than one packet in so long.
  Traffic every(int nanos) {
    return new Traffic(rules, size, isUp, isTunnelled, first, remote, nanos);
  }

  /// Bytes before the IPv4 packet.
  int head() {
    return isTunnelled ? ETHERNET + IPV6 : ETHERNET;
  }

  /// Bytes of a frame.
  int frame() {
    return head() + size;
  }
}
