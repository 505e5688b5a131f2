package watari.core.nat;

/// What became of a wish for a port.
public sealed interface Grant {

  /// The endpoint has this outer port now, or had it before.
  record Given(int outerPort) implements Grant {}

  /// It has none; nothing has changed.
  enum Refusal implements Grant {
    /// The wished port belongs to another subscriber or to nobody.
    NOT_IN_SET,
    /// The wished port is somebody else's.
    TAKEN,
    /// The wished port is kept free of mappings, as those of PCP are (RFC 6887 §11.3).
    KEPT_BACK,
    /// Every port of the set is somebody's.
    NONE_FREE,
    /// The host has its share already.
    HOST_LIMIT
  }
}
