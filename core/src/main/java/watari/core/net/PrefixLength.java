package watari.core.net;

/// The number behind the slash.
final class PrefixLength {
  private PrefixLength() {}

  static int parse(String text, int slash, int most) {
    String digits = text.substring(slash + 1);
    int length = Decimal.parse(digits, most);
    if (length == Decimal.NONE) {
      throw new Refused(
          "'"
              + text
              + "': the prefix length is a number from 0 to "
              + most
              + ", not '"
              + digits
              + "'");
    }
    return length;
  }
}
