package watari.core.net;

/// An IPv4 address.
///
/// @param bits the 32 bits; addresses from 128.0.0.0 on are negative numbers
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {

  /// Reads four decimal numbers with dots.
  ///
  /// @throws Refused when the text is anything else
  public static Ipv4Address parse(String text) {
    return new Ipv4Address(parseBits(text, "'" + text + "' is not an IPv4 address"));
  }

  /// Reads four decimal numbers with dots.
  ///
  /// @param wrong how a refusal begins, up to the colon
  static int parseBits(String text, String wrong) {
    int bits = 0;
    int at = 0;
    for (int part = 0; part < 4; part++) {
      int end = part < 3 ? text.indexOf('.', at) : text.length();
      if (end < 0) {
        throw new Refused(wrong + ": it needs four numbers with dots, as in 192.0.2.1");
      }
      bits = bits << 8 | octet(text.substring(at, end), wrong);
      at = end + 1;
    }
    return bits;
  }

  private static int octet(String digits, String wrong) {
    int value = Decimal.parse(digits, 255);
    if (value == Decimal.NONE) {
      throw new Refused(
          wrong
              + ": '"
              + digits
              + "' is not a number from 0 to 255"
              + (digits.startsWith("0") ? " without a leading zero" : ""));
    }
    return value;
  }

  /// Appends the address to `out` without making an object.
  public static void print(StringBuilder out, int bits) {
    out.append(bits >>> 24)
        .append('.')
        .append(bits >>> 16 & 0xff)
        .append('.')
        .append(bits >>> 8 & 0xff)
        .append('.')
        .append(bits & 0xff);
  }

  /// Puts the address into `out` at `at`, without making an object.
  ///
  /// @param out with room for 15 bytes
  /// @return where the text ends
  public static int print(byte[] out, int at, int bits) {
    int end = at;
    for (int shift = 24; shift >= 0; shift -= 8) {
      int part = bits >>> shift & 0xff;
      if (part >= 100) {
        out[end++] = (byte) ('0' + part / 100);
      }
      if (part >= 10) {
        out[end++] = (byte) ('0' + part / 10 % 10);
      }
      out[end++] = (byte) ('0' + part % 10);
      if (shift > 0) {
        out[end++] = '.';
      }
    }
    return end;
  }

  @Override
  public int compareTo(Ipv4Address other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    var out = new StringBuilder(15);
    print(out, bits);
    return out.toString();
  }
}
