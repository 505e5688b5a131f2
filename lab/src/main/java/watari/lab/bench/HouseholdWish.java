package watari.lab.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import watari.core.net.Refused;

/// What the caller of `watari bench gateway` wants.
///
/// @param json where the measurements go
/// @param rounds of each row of the line
/// @param forks how many JVMs measure each way in memory, one after another
/// @param parts what to measure
record HouseholdWish(Optional<Path> json, int rounds, int forks, Set<Part> parts) {
  private static final int ROUNDS = 5;
  private static final int FORKS = 2;

  /// The three parts of the benchmark.
  enum Part {
    /// The ways in memory.
    MEMORY,
    /// The table of sessions.
    SESSIONS,
    /// End to end, beside the kernel.
    LINE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  HouseholdWish {
    parts = Set.copyOf(parts);
  }

  static HouseholdWish parse(List<String> arguments) {
    var wish = new HouseholdWish(Optional.empty(), ROUNDS, FORKS, EnumSet.allOf(Part.class));
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (!rest.hasNext()) {
        throw new Refused("'" + option + "' is no option with a value; " + HouseholdBench.USE);
      }
      wish = wish.with(option, rest.next());
    }
    return wish;
  }

  private HouseholdWish with(String option, String value) {
    return switch (option) {
      case "--json" -> new HouseholdWish(Optional.of(Path.of(value)), rounds, forks, parts);
      case "--rounds" -> new HouseholdWish(json, count(option, value), forks, parts);
      case "--forks" -> new HouseholdWish(json, rounds, count(option, value), parts);
      case "--only" -> new HouseholdWish(json, rounds, forks, Set.of(part(value)));
      default -> throw new Refused("there is no option '" + option + "'; " + HouseholdBench.USE);
    };
  }

  private static int count(String option, String value) {
    if (!value.matches("[1-9][0-9]?")) {
      throw new Refused(option + " is a number from 1 to 99, not '" + value + "'");
    }
    return Integer.parseInt(value);
  }

  private static Part part(String value) {
    return Arrays.stream(Part.values())
        .filter(part -> part.word().equals(value))
        .findAny()
        .orElseThrow(() -> new Refused("--only is one of " + words() + ", not '" + value + "'"));
  }

  private static String words() {
    return Arrays.stream(Part.values()).map(Part::word).collect(Collectors.joining(", "));
  }
}
