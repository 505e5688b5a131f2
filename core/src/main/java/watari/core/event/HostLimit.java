package watari.core.event;

/// What one host at home may not have more of (RFC 6888 REQ-4 and REQ-5).
public enum HostLimit {
  PORTS,
  SESSIONS,
  SESSION_RATE
}
