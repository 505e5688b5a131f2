package watari.core.nat;

import java.util.List;
import java.util.Optional;
import watari.core.rule.PortSet;

/// The ports of the set as forwards, PCP, NAT-PMP and UPnP see them. There is one allocator for
/// them and for the flows of the home (RFC 6887 §13.2), so a port never has two owners.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public interface Reservations {
  int outerAddress();

  /// The ports that are the home's at that address.
  PortSet ports();

  /// Reserves a port. An endpoint that has a reservation of the protocol keeps that one, whatever
  /// it wishes; one that has sessions keeps the port of these where they do not share it.
  Grant reserve(Wish wish, long now);

  /// Gives a reservation back. Sessions that use the port live on until they are idle.
  ///
  /// @return whether there was one
  boolean release(int protocol, int outerPort, long now);

  /// Lets only these remote ends reach a reserved port; an empty list lets all.
  void filter(int protocol, int outerPort, List<RemoteFilter> filters);

  /// What an inside endpoint has.
  Optional<Holding> ofEndpoint(int protocol, int insideAddress, int insidePort, long now);

  /// Who has an outer port for itself.
  Optional<Holding> ofPort(int protocol, int outerPort, long now);

  /// Whether nobody has an outer port of the set, nor has had it just now.
  boolean isFree(int protocol, int outerPort);
}
