package watari.core.portmap;

import java.util.HexFormat;

/// The 96 bits by which a PCP client shows that a mapping is its own (RFC 6887 §11.1).
public record Nonce(long high, int low) {

  /// As 24 hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }

  /// Reads what [#toString] writes.
  public static Nonce parse(String digits) {
    return new Nonce(
        HexFormat.fromHexDigitsToLong(digits, 0, 16), HexFormat.fromHexDigits(digits, 16, 24));
  }
}
