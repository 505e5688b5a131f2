package watari.core.nat;

/// An inside endpoint and the outer port that it has.
///
/// @param protocol TCP, UDP or ICMP, as the IP protocol number
/// @param claim why it has the port
/// @param idleSeconds how long its sessions will live if nothing more is sent; 0 without sessions
public record Holding(
    int protocol, int outerPort, int insideAddress, int insidePort, Claim claim, int idleSeconds) {

  /// Why an endpoint has a port; whoever comes earlier here is never displaced by the later.
  public enum Claim {
    /// The operator's wish.
    FORWARD,
    /// A host asked for it by PCP, NAT-PMP or UPnP.
    EXPLICIT,
    /// It has sessions.
    IMPLICIT
  }
}
