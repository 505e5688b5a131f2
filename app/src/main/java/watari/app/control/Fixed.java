package watari.app.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import watari.app.config.OffloadWish;
import watari.app.config.Problem;
import watari.core.path.TunnelSettings;
import watari.core.path.TunnelSettings.CongestionMark;

/// What of a file cannot change while it runs, key by key, as the file says it.
final class Fixed {
  private final List<Problem> problems = new ArrayList<>();

  /// Demands that a key says the same.
  ///
  /// @param now what it says, of a kind that prints as it stands in the file
  void demand(String key, Object now, Object next) {
    String before = now.toString();
    String after = next.toString();
    if (!before.equals(after)) {
      add(
          key,
          "it cannot change from "
              + before
              + " to "
              + after
              + " while it runs; stop it and start it again");
    }
  }

  void add(String key, String sentence) {
    problems.add(new Problem(key, 0, 0, sentence));
  }

  /// The same of all that a line says of its tunnel.
  void tunnel(TunnelSettings now, TunnelSettings next) {
    demand("mtu", now.lineMtu(), next.lineMtu());
    demand("hopLimit", now.hopLimit(), next.hopLimit());
    demand("trafficClass", trafficClass(now), trafficClass(next));
    demand("congestionMark", mark(now), mark(next));
  }

  private static String trafficClass(TunnelSettings tunnel) {
    int trafficClass = tunnel.trafficClass();
    return trafficClass == TunnelSettings.COPIED ? "copy" : Integer.toString(trafficClass);
  }

  private static String mark(TunnelSettings tunnel) {
    return tunnel.congestion() == CongestionMark.COPIED ? "copy" : "clear";
  }

  /// The same of all that a file says of the offload.
  ///
  /// @param ipv4 what the side is called that IPv4 comes from
  void offload(String ipv4, OffloadWish now, OffloadWish next) {
    demand("offload", word(now.demand()), word(next.demand()));
    demand("hook", word(now.hook()), word(next.hook()));
    demand("interfaces", interfaces(ipv4, now), interfaces(ipv4, next));
  }

  /// A word of the file that is called as its constant.
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String interfaces(String ipv4, OffloadWish wish) {
    return wish.interfaces()
        .map(named ->
            "{" + ipv4 + ": " + names(named.ipv4()) + ", line: " + names(named.line()) + "}")
        .orElse("none");
  }

  private static String names(List<String> names) {
    return names.size() == 1 ? names.getFirst() : names.toString();
  }

  /// A number that may be left to Watari.
  static String auto(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "auto";
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }
}
