package watari.core.portmap.igd;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.Ask;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Leases;
import watari.core.portmap.Outcome;
import watari.core.portmap.igd.Action.Mapping;
import watari.core.portmap.igd.Action.MappingKey;
import watari.core.portmap.igd.Action.Range;

/// The port mappings of one host, as its control points see and change them.
///
/// A host sees all that it has, by whatever protocol it asked for it, and nothing of another host.
/// It changes what it asked for by UPnP.
///
/// @param leases the one table
/// @param version of the service
/// @param host the control point's address
record PortMappings(Leases leases, int version, Ipv4Address host) {
  /// Below begin the ports that only an authorized control point may have (WANIPConnection:2 §2.5),
  /// and there is none.
  private static final int UNPRIVILEGED = 1024;

  private static final int WEEK_SECONDS = 604_800;

  /// Maps exactly the port that is wished for.
  void add(Mapping wish, long now) {
    demandOwnHost(wish.internalClient());
    int port = wish.key().externalPort();
    if (!leases.ports().contains(port)) {
      throw new Denied(UpnpError.CONFLICT_IN_MAPPING_ENTRY);
    }
    if (port < UNPRIVILEGED) {
      throw notAuthorized();
    }
    if (claim(wish, port, true, now) != port) {
      throw new Denied(UpnpError.CONFLICT_IN_MAPPING_ENTRY);
    }
  }

  /// Maps the port that is wished for, or another one.
  ///
  /// @return which
  int addAny(Mapping wish, long now) {
    demandOwnHost(wish.internalClient());
    int port = wish.key().externalPort();
    return claim(wish, port < UNPRIVILEGED ? 0 : port, false, now);
  }

  private void demandOwnHost(Ipv4Address client) {
    if (!client.equals(host)) {
      throw notAuthorized();
    }
  }

  /// What version 1 says to those whom version 2 does not authorize (RFC 6970 §4.3).
  private Denied notAuthorized() {
    return new Denied(
        version == 1 ? UpnpError.CONFLICT_IN_MAPPING_ENTRY : UpnpError.NOT_AUTHORIZED);
  }

  /// @return the port that the endpoint has now, which is another than `port` where it had that one
  ///   before; then nothing has changed if it is wished for exactly
  private int claim(Mapping wish, int port, boolean exactly, long now) {
    Inside inside = inside(wish);
    Optional<Lease> had = leases.ofInside(inside);
    if (had.isPresent()) {
      return renew(had.get(), wish, port, exactly, now);
    }
    return ask(wish, port, exactly, now);
  }

  private static Inside inside(Mapping wish) {
    return new Inside(wish.key().protocol(), wish.internalClient().bits(), wish.internalPort());
  }

  /// What the host has by PCP or NAT-PMP stays as it is, and serves this wish too if it can.
  private int renew(Lease had, Mapping wish, int port, boolean exactly, long now) {
    int outer = had.outerPort() + wish.internalPort() - had.inside().port();
    if (exactly && outer != port) {
      return outer;
    }
    switch (had.asker()) {
      case Asker.Upnp upnp when upnp.remoteHost().equals(wish.key().remoteHost()) -> {
        var _ = leases.renew(had, asker(wish), expiresAt(wish, now), had.filters());
      }
      // A port for flows to some remote ends is none for everybody.
      case Asker.Upnp _, Asker.Peers _ -> throw taken(exactly);
      case Asker.Pcp _, Asker.NatPmp _ -> {
        if (!had.filters().equals(filters(wish))) {
          throw taken(exactly);
        }
      }
    }
    return outer;
  }

  private boolean isOwn(Lease lease, MappingKey key) {
    return lease.inside().address() == host.bits()
        && lease.asker() instanceof Asker.Upnp upnp
        && upnp.remoteHost().equals(key.remoteHost());
  }

  private int ask(Mapping wish, int port, boolean exactly, long now) {
    var ask =
        new Ask(
            inside(wish),
            1,
            port,
            exactly,
            false,
            asker(wish),
            expiresAt(wish, now),
            filters(wish));
    return switch (leases.add(ask, now)) {
      case Outcome.Leased leased -> settle(leased.lease(), port, exactly, now);
      case Outcome.Forwarded forwarded -> forwarded.outerPort();
      case Outcome.Denied denied -> throw denied(denied.why(), exactly);
    };
  }

  /// An endpoint with flows is given their port, which may not be the only one that will do.
  private int settle(Lease lease, int port, boolean exactly, long now) {
    if (exactly && lease.outerPort() != port) {
      leases.delete(lease, now);
      throw new Denied(UpnpError.CONFLICT_IN_MAPPING_ENTRY);
    }
    return lease.outerPort();
  }

  private Denied denied(Grant.Refusal why, boolean exactly) {
    return switch (why) {
      case NOT_IN_SET, TAKEN, KEPT_BACK -> taken(exactly);
      case NONE_FREE, HOST_LIMIT -> noneFree();
    };
  }

  private Denied taken(boolean exactly) {
    return exactly ? new Denied(UpnpError.CONFLICT_IN_MAPPING_ENTRY) : noneFree();
  }

  /// Version 1 has no number for it (RFC 6970 §4.3).
  private Denied noneFree() {
    return new Denied(version == 1 ? UpnpError.ACTION_FAILED : UpnpError.NO_PORT_MAPS_AVAILABLE);
  }

  private static Asker asker(Mapping wish) {
    return new Asker.Upnp(wish.description(), wish.key().remoteHost());
  }

  private static long expiresAt(Mapping wish, long now) {
    return wish.leaseSeconds() == 0 ? Lease.FOREVER : now + 1000 * wish.leaseSeconds();
  }

  private static List<RemoteFilter> filters(Mapping wish) {
    return wish.key().remoteHost().stream()
        .map(remote -> new RemoteFilter(new Ipv4Prefix(remote.bits(), 32), 0))
        .toList();
  }

  void delete(MappingKey key, long now) {
    Lease lease =
        leases
            .ofOuter(key.protocol(), key.externalPort())
            .orElseThrow(() -> new Denied(UpnpError.NO_SUCH_ENTRY));
    if (lease.inside().address() != host.bits() || !(lease.asker() instanceof Asker.Upnp)) {
      throw new Denied(version == 1 ? UpnpError.NO_SUCH_ENTRY : UpnpError.NOT_AUTHORIZED);
    }
    if (!isOwn(lease, key)) {
      throw new Denied(UpnpError.NO_SUCH_ENTRY);
    }
    leases.delete(lease, now);
  }

  /// Deletes what the host has asked for by UPnP in a range.
  void deleteRange(Range range, long now) {
    List<Lease> found =
        leases.ofHost(host.bits()).stream()
            .filter(lease -> lease.asker() instanceof Asker.Upnp)
            .filter(lease -> entries(lease, now).anyMatch(range::covers))
            .toList();
    if (found.isEmpty()) {
      throw new Denied(UpnpError.PORT_MAPPING_NOT_FOUND);
    }
    found.forEach(lease -> leases.delete(lease, now));
  }

  /// All that the host has, TCP first, by rising port.
  List<PortMapping> all(long now) {
    return leases.ofHost(host.bits()).stream().flatMap(lease -> entries(lease, now)).toList();
  }

  int count() {
    return leases.ofHost(host.bits()).stream().mapToInt(Lease::size).sum();
  }

  PortMapping at(int index, long now) {
    List<PortMapping> all = all(now);
    if (index >= all.size()) {
      throw new Denied(UpnpError.ARRAY_INDEX_INVALID);
    }
    return all.get(index);
  }

  PortMapping of(MappingKey key, long now) {
    return Stream.concat(all(now).stream(), forward(key, now).stream())
        .filter(mapping -> isOf(mapping, key))
        .findFirst()
        .orElseThrow(() -> new Denied(UpnpError.NO_SUCH_ENTRY));
  }

  private static boolean isOf(PortMapping mapping, MappingKey key) {
    return mapping.externalPort() == key.externalPort()
        && mapping.protocol() == key.protocol()
        && mapping.remoteHost().equals(key.remoteHost());
  }

  List<PortMapping> in(Range range, int countMax, long now) {
    List<PortMapping> found =
        all(now).stream()
            .filter(range::covers)
            .limit(countMax == 0 ? Integer.MAX_VALUE : countMax)
            .toList();
    if (found.isEmpty()) {
      throw new Denied(UpnpError.PORT_MAPPING_NOT_FOUND);
    }
    return found;
  }

  private Stream<PortMapping> entries(Lease lease, long now) {
    Optional<Ipv4Address> remote =
        lease.asker() instanceof Asker.Upnp upnp ? upnp.remoteHost() : Optional.empty();
    return IntStream.range(0, lease.size())
        .mapToObj(i ->
            new PortMapping(
                remote,
                lease.outerPort() + i,
                lease.protocol(),
                lease.inside().port() + i,
                host,
                description(lease.asker()),
                seconds(lease.secondsLeft(now))));
  }

  private static String description(Asker asker) {
    return switch (asker) {
      case Asker.Upnp upnp -> upnp.description();
      case Asker.Pcp _, Asker.Peers _ -> "PCP";
      case Asker.NatPmp _ -> "NAT-PMP";
    };
  }

  private long seconds(long left) {
    if (version > 1) {
      return Math.min(left, WEEK_SECONDS);
    }
    return left == Lease.FOREVER ? 0 : left;
  }

  /// A port that the operator has forwarded to the host, which is in no table of its own.
  private Optional<PortMapping> forward(MappingKey key, long now) {
    return leases
        .holder(key.protocol(), key.externalPort(), now)
        .filter(holding -> holding.claim() == Claim.FORWARD)
        .filter(holding -> holding.insideAddress() == host.bits())
        .map(this::forward);
  }

  private PortMapping forward(Holding holding) {
    return new PortMapping(
        Optional.empty(),
        holding.outerPort(),
        holding.protocol(),
        holding.insidePort(),
        host,
        "forward of the gateway",
        seconds(Lease.FOREVER));
  }
}
