package watari.core.portmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.wire.Protocol;

/// The MAP opcode: a port for everybody (RFC 6887 §11 and §15, RFC 7753).
final class PcpMap {
  private final Leases leases;
  private final PortControlSettings settings;

  PcpMap(Leases leases, PortControlSettings settings) {
    this.leases = leases;
    this.settings = settings;
  }

  PcpAnswer answer(PcpRequest request, PcpBody.Map map, int source, long now) {
    PcpResult flaw = flaw(request, map);
    if (flaw != PcpResult.SUCCESS) {
      return new PcpAnswer.Denied(flaw);
    }
    if (map.internalPort() == 0) {
      return request.isDelete()
          ? deleteAll(map, source, now)
          : new PcpAnswer.Denied(PcpResult.UNSUPP_PROTOCOL);
    }
    var wish = new Wished(request, map, new Inside(map.protocol(), source, map.internalPort()));
    return request.isDelete() ? delete(wish, now) : grant(wish, now);
  }

  /// A request with all that is asked again and again.
  private record Wished(PcpRequest request, PcpBody.Map map, Inside inside) {

    int size() {
      int most = 65536 - inside.port();
      return request.portSet().map(set -> Math.min(set.size(), most)).orElse(1);
    }

    boolean keepsParity() {
      return request.portSet().map(PcpOption.PortSet::keepsParity).orElse(false);
    }

    boolean overlaps(Lease lease) {
      int first = lease.inside().port();
      return lease.protocol() == inside.protocol()
          && first < inside.port() + size()
          && inside.port() < first + lease.size();
    }

    Asker asker() {
      return new Asker.Pcp(map.nonce(), request.prefersFailure());
    }

    List<RemoteFilter> filters(List<RemoteFilter> before) {
      return PcpFilters.after(before, request.filters());
    }
  }

  private static PcpResult flaw(PcpRequest request, PcpBody.Map map) {
    if (map.protocol() == 0 && map.internalPort() != 0) {
      return PcpResult.MALFORMED_REQUEST;
    }
    if (map.protocol() != 0 && map.protocol() != Protocol.TCP && map.protocol() != Protocol.UDP) {
      return PcpResult.UNSUPP_PROTOCOL;
    }
    return makesSense(request, map) ? PcpResult.SUCCESS : PcpResult.MALFORMED_OPTION;
  }

  private static boolean makesSense(PcpRequest request, PcpBody.Map map) {
    boolean hasSet = request.portSet().isPresent();
    boolean isSoundFailure =
        !request.prefersFailure() || (map.externalPort() != 0 && !request.isDelete() && !hasSet);
    boolean isSoundFilter =
        request.filters().isEmpty()
            || (!request.isDelete() && PcpFilters.areSound(request.filters()));
    boolean isSoundSet = !hasSet || request.portSet().orElseThrow().size() != 0;
    return isSoundFailure && isSoundFilter && isSoundSet;
  }

  /// All leases that a request is about, by their ports at home.
  private List<Lease> had(Wished wish) {
    return leases.ofHost(wish.inside().address()).stream()
        .filter(wish::overlaps)
        .sorted(Comparator.comparing(Lease::inside))
        .toList();
  }

  private static Optional<Lease> foreign(List<Lease> leases, Nonce nonce) {
    return leases.stream().filter(lease -> isForeign(lease, nonce)).findFirst();
  }

  private static boolean isForeign(Lease lease, Nonce nonce) {
    return switch (lease.asker()) {
      case Asker.Pcp pcp -> !pcp.nonce().equals(nonce);
      case Asker.Peers _, Asker.NatPmp _, Asker.Upnp _ -> false;
    };
  }

  private static PcpAnswer notAuthorized(long seconds) {
    return new PcpAnswer.Denied(PcpResult.NOT_AUTHORIZED, Math.min(seconds, Pcp.ENDLESS_SECONDS));
  }

  private PcpAnswer grant(Wished wish, long now) {
    if (leases.outerAddress() == 0) {
      return new PcpAnswer.Denied(PcpResult.NETWORK_FAILURE);
    }
    List<Lease> had = had(wish);
    Optional<Lease> foreign = foreign(had, wish.map().nonce());
    if (foreign.isPresent()) {
      return notAuthorized(foreign.get().secondsLeft(now));
    }
    return had.isEmpty() ? add(wish, now) : renew(wish, had, now);
  }

  /// Each lease that the request touches is asked for anew, and each has a reply (RFC 7753 §4.4.1).
  private PcpAnswer renew(Wished wish, List<Lease> had, long now) {
    Lease first = had.getFirst();
    if (wish.request().prefersFailure() && !isWanted(wish.map(), outerPort(first, wish.inside()))) {
      return new PcpAnswer.Denied(
          PcpResult.CANNOT_PROVIDE_EXTERNAL, Math.min(first.secondsLeft(now), Pcp.ENDLESS_SECONDS));
    }
    if (had.stream().anyMatch(lease -> isTooMuch(wish.filters(filters(lease))))) {
      return new PcpAnswer.Denied(PcpResult.EXCESSIVE_REMOTE_PEERS);
    }
    var replies = new ArrayList<PcpReply>();
    had.forEach(lease -> replies.add(reply(wish, renew(wish, lease, now), now)));
    return new PcpAnswer.Met(replies);
  }

  private static int outerPort(Lease lease, Inside inside) {
    return lease.outerPort() + Math.max(0, inside.port() - lease.inside().port());
  }

  private boolean isWanted(PcpBody.Map map, int outerPort) {
    return map.externalPort() == outerPort && isOurs(map);
  }

  private boolean isOurs(PcpBody.Map map) {
    return Pcp.isAny(map.externalAddress())
        || map.externalAddress().equals(Pcp.mapped(leases.outerAddress()));
  }

  private static boolean isTooMuch(List<RemoteFilter> filters) {
    return filters.size() > PcpFilters.FILTERS_MAX;
  }

  /// Those of a MAP; where only PEER has asked so far, the remote ends are no filter of it.
  private static List<RemoteFilter> filters(Lease lease) {
    return switch (lease.asker()) {
      case Asker.Peers _ -> List.of();
      case Asker.Pcp _, Asker.NatPmp _, Asker.Upnp _ -> lease.filters();
    };
  }

  /// What a UPnP program has asked for stays its own, and is only made longer: it may have asked
  /// for ever, and would not ask again.
  private Lease renew(Wished wish, Lease lease, long now) {
    long end = end(wish, now);
    return switch (lease.asker()) {
      case Asker.Upnp upnp ->
          leases.renew(lease, upnp, Math.max(end, lease.expiresAt()), lease.filters());
      case Asker.Pcp _, Asker.Peers _, Asker.NatPmp _ ->
          leases.renew(lease, wish.asker(), end, wish.filters(filters(lease)));
    };
  }

  private long end(Wished wish, long now) {
    return now + settings.lifetimeSeconds(wish.request().lifetimeSeconds()) * 1000;
  }

  private PcpAnswer add(Wished wish, long now) {
    List<RemoteFilter> filters = wish.filters(List.of());
    if (isTooMuch(filters)) {
      return new PcpAnswer.Denied(PcpResult.EXCESSIVE_REMOTE_PEERS);
    }
    Optional<Holding> own = leases.holding(wish.inside(), now);
    boolean isOwnElsewhere = own.isPresent() && own.get().outerPort() != wish.map().externalPort();
    boolean isElsewhere = isOwnElsewhere || !isOurs(wish.map());
    if (wish.request().prefersFailure() && isElsewhere) {
      return new PcpAnswer.Denied(
          PcpResult.CANNOT_PROVIDE_EXTERNAL,
          own.map(PcpMap::seconds).orElse(PcpResult.LONG_SECONDS));
    }
    return answer(wish, leases.add(ask(wish, filters, now), now), now);
  }

  private static long seconds(Holding holding) {
    return switch (holding.claim()) {
      case FORWARD -> PcpResult.LONG_SECONDS;
      case EXPLICIT, IMPLICIT -> Math.max(PcpResult.SHORT_SECONDS, holding.idleSeconds());
    };
  }

  private Ask ask(Wished wish, List<RemoteFilter> filters, long now) {
    return new Ask(
        wish.inside(),
        wish.size(),
        wish.map().externalPort(),
        wish.request().prefersFailure(),
        wish.keepsParity(),
        wish.asker(),
        end(wish, now),
        filters);
  }

  private PcpAnswer answer(Wished wish, Outcome outcome, long now) {
    return switch (outcome) {
      case Outcome.Leased leased -> new PcpAnswer.Met(reply(wish, leased.lease(), now));
      case Outcome.Forwarded forwarded ->
          new PcpAnswer.Met(
              reply(wish, wish.map().internalPort(), forwarded.outerPort(), Pcp.ENDLESS_SECONDS));
      case Outcome.Denied denied -> PcpAnswer.of(denied.why(), takenSeconds(wish, denied, now));
    };
  }

  /// How long the wanted port will be somebody's: as its lease says, or its flows.
  private long takenSeconds(Wished wish, Outcome.Denied denied, long now) {
    if (denied.why() != Grant.Refusal.TAKEN) {
      return 0;
    }
    int protocol = wish.map().protocol();
    int port = wish.map().externalPort();
    Optional<Lease> lease = leases.ofOuter(protocol, port);
    if (lease.isPresent()) {
      return Math.min(lease.get().secondsLeft(now), Pcp.ENDLESS_SECONDS);
    }
    return leases
        .holder(protocol, port, now)
        .map(PcpMap::seconds)
        .orElse((long) PortControlSettings.LIFETIME_SECONDS_MIN);
  }

  private PcpReply reply(Wished wish, Lease lease, long now) {
    long seconds = Math.min(lease.secondsLeft(now), settings.lifetimeSecondsMax());
    PcpReply one = reply(wish, lease.inside().port(), lease.outerPort(), seconds);
    if (lease.size() == 1) {
      return one;
    }
    var options = new ArrayList<>(one.options());
    options.add(set(lease, wish.keepsParity()));
    return new PcpReply(one.result(), one.lifetimeSeconds(), one.body(), options);
  }

  private static PcpOption set(Lease lease, boolean wishesParity) {
    boolean isKept = (lease.outerPort() - lease.inside().port()) % 2 == 0;
    return new PcpOption.PortSet(lease.size(), lease.inside().port(), wishesParity && isKept);
  }

  private PcpReply reply(Wished wish, int internalPort, int externalPort, long seconds) {
    var map =
        new PcpBody.Map(
            wish.map().nonce(),
            wish.map().protocol(),
            internalPort,
            externalPort,
            Pcp.mapped(leases.outerAddress()));
    return new PcpReply(PcpResult.SUCCESS, seconds, map, kept(wish.request()));
  }

  /// The options that were heeded. Of a set, the reply says how it came out.
  private static List<PcpOption> kept(PcpRequest request) {
    return request.options().stream()
        .filter(option -> !(option instanceof PcpOption.PortSet))
        .toList();
  }

  private PcpAnswer delete(Wished wish, long now) {
    List<Lease> had = had(wish);
    Optional<Lease> kept =
        had.stream().filter(lease -> isKept(lease, wish.map().nonce())).findFirst();
    if (kept.isPresent()) {
      return notAuthorized(kept.get().secondsLeft(now));
    }
    Optional<Holding> other = had.isEmpty() ? leases.holding(wish.inside(), now) : Optional.empty();
    if (other.isPresent()) {
      return notAuthorized(seconds(other.get()));
    }
    had.forEach(lease -> leases.delete(lease, now));
    return new PcpAnswer.Met(deleted(wish.map(), flowSeconds(wish.inside(), now)));
  }

  /// Only MAP, and NAT-PMP as its ancestor, may be undone by MAP (§15.1).
  private static boolean isKept(Lease lease, Nonce nonce) {
    return switch (lease.asker()) {
      case Asker.Pcp _ -> isForeign(lease, nonce);
      case Asker.NatPmp _ -> false;
      case Asker.Peers _, Asker.Upnp _ -> true;
    };
  }

  /// No request ends a port earlier than its flows would (§15).
  private long flowSeconds(Inside inside, long now) {
    return leases
        .holding(inside, now)
        .filter(holding -> holding.claim() == Claim.IMPLICIT)
        .map(Holding::idleSeconds)
        .orElse(0);
  }

  private static PcpReply deleted(PcpBody.Map map, long seconds) {
    return new PcpReply(PcpResult.SUCCESS, seconds, map, List.of());
  }

  /// All of the host's mappings of a protocol, or of both, that were asked for with this nonce.
  private PcpAnswer deleteAll(PcpBody.Map map, int source, long now) {
    List<Lease> all =
        leases.ofHost(source).stream()
            .filter(lease -> map.protocol() == 0 || lease.protocol() == map.protocol())
            .filter(lease -> lease.asker() instanceof Asker.Pcp)
            .toList();
    List<Lease> own = all.stream().filter(lease -> !isForeign(lease, map.nonce())).toList();
    if (own.isEmpty() && !all.isEmpty()) {
      return notAuthorized(all.getFirst().secondsLeft(now));
    }
    own.forEach(lease -> leases.delete(lease, now));
    return new PcpAnswer.Met(deleted(map, 0));
  }
}
