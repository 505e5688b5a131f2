package watari.lab.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import watari.core.net.Refused;

/// What the caller of `watari bench core` wants.
///
/// @param json where the measurements go in JMH's own format
/// @param forks how many JVMs measure each benchmark, one after another
/// @param only a part of the names of the benchmarks to run
record Wish(Optional<Path> json, int forks, String only) {
  private static final int FORKS = 5;

  static Wish parse(List<String> arguments) {
    Wish wish = new Wish(Optional.empty(), FORKS, "");
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (!rest.hasNext()) {
        throw new Refused("'" + option + "' is no option with a value; " + CoreBench.USE);
      }
      wish = wish.with(option, rest.next());
    }
    return wish;
  }

  private Wish with(String option, String value) {
    return switch (option) {
      case "--json" -> new Wish(Optional.of(Path.of(value)), forks, only);
      case "--forks" -> new Wish(json, count(value), only);
      case "--only" -> new Wish(json, forks, part(value));
      default -> throw new Refused("there is no option '" + option + "'; " + CoreBench.USE);
    };
  }

  private static int count(String value) {
    if (!value.matches("[1-9][0-9]?")) {
      throw new Refused("--forks is a number from 1 to 99, not '" + value + "'");
    }
    return Integer.parseInt(value);
  }

  private static String part(String value) {
    return switch (value) {
      case "relay" -> "Relay";
      case "gateway" -> "Gateway";
      default -> throw new Refused("--only is relay or gateway, not '" + value + "'");
    };
  }
}
