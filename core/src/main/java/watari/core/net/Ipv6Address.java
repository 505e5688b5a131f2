package watari.core.net;

/// An IPv6 address.
///
/// @param high bits 0 to 63
/// @param low bits 64 to 127
public record Ipv6Address(long high, long low) implements Comparable<Ipv6Address> {

  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);

  /// Reads any text form of RFC 4291 §2.2, an IPv4 tail included.
  ///
  /// @throws Refused when the text is anything else
  public static Ipv6Address parse(String text) {
    return Ipv6Text.parse(text);
  }

  /// Bit `index`, counted from the first on the wire, as 0 or 1.
  public int bit(int index) {
    return (int) ((index < 64 ? high >>> (63 - index) : low >>> (127 - index)) & 1);
  }

  /// Puts the canonical text into `out` at `at`, without making an object.
  ///
  /// @param out with room for 39 bytes
  /// @return where the text ends
  public static int print(byte[] out, int at, long high, long low) {
    return Ipv6Text.print(out, at, high, low);
  }

  @Override
  public int compareTo(Ipv6Address other) {
    int first = Long.compareUnsigned(high, other.high);
    return first != 0 ? first : Long.compareUnsigned(low, other.low);
  }

  /// The canonical text of RFC 5952.
  @Override
  public String toString() {
    return Ipv6Text.print(high, low);
  }
}
