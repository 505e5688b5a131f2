package watari.app.config;

/// How long a session without packets is kept, in seconds. The defaults are those of RFC 4787, RFC
/// 5382 and RFC 5508.
public record Timers(
    int udpSeconds, int tcpEstablishedSeconds, int tcpTransitorySeconds, int icmpSeconds) {
  public static final Timers DEFAULT = new Timers(300, 7440, 240, 60);
}
