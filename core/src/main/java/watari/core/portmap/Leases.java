package watari.core.portmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.nat.Reservations;
import watari.core.nat.Wish;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// The one table of what hosts have asked for by PCP, NAT-PMP and UPnP, on the one allocator of the
/// port set.
///
/// An inside endpoint has at most one lease, and so has an outer port. Who may change a lease is
/// for the protocols to say; this table only knows what is free.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class Leases {
  private LeaseLimits limits;
  private final TreeMap<Inside, Lease> byInside = new TreeMap<>();

  /// By protocol and first outer port, which is also the order of [#all].
  private final TreeMap<Integer, Lease> byOuter = new TreeMap<>();

  private final RestingPorts resting = new RestingPorts();
  private Reservations reservations;
  private int outerAddress;
  private PortSet ports;
  private long revision;

  public Leases(Reservations reservations, LeaseLimits limits) {
    this.reservations = reservations;
    this.limits = limits;
    outerAddress = reservations.outerAddress();
    ports = reservations.ports();
  }

  /// From now on hosts may have as much as this says; what they have they keep.
  public void limit(LeaseLimits next) {
    limits = next;
  }

  public int outerAddress() {
    return outerAddress;
  }

  public PortSet ports() {
    return ports;
  }

  /// A number that rises with every change, so that whoever stores or shows the table knows when
  /// to.
  public long revision() {
    return revision;
  }

  /// All leases by protocol and outer port, TCP first.
  public List<Lease> all() {
    return List.copyOf(byOuter.values());
  }

  /// The lease that an inside endpoint has.
  public Optional<Lease> ofInside(Inside endpoint) {
    return Optional.ofNullable(byInside.floorEntry(endpoint))
        .map(Map.Entry::getValue)
        .filter(lease -> lease.covers(endpoint));
  }

  /// The lease that an outer port belongs to.
  public Optional<Lease> ofOuter(int protocol, int port) {
    return Optional.ofNullable(byOuter.floorEntry(key(protocol, port)))
        .map(Map.Entry::getValue)
        .filter(lease -> lease.covers(protocol, port));
  }

  /// All leases of a host, in the order of [#all].
  public List<Lease> ofHost(int address) {
    return byOuter.values().stream().filter(lease -> lease.inside().address() == address).toList();
  }

  /// What an inside endpoint has of the set, by lease or otherwise.
  public Optional<Holding> holding(Inside endpoint, long now) {
    return reservations.ofEndpoint(endpoint.protocol(), endpoint.address(), endpoint.port(), now);
  }

  /// Who has an outer port, by lease or otherwise.
  public Optional<Holding> holder(int protocol, int outerPort, long now) {
    return reservations.ofPort(protocol, outerPort, now);
  }

  /// How many more ports a host may lease.
  public int portsLeft(int address) {
    int leased = ofHost(address).stream().mapToInt(Lease::size).sum();
    return Math.max(0, limits.portsPerHost(ports) - leased);
  }

  /// Gives an endpoint an outer port, or renews the lease that it has: then with the port of that
  /// one, but the asker, end and filters of this wish.
  public Outcome add(Ask ask, long now) {
    Optional<Lease> had = ofInside(ask.inside());
    if (had.isPresent()) {
      return new Outcome.Leased(renew(had.get(), ask.asker(), ask.expiresAt(), ask.filters()));
    }
    Optional<Holding> forward = forward(ask.inside(), now);
    if (forward.isPresent()) {
      return new Outcome.Forwarded(forward.get().outerPort());
    }
    int most = Math.min(ask.size(), portsLeft(ask.inside().address()));
    if (most == 0) {
      return new Outcome.Denied(Grant.Refusal.HOST_LIMIT);
    }
    return isKept(ask, now) ? allocateElsewhere(ask, most, now) : allocate(ask, most, now);
  }

  /// Whether the wanted port is kept for another host.
  private boolean isKept(Ask ask, long now) {
    Inside inside = ask.inside();
    int key = key(inside.protocol(), ask.wantedPort());
    return isCompanion(ask) || resting.isForAnother(inside, key, now);
  }

  /// Whether the other protocol's port of that number is a NAT-PMP client's: then it may ask for
  /// this one too, and nobody else may (RFC 6886 §3.3).
  private boolean isCompanion(Ask ask) {
    int other = ask.inside().protocol() == Protocol.TCP ? Protocol.UDP : Protocol.TCP;
    return ofOuter(other, ask.wantedPort())
        .filter(lease -> lease.asker() instanceof Asker.NatPmp)
        .filter(lease -> lease.inside().address() != ask.inside().address())
        .isPresent();
  }

  private Outcome allocateElsewhere(Ask ask, int most, long now) {
    return ask.exactly()
        ? new Outcome.Denied(Grant.Refusal.TAKEN)
        : allocate(ask.anywhere(), most, now);
  }

  private Outcome allocate(Ask ask, int most, long now) {
    if (byInside.size() >= limits.leasesMax()) {
      return new Outcome.Denied(Grant.Refusal.NONE_FREE);
    }
    return most == 1 ? addOne(ask, now) : addRun(ask, most, now);
  }

  private Optional<Holding> forward(Inside endpoint, long now) {
    return holding(endpoint, now).filter(holding -> holding.claim() == Claim.FORWARD);
  }

  private Outcome addOne(Ask ask, long now) {
    return switch (reserve(ask.inside(), ask.wantedPort(), ask.exactly(), now)) {
      case Grant.Given given -> new Outcome.Leased(put(ask, given.outerPort(), 1));
      case Grant.Refusal why -> new Outcome.Denied(why);
    };
  }

  /// As many ports in a row as there are.
  private Outcome addRun(Ask ask, int most, long now) {
    Optional<PortRun> run = run(ask, most, now);
    int size = run.isEmpty() ? 0 : reserve(ask.inside(), run.get(), now);
    return size == 0 ? addOne(ask, now) : new Outcome.Leased(put(ask, run.get().first(), size));
  }

  /// Endpoints that have something already end the row, except that the first may have flows: it
  /// keeps their port, and the row goes on from there.
  private Optional<PortRun> run(Ask ask, int most, long now) {
    Optional<Holding> own = holding(ask.inside(), now);
    return own.isPresent()
        ? PortRun.from(own.get().outerPort(), most, ports, run -> fits(ask.inside(), run, now))
        : freeRun(ask, unheld(ask.inside(), most, now));
  }

  /// Whether the last port of a row is the endpoint's own or could be.
  private boolean fits(Inside first, PortRun run, long now) {
    Inside endpoint = first.plus(run.size() - 1);
    Optional<Holding> own = holding(endpoint, now);
    return ofInside(endpoint).isEmpty()
        && own.map(holding -> holding.outerPort() == run.last() && isForLease(holding))
            .orElseGet(() -> isFree(endpoint.protocol(), run.last()));
  }

  private static boolean isForLease(Holding holding) {
    return holding.claim() != Claim.FORWARD;
  }

  private int unheld(Inside first, int most, long now) {
    int count = 1;
    while (count < most && isUnheld(first.plus(count), now)) {
      count++;
    }
    return count;
  }

  private boolean isUnheld(Inside endpoint, long now) {
    return ofInside(endpoint).isEmpty() && holding(endpoint, now).isEmpty();
  }

  private Optional<PortRun> freeRun(Ask ask, int most) {
    Predicate<PortRun> isFree = run -> isFree(ask.inside().protocol(), run.last());
    var wanted = PortRun.from(ask.wantedPort(), most, ports, isFree);
    boolean isWhole = wanted.isPresent() && wanted.get().size() == most;
    if (isWhole || ask.exactly()) {
      return wanted;
    }
    int step = ask.keepsParity() ? 2 : 1;
    return PortRun.longest(most, step, ask.inside().port() & 1, ports, isFree);
  }

  private boolean isFree(int protocol, int port) {
    return reservations.isFree(protocol, port);
  }

  /// @return how many ports of the run it is now
  private int reserve(Inside first, PortRun run, long now) {
    int size = 0;
    while (size < run.size() && isGiven(reserve(first.plus(size), run.first() + size, true, now))) {
      size++;
    }
    return size;
  }

  private static boolean isGiven(Grant grant) {
    return switch (grant) {
      case Grant.Given _ -> true;
      case Grant.Refusal _ -> false;
    };
  }

  private Grant reserve(Inside endpoint, int wantedPort, boolean exactly, long now) {
    return reservations.reserve(
        new Wish(
            endpoint.protocol(),
            endpoint.address(),
            endpoint.port(),
            Claim.EXPLICIT,
            wantedPort,
            exactly),
        now);
  }

  private Lease put(Ask ask, int outerPort, int size) {
    return put(
        new Lease(ask.inside(), outerPort, size, ask.asker(), ask.expiresAt(), ask.filters()));
  }

  private Lease put(Lease lease) {
    byInside.put(lease.inside(), lease);
    byOuter.put(key(lease.protocol(), lease.outerPort()), lease);
    for (int i = 0; i < lease.size(); i++) {
      reservations.filter(lease.protocol(), lease.outerPort() + i, lease.filters());
    }
    revision++;
    return lease;
  }

  /// Asks anew for a lease that there is, and keeps its ports.
  public Lease renew(Lease lease, Asker asker, long expiresAt, List<RemoteFilter> filters) {
    return put(lease.renewed(asker, expiresAt, filters));
  }

  /// Ends a lease. Flows that use its ports live on until they are idle (RFC 6887 §15).
  public void delete(Lease lease, long now) {
    remove(lease);
    for (int i = 0; i < lease.size(); i++) {
      release(lease.inside().plus(i), lease.outerPort() + i, now);
      resting.add(lease.inside().plus(i), key(lease.protocol(), lease.outerPort() + i), now);
    }
  }

  private void remove(Lease lease) {
    byInside.remove(lease.inside());
    byOuter.remove(key(lease.protocol(), lease.outerPort()));
    revision++;
  }

  /// A forward may have taken the port meanwhile; that one is not ours to release.
  private void release(Inside endpoint, int outerPort, long now) {
    boolean isOurs =
        reservations
            .ofPort(endpoint.protocol(), outerPort, now)
            .filter(holding -> isReservation(holding, endpoint))
            .isPresent();
    if (isOurs) {
      boolean _ = reservations.release(endpoint.protocol(), outerPort, now);
    }
  }

  private static boolean isReservation(Holding holding, Inside endpoint) {
    return holding.claim() == Claim.EXPLICIT
        && holding.insideAddress() == endpoint.address()
        && holding.insidePort() == endpoint.port();
  }

  private List<Lease> deleteAll(Collection<Lease> leases, long now) {
    var gone = List.copyOf(leases);
    gone.forEach(lease -> delete(lease, now));
    return gone;
  }

  /// Ends all leases of a host, as when its DHCP lease ends (RFC 6887 §15).
  ///
  /// @return those that ended
  public List<Lease> deleteHost(int address, long now) {
    return deleteAll(ofHost(address), now);
  }

  /// Ends the leases whose time is over.
  ///
  /// @return those that ended
  public List<Lease> expire(long now) {
    if (wakeAt() > now) {
      return List.of();
    }
    List<Lease> due = byOuter.values().stream().filter(lease -> lease.expiresAt() <= now).toList();
    return deleteAll(due.stream().filter(lease -> !isCutBack(lease, now)).toList(), now);
  }

  /// Of flows to several remote ends, only some may be over.
  private boolean isCutBack(Lease lease, long now) {
    if (!(lease.asker() instanceof Asker.Peers peers) || peers.at(now).peers().isEmpty()) {
      return false;
    }
    Asker.Peers rest = peers.at(now);
    Lease _ = renew(lease, rest, rest.firstEnd(), rest.filters());
    return true;
  }

  /// When [#expire] has something to do next; [Lease#FOREVER] for never.
  public long wakeAt() {
    return byOuter.values().stream().mapToLong(Lease::expiresAt).min().orElse(Lease.FOREVER);
  }

  /// Takes the table to another address or port set, or looks anew at what the same one holds. Each
  /// lease keeps its index inside the set where that port is free, its number where one of the two
  /// addresses is not shared, gets another one where it is not, and is lost where there is none.
  ///
  /// @param next where the reservations are from now on, with the operator's forwards in place
  /// @return what became of each lease
  public List<Move> moveTo(Reservations next, long now) {
    List<Lease> leases = all();
    PortSet before = ports;
    byInside.clear();
    byOuter.clear();
    resting.clear();
    reservations = next;
    outerAddress = next.outerAddress();
    ports = next.ports();
    revision++;
    return restore(before, leases, now);
  }

  /// Puts leases of an earlier run in place, as [#moveTo] does with those that there are.
  ///
  /// @param before the set that their ports belong to
  /// @return what became of each lease
  public List<Move> restore(PortSet before, List<Lease> leases, long now) {
    var moves = new ArrayList<Move>();
    var later = new ArrayList<Lease>();
    // Whoever can keep its index is placed first, so that nobody else gets that port.
    for (Lease lease : leases) {
      Optional<Lease> placed = placeAtIndex(before, lease, now);
      placed.ifPresentOrElse(
          after -> moves.add(new Move(lease, Optional.of(after))), () -> later.add(lease));
    }
    later.forEach(lease -> moves.add(new Move(lease, placeAnywhere(lease, now))));
    return List.copyOf(moves);
  }

  private Optional<Lease> placeAtIndex(PortSet before, Lease lease, long now) {
    int port = samePlace(before, lease.outerPort());
    return port >= 0 && mayMove(lease, port) ? place(lease, port, true, now) : Optional.empty();
  }

  /// The port with the same index in the set of now; -1 where it has none. In a set of all ports
  /// every number has its place, which says nothing about other sets: there it is the same number.
  private int samePlace(PortSet before, int port) {
    if (before.isAll() || ports.isAll()) {
      return ports.contains(port) ? port : -1;
    }
    int index = before.index(port);
    return index >= 0 && index < ports.size() ? ports.port(index) : -1;
  }

  private Optional<Lease> placeAnywhere(Lease lease, long now) {
    return mayMove(lease, 0) ? place(lease, 0, false, now) : Optional.empty();
  }

  /// A client that wanted one port and no other has not asked for another.
  private static boolean mayMove(Lease lease, int to) {
    return switch (lease.asker()) {
      case Asker.Pcp pcp -> !pcp.prefersFailure() || to == lease.outerPort();
      case Asker.Peers _, Asker.NatPmp _, Asker.Upnp _ -> true;
    };
  }

  /// What a host had is not measured again by what it may have.
  private Optional<Lease> place(Lease lease, int port, boolean exactly, long now) {
    Inside inside = lease.inside();
    if (ofInside(inside).isPresent() || forward(inside, now).isPresent()) {
      return Optional.empty();
    }
    return switch (allocate(Ask.again(lease, port, exactly), lease.size(), now)) {
      case Outcome.Leased leased -> Optional.of(leased.lease());
      case Outcome.Forwarded _, Outcome.Denied _ -> Optional.empty();
    };
  }

  private static int key(int protocol, int port) {
    return protocol << 16 | port;
  }
}
