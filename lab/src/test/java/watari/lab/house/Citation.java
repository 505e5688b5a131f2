package watari.lab.house;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A test that says of a row that it shows it.
///
/// @param row the row
/// @param place where the test is: room and class, or the folder of a scenario
/// @param sentence its name, in words
/// @param file the file or folder of the place, from the root of the checkout
record Citation(String row, String place, String sentence, String file) {
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile(
          "-|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?<![Ii]pv)(?=[0-9])");

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "tcp udp icmp rfc mtu pcp nat pmp igd upnp xml json psid tun esp ike l2tp vpn dns dhcp"
              .split(" ", -1));

  /// What a test method shows, by the doc above it.
  static Stream<Citation> ofTest(Path file, String method, String doc) {
    String type = file.getFileName().toString().replace(".java", "");
    String place = file.resolveSibling("").getFileName() + "." + type;
    return Rows.cited(doc).stream()
        .map(row -> new Citation(row, place, words(method), fromHome(file)));
  }

  /// What a scenario shows, by the comments at its top.
  static Stream<Citation> ofScenario(Path file) {
    Path folder = file.resolveSibling("");
    String sentence = words(file.getFileName().toString().replace(".txt", ""));
    String place = "scenarios/" + folder.getFileName();
    return House.text(file)
        .lines()
        .filter(line -> line.startsWith("# rows:"))
        .flatMap(line -> Rows.cited(line).stream())
        .map(row -> new Citation(row, place, sentence, fromHome(folder)));
  }

  /// The test as the page names it.
  String test() {
    return "[" + place + "] " + sentence;
  }

  /// `keepsAPortOf240Tcp` in words: `keeps a port of 240 TCP`.
  static String words(String name) {
    return Arrays.stream(BETWEEN_WORDS.split(name))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .map(word -> ABBREVIATIONS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
        .collect(joining(" "))
        .replace("ipv", "IPv");
  }

  private static String fromHome(Path file) {
    return House.home().relativize(file.toAbsolutePath().normalize()).toString();
  }
}
