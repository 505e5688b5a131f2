package watari.app.config;

/// What is wrong in a text and where.
///
/// @param source the file's name, or what else the text came from
/// @param line counted from 1; 0 means the text as a whole
/// @param column counted from 1
/// @param sentence what is wrong and what would be right
public record Problem(String source, int line, int column, String sentence) {

  /// As in `rules.yaml:3:5: sentence`.
  @Override
  public String toString() {
    return source + (line == 0 ? "" : ":" + line + ":" + column) + ": " + sentence;
  }
}
