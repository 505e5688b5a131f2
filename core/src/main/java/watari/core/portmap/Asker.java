package watari.core.portmap;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;

/// Who asked for a lease, and what only their protocol knows of it.
public sealed interface Asker {

  /// A PCP client, by MAP (RFC 6887 §11).
  ///
  /// @param nonce that it must show to change the lease
  /// @param prefersFailure whether no other outer port would do for it (§13.2)
  record Pcp(Nonce nonce, boolean prefersFailure) implements Asker {}

  /// PCP clients, by PEER (RFC 6887 §12): the port lives with flows to these remote ends. Such a
  /// lease is not worth keeping over a restart, as the flows are not.
  record Peers(List<Peer> peers) implements Asker {
    public Peers {
      peers = List.copyOf(peers);
    }

    Optional<Peer> find(int address, int port) {
      return peers.stream().filter(peer -> peer.isAt(address, port)).findFirst();
    }

    /// With one more, or with a new end of one that there was.
    Peers with(Peer next) {
      var others = peers.stream().filter(peer -> !peer.isAt(next.address(), next.port()));
      return new Peers(Stream.concat(others, Stream.of(next)).toList());
    }

    /// Those that have not ended.
    Peers at(long now) {
      return new Peers(peers.stream().filter(peer -> peer.expiresAt() > now).toList());
    }

    long firstEnd() {
      return peers.stream().mapToLong(Peer::expiresAt).min().orElse(Lease.FOREVER);
    }

    /// Whoever the host speaks to may answer from any port, as without PCP (RFC 7597 §10).
    List<RemoteFilter> filters() {
      return peers.stream().map(Peer::filter).distinct().toList();
    }
  }

  /// A NAT-PMP client (RFC 6886).
  record NatPmp() implements Asker {}

  /// A UPnP control point (WANIPConnection, AddPortMapping).
  ///
  /// @param description its NewPortMappingDescription
  /// @param remoteHost the only address that may come, or empty for all
  record Upnp(String description, Optional<Ipv4Address> remoteHost) implements Asker {}

  /// One remote end of a [Peers].
  ///
  /// @param expiresAt when its flow falls back to the ordinary timers
  record Peer(Nonce nonce, int address, int port, long expiresAt) {
    boolean isAt(int otherAddress, int otherPort) {
      return address == otherAddress && port == otherPort;
    }

    private RemoteFilter filter() {
      return new RemoteFilter(new Ipv4Prefix(address, 32), 0);
    }
  }
}
