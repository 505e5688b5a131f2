package watari.core.net;

/// An IPv4 prefix; the bits behind its length are zero.
///
/// @param bits the address part
/// @param length 0 to 32
public record Ipv4Prefix(int bits, int length) implements Comparable<Ipv4Prefix> {

  public Ipv4Prefix {
    if (length < 0 || length > 32) {
      throw new Refused("an IPv4 prefix has 0 to 32 bits, not " + length);
    }
    if ((bits & ~mask(length)) != 0) {
      throw new Refused(
          new Ipv4Address(bits)
              + "/"
              + length
              + " has bits set behind its length; the prefix is "
              + new Ipv4Address(bits & mask(length))
              + "/"
              + length);
    }
  }

  /// Reads `ADDRESS/LENGTH`; a bare address is a prefix of 32 bits.
  ///
  /// @throws Refused when the text is anything else or has bits set behind the length
  public static Ipv4Prefix parse(String text) {
    int slash = text.indexOf('/');
    return new Ipv4Prefix(parseBits(text, slash), parseLength(text, slash));
  }

  /// Reads like [#parse] but clears bits behind the length.
  ///
  /// @throws Refused when the text is no address with a length
  public static Ipv4Prefix parseMasking(String text) {
    int slash = text.indexOf('/');
    return of(parseBits(text, slash), parseLength(text, slash));
  }

  private static int parseBits(String text, int slash) {
    return Ipv4Address.parseBits(
        slash < 0 ? text : text.substring(0, slash), "'" + text + "' is not an IPv4 prefix");
  }

  private static int parseLength(String text, int slash) {
    return slash < 0 ? 32 : PrefixLength.parse(text, slash, 32);
  }

  /// The prefix of `length` bits that `address` lies in.
  public static Ipv4Prefix of(int address, int length) {
    return new Ipv4Prefix(address & mask(length), length);
  }

  /// A number with the first `length` bits set.
  public static int mask(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  public boolean contains(int address) {
    return (address & mask(length)) == bits;
  }

  public boolean overlaps(Ipv4Prefix other) {
    return length <= other.length ? contains(other.bits) : other.contains(bits);
  }

  @Override
  public int compareTo(Ipv4Prefix other) {
    int first = Integer.compareUnsigned(bits, other.bits);
    return first != 0 ? first : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return new Ipv4Address(bits) + "/" + length;
  }
}
