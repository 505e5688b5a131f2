package watari.core.path;

import watari.core.net.Refused;
import watari.core.wire.Ipv6;

/// What the outer headers of a tunnel say (RFC 2473 §6). There is never an encapsulation limit,
/// since relays in the field drop extension headers, and the flow label is zero.
///
/// @param lineMtu the IPv6 MTU of the line, 1280 to 65535
/// @param hopLimit 1 to 255, whatever the inner time to live is
/// @param trafficClass [#COPIED], or a fixed one, 0 to 252; its last two bits are the congestion
///   mark and zero here
/// @param congestion where the congestion mark comes from, also in a fixed traffic class
public record TunnelSettings(
    int lineMtu, int hopLimit, int trafficClass, CongestionMark congestion) {

  /// The traffic class of the inner packet.
  public static final int COPIED = -1;

  public static final int HOP_LIMIT_DEFAULT = 64;

  private static final int MARK = 3;

  /// The two modes of a tunnel's beginning (RFC 6040 §4.1).
  public enum CongestionMark {
    /// Normal mode: the inner packet's.
    COPIED,
    /// Compatibility mode, for an end of the tunnel that loses marks: none.
    CLEARED
  }

  public TunnelSettings {
    if (lineMtu < Ipv6.MTU_MIN || lineMtu > 65535) {
      throw new Refused("the MTU of an IPv6 line is 1280 to 65535 bytes, not " + lineMtu);
    }
    if (hopLimit < 1 || hopLimit > 255) {
      throw new Refused("a hop limit is 1 to 255, not " + hopLimit);
    }
    if (trafficClass != COPIED && (trafficClass < 0 || trafficClass > 255)) {
      throw new Refused("a fixed traffic class is 0 to 252, not " + trafficClass);
    }
    if (trafficClass != COPIED && (trafficClass & MARK) != 0) {
      throw new Refused(
          "the last two bits of the traffic class "
              + trafficClass
              + " are the congestion mark, which cannot be fixed (RFC 6040 section 4.1); use "
              + (trafficClass & ~MARK));
    }
  }

  /// Everything but the MTU as it is by default.
  public TunnelSettings(int lineMtu) {
    this(lineMtu, HOP_LIMIT_DEFAULT, COPIED, CongestionMark.COPIED);
  }

  /// The bits of the inner traffic class that the outer one has.
  public int copiedBits() {
    int service = trafficClass == COPIED ? 0xff & ~MARK : 0;
    return service | (congestion == CongestionMark.COPIED ? MARK : 0);
  }

  /// The bits that the outer traffic class has in any case.
  public int fixedBits() {
    return trafficClass == COPIED ? 0 : trafficClass;
  }
}
