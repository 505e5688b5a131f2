package watari.host.kernel;

import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// An address or prefix of either family in the notation of RFC 4632: the address of a device with
/// the bits its network has, or the target of a route.
///
/// @param isIpv6 the family
/// @param high bits 0 to 63 of an IPv6 address; 0 for IPv4
/// @param low bits 64 to 127; for IPv4 its 32 bits, with zeros above
/// @param length 0 to 32 or 0 to 128
public record Cidr(boolean isIpv6, long high, long low, int length) {

  public Cidr {
    int most = isIpv6 ? 128 : 32;
    if (length < 0 || length > most) {
      throw new Refused("the prefix length is a number from 0 to " + most + ", not " + length);
    }
    if (!isIpv6 && (high != 0 || low >>> 32 != 0)) {
      throw new Refused("an IPv4 address has 32 bits");
    }
  }

  public static Cidr of(Ipv4Address address, int length) {
    return new Cidr(false, 0, Integer.toUnsignedLong(address.bits()), length);
  }

  public static Cidr of(Ipv6Address address, int length) {
    return new Cidr(true, address.high(), address.low(), length);
  }

  public static Cidr of(Ipv4Prefix prefix) {
    return of(new Ipv4Address(prefix.bits()), prefix.length());
  }

  public static Cidr of(Ipv6Prefix prefix) {
    return of(prefix.address(), prefix.length());
  }

  /// The shorter prefix that this one lies in.
  ///
  /// @param length at most that of this one
  public Cidr shortened(int length) {
    return isIpv6
        ? new Cidr(
            true, high & Ipv6Prefix.maskHigh(length), low & Ipv6Prefix.maskLow(length), length)
        : new Cidr(false, 0, low & Integer.toUnsignedLong(Ipv4Prefix.mask(length)), length);
  }

  /// Whether all bits behind the length are zero.
  public boolean isPrefix() {
    return isIpv6
        ? (high & ~Ipv6Prefix.maskHigh(length)) == 0 && (low & ~Ipv6Prefix.maskLow(length)) == 0
        : ((int) low & ~Ipv4Prefix.mask(length)) == 0;
  }

  @Override
  public String toString() {
    return (isIpv6 ? new Ipv6Address(high, low).toString() : new Ipv4Address((int) low).toString())
        + "/"
        + length;
  }
}
