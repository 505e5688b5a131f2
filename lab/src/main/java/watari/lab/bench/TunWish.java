package watari.lab.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import watari.core.net.Refused;

/// What the caller of `watari bench tun` wants.
///
/// @param json where the rows go as JSON
/// @param rounds how often each row is measured
/// @param only the directions to measure
/// @param jvm options of the JVM of gateway and relay
record TunWish(Optional<Path> json, int rounds, List<Direction> only, List<String> jvm) {
  /// As the launcher runs them.
  static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-Xms6m", "-XX:TrimNativeHeapInterval=5000");

  private static final int ROUNDS = 7;

  TunWish {
    only = List.copyOf(only);
    jvm = List.copyOf(jvm);
  }

  static TunWish parse(List<String> arguments) {
    var wish = new TunWish(Optional.empty(), ROUNDS, List.of(Direction.values()), JVM);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (!rest.hasNext()) {
        throw new Refused("'" + option + "' is no option with a value; " + TunBench.USE);
      }
      wish = wish.with(option, rest.next());
    }
    return wish;
  }

  private TunWish with(String option, String value) {
    return switch (option) {
      case "--json" -> new TunWish(Optional.of(Path.of(value)), rounds, only, jvm);
      case "--rounds" -> new TunWish(json, count(value), only, jvm);
      case "--only" -> new TunWish(json, rounds, List.of(Direction.parse(value)), jvm);
      case "--jvm" -> new TunWish(json, rounds, only, List.of(value.split(" ", -1)));
      default -> throw new Refused("there is no option '" + option + "'; " + TunBench.USE);
    };
  }

  private static int count(String value) {
    if (!value.matches("[1-9][0-9]?")) {
      throw new Refused("--rounds is a number from 1 to 99, not '" + value + "'");
    }
    return Integer.parseInt(value);
  }
}
