package watari.core.net;

/// A small decimal number in ASCII digits. A leading zero is refused, since other programs read it
/// as octal: 010 is 8 to them.
final class Decimal {
  /// What [#parse] says of any other text.
  static final int NONE = -1;

  private Decimal() {}

  /// The number, or [#NONE] where the text is none or it is more than `most`.
  static int parse(String digits, int most) {
    if (digits.isEmpty()
        || digits.length() > 3
        || (digits.length() > 1 && digits.charAt(0) == '0')) {
      return NONE;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = 10 * value + digit;
    }
    return value <= most ? value : NONE;
  }
}
