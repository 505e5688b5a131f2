package watari.core.path;

/// Who is the router that a packet passes at our end of the tunnel, and so lowers its time to live
/// (RFC 2473 §3.1).
public enum Routing {
  /// The kernel has routed the packet to our device or will route what we send.
  KERNEL,
  /// We take packets from the wire and put them there.
  OURS
}
