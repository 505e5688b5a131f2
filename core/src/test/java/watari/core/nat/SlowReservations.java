package watari.core.nat;

import java.util.List;
import java.util.Optional;
import watari.core.nat.Holding.Claim;
import watari.core.nat.SlowNapt.Endpoint;
import watari.core.nat.SlowNapt.Inside;
import watari.core.nat.SlowNapt.Mapping;
import watari.core.nat.SlowNapt.Session;
import watari.core.nat.SlowNapt.Stay;

/// The slow twin of [Reservations].
final class SlowReservations {
  private final SlowNapt napt;

  SlowReservations(SlowNapt napt) {
    this.napt = napt;
  }

  /// @param chosen the port that the product gave, or 0
  Grant reserve(Wish wish, int chosen, long now) {
    var inside = new Inside(wish.protocol(), new Endpoint(wish.insideAddress(), wish.insidePort()));
    Mapping mapping = napt.mappings.get(inside);
    if (mapping != null && mapping.claim != null && mapping.claim.compareTo(wish.claim()) <= 0) {
      return new Grant.Given(port(mapping));
    }
    Grant grant = napt.ports.grant(wish, mapping, chosen);
    if (grant instanceof Grant.Given(int port)) {
      seize(napt.mapping(inside), port, now);
      napt.mapping(inside).claim = wish.claim();
    }
    return grant;
  }

  private static int port(Mapping mapping) {
    return mapping.stay == null ? 0 : mapping.stay.port;
  }

  private void seize(Mapping mapping, int port, long now) {
    int protocol = mapping.inside.protocol();
    Mapping before = napt.ports.owner(protocol, port);
    mapping.filters = List.of();
    if (before != mapping) {
      Stay left = mapping.stay;
      mapping.stay = new Stay(port);
      mapping.stay.isOwner = true;
      if (before != null) {
        before.stay = null;
        before.claim = null;
        before.filters = List.of();
        napt.endIfUnused(before, now);
      }
      if (left != null) {
        napt.ports.restIfUnused(protocol, left.port, now);
      }
      napt.ports.leaveRest(protocol, port);
    }
    if (mapping.stay != null) {
      mapping.stay.isPrivate = true;
    }
  }

  boolean release(int protocol, int port, long now) {
    Mapping owner = napt.ports.owner(protocol, port);
    if (owner == null || owner.claim == null) {
      return false;
    }
    owner.claim = null;
    owner.filters = List.of();
    napt.endIfUnused(owner, now);
    return true;
  }

  void filter(int protocol, int port, List<RemoteFilter> filters) {
    Mapping owner = napt.ports.owner(protocol, port);
    if (owner != null && owner.claim != null) {
      owner.filters = filters;
    }
  }

  /// What an endpoint has, as the product would say it.
  Optional<Holding> holding(Inside inside, long now) {
    Mapping mapping = napt.mappings.get(inside);
    if (mapping == null || mapping.stay == null) {
      return Optional.empty();
    }
    long most = 0;
    for (Session session : napt.sessions.values()) {
      if (session.key.protocol() == inside.protocol() && session.inside.equals(inside.endpoint())) {
        most = Math.max(most, session.last + 1000L * napt.patience(session) - now);
      }
    }
    return Optional.of(
        new Holding(
            inside.protocol(),
            mapping.stay.port,
            inside.endpoint().address(),
            inside.endpoint().port(),
            mapping.claim == null ? Claim.IMPLICIT : mapping.claim,
            (int) ((most + 999) / 1000)));
  }
}
