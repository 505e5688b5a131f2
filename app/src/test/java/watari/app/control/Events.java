package watari.app.control;

import java.util.List;
import watari.core.event.Event;
import watari.core.event.HostLimit;
import watari.core.event.Rest;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.wire.Protocol;

/// An event of every kind, for tests.
public final class Events {
  private static final Ipv4Address HOST = Ipv4Address.parse("192.168.1.20");

  public static final List<Event> ALL =
      List.of(
          new Event.PortsExhausted(Protocol.UDP, HOST),
          new Event.MostPortsHeld(Protocol.UDP, HOST, 199, 240),
          new Event.SessionsExhausted(HOST),
          new Event.HostLimited(HOST, HostLimit.PORTS),
          new Event.HostLimited(HOST, HostLimit.SESSIONS),
          new Event.HostLimited(HOST, HostLimit.SESSION_RATE),
          new Event.ProtocolWithoutPort(Protocol.ESP, HOST),
          new Event.ProtocolWithoutPort(47, HOST),
          new Event.ProtocolWithoutPort(253, HOST),
          new Event.ForwardMoved("web \"1\"", Protocol.TCP, 4930, 62272),
          new Event.ForwardLost("game", Protocol.UDP, 4930),
          new Event.ForwardRestored("game", Protocol.UDP, 62272),
          new Event.LineChanged("map-e", Ipv4Prefix.parse("192.0.2.18"), 240),
          new Event.LineChanged("map-e", Ipv4Prefix.parse("203.0.113.8/30"), 262_144),
          new Event.LineChanged("native", Ipv4Prefix.parse("203.0.113.7"), 65_536),
          new Event.LineChanged("none", Ipv4Prefix.parse("0.0.0.0"), 0),
          new Event.LineNotFollowed("adding the IPv4 default route: File exists"),
          new Event.StateNotKept("/var/lib/watari: No space left on device"),
          new Event.StateKept(),
          new Event.OffloadRuns("net0, line0"),
          new Event.OffloadRests(Rest.NO_INTERFACE, "net0"),
          new Event.OffloadRests(Rest.ROUTES_TOO_MANY, ""),
          new Event.OffloadRests(Rest.RULES_CHANGE, ""),
          new Event.OffloadRests(Rest.SETTINGS_CHANGE, ""),
          new Event.OffloadRests(Rest.NO_TUNNEL, ""),
          new Event.OffloadRests(Rest.REFUSED, "putting a program at net0 failed"));

  private Events() {}
}
