package watari.core.nat;

import watari.core.nat.Holding.Claim;
import watari.core.net.Refused;

/// A wish for a port that an inside endpoint keeps whether it has sessions or not.
///
/// @param protocol TCP or UDP, as the IP protocol number
/// @param claim [Claim#FORWARD] or [Claim#EXPLICIT]
/// @param wantedPort the outer port, or 0 for any
/// @param exactly whether no other port will do
public record Wish(
    int protocol, int insideAddress, int insidePort, Claim claim, int wantedPort, boolean exactly) {
  public Wish {
    if (claim == Claim.IMPLICIT) {
      throw new Refused("a port is reserved for a forward or for a host that asks for it");
    }
  }
}
