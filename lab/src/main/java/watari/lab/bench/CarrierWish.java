package watari.lab.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import watari.core.net.Refused;

/// What the caller of `watari bench relay` or `watari bench latency` wants.
///
/// @param use how the benchmark is called
/// @param json where the rows go as JSON
/// @param docs the folder that a page, a chart and the rows go to
/// @param rounds how often each row is measured
/// @param isQuick whether few packets and the smallest rows do
record CarrierWish(
    String use, Optional<Path> json, Optional<Path> docs, int rounds, boolean isQuick) {
  private static final int ROUNDS = 5;

  static CarrierWish parse(String use, List<String> arguments) {
    var wish = new CarrierWish(use, Optional.empty(), Optional.empty(), ROUNDS, false);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (option.equals("--quick")) {
        wish = new CarrierWish(use, wish.json, wish.docs, wish.rounds, true);
      } else if (rest.hasNext()) {
        wish = wish.with(option, rest.next());
      } else {
        throw new Refused("'" + option + "' is no option with a value; " + use);
      }
    }
    return wish;
  }

  private CarrierWish with(String option, String value) {
    return switch (option) {
      case "--json" -> new CarrierWish(use, Optional.of(Path.of(value)), docs, rounds, isQuick);
      case "--docs" -> new CarrierWish(use, json, Optional.of(Path.of(value)), rounds, isQuick);
      case "--rounds" -> new CarrierWish(use, json, docs, count(value), isQuick);
      default -> throw new Refused("there is no option '" + option + "'; " + use);
    };
  }

  private static int count(String value) {
    if (!value.matches("[1-9][0-9]?")) {
      throw new Refused("--rounds is a number from 1 to 99, not '" + value + "'");
    }
    return Integer.parseInt(value);
  }
}
