package watari.lab.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import watari.core.net.Refused;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// One of the four ways on the line, from the host that sends over the one that works to the one
/// that counts. Each is one cable from the next:
///
/// ```
/// source ---- inward | host | outward ---- sink
/// ```
enum Direction {
  RELAY_DOWN("relay-down", Topology.INTERNET, "net0", Topology.RELAY, "net0", "line0"),
  RELAY_UP("relay-up", Topology.ACCESS, "relay0", Topology.RELAY, "line0", "net0"),
  GATEWAY_OUT("gateway-out", home().home(), "lan0", home().gateway(), "lan0", "wan0"),
  GATEWAY_IN("gateway-in", Topology.ACCESS, "home1", home().gateway(), "wan0", "lan0");

  private final String word;
  private final String source;
  private final String sourceInterface;
  private final String host;
  private final String inward;
  private final String outward;

  Direction(
      String word,
      String source,
      String sourceInterface,
      String host,
      String inward,
      String outward) {
    this.word = word;
    this.source = source;
    this.sourceInterface = sourceInterface;
    this.host = host;
    this.inward = inward;
    this.outward = outward;
  }

  /// The household of the benchmark.
  static Subscriber home() {
    return new Topology(1, Layout.RFC7597).subscriber(1);
  }

  /// @throws Refused when no direction is called so
  static Direction parse(String word) {
    return Arrays.stream(values())
        .filter(direction -> direction.word.equals(word))
        .findAny()
        .orElseThrow(() -> new Refused("--only is one of " + words() + ", not '" + word + "'"));
  }

  private static String words() {
    return Arrays.stream(values()).map(Direction::word).collect(Collectors.joining(", "));
  }

  String word() {
    return word;
  }

  String source() {
    return source;
  }

  String sourceInterface() {
    return sourceInterface;
  }

  String host() {
    return host;
  }

  String inward() {
    return inward;
  }

  String outward() {
    return outward;
  }

  String sink() {
    return opposite().source;
  }

  String sinkInterface() {
    return opposite().sourceInterface;
  }

  /// Whether its packets arrive in the tunnel.
  boolean arrivesTunnelled() {
    return this == RELAY_UP || this == GATEWAY_IN;
  }

  private Direction opposite() {
    return switch (this) {
      case RELAY_DOWN -> RELAY_UP;
      case RELAY_UP -> RELAY_DOWN;
      case GATEWAY_OUT -> GATEWAY_IN;
      case GATEWAY_IN -> GATEWAY_OUT;
    };
  }
}
