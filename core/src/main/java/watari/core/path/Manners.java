package watari.core.path;

/// Whom the gateway tells that a packet was refused, beyond what it must.
///
/// @param aboutProtocols whether a host at home hears that a protocol without ports cannot cross a
///   shared address (ICMP 3/2)
/// @param aboutUnsolicited whether a remote host hears, after the six seconds in which the home may
///   still answer, that nobody takes its TCP connection (RFC 5382 REQ-4); if not, it hears nothing
public record Manners(boolean aboutProtocols, boolean aboutUnsolicited) {
  /// Hosts at home are told, strangers are not.
  public static final Manners DEFAULT = new Manners(true, false);
}
