package watari.lab.line;

/// Where IPv4 address and PSID sit in the interface identifier of a MAP address.
public enum Layout {
  /// RFC 7597 §6: 16 zero bits, IPv4 address, PSID.
  RFC7597("rfc7597", 0),
  /// draft-ietf-softwire-map-03, as lines in Japan use it: the same, 8 bits further left.
  DRAFT03("draft-03", 8);

  private final String word;
  private final int shift;

  Layout(String word, int shift) {
    this.word = word;
    this.shift = shift;
  }

  /// The word for it in a rules file.
  public String word() {
    return word;
  }

  /// Bits 64 to 127 of the MAP address.
  long interfaceIdentifier(int ipv4, int psid) {
    return ((ipv4 & 0xffff_ffffL) << 16 | psid) << shift;
  }
}
