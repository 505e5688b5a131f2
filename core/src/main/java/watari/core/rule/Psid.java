package watari.core.rule;

import watari.core.net.Refused;

/// A Port Set Identifier (RFC 7597 §5.1): which of the 2^length port sets of an address.
///
/// @param value right-aligned
/// @param length k, 0 to 16 bits; 0 means that there is none
public record Psid(int value, int length) {

  public static final Psid NONE = new Psid(0, 0);

  public Psid {
    if (length < 0 || length > 16) {
      throw new Refused("a PSID has 0 to 16 bits, not " + length);
    }
    if (value < 0 || value >= 1 << length) {
      throw new Refused("the PSID " + value + " does not fit into " + length + " bits");
    }
  }

  /// Reads `VALUE/LENGTH` with the value decimal or, behind 0x, hexadecimal: `0x34/8`.
  ///
  /// @throws Refused when the text is anything else
  public static Psid parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new Psid(
            Integer.decode(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new Refused(
        "'" + text + "' is not a PSID: it is a value and a length in bits, as in 0x34/8");
  }

  public boolean isPresent() {
    return length > 0;
  }

  @Override
  public String toString() {
    return "0x" + Integer.toHexString(value) + "/" + length;
  }
}
