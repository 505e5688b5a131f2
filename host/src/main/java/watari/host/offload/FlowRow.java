package watari.host.offload;

import watari.core.wire.Checksum;

/// One direction of a flow: what its packets are like before they are carried, and after. One
/// object serves all flows of a thread.
///
/// Numbers are as a little-endian machine reads them from packets. The Internet checksum does not
/// mind: its sums are the same with all bytes turned round (RFC 1071 §2).
final class FlowRow {
  static final int FROM_HOME = 0;
  static final int FROM_LINE = 1;

  private long key;
  private long otherKey;
  private long rewrite;
  private short headerChange;
  private long farHigh;
  private long farLow;
  private short way;

  /// Packets of the home to a remote endpoint, whose source becomes the outer endpoint.
  void fromHome(
      int protocol,
      int insideAddress,
      int insidePort,
      int outerAddress,
      int outerPort,
      int remoteAddress,
      int remotePort) {
    setKeys(FROM_HOME, protocol, insideAddress, insidePort, remoteAddress, remotePort);
    setRewrite(insideAddress, insidePort, outerAddress, outerPort);
  }

  /// Packets of a remote endpoint, whose target, the outer endpoint, becomes the inside one.
  void fromLine(
      int protocol,
      int insideAddress,
      int insidePort,
      int outerAddress,
      int outerPort,
      int remoteAddress,
      int remotePort) {
    setKeys(FROM_LINE, protocol, remoteAddress, remotePort, outerAddress, outerPort);
    setRewrite(outerAddress, outerPort, insideAddress, insidePort);
  }

  /// Whose tunnel it is: where packets of the home go, or those of the line come from.
  ///
  /// @param way its number in the table of next hops
  void setFarEnd(long high, long low, int way) {
    farHigh = Long.reverseBytes(high);
    farLow = Long.reverseBytes(low);
    this.way = (short) way;
  }

  private void setKeys(
      int direction, int protocol, int source, int sourcePort, int target, int targetPort) {
    key = inPacket(source) | inPacket(target) << Integer.SIZE;
    otherKey =
        inPacket(sourcePort << Short.SIZE | targetPort)
            | (long) (direction << Byte.SIZE | protocol) << Integer.SIZE;
  }

  private void setRewrite(int address, int port, int newAddress, int newPort) {
    long changes = Checksum.change(address, newAddress);
    headerChange = folded(changes);
    changes += Checksum.change(port, newPort);
    rewrite =
        inPacket(newAddress)
            | inPacket(newPort << Short.SIZE) << Integer.SIZE
            | (folded(changes) & 0xffffL) << 48;
  }

  private static long inPacket(int number) {
    return Integer.reverseBytes(number) & 0xffffffffL;
  }

  private static short folded(long changes) {
    return Short.reverseBytes((short) Checksum.fold(changes));
  }

  long key() {
    return key;
  }

  /// Never 0.
  long otherKey() {
    return otherKey;
  }

  /// New address 32 bits | new port 16 | what the checksum of TCP or UDP rises by 16.
  long rewrite() {
    return rewrite;
  }

  /// What the checksum of the IPv4 header rises by.
  short headerChange() {
    return headerChange;
  }

  long farHigh() {
    return farHigh;
  }

  long farLow() {
    return farLow;
  }

  short way() {
    return way;
  }
}
