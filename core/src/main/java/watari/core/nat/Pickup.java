package watari.core.nat;

/// Whether a TCP segment from the home makes a session although it begins no connection: after a
/// restart that is how connections live on.
public enum Pickup {
  NEVER,
  /// In the first two minutes.
  AFTER_START,
  ALWAYS
}
