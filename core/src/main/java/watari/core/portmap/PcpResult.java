package watari.core.portmap;

/// Whether a PCP request was met, and if not why (RFC 6887 §7.4).
public enum PcpResult {
  SUCCESS(0, 0),
  UNSUPP_VERSION(1, PcpResult.LONG_SECONDS),
  NOT_AUTHORIZED(2, PcpResult.LONG_SECONDS),
  MALFORMED_REQUEST(3, PcpResult.LONG_SECONDS),
  UNSUPP_OPCODE(4, PcpResult.LONG_SECONDS),
  UNSUPP_OPTION(5, PcpResult.LONG_SECONDS),
  MALFORMED_OPTION(6, PcpResult.LONG_SECONDS),
  NETWORK_FAILURE(7, PcpResult.SHORT_SECONDS),
  NO_RESOURCES(8, PcpResult.SHORT_SECONDS),
  UNSUPP_PROTOCOL(9, PcpResult.LONG_SECONDS),
  USER_EX_QUOTA(10, PcpResult.SHORT_SECONDS),
  CANNOT_PROVIDE_EXTERNAL(11, PcpResult.LONG_SECONDS),
  ADDRESS_MISMATCH(12, PcpResult.LONG_SECONDS),
  EXCESSIVE_REMOTE_PEERS(13, PcpResult.LONG_SECONDS);

  /// For what another try may change soon.
  static final long SHORT_SECONDS = 30;

  /// For what stays as it is until somebody changes a program or a setting.
  static final long LONG_SECONDS = 1800;

  private final int code;
  private final long lifetimeSeconds;

  PcpResult(int code, long lifetimeSeconds) {
    this.code = code;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  int code() {
    return code;
  }

  /// How long the same request need not be sent again, where nothing better is known.
  long lifetimeSeconds() {
    return lifetimeSeconds;
  }

  /// Whether the request could not be read; then a reply shows more of it (§7.2).
  boolean isUnreadable() {
    return this == UNSUPP_VERSION || this == MALFORMED_REQUEST;
  }
}
