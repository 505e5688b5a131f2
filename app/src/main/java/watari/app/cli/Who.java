package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import watari.core.rule.RuleTable;

/// Answers `who` for one address and port after the other.
final class Who implements Lines.Reader {
  private final Watari watari;
  private final boolean isJson;
  private final WhoJson whoJson;
  private final WhoText whoText;
  private final Json json = new Json();
  private final StringBuilder out = new StringBuilder();
  private final Malformed malformed;
  private boolean isSomebodyMissing;

  Who(Watari watari, RuleTable table, boolean isJson) {
    this.watari = watari;
    this.isJson = isJson;
    this.whoJson = new WhoJson(json, table);
    this.whoText = new WhoText(table, watari.words());
    this.malformed = new Malformed(watari, "malformed.endpoint", isJson, json);
  }

  /// 2 when a line could not be read, otherwise 3 when nobody was behind one.
  int exitCode() {
    malformed.end();
    return !malformed.isEmpty()
        ? ExitCode.WRONG_USAGE
        : isSomebodyMissing ? ExitCode.NO : ExitCode.OK;
  }

  /// Answers for a text.
  ///
  /// @param number of its line, 0 for an argument
  @Override
  public void line(byte[] bytes, int from, int to, long number) {
    long endpoint = Endpoint.scan(bytes, from, to);
    if (endpoint == Endpoint.NONE) {
      String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
      malformed.add(text, number, Endpoint.fault(text));
    } else if (isJson) {
      isSomebodyMissing |= !whoJson.answer(Endpoint.address(endpoint), Endpoint.port(endpoint));
    } else {
      isSomebodyMissing |=
          !whoText.answer(out, Endpoint.address(endpoint), Endpoint.port(endpoint));
    }
  }

  @Override
  public void tooLong(long number) {
    malformed.addTooLong(number);
  }

  @Override
  public void pause() throws IOException {
    watari.console().out().write(out.toString().getBytes(StandardCharsets.UTF_8));
    out.setLength(0);
    json.flush(watari.console().out());
  }
}
