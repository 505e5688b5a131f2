package watari.app.cli;

/// Says which arguments and lines could not be read, and goes on.
final class Malformed {
  /// More sentences than this nobody reads; JSON has an object for each.
  private static final int SENTENCES_MAX = 10;

  private final Watari watari;
  private final String key;
  private final boolean isJson;
  private final Json json;
  private long count;

  /// @param key of the sentence in [Words]: {0} is the text, {1} what is wrong with it
  /// @param json where an object goes in place of the answer, with `isJson`
  Malformed(Watari watari, String key, boolean isJson, Json json) {
    this.watari = watari;
    this.key = key;
    this.isJson = isJson;
    this.json = json;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Says that a text is wrong.
  ///
  /// @param number of its line, 0 for an argument
  void add(String text, long number, String sentence) {
    if (isJson) {
      object(text, number, sentence);
    }
    if (count++ < SENTENCES_MAX) {
      Words words = watari.words();
      String said = words.say(key, text, sentence);
      watari.complain(number == 0 ? said : words.say("malformed.line", number, said));
    }
  }

  void addTooLong(long number) {
    add("", number, "the line is longer than " + Lines.LINE_MAX + " bytes");
  }

  /// Says how many there were beside those said.
  void end() {
    if (count > SENTENCES_MAX) {
      watari.complain(watari.words().say("malformed.more", count - SENTENCES_MAX));
    }
  }

  private void object(String text, long number, String sentence) {
    json.begin();
    if (number > 0) {
      json.name("line").number(number);
    }
    json.name("input").text(text).name("error").text(sentence).end().line();
  }
}
