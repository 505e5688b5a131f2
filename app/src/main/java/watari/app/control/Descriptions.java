package watari.app.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import watari.core.net.Ipv4Address;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.host.driver.DoorCounter;
import watari.host.driver.DoorCounters;

/// Values of the core as trees of names and values, as they appear in JSON.
final class Descriptions {
  private Descriptions() {}

  /// The names are those of `watari check --json`.
  static Map<String, Object> of(Identity identity) {
    PortSet ports = identity.ports();
    List<List<Integer>> ranges = new ArrayList<>();
    for (int range = 0; range < ports.rangeCount(); range++) {
      ranges.add(List.of(ports.first(range), ports.last(range)));
    }
    boolean isPrefix = identity.ipv4().length() < 32;
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("endUserPrefix", identity.endUserPrefix().toString());
    all.put(
        isPrefix ? "ipv4Prefix" : "ipv4",
        isPrefix ? identity.ipv4().toString() : new Ipv4Address(identity.ipv4().bits()).toString());
    all.put("psid", ports.psid().value());
    all.put("psidLength", ports.psid().length());
    all.put("portRanges", ranges);
    all.put("portCount", ports.size());
    all.put("mapAddress", identity.mapAddress().toString());
    return all;
  }

  /// ```json
  /// {"receivedPackets": 3, "receivedBytes": 180, "passed": {"sent": 2, …}, "icmpAnswers": 0,
  ///  "drops": {"ttlExpired": 1, …}}
  /// ```
  static Map<String, Object> of(Tally tally) {
    return of(tally, _ -> true);
  }

  /// The same with only those passes and drops that there were.
  static Map<String, Object> ofSome(Tally tally) {
    return of(tally, packets -> packets > 0);
  }

  private static Map<String, Object> of(Tally tally, LongPredicate isShown) {
    Map<String, Object> passed = new LinkedHashMap<>();
    for (Pass pass : Pass.values()) {
      put(passed, pass.name(), tally.packets(pass), isShown);
    }
    Map<String, Object> drops = new LinkedHashMap<>();
    for (Drop drop : Drop.values()) {
      put(drops, drop.name(), tally.packets(drop), isShown);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("receivedPackets", tally.received());
    all.put("receivedBytes", tally.receivedBytes());
    all.put("passed", passed);
    all.put("icmpAnswers", tally.answers());
    all.put("drops", drops);
    return all;
  }

  private static void put(
      Map<String, Object> counts, String name, long packets, LongPredicate isShown) {
    if (isShown.test(packets)) {
      counts.put(camelCase(name), packets);
    }
  }

  /// ```json
  /// {"received": 3, "receivedBytes": 180, "superReceived": 1, "sent": 2, …}
  /// ```
  static Map<String, Object> of(DoorCounters counters) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (DoorCounter counter : DoorCounter.values()) {
      all.put(camelCase(counter.name()), counters.of(counter));
    }
    return all;
  }

  private static String camelCase(String constant) {
    var name = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
