package watari.core.rule;

import watari.core.net.Refused;

/// The ports of one subscriber (RFC 7597 §5.1 and Appendix B).
///
/// ```
/// | A, a bits | PSID, k bits | j, m bits |      a port; its set are all A and j beside its own PSID
/// ```
///
/// For a > 0 the ports with A = 0 belong to nobody, so that no set has a system port. With k = 0
/// the address is not shared and every port, A = 0 too, is in the set.
///
/// @param psidOffset a, 0 to 15
/// @param psid the port set identifier with its length k; a + k is at most 16
public record PortSet(int psidOffset, Psid psid) {

  /// The ports of an address that is not shared.
  public static final PortSet ALL = new PortSet(0, Psid.NONE);

  /// What [#psidOf] says of a port that belongs to nobody.
  public static final int EXCLUDED = -1;

  public PortSet {
    check(psidOffset, psid.length());
    if (!psid.isPresent()) {
      psidOffset = 0;
    }
  }

  static void check(int psidOffset, int psidLength) {
    if (psidOffset < 0 || psidOffset > 15) {
      throw new Refused("the PSID offset is a number from 0 to 15, not " + psidOffset);
    }
    if (psidOffset + psidLength > 16) {
      throw new Refused(
          "a PSID offset of "
              + psidOffset
              + " and a PSID of "
              + psidLength
              + " bits do not fit into the 16 bits of a port; lower the offset to at most "
              + Math.max(0, 16 - psidLength));
    }
  }

  /// The PSID that a port carries, or [#EXCLUDED].
  ///
  /// @param psidOffset a
  /// @param psidLength k
  /// @param port 0 to 65535
  public static int psidOf(int psidOffset, int psidLength, int port) {
    if (psidLength > 0 && psidOffset > 0 && port >>> (16 - psidOffset) == 0) {
      return EXCLUDED;
    }
    return port >>> (16 - psidOffset - psidLength) & ((1 << psidLength) - 1);
  }

  /// Whether every port is in the set.
  public boolean isAll() {
    return !psid.isPresent();
  }

  public int size() {
    return rangeCount() * rangeSize();
  }

  public int rangeCount() {
    return psidOffset == 0 ? 1 : (1 << psidOffset) - 1;
  }

  /// The number of ports of each range, 2^m.
  public int rangeSize() {
    return 1 << rangeBits();
  }

  private int rangeBits() {
    return 16 - psidOffset - psid.length();
  }

  /// The first port of range `range`, counted from 0.
  public int first(int range) {
    int a = psidOffset == 0 ? 0 : range + 1;
    return a << (16 - psidOffset) | psid.value() << rangeBits();
  }

  /// The last port of range `range`, counted from 0.
  public int last(int range) {
    return first(range) + rangeSize() - 1;
  }

  /// The port with the index `index` among the set's ports in rising order.
  public int port(int index) {
    return first(index >>> rangeBits()) + (index & (rangeSize() - 1));
  }

  /// The index of a port of the set among its ports in rising order, or -1.
  public int index(int port) {
    if (!contains(port)) {
      return -1;
    }
    int range = psidOffset == 0 ? 0 : (port >>> (16 - psidOffset)) - 1;
    return range << rangeBits() | (port & (rangeSize() - 1));
  }

  public boolean contains(int port) {
    return psidOf(psidOffset, psid.length(), port) == psid.value();
  }

  /// As in `15 ranges of 16: 5472-5487 9568-9583 … 62816-62831, 240 ports`.
  @Override
  public String toString() {
    if (isAll()) {
      return "all ports";
    }
    int last = rangeCount() - 1;
    String head = first(0) + "-" + last(0);
    String tail = last == 0 ? "" : " ... " + first(last) + "-" + last(last);
    return rangeCount() + " x " + rangeSize() + ": " + head + tail + ", " + size() + " ports";
  }
}
