package watari.app.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.app.config.GatewayConfig;
import watari.app.config.ProtocolName;
import watari.core.event.Event;
import watari.core.nat.Reservations;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Asker;
import watari.core.portmap.Lease;
import watari.core.portmap.Leases;
import watari.core.portmap.Move;
import watari.core.portmap.PortControl;
import watari.core.portmap.PortControlSettings;
import watari.core.rule.PortSet;
import watari.host.engine.Worker;
import watari.host.service.PortControlService;

/// What hosts at home have asked for, the service that they ask by PCP and NAT-PMP, and the journal
/// that keeps it over a restart.
///
/// The table is the worker's. What has changed in it is handed over as a list, written by another
/// thread, and only then answered.
final class LeasedPorts implements PortControlService.Owner, AutoCloseable {
  private final Keeping keeping;
  private final Leases leases;
  private Reservations reservations;
  private final AtomicReference<@Nullable Kept> unwritten = new AtomicReference<>();
  private long seenRevision;
  private volatile PortControl server;
  private volatile @Nullable Worker worker;
  private volatile @Nullable PortControlService service;
  private GatewayConfig served;
  private volatile Optional<DhcpClients> clients;

  /// Who writes may wait for the disk, and nobody else for them.
  private final Object writing = new Object();

  private long writtenRevision = -1;

  /// The table at some time, with both clocks.
  private record Kept(long revision, List<Lease> leases, long now, Instant wallClock) {}

  /// @param reservations with the operator's forwards in place
  LeasedPorts(GatewayConfig config, Reservations reservations, Keeping keeping, long now) {
    this.keeping = keeping;
    this.reservations = reservations;
    served = config;
    clients = clients(config);
    leases = new Leases(reservations, config.portMapping().limits());
    server = server(config, now);
  }

  private static Optional<DhcpClients> clients(GatewayConfig config) {
    return config.lan().dhcpLeases().map(DhcpClients::new);
  }

  private PortControl server(GatewayConfig config, long now) {
    var settings =
        new PortControlSettings(
            config.portMapping().pcp(), config.portMapping().natPmp(), config.lan().prefixes());
    return new PortControl(leases, settings, now);
  }

  /// Puts the leases of the run before in place, or leaves that to [#follow]: when a machine
  /// starts, its line often has no address yet.
  ///
  /// @return what a person should hear
  List<Event> restore(long now) {
    if (hasNoPorts()) {
      return List.of();
    }
    PortSet before = keeping.set().orElse(reservations.ports());
    return events(leases.restore(before, keeping.leases(now, Instant.now()), now));
  }

  private boolean hasNoPorts() {
    return reservations instanceof NoPorts;
  }

  private static List<Event> events(List<Move> moves) {
    return moves.stream().flatMap(move -> move.event().stream()).toList();
  }

  /// The table itself; on the worker's thread.
  Leases leases() {
    return leases;
  }

  /// Lets time pass; on the worker's thread.
  void tick(long now) {
    List<Lease> _ = leases.expire(now);
    note(now);
  }

  /// While nobody can have any, the journal stays.
  private void note(long now) {
    if (!hasNoPorts() && leases.revision() != seenRevision) {
      seenRevision = leases.revision();
      unwritten.set(new Kept(seenRevision, leases.all(), now, Instant.now()));
    }
  }

  /// Follows the gateway to another address, port set or set of forwards; on the worker's thread.
  ///
  /// @return what a person should hear
  List<Event> follow(GatewayConfig config, Reservations next, long now) {
    int before = leases.outerAddress();
    leases.limit(config.portMapping().limits());
    if (!next.equals(reservations)) {
      giveBack(now);
    }
    boolean isFirst = hasNoPorts();
    reservations = next;
    List<Move> moves = leases.moveTo(next, now);
    List<Event> restored = isFirst ? restore(now) : List.of();
    server.moved(before, moves, now);
    note(now);
    return Stream.concat(events(moves).stream(), restored.stream()).toList();
  }

  /// A way that is left may come back, and is not to keep what nobody holds any more.
  private void giveBack(long now) {
    for (Lease lease : leases.all()) {
      for (int port = lease.outerPort(); port < lease.outerPort() + lease.size(); port++) {
        boolean _ = reservations.release(lease.protocol(), port, now);
      }
    }
  }

  /// Begins to answer.
  synchronized void serve(Worker worker) {
    this.worker = worker;
    start();
  }

  private void start() {
    Worker thread = worker;
    boolean isWanted = served.portMapping().pcp() || served.portMapping().natPmp();
    if (thread != null && isWanted) {
      service =
          PortControlService.start(served.lan().address(), server, this, Worker::monotonicMillis);
    }
  }

  /// Answers as another configuration says, where it says something else; not on the worker's
  /// thread.
  synchronized void become(GatewayConfig next) {
    if (!served.lan().dhcpLeases().equals(next.lan().dhcpLeases())) {
      clients = clients(next);
    }
    boolean isSame =
        served.portMapping().equals(next.portMapping()) && served.lan().equals(next.lan());
    served = next;
    if (!isSame) {
      stop();
      server = server(next, Worker.monotonicMillis());
      start();
    }
  }

  private void stop() {
    PortControlService running = service;
    if (running != null) {
      running.close();
      service = null;
    }
  }

  /// Computes something on the worker's thread. What it has changed is safe when this completes.
  @Override
  public <T> CompletableFuture<T> ask(Supplier<T> question) {
    Worker thread = worker;
    if (thread == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("there is no worker yet"));
    }
    return thread
        .ask(() -> answered(question))
        .thenApplyAsync(this::written, work -> Thread.startVirtualThread(work));
  }

  private <T> T answered(Supplier<T> question) {
    T answer = question.get();
    note(Worker.monotonicMillis());
    return answer;
  }

  private <T> T written(T answer) {
    write();
    return answer;
  }

  /// Writes what has not been written; a thread that waits for the disk may call.
  void write() {
    synchronized (writing) {
      Kept kept = unwritten.getAndSet(null);
      if (kept != null && kept.revision > writtenRevision) {
        writtenRevision = kept.revision;
        keeping.keepLeases(
            kept.leases.stream().filter(Lease::isLasting).toList(), kept.now, kept.wallClock);
      }
    }
  }

  /// Ends the leases of hosts that have left the home, as its DHCP server says (RFC 6887 §15); not
  /// on the worker's thread.
  void forgetWhoLeft() {
    for (Ipv4Address address : clients.map(DhcpClients::left).orElse(List.of())) {
      CompletableFuture<List<Lease>> _ =
          ask(() -> leases.deleteHost(address.bits(), Worker.monotonicMillis()));
    }
  }

  /// All leases, as names and values; on the worker's thread.
  List<Map<String, Object>> tree(long now) {
    var trees = new ArrayList<Map<String, Object>>();
    leases.all().forEach(lease -> trees.add(tree(lease, now)));
    return trees;
  }

  private Map<String, Object> tree(Lease lease, long now) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("protocol", ProtocolName.of(lease.protocol()));
    tree.put("dial", new Ipv4Address(leases.outerAddress()) + ":" + lease.outerPort());
    tree.put("to", new Ipv4Address(lease.inside().address()).toString());
    tree.put("toPort", lease.inside().port());
    tree.put("count", lease.size());
    tree.put("by", by(lease.asker()));
    if (lease.expiresAt() != Lease.FOREVER) {
      tree.put("secondsLeft", lease.secondsLeft(now));
    }
    return tree;
  }

  private static String by(Asker asker) {
    return switch (asker) {
      case Asker.Pcp _ -> "pcp";
      case Asker.Peers _ -> "pcpPeer";
      case Asker.NatPmp _ -> "natPmp";
      case Asker.Upnp upnp -> upnp.description().isBlank() ? "upnp" : "upnp " + upnp.description();
    };
  }

  /// Why nobody is answered now.
  Optional<String> problem() {
    PortControlService running = service;
    return running == null ? Optional.empty() : running.problem();
  }

  @Override
  public synchronized void close() {
    stop();
    write();
  }
}
