package watari.core.path;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Identity;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.Verdict;
import watari.core.wire.Slab;

/// Gateways and their relay in memory, joined by a line that routes by IPv6 target. Nobody else is
/// there: what comes out at a home or at the Internet is kept.
final class Line implements AutoCloseable {
  private static final int BYTES_MAX = 4096;
  private static final int HEADROOM = 64;

  private final long room = Slab.take(HEADROOM + BYTES_MAX);
  private final MapDomain domain;
  private final Relay relay;
  private final Map<Ipv6Address, Home> homes = new LinkedHashMap<>();
  private final Queue<byte[]> underway = new ArrayDeque<>();
  private final List<byte[]> internet = new ArrayList<>();
  private long now;

  Line(MapDomain domain, long seed) {
    this.domain = domain;
    relay =
        new Relay(
            new RelaySettings(
                new RuleTable(List.of(domain)),
                1500,
                Ipv4Address.parse("203.0.113.1"),
                Routing.OURS),
            keep(internet),
            keep(underway),
            new Randomness(seed, 1));
  }

  private static Outbox keep(Collection<byte[]> place) {
    return (at, length) -> place.add(Slab.copy(at, length));
  }

  @Override
  public void close() {
    homes.values().forEach(home -> home.gateway.close());
    relay.close();
    Slab.give(room, HEADROOM + BYTES_MAX);
  }

  Relay relay() {
    return relay;
  }

  /// Connects the home with an end-user prefix.
  Home connect(Ipv6Prefix endUserPrefix) {
    Identity identity = domain.basicRule(endUserPrefix).orElseThrow().identity(endUserPrefix);
    var home = new Home(identity);
    homes.put(identity.mapAddress(), home);
    return home;
  }

  /// A packet comes in from the Internet; whatever follows from it happens.
  Verdict fromInternet(byte[] packet) {
    Verdict verdict = relay.downstream(write(packet), packet.length, now++);
    settle();
    return verdict;
  }

  /// What came out at the Internet since the last call.
  List<byte[]> takeInternet() {
    var taken = List.copyOf(internet);
    internet.clear();
    return taken;
  }

  private long write(byte[] packet) {
    Slab.write(room + HEADROOM, packet, 0, packet.length);
    return room + HEADROOM;
  }

  private void settle() {
    for (byte[] packet = underway.poll(); packet != null; packet = underway.poll()) {
      long at = write(packet);
      var target = new Ipv6Address(Slab.longAt(at + 24), Slab.longAt(at + 32));
      Home home = homes.get(target);
      if (home != null) {
        home.gateway.inbound(at, packet.length, now++);
      } else if (target.equals(domain.relay())) {
        relay.upstream(at, packet.length, now++);
      }
    }
  }

  /// One home with its gateway; its hosts are in 192.168.1.0/24.
  final class Home {
    private final Identity identity;
    private final Gateway gateway;
    private final List<byte[]> arrived = new ArrayList<>();

    private Home(Identity identity) {
      this.identity = identity;
      gateway =
          new Gateway(
              new GatewaySettings(
                  identity,
                  domain,
                  1500,
                  List.of(Ipv4Prefix.parse("192.168.1.0/24")),
                  Ipv4Address.parse("192.168.1.1"),
                  Timers.DEFAULT,
                  4096,
                  Routing.OURS),
              keep(arrived),
              keep(underway),
              Arena.ofAuto(),
              new Randomness(identity.hashCode(), 2));
    }

    Identity identity() {
      return identity;
    }

    Gateway gateway() {
      return gateway;
    }

    /// A host of the home sends; whatever follows from it happens.
    Verdict send(byte[] packet) {
      Verdict verdict = gateway.outbound(write(packet), packet.length, now++);
      settle();
      return verdict;
    }

    /// What came in for hosts of the home since the last call.
    List<byte[]> takeArrived() {
      var taken = List.copyOf(arrived);
      arrived.clear();
      return taken;
    }
  }
}
