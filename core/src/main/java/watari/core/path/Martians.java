package watari.core.path;

/// Addresses that no packet of the Internet has (RFC 6890 §2.2.2, RFC 2827).
///
/// Those for documentation are let through: nobody has them, so nobody is harmed, and every lab
/// lives in them.
public final class Martians {
  private Martians() {}

  /// Whether an address is private, shared, of this link or this host, multicast, or for later use.
  public static boolean has(int address) {
    int second = address >>> 16 & 0xff;
    return switch (address >>> 24) {
      case 0, 10, 127 -> true;
      case 100 -> second >= 64 && second < 128;
      case 169 -> second == 254;
      case 172 -> second >= 16 && second < 32;
      case 192 -> second == 168 || (address >>> 8 & 0xffff) == 0;
      case 198 -> second == 18 || second == 19;
      default -> address >>> 24 >= 224;
    };
  }
}
