package watari.core.nat;

/// Who may answer to a port that an inside endpoint uses (RFC 4787 §5).
public enum Filtering {
  /// Every port of an address that the endpoint has spoken to.
  ADDRESS_DEPENDENT,
  /// Everybody.
  ENDPOINT_INDEPENDENT
}
