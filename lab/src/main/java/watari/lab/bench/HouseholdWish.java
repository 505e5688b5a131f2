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
/// @param docs the folder that a page, a chart and the rows of the live part go to
/// @param rounds of each row of the line and of the live part
/// @param forks how many JVMs measure each way in memory, one after another
/// @param parts what to measure
/// @param isQuick whether few packets and the smallest rows do in the live part
record HouseholdWish(
    Optional<Path> json,
    Optional<Path> docs,
    int rounds,
    int forks,
    Set<Part> parts,
    boolean isQuick) {
  private static final int ROUNDS = 5;
  private static final int FORKS = 2;

  /// The parts of the benchmark.
  enum Part {
    /// The ways in memory.
    MEMORY,
    /// The table of sessions.
    SESSIONS,
    /// End to end, beside the kernel.
    LINE,
    /// Frames made in the kernel, with the offload, beside the kernel.
    LIVE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  HouseholdWish {
    parts = Set.copyOf(parts);
  }

  static HouseholdWish parse(List<String> arguments) {
    var all = EnumSet.allOf(Part.class);
    var wish = new HouseholdWish(Optional.empty(), Optional.empty(), ROUNDS, FORKS, all, false);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (option.equals("--quick")) {
        wish = new HouseholdWish(wish.json, wish.docs, wish.rounds, wish.forks, wish.parts, true);
      } else if (rest.hasNext()) {
        wish = wish.with(option, rest.next());
      } else {
        throw new Refused("'" + option + "' is no option with a value; " + HouseholdBench.USE);
      }
    }
    return wish;
  }

  private HouseholdWish with(String option, String value) {
    return switch (option) {
      case "--json" ->
          new HouseholdWish(Optional.of(Path.of(value)), docs, rounds, forks, parts, isQuick);
      case "--docs" ->
          new HouseholdWish(json, Optional.of(Path.of(value)), rounds, forks, parts, isQuick);
      case "--rounds" -> new HouseholdWish(json, docs, count(option, value), forks, parts, isQuick);
      case "--forks" -> new HouseholdWish(json, docs, rounds, count(option, value), parts, isQuick);
      case "--only" -> new HouseholdWish(json, docs, rounds, forks, Set.of(part(value)), isQuick);
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
