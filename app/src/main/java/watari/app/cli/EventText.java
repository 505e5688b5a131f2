package watari.app.cli;

import java.util.Locale;
import java.util.Optional;
import watari.app.config.ProtocolName;
import watari.core.event.Event;
import watari.core.event.HostLimit;
import watari.core.event.Rest;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.wire.Protocol;

/// Events as sentences: what happened, why, and the way out.
final class EventText {
  private static final int GRE = 47;

  private final Words words;

  EventText(Words words) {
    this.words = words;
  }

  /// The sentence of an event.
  ///
  /// @param address what the Internet calls the home now
  String sentence(Event event, Optional<Ipv4Address> address) {
    return switch (event) {
      case Event.PortsExhausted(int protocol, var host) ->
          words.say("event.portsExhausted", host, name(protocol));
      case Event.MostPortsHeld(int protocol, var host, int ports, int portCount) ->
          words.say("event.mostPortsHeld", host, ports, portCount, name(protocol));
      case Event.SessionsExhausted(var host) -> words.say("event.sessionsExhausted", host);
      case Event.HostLimited(var host, var limit) -> words.say(key(limit), host);
      case Event.ProtocolWithoutPort(int protocol, var host) -> portless(protocol, host);
      case Event.ForwardMoved(String name, int protocol, int from, int to) ->
          words.say("event.forwardMoved", name, name(protocol), from, to, endpoint(address, to));
      case Event.ForwardLost(String name, int protocol, int from) ->
          words.say("event.forwardLost", name, name(protocol), from);
      case Event.ForwardRestored(String name, int protocol, int port) ->
          words.say("event.forwardRestored", name, name(protocol), endpoint(address, port));
      case Event.LineChanged(String mode, Ipv4Prefix prefix, int portCount) ->
          line(mode, prefix, portCount);
      case Event.LineNotFollowed(String reason) -> words.say("event.lineNotFollowed", reason);
      case Event.StateNotKept(String reason) -> words.say("event.stateNotKept", reason);
      case Event.StateKept() -> words.say("event.stateKept");
      case Event.OffloadRuns(String where) -> words.say("event.offloadRuns", where);
      case Event.OffloadRests(Rest why, String what) ->
          words.say("event.offloadRests", words.say(key(why), what));
    };
  }

  private static String key(HostLimit limit) {
    return switch (limit) {
      case PORTS -> "event.hostLimited.ports";
      case SESSIONS -> "event.hostLimited.sessions";
      case SESSION_RATE -> "event.hostLimited.sessionRate";
    };
  }

  private static String key(Rest why) {
    return switch (why) {
      case NO_INTERFACE -> "event.rest.noInterface";
      case ROUTES_TOO_MANY -> "event.rest.routesTooMany";
      case RULES_CHANGE -> "event.rest.rulesChange";
      case SETTINGS_CHANGE -> "event.rest.settingsChange";
      case NO_TUNNEL -> "event.rest.noTunnel";
      case REFUSED -> "event.rest.refused";
    };
  }

  private String portless(int protocol, Ipv4Address host) {
    return switch (protocol) {
      case Protocol.ESP -> words.say("event.portless.esp", host);
      case GRE -> words.say("event.portless.gre", host);
      default -> words.say("event.portless.other", host, name(protocol));
    };
  }

  private String line(String mode, Ipv4Prefix prefix, int portCount) {
    String address =
        prefix.length() == 32 ? new Ipv4Address(prefix.bits()).toString() : prefix.toString();
    return switch (mode) {
      case "map-e" -> words.say("event.line.mapE", address, portCount);
      case "native" -> words.say("event.line.native", address);
      default -> words.say("event.line.none");
    };
  }

  private String endpoint(Optional<Ipv4Address> address, int port) {
    return address
        .map(known -> known + ":" + port)
        .orElseGet(() -> words.say("event.portAlone", port));
  }

  private static String name(int protocol) {
    return ProtocolName.of(protocol).toUpperCase(Locale.ROOT);
  }
}
