package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.offload.Counts;
import watari.host.offload.GatewayOffload;
import watari.lab.line.Place;
import watari.lab.line.Topology;

/// The sessions of a [SessionTraffic], opened as any session is: each by a packet of the home, an
/// answer, and one more, which take Java's whole way. Its translator then gives them to the
/// gateway's programs in the kernel, at the driver. Time stands still, so that no session grows
/// old.
final class CarriedHome implements Closeable {
  private static final int CELLS_MAX = 1 << 17;
  private static final int SEED = 7597;
  private static final long NOW = 1_000_000;

  /// As many as the product has room for.
  private static final int ROOM = 1 << 16;

  private static final int LENGTH = 46;
  private static final int HEADROOM = 64;
  private static final int OUTER = 40;
  private static final int BYTES = HEADROOM + OUTER + LENGTH;

  private final GatewaySettings settings;
  private final Arena arena = Arena.ofShared();
  private final long memory = Slab.take(BYTES);
  private final long outer = memory + HEADROOM;
  private final long inner = outer + OUTER;
  private final Counts out = new Counts("watari_out");
  private final Counts in = new Counts("watari_in");
  private final Gateway gateway;
  private final GatewayOffload offload;
  private final List<Integer> ports = new ArrayList<>(Collections.nCopies(SessionTraffic.HOSTS, 0));
  private int outerPort;

  private CarriedHome(int sessions) throws IOException {
    settings = GatewayBench.settings(sessions);
    gateway = new Gateway(settings, (_, _) -> true, this::note, arena, new Randomness(SEED, SEED));
    offload =
        GatewayOffload.load(
            Hook.XDP, settings, room(sessions), out, in, CELLS_MAX, new Randomness(SEED, SEED));
  }

  /// In a table that is full, some buckets are fuller than full.
  private static int room(int sessions) {
    return Math.max(ROOM, 2 * sessions);
  }

  /// The line: remembers which port the last packet left from.
  private boolean note(long at, int length) {
    outerPort = Slab.shortAt(at + OUTER + Ipv4.HEADER);
    return length > 0;
  }

  /// Puts the programs in place and opens the sessions.
  ///
  /// @param place with the interfaces `lan0` and `wan0`
  /// @param hosts the port of each host at home
  static CarriedHome open(Place place, int sessions, List<Integer> hosts) throws IOException {
    var home = place.inside(() -> new CarriedHome(sessions));
    try {
      place.inside(() -> {
        home.attach();
        return home;
      });
      home.gateway.napt().carryBy(home.offload.carrier(), NOW);
      home.gateway.tick(NOW);
      for (int session = 0; session < sessions; session++) {
        home.open(session, hosts.get(session % SessionTraffic.HOSTS));
      }
      return home;
    } catch (IOException | RuntimeException failed) {
      home.close();
      throw failed;
    }
  }

  private void attach() throws IOException {
    try (var netlink = Netlink.open()) {
      offload.attach(List.of(device(netlink, Topology.LAN)), List.of(device(netlink, "wan0")));
      if (!offload.follow(netlink)) {
        throw new IOException("the routing table of the benchmark's gateway is too large");
      }
    }
  }

  private static Link device(Netlink netlink, String name) throws IOException {
    return netlink.link(new InterfaceName(name)).orElseThrow();
  }

  private void open(int session, int hostPort) {
    int host = session % SessionTraffic.HOSTS;
    int remote = SessionTraffic.REMOTES + session / SessionTraffic.HOSTS;
    leave(host, hostPort, remote);
    ports.set(host, outerPort);
    packet(remote, Traffic.REMOTE_PORT, settings.identity().ipv4().bits(), outerPort);
    Slab.putInt(outer, 6 << 28);
    Slab.putInt(outer + 4, LENGTH << 16 | Protocol.IPV4 << 8 | 64);
    Slab.putLong(outer + 8, settings.domain().relay().high());
    Slab.putLong(outer + 16, settings.domain().relay().low());
    Slab.putLong(outer + 24, settings.identity().mapAddress().high());
    Slab.putLong(outer + 32, settings.identity().mapAddress().low());
    demand(gateway.inbound(outer, OUTER + LENGTH, NOW) == Pass.SENT, session);
    leave(host, hostPort, remote);
  }

  private void leave(int host, int hostPort, int remote) {
    packet(SessionStage.HOME + host, hostPort, remote, Traffic.REMOTE_PORT);
    demand(gateway.outbound(inner, LENGTH, NOW) == Pass.SENT, host);
  }

  private void packet(int source, int sourcePort, int target, int targetPort) {
    Ipv4.write(inner, LENGTH, Protocol.UDP, 64, source, target);
    Slab.putInt(inner + Ipv4.HEADER, sourcePort << 16 | targetPort);
    Slab.putInt(inner + Ipv4.HEADER + 4, (LENGTH - Ipv4.HEADER) << 16);
  }

  private static void demand(boolean isSent, int number) {
    if (!isSent) {
      throw new IllegalStateException("a session of the benchmark was refused: " + number);
    }
  }

  Ipv6Address mapAddress() {
    return settings.identity().mapAddress();
  }

  /// How many packets the programs have sent on.
  long sent() {
    var tally = new Tally();
    out.addTo(tally);
    in.addTo(tally);
    return tally.packets(Pass.SENT);
  }

  /// The outer port of each host.
  List<Integer> ports() {
    return List.copyOf(ports);
  }

  @Override
  public void close() {
    offload.close();
    gateway.close();
    arena.close();
    Slab.give(memory, BYTES);
    out.close();
    in.close();
  }
}
