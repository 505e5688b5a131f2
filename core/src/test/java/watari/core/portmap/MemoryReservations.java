package watari.core.portmap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.nat.Reservations;
import watari.core.nat.Wish;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// The allocator as its contract says it, without packets: the lowest free port is given, and flows
/// are what a test says they are.
public final class MemoryReservations implements Reservations {
  private final int outerAddress;
  private final PortSet ports;
  private final TreeMap<Integer, Holding> holdings = new TreeMap<>();
  private final Map<Integer, List<RemoteFilter>> filters = new HashMap<>();

  /// Ports that were somebody's just now, and who may have them back.
  private final Map<Integer, Inside> held = new HashMap<>();

  public MemoryReservations(String outerAddress, PortSet ports) {
    this.outerAddress = Ipv4Address.parse(outerAddress).bits();
    this.ports = ports;
  }

  /// An inside endpoint has flows by an outer port of its own.
  public MemoryReservations withFlow(Inside inside, int outerPort, int idleSeconds) {
    return with(inside, outerPort, Claim.IMPLICIT, idleSeconds);
  }

  public MemoryReservations withForward(Inside inside, int outerPort) {
    return with(inside, outerPort, Claim.FORWARD, 0);
  }

  private MemoryReservations with(Inside inside, int outerPort, Claim claim, int idleSeconds) {
    holdings.put(
        key(inside.protocol(), outerPort),
        new Holding(
            inside.protocol(), outerPort, inside.address(), inside.port(), claim, idleSeconds));
    return this;
  }

  /// The reservation of a port has flows now.
  void use(int protocol, int outerPort, int idleSeconds) {
    holdings.computeIfPresent(
        key(protocol, outerPort),
        (_, had) ->
            new Holding(
                protocol,
                outerPort,
                had.insideAddress(),
                had.insidePort(),
                had.claim(),
                idleSeconds));
  }

  /// Flows are over, and nothing was somebody's just now.
  public void rest() {
    held.clear();
    holdings.values().removeIf(holding -> holding.claim() == Claim.IMPLICIT);
  }

  public List<RemoteFilter> filters(int protocol, int outerPort) {
    return filters.getOrDefault(key(protocol, outerPort), List.of());
  }

  int reserved() {
    return (int)
        holdings.values().stream().filter(holding -> holding.claim() == Claim.EXPLICIT).count();
  }

  @Override
  public int outerAddress() {
    return outerAddress;
  }

  @Override
  public PortSet ports() {
    return ports;
  }

  @Override
  public Grant reserve(Wish wish, long now) {
    var inside = new Inside(wish.protocol(), wish.insideAddress(), wish.insidePort());
    Optional<Holding> has =
        ofEndpoint(wish.protocol(), wish.insideAddress(), wish.insidePort(), now);
    if (has.isPresent()) {
      return keep(wish, inside, has.get());
    }
    Grant.Refusal refusal = refusal(wish, inside);
    if (refusal == null) {
      return give(wish, inside, wish.wantedPort());
    }
    return wish.exactly() ? refusal : any(wish, inside);
  }

  private Grant keep(Wish wish, Inside inside, Holding has) {
    if (has.claim() == Claim.IMPLICIT) {
      if (wish.exactly() && wish.wantedPort() != has.outerPort()) {
        return Grant.Refusal.TAKEN;
      }
      with(inside, has.outerPort(), wish.claim(), has.idleSeconds());
    }
    return new Grant.Given(has.outerPort());
  }

  private Grant.@Nullable Refusal refusal(Wish wish, Inside inside) {
    int port = wish.wantedPort();
    if (!ports.contains(port) || port == 0) {
      return Grant.Refusal.NOT_IN_SET;
    }
    if (isKeptBack(wish.protocol(), port)) {
      return Grant.Refusal.KEPT_BACK;
    }
    int key = key(wish.protocol(), port);
    boolean isHeld = held.containsKey(key) && !inside.equals(held.get(key));
    return isHeld || holdings.containsKey(key) ? Grant.Refusal.TAKEN : null;
  }

  private static boolean isKeptBack(int protocol, int port) {
    return protocol == Protocol.UDP && (port == 5350 || port == 5351);
  }

  private Grant any(Wish wish, Inside inside) {
    for (int index = 0; index < ports.size(); index++) {
      int port = ports.port(index);
      if (port >= (ports.isAll() ? 1024 : 1) && isFree(wish.protocol(), port)) {
        return give(wish, inside, port);
      }
    }
    return Grant.Refusal.NONE_FREE;
  }

  private Grant give(Wish wish, Inside inside, int port) {
    held.remove(key(wish.protocol(), port));
    with(inside, port, wish.claim(), 0);
    return new Grant.Given(port);
  }

  @Override
  public boolean release(int protocol, int outerPort, long now) {
    int key = key(protocol, outerPort);
    Holding had = holdings.get(key);
    if (had == null || had.claim() == Claim.IMPLICIT) {
      return false;
    }
    filters.remove(key);
    var inside = new Inside(protocol, had.insideAddress(), had.insidePort());
    if (had.idleSeconds() > 0) {
      with(inside, outerPort, Claim.IMPLICIT, had.idleSeconds());
    } else {
      holdings.remove(key);
      held.put(key, inside);
    }
    return true;
  }

  @Override
  public void filter(int protocol, int outerPort, List<RemoteFilter> wanted) {
    filters.put(key(protocol, outerPort), wanted);
  }

  @Override
  public Optional<Holding> ofEndpoint(int protocol, int insideAddress, int insidePort, long now) {
    return holdings.values().stream()
        .filter(holding -> holding.protocol() == protocol)
        .filter(holding -> holding.insideAddress() == insideAddress)
        .filter(holding -> holding.insidePort() == insidePort)
        .findFirst();
  }

  @Override
  public Optional<Holding> ofPort(int protocol, int outerPort, long now) {
    return Optional.ofNullable(holdings.get(key(protocol, outerPort)));
  }

  @Override
  public boolean isFree(int protocol, int outerPort) {
    int key = key(protocol, outerPort);
    return ports.contains(outerPort)
        && outerPort != 0
        && !isKeptBack(protocol, outerPort)
        && !holdings.containsKey(key)
        && !held.containsKey(key);
  }

  private static int key(int protocol, int port) {
    return protocol << 16 | port;
  }
}
