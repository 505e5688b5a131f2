package watari.app.cli;

import watari.core.net.Ipv6Prefix;

/// An end-user prefix beside a Rule IPv6 prefix, from the first bit to the first that differs.
///
/// @param endUserPrefix what was asked
/// @param rule the Rule IPv6 prefix
/// @param equalBits how many of the rule's bits the prefix has
record Comparison(Ipv6Prefix endUserPrefix, Ipv6Prefix rule, int equalBits) {

  static Comparison of(Ipv6Prefix endUserPrefix, Ipv6Prefix rule) {
    long high = endUserPrefix.high() ^ rule.high();
    long low = endUserPrefix.low() ^ rule.low();
    int equal = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
    int comparable = Math.min(endUserPrefix.length(), rule.length());
    return new Comparison(endUserPrefix, rule, Math.min(equal, comparable));
  }

  boolean matches() {
    return equalBits == rule.length();
  }

  /// Whether the prefix ends before a bit differs.
  boolean isTooShort() {
    return !matches() && equalBits == endUserPrefix.length();
  }

  /// The bytes compared, as in `24=24 0d=0d 00=00 1a!=0f`: up to the first that differs. A byte
  /// that the rule cuts is shown in its bits.
  String trace() {
    var out = new StringBuilder();
    int end = Math.min(rule.length(), equalBits + (matches() || isTooShort() ? 0 : 1));
    for (int i = 0; 8 * i < end; i++) {
      int bits = Math.min(8, rule.length() - 8 * i);
      boolean isEqual = equalBits >= 8 * i + bits;
      out.append(i == 0 ? "" : " ")
          .append(shown(endUserPrefix, i, bits))
          .append(isEqual ? "=" : isTooShort() ? "?" : "!=")
          .append(shown(rule, i, bits));
    }
    return out.toString();
  }

  private static String shown(Ipv6Prefix prefix, int index, int bits) {
    long half = index < 8 ? prefix.high() : prefix.low();
    int octet = (int) (half >>> (56 - 8 * (index & 7))) & 0xff;
    if (bits == 8) {
      return Integer.toHexString(0x100 | octet).substring(1);
    }
    return Integer.toBinaryString(0x100 | octet).substring(1, 1 + bits);
  }
}
