package watari.core.rule;

import watari.core.net.Refused;

/// Where the IPv4 address and the PSID lie in the last 64 bits of a MAP address.
///
/// ```
/// RFC7597   | 16 zero bits | IPv4 address, 32 bits | PSID, 16 bits |               RFC 7597 §6
/// DRAFT_03  | 8 zero bits | IPv4 address, 32 bits | PSID, 16 bits | 8 zero bits |  draft-ietf-softwire-map-03
/// ```
///
/// Every known Japanese service uses the draft's layout; a domain says which one it has, it is
/// never guessed.
public enum Layout {
  RFC7597("rfc7597", 16, 0),
  DRAFT_03("draft-03", 24, 8);

  private final String label;
  private final int ipv4Shift;
  private final int psidShift;

  Layout(String label, int ipv4Shift, int psidShift) {
    this.label = label;
    this.ipv4Shift = ipv4Shift;
    this.psidShift = psidShift;
  }

  /// Reads `rfc7597` or `draft-03`.
  ///
  /// @throws Refused when the text is neither
  public static Layout parse(String text) {
    for (Layout layout : values()) {
      if (layout.label.equals(text)) {
        return layout;
      }
    }
    throw new Refused("'" + text + "' is not a layout: it is rfc7597 or draft-03");
  }

  /// The interface identifier, bits 64 to 127 of a MAP address.
  public long interfaceId(int ipv4, int psid) {
    return (ipv4 & 0xffffffffL) << ipv4Shift | (psid & 0xffffL) << psidShift;
  }

  /// Where in a MAP address the IPv4 address begins, counted in bits.
  int firstBit() {
    return 128 - 32 - ipv4Shift;
  }

  /// The IPv4 address in an interface identifier.
  public int ipv4(long interfaceId) {
    return (int) (interfaceId >>> ipv4Shift);
  }

  /// The PSID in an interface identifier.
  public int psid(long interfaceId) {
    return (int) (interfaceId >>> psidShift) & 0xffff;
  }

  @Override
  public String toString() {
    return label;
  }
}
