package watari.core.portmap;

import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv4Address;

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
  record Peer(Nonce nonce, int address, int port, long expiresAt) {}
}
