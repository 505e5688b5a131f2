package watari.app.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import watari.app.config.ProtocolName;
import watari.core.event.Event;
import watari.core.event.HostLimit;
import watari.core.event.Rest;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;

/// Events as trees of names and values, as they appear in JSON, and back.
public final class EventTree {
  private EventTree() {}

  /// `event` has the kind, the others are what the kind has.
  static Map<String, Object> of(Event event) {
    return switch (event) {
      case Event.PortsExhausted(int protocol, var host) ->
          tree("portsExhausted", "protocol", name(protocol), "host", host.toString());
      case Event.MostPortsHeld(int protocol, var host, int ports, int portCount) ->
          tree(
              "mostPortsHeld",
              "protocol",
              name(protocol),
              "host",
              host.toString(),
              "ports",
              ports,
              "portCount",
              portCount);
      case Event.SessionsExhausted(var host) -> tree("sessionsExhausted", "host", host.toString());
      case Event.HostLimited(var host, HostLimit limit) ->
          tree("hostLimited", "host", host.toString(), "limit", name(limit));
      case Event.ProtocolWithoutPort(int protocol, var host) ->
          tree("protocolWithoutPort", "protocol", name(protocol), "host", host.toString());
      case Event.ForwardMoved(String name, int protocol, int from, int to) ->
          tree("forwardMoved", "name", name, "protocol", name(protocol), "from", from, "to", to);
      case Event.ForwardLost(String name, int protocol, int from) ->
          tree("forwardLost", "name", name, "protocol", name(protocol), "from", from);
      case Event.ForwardRestored(String name, int protocol, int port) ->
          tree("forwardRestored", "name", name, "protocol", name(protocol), "port", port);
      case Event.LineChanged(String mode, Ipv4Prefix address, int portCount) ->
          tree("lineChanged", "mode", mode, "address", address.toString(), "portCount", portCount);
      case Event.LineNotFollowed(String reason) -> tree("lineNotFollowed", "reason", reason);
      case Event.StateNotKept(String reason) -> tree("stateNotKept", "reason", reason);
      case Event.StateKept() -> tree("stateKept");
      case Event.OffloadRuns(String names) -> tree("offloadRuns", "interfaces", names);
      case Event.OffloadRests(Rest why, String what) ->
          tree("offloadRests", "why", name(why), "what", what, "reason", why.sentence(what));
    };
  }

  private static Map<String, Object> tree(String kind, Object... namesAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("event", kind);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      tree.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return tree;
  }

  /// The event that a tree is of; nothing where it is one of a newer version.
  public static Optional<Event> event(JsonNode tree) {
    try {
      return Optional.ofNullable(
          switch (text(tree, "event")) {
            case "portsExhausted" -> new Event.PortsExhausted(protocol(tree), host(tree));
            case "mostPortsHeld" ->
                new Event.MostPortsHeld(
                    protocol(tree), host(tree), number(tree, "ports"), number(tree, "portCount"));
            case "sessionsExhausted" -> new Event.SessionsExhausted(host(tree));
            case "hostLimited" -> new Event.HostLimited(host(tree), limit(text(tree, "limit")));
            case "protocolWithoutPort" -> new Event.ProtocolWithoutPort(protocol(tree), host(tree));
            case "forwardMoved" ->
                new Event.ForwardMoved(
                    text(tree, "name"), protocol(tree), number(tree, "from"), number(tree, "to"));
            case "forwardLost" ->
                new Event.ForwardLost(text(tree, "name"), protocol(tree), number(tree, "from"));
            case "forwardRestored" ->
                new Event.ForwardRestored(text(tree, "name"), protocol(tree), number(tree, "port"));
            case "lineChanged" ->
                new Event.LineChanged(
                    text(tree, "mode"),
                    Ipv4Prefix.parse(text(tree, "address")),
                    number(tree, "portCount"));
            case "lineNotFollowed" -> new Event.LineNotFollowed(text(tree, "reason"));
            case "stateNotKept" -> new Event.StateNotKept(text(tree, "reason"));
            case "stateKept" -> new Event.StateKept();
            case "offloadRuns" -> new Event.OffloadRuns(text(tree, "interfaces"));
            case "offloadRests" ->
                new Event.OffloadRests(rest(text(tree, "why")), text(tree, "what"));
            default -> null;
          });
    } catch (Refused _) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode tree, String name) {
    return tree.path(name).asString("");
  }

  private static int number(JsonNode tree, String name) {
    return tree.path(name).asInt(0);
  }

  private static Ipv4Address host(JsonNode tree) {
    return Ipv4Address.parse(text(tree, "host"));
  }

  private static String name(int protocol) {
    return ProtocolName.of(protocol);
  }

  private static int protocol(JsonNode tree) {
    String name = text(tree, "protocol");
    return ProtocolName.number(name)
        .orElseThrow(() -> new Refused("there is no protocol '" + name + "'"));
  }

  private static String name(HostLimit limit) {
    return switch (limit) {
      case PORTS -> "ports";
      case SESSIONS -> "sessions";
      case SESSION_RATE -> "sessionRate";
    };
  }

  private static String name(Rest why) {
    return switch (why) {
      case NO_INTERFACE -> "noInterface";
      case ROUTES_TOO_MANY -> "routesTooMany";
      case RULES_CHANGE -> "rulesChange";
      case SETTINGS_CHANGE -> "settingsChange";
      case NO_TUNNEL -> "noTunnel";
      case REFUSED -> "refused";
    };
  }

  private static Rest rest(String name) {
    return Stream.of(Rest.values())
        .filter(why -> name(why).equals(name))
        .findFirst()
        .orElseThrow(() -> new Refused("there is no reason '" + name + "'"));
  }

  private static HostLimit limit(String name) {
    return switch (name) {
      case "ports" -> HostLimit.PORTS;
      case "sessions" -> HostLimit.SESSIONS;
      case "sessionRate" -> HostLimit.SESSION_RATE;
      default -> throw new Refused("there is no limit '" + name + "'");
    };
  }
}
