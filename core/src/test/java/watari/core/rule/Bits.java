package watari.core.rule;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// Numbers as texts of the characters 0 and 1, so that the slow twins need no shift and no mask.
final class Bits {
  private Bits() {}

  static String of(int value, int length) {
    String bits = Integer.toBinaryString(value);
    return ("0".repeat(32) + bits).substring(32 + bits.length() - length);
  }

  static String of(long high, long low) {
    return of64(high) + of64(low);
  }

  private static String of64(long value) {
    String bits = Long.toBinaryString(value);
    return "0".repeat(64 - bits.length()) + bits;
  }

  static String of(Ipv6Prefix prefix) {
    return of(prefix.high(), prefix.low()).substring(0, prefix.length());
  }

  static String of(Ipv4Prefix prefix) {
    return of(prefix.bits(), 32).substring(0, prefix.length());
  }

  static String of(Ipv6Address address) {
    return of(address.high(), address.low());
  }

  static int value(String bits) {
    return bits.isEmpty() ? 0 : Integer.parseUnsignedInt(bits, 2);
  }

  static String padRight(String bits, int length) {
    return bits + "0".repeat(length - bits.length());
  }

  static String padLeft(String bits, int length) {
    return "0".repeat(length - bits.length()) + bits;
  }

  static Ipv6Prefix ipv6Prefix(String bits) {
    String all = padRight(bits, 128);
    return new Ipv6Prefix(
        Long.parseUnsignedLong(all.substring(0, 64), 2),
        Long.parseUnsignedLong(all.substring(64), 2),
        bits.length());
  }
}
