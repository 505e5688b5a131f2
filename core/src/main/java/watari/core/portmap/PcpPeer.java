package watari.core.portmap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.wire.Protocol;

/// The PEER opcode: a flow to one remote end that lives longer than its silence (RFC 6887 §12).
final class PcpPeer {
  /// How many remote ends one inside endpoint may keep.
  private static final int PEERS_MAX = 16;

  private final Leases leases;
  private final PortControlSettings settings;

  PcpPeer(Leases leases, PortControlSettings settings) {
    this.leases = leases;
    this.settings = settings;
  }

  PcpAnswer answer(PcpRequest request, PcpBody.Peer peer, int source, long now) {
    PcpResult flaw = flaw(peer);
    if (flaw != PcpResult.SUCCESS) {
      return new PcpAnswer.Denied(flaw);
    }
    if (leases.outerAddress() == 0) {
      return new PcpAnswer.Denied(PcpResult.NETWORK_FAILURE);
    }
    var inside = new Inside(peer.map().protocol(), source, peer.map().internalPort());
    Optional<Lease> lease = leases.ofInside(inside);
    return lease.isPresent()
        ? leased(request, peer, inside, lease.get(), now)
        : unleased(request, peer, inside, now);
  }

  private static PcpResult flaw(PcpBody.Peer peer) {
    int protocol = peer.map().protocol();
    if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
      return PcpResult.UNSUPP_PROTOCOL;
    }
    boolean isWhole =
        peer.map().internalPort() != 0
            && peer.remotePort() != 0
            && isUnicast(Pcp.ipv4(peer.remoteAddress()));
    return isWhole ? PcpResult.SUCCESS : PcpResult.MALFORMED_REQUEST;
  }

  /// Not this network, not this host, and nothing from 224.0.0.0 on (RFC 6890).
  private static boolean isUnicast(OptionalInt address) {
    int first = address.orElse(0) >>> 24;
    return first != 0 && first != 127 && first < 224;
  }

  private PcpAnswer leased(
      PcpRequest request, PcpBody.Peer peer, Inside inside, Lease lease, long now) {
    return switch (lease.asker()) {
      case Asker.Pcp pcp when !pcp.nonce().equals(peer.map().nonce()) ->
          new PcpAnswer.Denied(PcpResult.NOT_AUTHORIZED, lease.secondsLeft(now));
      case Asker.Peers peers -> peered(request, peer, lease, peers, now);
      case Asker.Pcp _, Asker.NatPmp _, Asker.Upnp _ -> {
        int port = lease.outerPort() + inside.port() - lease.inside().port();
        long seconds = Math.min(lease.secondsLeft(now), settings.lifetimeSecondsMax());
        yield met(peer, port, seconds);
      }
    };
  }

  private PcpAnswer peered(
      PcpRequest request, PcpBody.Peer peer, Lease lease, Asker.Peers peers, long now) {
    Optional<Asker.Peer> had = peers.find(remote(peer), peer.remotePort());
    long seconds = had.map(it -> Lease.seconds(it.expiresAt(), now)).orElse(0L);
    if (had.isPresent() && !had.get().nonce().equals(peer.map().nonce())) {
      return new PcpAnswer.Denied(PcpResult.NOT_AUTHORIZED, seconds);
    }
    if (request.isDelete()) {
      return met(peer, lease.outerPort(), seconds);
    }
    if (had.isEmpty() && peers.peers().size() >= PEERS_MAX) {
      return new PcpAnswer.Denied(PcpResult.USER_EX_QUOTA);
    }
    Asker.Peers next = peers.with(asked(request, peer, now));
    leases.renew(lease, next, next.firstEnd(), next.filters());
    return met(peer, lease.outerPort(), granted(request));
  }

  private PcpAnswer unleased(PcpRequest request, PcpBody.Peer peer, Inside inside, long now) {
    Optional<Holding> own = leases.holding(inside, now);
    if (own.isPresent() && own.get().claim() == Claim.FORWARD) {
      return met(peer, own.get().outerPort(), Pcp.ENDLESS_SECONDS);
    }
    if (request.isDelete()) {
      return own.isPresent()
          ? met(peer, own.get().outerPort(), own.get().idleSeconds())
          : new PcpAnswer.Met(new PcpReply(PcpResult.SUCCESS, 0, peer, List.of()));
    }
    if (own.isEmpty() && !isOurs(peer.map())) {
      return new PcpAnswer.Denied(PcpResult.CANNOT_PROVIDE_EXTERNAL);
    }
    return add(request, peer, inside, own.isEmpty(), now);
  }

  private boolean isOurs(PcpBody.Map map) {
    return Pcp.isAny(map.externalAddress())
        || map.externalAddress().equals(Pcp.mapped(leases.outerAddress()));
  }

  /// A wish for a port is a demand here, as the client would not ask for a flow with another; but
  /// where there are flows already, they have the port that they have.
  private PcpAnswer add(
      PcpRequest request, PcpBody.Peer peer, Inside inside, boolean isNew, long now) {
    int wanted = isNew ? peer.map().externalPort() : 0;
    var asker = new Asker.Peers(List.of(asked(request, peer, now)));
    var ask =
        new Ask(inside, 1, wanted, wanted != 0, false, asker, asker.firstEnd(), asker.filters());
    return switch (leases.add(ask, now)) {
      case Outcome.Leased leased -> met(peer, leased.lease().outerPort(), granted(request));
      case Outcome.Forwarded forwarded -> met(peer, forwarded.outerPort(), Pcp.ENDLESS_SECONDS);
      case Outcome.Denied denied -> denied(denied.why());
    };
  }

  private static PcpAnswer denied(Grant.Refusal why) {
    return PcpAnswer.of(why, PortControlSettings.LIFETIME_SECONDS_MIN);
  }

  private Asker.Peer asked(PcpRequest request, PcpBody.Peer peer, long now) {
    long end = now + granted(request) * 1000;
    return new Asker.Peer(peer.map().nonce(), remote(peer), peer.remotePort(), end);
  }

  private long granted(PcpRequest request) {
    return settings.lifetimeSeconds(request.lifetimeSeconds());
  }

  private static int remote(PcpBody.Peer peer) {
    return Pcp.ipv4(peer.remoteAddress()).orElseThrow();
  }

  private PcpAnswer met(PcpBody.Peer peer, int outerPort, long seconds) {
    PcpBody body = peer.assigned(outerPort, Pcp.mapped(leases.outerAddress()));
    return new PcpAnswer.Met(new PcpReply(PcpResult.SUCCESS, seconds, body, List.of()));
  }
}
