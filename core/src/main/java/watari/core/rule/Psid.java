package watari.core.rule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import watari.core.net.Refused;

/// A Port Set Identifier (RFC 7597 §5.1): which of the 2^length port sets of an address.
///
/// @param value right-aligned
/// @param length k, 0 to 16 bits; 0 means that there is none
public record Psid(int value, int length) {

  public static final Psid NONE = new Psid(0, 0);

  /// A decimal value has no leading zero, so that nobody reads it as octal.
  private static final Pattern TEXT =
      Pattern.compile(
          "(0[xX](?<hex>[0-9a-fA-F]{1,4})|(?<decimal>0|[1-9][0-9]{0,4}))/(?<length>[0-9]{1,2})");

  public Psid {
    if (length < 0 || length > 16) {
      throw new Refused("a PSID has 0 to 16 bits, not " + length);
    }
    if (value < 0 || value >= 1 << length) {
      throw new Refused(
          "the PSID "
              + value
              + " does not fit into "
              + length
              + " bits; it is a number from 0 to "
              + ((1 << length) - 1));
    }
  }

  /// Reads `VALUE/LENGTH` with the value decimal or, behind 0x, hexadecimal: `0x34/8`.
  ///
  /// @throws Refused when the text is anything else
  public static Psid parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new Refused(
          "'" + text + "' is not a PSID: it is a value and a length in bits, as in 0x34/8");
    }
    String hex = matcher.group("hex");
    int value =
        hex == null ? Integer.parseInt(matcher.group("decimal")) : Integer.parseInt(hex, 16);
    return new Psid(value, Integer.parseInt(matcher.group("length")));
  }

  public boolean isPresent() {
    return length > 0;
  }

  @Override
  public String toString() {
    return "0x" + Integer.toHexString(value) + "/" + length;
  }
}
