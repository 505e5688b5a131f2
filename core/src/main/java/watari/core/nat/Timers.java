package watari.core.nat;

import watari.core.net.Refused;

/// How long a session may be silent, in seconds.
///
/// @param udpSeconds at least 120 (RFC 4787 REQ-5)
/// @param udpDnsSeconds for remote port 53, where one answer is all there is (RFC 4787 REQ-5a)
/// @param tcpEstablishedSeconds at least 7440 (RFC 5382 REQ-5)
/// @param tcpTransitorySeconds while opening or closing, at least 240 (RFC 5382 REQ-5)
/// @param icmpSeconds at least 60 (RFC 5508 REQ-2)
public record Timers(
    int udpSeconds,
    int udpDnsSeconds,
    int tcpEstablishedSeconds,
    int tcpTransitorySeconds,
    int icmpSeconds) {

  public static final int UDP_SECONDS_MIN = 120;
  public static final int UDP_DNS_SECONDS_MIN = 10;
  public static final int TCP_ESTABLISHED_SECONDS_MIN = 7440;
  public static final int TCP_TRANSITORY_SECONDS_MIN = 240;
  public static final int ICMP_SECONDS_MIN = 60;

  public static final Timers DEFAULT = new Timers(300, 20, 7440, 240, 60);

  public Timers {
    atLeast("udpSeconds", udpSeconds, UDP_SECONDS_MIN);
    atLeast("udpDnsSeconds", udpDnsSeconds, UDP_DNS_SECONDS_MIN);
    atLeast("tcpEstablishedSeconds", tcpEstablishedSeconds, TCP_ESTABLISHED_SECONDS_MIN);
    atLeast("tcpTransitorySeconds", tcpTransitorySeconds, TCP_TRANSITORY_SECONDS_MIN);
    atLeast("icmpSeconds", icmpSeconds, ICMP_SECONDS_MIN);
  }

  private static void atLeast(String name, int seconds, int least) {
    if (seconds < least) {
      throw new Refused(name + " is " + seconds + "; it must be at least " + least);
    }
  }
}
