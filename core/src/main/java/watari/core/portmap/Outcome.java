package watari.core.portmap;

import watari.core.nat.Grant;

/// What became of an [Ask].
public sealed interface Outcome {

  /// The endpoint has this lease now; it may have had it before, with the same port.
  record Leased(Lease lease) implements Outcome {}

  /// The operator has forwarded a port to the endpoint already, and that one it keeps. There is no
  /// lease.
  record Forwarded(int outerPort) implements Outcome {}

  /// Nothing has changed.
  record Denied(Grant.Refusal why) implements Outcome {}
}
