package watari.core.wire;

/// ICMP for IPv4 (RFC 792): which messages are queries, which are errors.
public final class Icmp {
  public static final int HEADER = 8;
  public static final int ECHO_REPLY = 0;
  public static final int UNREACHABLE = 3;
  public static final int ECHO = 8;
  public static final int TIME_EXCEEDED = 11;
  public static final int PARAMETER_PROBLEM = 12;
  public static final int TIMESTAMP = 13;
  public static final int TIMESTAMP_REPLY = 14;

  public static final int UNREACHABLE_NET = 0;
  public static final int UNREACHABLE_HOST = 1;
  public static final int UNREACHABLE_PROTOCOL = 2;
  public static final int UNREACHABLE_PORT = 3;
  public static final int UNREACHABLE_FRAGMENTATION_NEEDED = 4;

  public static final int REASSEMBLY_TIME_EXCEEDED = 1;

  static final int IDENTIFIER = 4;

  private Icmp() {}

  static boolean isQuery(int type) {
    return type == ECHO || type == ECHO_REPLY || type == TIMESTAMP || type == TIMESTAMP_REPLY;
  }

  public static boolean isError(int type) {
    return type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER_PROBLEM;
  }

  static boolean isRequest(int type) {
    return type == ECHO || type == TIMESTAMP;
  }
}
