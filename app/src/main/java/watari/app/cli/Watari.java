package watari.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command `watari` itself: what all verbs share.
@Command(
    name = "watari",
    synopsisSubcommandLabel = "VERB",
    description = "IPv4 across an IPv6-only line: MAP-E (RFC 7597).",
    versionProvider = Watari.Version.class,
    footer = {
      "",
      "The launcher has these too:",
      "  lab    a MAP-E line in network namespaces, proved with real traffic",
      "  test   every test of Watari",
      "  bench  how fast it is",
      "",
      "'watari VERB --help' explains a verb."
    })
final class Watari {
  /// A sentence may quote what it refuses, and that may be long.
  private static final int SENTENCE_MAX = 400;

  private final Console console;

  @Option(
      names = "--lang",
      paramLabel = "LANG",
      scope = ScopeType.INHERIT,
      description = "en or ja; otherwise as LC_ALL, LC_MESSAGES or LANG say")
  private @Nullable String language;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelp;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "the version")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isVersion;

  Watari(Console console) {
    this.console = console;
  }

  Console console() {
    return console;
  }

  /// The person's language.
  Words words() {
    return new Words(language == null ? console.isJapanese() : language.startsWith("ja"));
  }

  /// Prints a sentence on standard error. It may quote bytes from anywhere: those that could steer
  /// a terminal are not printed.
  void complain(String sentence) {
    String clipped =
        sentence.length() > SENTENCE_MAX ? sentence.substring(0, SENTENCE_MAX) + "..." : sentence;
    console.err().println("watari: " + printable(clipped));
  }

  /// A text without the letters that could steer a terminal.
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /// Reads the version that the build wrote.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(Watari.class.getResourceAsStream("version.txt"))) {
        return new String[] {
          "watari " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      }
    }
  }
}
