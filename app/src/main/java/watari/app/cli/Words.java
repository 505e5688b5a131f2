package watari.app.cli;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sentences of the commands in the language of the person: `words.properties` beside this
/// class and its translation.
final class Words {
  /// `{0}` is the first argument. `MessageFormat` would load all of the JDK's locale data first.
  private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d)}");

  private final ResourceBundle bundle;
  private final boolean isJapanese;

  Words(boolean isJapanese) {
    this.isJapanese = isJapanese;
    this.bundle =
        ResourceBundle.getBundle(
            "watari.app.cli.words", isJapanese ? Locale.JAPANESE : Locale.ROOT);
  }

  boolean isJapanese() {
    return isJapanese;
  }

  /// The sentence of a key with its arguments put in.
  String say(String key, Object... arguments) {
    return ARGUMENT
        .matcher(bundle.getString(key))
        .replaceAll(found ->
            Matcher.quoteReplacement(String.valueOf(arguments[Integer.parseInt(found.group(1))])));
  }

  /// A label and a value, the values under each other. A Japanese letter is two columns wide.
  String row(String key, String value) {
    String label = say(key);
    long columns = label.chars().map(letter -> letter > 0x2e7f ? 2 : 1).sum();
    return "  " + label + " ".repeat((int) Math.max(1, 16 - columns)) + value;
  }
}
