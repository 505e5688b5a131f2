package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import watari.app.config.Services;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// Answers `check` for one prefix after the other.
final class Check implements Lines.Reader {
  private final Watari watari;
  private final Services services;
  private final boolean isJson;
  private final CheckText text;
  private final Json json = new Json();
  private final CheckJson checkJson = new CheckJson(json);
  private final StringBuilder out = new StringBuilder();
  private final Malformed malformed;
  private boolean isFirst = true;
  private boolean isOneNot;

  Check(Watari watari, Services services, boolean isJson, boolean showsAll) {
    this.watari = watari;
    this.services = services;
    this.isJson = isJson;
    this.text = new CheckText(services, showsAll, watari.words());
    this.malformed = new Malformed(watari, "malformed.prefix", isJson, json);
  }

  /// 2 when a prefix could not be read, otherwise 3 when one was not MAP-E.
  int exitCode() {
    malformed.end();
    return !malformed.isEmpty() ? ExitCode.WRONG_USAGE : isOneNot ? ExitCode.NO : ExitCode.OK;
  }

  @Override
  public void line(byte[] bytes, int from, int to, long number) {
    answer(new String(bytes, from, to - from, StandardCharsets.UTF_8), number);
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

  /// Answers for a prefix as text.
  ///
  /// @param number of its line, 0 for an argument
  void answer(String prefix, long number) {
    try {
      answer(Ipv6Prefix.parse(prefix));
    } catch (Refused refused) {
      malformed.add(prefix, number, refused.sentence());
    }
  }

  private void answer(Ipv6Prefix prefix) {
    CheckAnswer answer = CheckAnswer.of(prefix, services);
    isOneNot |= !(answer instanceof CheckAnswer.MapE);
    if (isJson) {
      checkJson.answer(prefix, answer);
    } else {
      out.append(isFirst ? "" : "\n").append(text.answer(prefix, answer));
      isFirst = false;
    }
  }
}
