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
record TunWish(Optional<Path> json, int rounds, List<Direction> only) {
  private static final int ROUNDS = 7;

  TunWish {
    only = List.copyOf(only);
  }

  static TunWish parse(List<String> arguments) {
    var wish = new TunWish(Optional.empty(), ROUNDS, List.of(Direction.values()));
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
      case "--json" -> new TunWish(Optional.of(Path.of(value)), rounds, only);
      case "--rounds" -> new TunWish(json, count(value), only);
      case "--only" -> new TunWish(json, rounds, List.of(Direction.parse(value)));
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
