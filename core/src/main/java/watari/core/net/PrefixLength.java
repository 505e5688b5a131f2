package watari.core.net;

/// The number behind the slash.
final class PrefixLength {
  private PrefixLength() {}

  static int parse(String text, int slash, int most) {
    String digits = text.substring(slash + 1);
    boolean isNumber =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int length = isNumber ? Integer.parseInt(digits) : -1;
    if (length < 0 || length > most) {
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
