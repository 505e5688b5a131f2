package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Holding.Claim;
import watari.core.nat.SlowNapt.Endpoint;
import watari.core.nat.SlowNapt.Inside;
import watari.core.nat.SlowNapt.Mapping;
import watari.core.nat.SlowNapt.Refusal;
import watari.core.nat.SlowNapt.Session;
import watari.core.nat.SlowNapt.Stay;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;

/// Who may have which outer port, read off the sessions and endpoints of the slow twin (decision 8,
/// rules 1 to 3, 6 and 7).
final class SlowPorts {
  /// A port that nobody has, since then.
  record Rest(int protocol, int port, long since) {}

  final List<Rest> rests = new ArrayList<>();

  /// Whether a port is free in the product after the step that is under way: where several came to
  /// rest at once, which of them went on to be free is its choice.
  BiPredicate<Integer, Integer> isFreeNow = (_, _) -> true;

  /// The same of a port that has an owner.
  BiPredicate<Integer, Integer> isOwnedNow = (_, _) -> false;

  /// The port that the product gave in this step, or the one that somebody knocked at.
  int chosen;

  private final SlowNapt napt;
  private final PortSet set;
  private final List<Integer> dynamic;
  private boolean isAtOnce;

  SlowPorts(SlowNapt napt, PortSet set) {
    this.napt = napt;
    this.set = set;
    dynamic =
        IntStream.range(0, 65_536)
            .filter(set::contains)
            .filter(napt.settings.dynamicPorts()::contains)
            .boxed()
            .toList();
  }

  boolean contains(int port) {
    return set.contains(port);
  }

  @Nullable Mapping owner(int protocol, int port) {
    for (Mapping mapping : napt.mappings.values()) {
      if (mapping.inside.protocol() == protocol && mapping.owns(port)) {
        return mapping;
      }
    }
    return null;
  }

  boolean isUnused(int protocol, int port) {
    return !used(protocol).contains(port);
  }

  /// The ports that somebody has.
  Set<Integer> used(int protocol) {
    Set<Integer> used = new HashSet<>();
    for (Session session : napt.sessions.values()) {
      if (session.key.protocol() == protocol) {
        used.add(session.key.outerPort());
      }
    }
    for (Mapping mapping : napt.mappings.values()) {
      if (mapping.inside.protocol() == protocol && mapping.stay != null && mapping.stay.isOwner) {
        used.add(mapping.stay.port);
      }
    }
    return used;
  }

  List<Integer> resting(int protocol) {
    return rests.stream().filter(rest -> rest.protocol() == protocol).map(Rest::port).toList();
  }

  List<Integer> free(int protocol) {
    Set<Integer> not = used(protocol);
    not.addAll(resting(protocol));
    return dynamic.stream().filter(port -> !not.contains(port)).toList();
  }

  /// Ports with guests and nobody else. Like every port that a flow of the home gets, they are
  /// among the dynamic ones.
  List<Integer> shared(int protocol) {
    return used(protocol).stream()
        .filter(dynamic::contains)
        .filter(port -> owner(protocol, port) == null && !isPrivate(protocol, port))
        .toList();
  }

  private List<Integer> ordinary(int protocol) {
    return used(protocol).stream()
        .filter(dynamic::contains)
        .filter(port -> {
          Mapping owner = owner(protocol, port);
          return owner != null && owner.claim == null && !isPrivate(protocol, port);
        })
        .toList();
  }

  private boolean isPrivate(int protocol, int port) {
    for (Mapping mapping : napt.mappings.values()) {
      Stay stay = mapping.stay;
      if (mapping.inside.protocol() == protocol
          && stay != null
          && stay.isPrivate
          && stay.port == port) {
        return true;
      }
    }
    return false;
  }

  private int reserve() {
    return set.size() * napt.settings.reservePercent() / 100;
  }

  /// Rule 7: with address-dependent filtering a port that rests may work when no other can.
  private boolean mayEndRest(int protocol) {
    return napt.filtering(protocol) == Filtering.ADDRESS_DEPENDENT;
  }

  private int available(int protocol) {
    return free(protocol).size() + (mayEndRest(protocol) ? resting(protocol).size() : 0);
  }

  int owned(int host, int protocol) {
    int owned = 0;
    for (Mapping mapping : napt.mappings.values()) {
      Inside inside = mapping.inside;
      boolean isHosts = inside.protocol() == protocol && inside.endpoint().address() == host;
      owned += isHosts && mapping.stay != null && mapping.stay.isOwner ? 1 : 0;
    }
    return owned;
  }

  boolean hasShare(int host, int protocol) {
    return owned(host, protocol)
        < Math.max(1, set.size() * napt.settings.hosts().portsPercentMax() / 100);
  }

  // ---- flows ---------------------------------------------------------------------------------

  /// The port for a new session of an endpoint: the one chosen, if that may be; or a [Refusal].
  int portFor(Inside inside, Endpoint remote, int chosen) {
    Mapping mapping = napt.mappings.get(inside);
    if (mapping != null && mapping.stay != null && isClosed(mapping.stay, inside.protocol())) {
      mapping.stay = null;
    }
    Stay stay = mapping == null ? null : mapping.stay;
    if (stay == null) {
      return settle(inside, remote, chosen);
    }
    boolean isApart =
        stay.isOwner
            ? isApartByEndpoint(inside, stay.port, remote)
            : isApartByAddress(inside, stay.port, remote.address());
    return isApart ? stay.port : guestPort(inside, remote, chosen);
  }

  /// Whether a guest's port has become somebody's who shares it no more.
  private boolean isClosed(Stay stay, int protocol) {
    return !stay.isOwner && !stay.isPrivate && isPrivate(protocol, stay.port);
  }

  private int settle(Inside inside, Endpoint remote, int chosen) {
    int protocol = inside.protocol();
    boolean isRoom = available(protocol) > reserve();
    if (isRoom && hasShare(inside.endpoint().address(), protocol)) {
      checkTaken(protocol, inside.endpoint().port(), chosen);
      Stay stay = new Stay(chosen);
      stay.isOwner = true;
      napt.mappings.computeIfAbsent(inside, Mapping::new).stay = stay;
      return chosen;
    }
    if (napt.settings.reservePercent() == 0) {
      throw new Refusal(isRoom ? Drop.HOST_PORTS_EXHAUSTED : Drop.PORTS_EXHAUSTED);
    }
    return guestPort(inside, remote, chosen);
  }

  private int guestPort(Inside inside, Endpoint remote, int chosen) {
    int protocol = inside.protocol();
    List<Integer> shared = shared(protocol);
    List<Integer> ordinary = ordinary(protocol);
    List<Integer> best =
        shared.stream().filter(port -> isApartByAddress(inside, port, remote.address())).toList();
    if (best.isEmpty() && available(protocol) > reserve() / 2) {
      checkTaken(protocol, inside.endpoint().port(), chosen);
      return chosen;
    }
    if (best.isEmpty()) {
      best =
          ordinary.stream()
              .filter(port -> isApartByAddress(inside, port, remote.address()))
              .toList();
    }
    if (best.isEmpty()) {
      best = new ArrayList<>(shared);
      best.addAll(ordinary);
      best.removeIf(port -> !isApartByEndpoint(inside, port, remote));
    }
    if (best.isEmpty()) {
      throw new Refusal(Drop.PORTS_EXHAUSTED);
    }
    assertThat(best).as("ports for a guest").contains(chosen);
    return chosen;
  }

  private boolean isApartByAddress(Inside inside, int port, int address) {
    for (Session session : napt.sessions.values()) {
      boolean isHere =
          session.key.protocol() == inside.protocol() && session.key.outerPort() == port;
      boolean isOthers = !session.inside.equals(inside.endpoint());
      if (isHere && isOthers && session.key.remote().address() == address) {
        return false;
      }
    }
    return true;
  }

  private boolean isApartByEndpoint(Inside inside, int port, Endpoint remote) {
    for (Session session : napt.sessions.values()) {
      boolean isHere =
          session.key.protocol() == inside.protocol() && session.key.outerPort() == port;
      if (isHere && session.key.remote().equals(remote)) {
        return false;
      }
    }
    return true;
  }

  /// RFC 6056 §4 and RFC 4787 REQ-4: the port that the host has itself, else one of its parity,
  /// else any, else the one that has rested longest.
  private void checkTaken(int protocol, int wanted, int chosen) {
    checkTaken(protocol, wanted, chosen, free(protocol));
  }

  private void checkTaken(int protocol, int wanted, int chosen, List<Integer> candidates) {
    if (candidates.isEmpty()) {
      long oldest =
          rests.stream()
              .filter(rest -> rest.protocol() == protocol)
              .mapToLong(Rest::since)
              .min()
              .orElseThrow();
      assertThat(rests).as("rested longest").contains(new Rest(protocol, chosen, oldest));
      return;
    }
    assertThat(candidates).as("free ports").contains(chosen);
    if (candidates.contains(wanted)) {
      assertThat(chosen).as("the wanted port is free").isEqualTo(wanted);
    }
    if (candidates.stream().anyMatch(port -> ((port ^ wanted) & 1) == 0)) {
      assertThat(chosen & 1).as("parity is kept").isEqualTo(wanted & 1);
    }
  }

  // ---- rest ----------------------------------------------------------------------------------

  void leaveRest(int protocol, int port) {
    rests.removeIf(rest -> rest.protocol() == protocol && rest.port() == port);
  }

  void restIfUnused(int protocol, int port, long now) {
    boolean rests = napt.settings.holdSeconds() > 0 && dynamic.size() >= 4;
    boolean isNew = dynamic.contains(port) && !resting(protocol).contains(port);
    if (rests && isNew && isUnused(protocol, port)) {
      this.rests.add(new Rest(protocol, port, now));
      trim(protocol);
    }
  }

  /// Things that happen at one moment, in whatever order.
  void atOnce(Runnable things) {
    isAtOnce = true;
    things.run();
    isAtOnce = false;
    IntStream.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP).forEach(this::trim);
  }

  /// At most a quarter of the set rests. Where several are the oldest, the product has the choice.
  private void trim(int protocol) {
    while (!isAtOnce && resting(protocol).size() > dynamic.size() / 4) {
      List<Rest> own = rests.stream().filter(rest -> rest.protocol() == protocol).toList();
      long oldest = own.stream().mapToLong(Rest::since).min().orElseThrow();
      List<Rest> candidates = own.stream().filter(rest -> rest.since() == oldest).toList();
      rests.remove(
          candidates.stream()
              .filter(rest -> isFreeNow.test(protocol, rest.port()))
              .findFirst()
              .orElseGet(() -> last(protocol, candidates)));
    }
  }

  /// The one that was free for a moment only: somebody has got it since, in the same step.
  private Rest last(int protocol, List<Rest> candidates) {
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    Optional<Rest> given = candidates.stream().filter(rest -> rest.port() == chosen).findFirst();
    return given.orElseGet(() ->
        candidates.stream()
            .filter(rest -> isOwnedNow.test(protocol, rest.port()))
            .findFirst()
            .orElseThrow());
  }

  void age(long now) {
    rests.removeIf(rest -> now - rest.since() >= napt.settings.holdSeconds() * 1000L);
  }

  // ---- reservations --------------------------------------------------------------------------

  Grant grant(Wish wish, @Nullable Mapping mapping, int chosen) {
    int own =
        mapping != null && mapping.stay != null && mapping.stay.isOwner ? mapping.stay.port : 0;
    boolean isWanted = own == wish.wantedPort() || !wish.exactly();
    if (own != 0 && isWanted && !isKeptBack(wish, own)) {
      return new Grant.Given(own);
    }
    boolean isForward = wish.claim() == Claim.FORWARD;
    if (!isForward && !hasShare(wish.insideAddress(), wish.protocol())) {
      return Grant.Refusal.HOST_LIMIT;
    }
    Grant wanted = wanted(wish);
    if (wanted instanceof Grant.Given || wish.exactly()) {
      return wanted;
    }
    List<Integer> free =
        free(wish.protocol()).stream().filter(port -> !isKeptBack(wish, port)).toList();
    boolean early =
        mayEndRest(wish.protocol())
            && resting(wish.protocol()).stream().anyMatch(port -> !isKeptBack(wish, port));
    if (free.isEmpty() && !early) {
      return Grant.Refusal.NONE_FREE;
    }
    checkTaken(wish.protocol(), wish.insidePort(), chosen, free);
    return new Grant.Given(chosen);
  }

  private Grant wanted(Wish wish) {
    int port = wish.wantedPort();
    if (port == 0 || !set.contains(port)) {
      return Grant.Refusal.NOT_IN_SET;
    }
    if (isKeptBack(wish, port)) {
      return Grant.Refusal.KEPT_BACK;
    }
    Mapping owner = owner(wish.protocol(), port);
    boolean isTaken =
        wish.claim() == Claim.FORWARD
            ? owner != null && owner.claim == Claim.FORWARD
            : !isUnused(wish.protocol(), port)
                || (!mayEndRest(wish.protocol()) && resting(wish.protocol()).contains(port));
    return isTaken ? Grant.Refusal.TAKEN : new Grant.Given(port);
  }

  /// PCP's own ports, of which no host may ask for one (RFC 6887 §11.3).
  private static boolean isKeptBack(Wish wish, int port) {
    return wish.protocol() == Protocol.UDP
        && wish.claim() == Claim.EXPLICIT
        && (port == 5350 || port == 5351);
  }
}
