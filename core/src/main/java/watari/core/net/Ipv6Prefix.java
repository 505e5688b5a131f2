package watari.core.net;

/// An IPv6 prefix; the bits behind its length are zero.
///
/// @param high bits 0 to 63 of the address part
/// @param low bits 64 to 127
/// @param length 0 to 128
public record Ipv6Prefix(long high, long low, int length) implements Comparable<Ipv6Prefix> {

  public Ipv6Prefix {
    if (length < 0 || length > 128) {
      throw new Refused("an IPv6 prefix has 0 to 128 bits, not " + length);
    }
    if ((high & ~maskHigh(length)) != 0 || (low & ~maskLow(length)) != 0) {
      throw new Refused(
          Ipv6Text.print(high, low)
              + "/"
              + length
              + " has bits set behind its length; the prefix is "
              + Ipv6Text.print(high & maskHigh(length), low & maskLow(length))
              + "/"
              + length);
    }
  }

  /// Reads `ADDRESS/LENGTH`; a bare address is a prefix of 128 bits.
  ///
  /// @throws Refused when the text is anything else or has bits set behind the length
  public static Ipv6Prefix parse(String text) {
    int slash = text.indexOf('/');
    Ipv6Address address = parseAddress(text, slash);
    return new Ipv6Prefix(address.high(), address.low(), parseLength(text, slash));
  }

  /// Reads like [#parse] but clears bits behind the length.
  ///
  /// @throws Refused when the text is no address with a length
  public static Ipv6Prefix parseMasking(String text) {
    int slash = text.indexOf('/');
    Ipv6Address address = parseAddress(text, slash);
    return of(address.high(), address.low(), parseLength(text, slash));
  }

  private static Ipv6Address parseAddress(String text, int slash) {
    return Ipv6Address.parse(slash < 0 ? text : text.substring(0, slash));
  }

  private static int parseLength(String text, int slash) {
    return slash < 0 ? 128 : PrefixLength.parse(text, slash, 128);
  }

  /// The prefix of `length` bits that the address lies in.
  public static Ipv6Prefix of(long high, long low, int length) {
    return new Ipv6Prefix(high & maskHigh(length), low & maskLow(length), length);
  }

  /// The first `length` bits of this prefix.
  public Ipv6Prefix shortened(int length) {
    return of(high, low, length);
  }

  /// Bits 0 to 63 of a mask with the first `length` bits set.
  public static long maskHigh(int length) {
    return length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
  }

  /// Bits 64 to 127 of a mask with the first `length` bits set.
  public static long maskLow(int length) {
    return length <= 64 ? 0 : -1L << (128 - length);
  }

  public boolean contains(long high, long low) {
    return (high & maskHigh(length)) == this.high && (low & maskLow(length)) == this.low;
  }

  /// Whether `other` is this prefix or lies inside it.
  public boolean contains(Ipv6Prefix other) {
    return length <= other.length && contains(other.high, other.low);
  }

  public boolean overlaps(Ipv6Prefix other) {
    return contains(other) || other.contains(this);
  }

  /// The first address.
  public Ipv6Address address() {
    return new Ipv6Address(high, low);
  }

  @Override
  public int compareTo(Ipv6Prefix other) {
    int first = address().compareTo(other.address());
    return first != 0 ? first : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return Ipv6Text.print(high, low) + "/" + length;
  }
}
