package watari.core.plan;

/// By which way the operator wants IPv4 to cross the line (`mode:`).
public enum LineWish {
  /// By the line's own IPv4 address while it has one, and else by MAP-E.
  AUTO,
  /// By MAP-E only.
  MAP_E,
  /// By the line's own IPv4 address only.
  NATIVE
}
