package watari.lab.bench;

/// UDP packets of random subscribers of all [ManyRules], one after the other.
///
/// @param rules how many there are
/// @param size bytes of the IPv4 packets
/// @param isUp whether subscribers send them
/// @param isTunnelled whether they are in the tunnel to the relay
/// @param remote the first of 65,536 addresses of the Internet's ends, a multiple of 65,536
record Traffic(int rules, int size, boolean isUp, boolean isTunnelled, int remote) {
  /// The port of every end in the Internet.
  static final int REMOTE_PORT = 443;

  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;

  /// Bytes before the IPv4 packet.
  int head() {
    return isTunnelled ? ETHERNET + IPV6 : ETHERNET;
  }

  /// Bytes of a frame.
  int frame() {
    return head() + size;
  }
}
