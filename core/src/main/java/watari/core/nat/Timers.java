package watari.core.nat;

import watari.core.net.Refused;

/// How long a session may be silent, in seconds.
///
/// Opening and closing are told apart (RFC 7857 §2.1). The three of them are 240 s by default (RFC
/// 5382 REQ-5); an operator may ask for less.
///
/// @param udpSeconds at least 120 (RFC 4787 REQ-5)
/// @param udpDnsSeconds for remote port 53, where one answer is all there is (RFC 4787 REQ-5a)
/// @param tcpEstablishedSeconds at least 7440 (RFC 5382 REQ-5)
/// @param tcpOpeningSeconds until both ends have sent a SYN
/// @param tcpClosingSeconds after both ends have sent a FIN
/// @param tcpResetSeconds after a reset, which an end may still disbelieve (RFC 7857 §2.2)
/// @param icmpSeconds at least 60 (RFC 5508 REQ-2)
public record Timers(
    int udpSeconds,
    int udpDnsSeconds,
    int tcpEstablishedSeconds,
    int tcpOpeningSeconds,
    int tcpClosingSeconds,
    int tcpResetSeconds,
    int icmpSeconds) {

  public static final int UDP_SECONDS_MIN = 120;
  public static final int UDP_DNS_SECONDS_MIN = 10;
  public static final int TCP_ESTABLISHED_SECONDS_MIN = 7440;

  /// Of opening, closing and reset: what a retransmission over a bad line needs.
  public static final int TCP_TRANSITORY_SECONDS_MIN = 10;

  public static final int ICMP_SECONDS_MIN = 60;

  public static final Timers DEFAULT = new Timers(300, 20, 7440, 240, 240, 240, 60);

  public Timers {
    atLeast("udpSeconds", udpSeconds, UDP_SECONDS_MIN);
    atLeast("udpDnsSeconds", udpDnsSeconds, UDP_DNS_SECONDS_MIN);
    atLeast("tcpEstablishedSeconds", tcpEstablishedSeconds, TCP_ESTABLISHED_SECONDS_MIN);
    atLeast("tcpOpeningSeconds", tcpOpeningSeconds, TCP_TRANSITORY_SECONDS_MIN);
    atLeast("tcpClosingSeconds", tcpClosingSeconds, TCP_TRANSITORY_SECONDS_MIN);
    atLeast("tcpResetSeconds", tcpResetSeconds, TCP_TRANSITORY_SECONDS_MIN);
    atLeast("icmpSeconds", icmpSeconds, ICMP_SECONDS_MIN);
  }

  private static void atLeast(String name, int seconds, int least) {
    if (seconds < least) {
      throw new Refused(name + " is " + seconds + "; it must be at least " + least);
    }
  }
}
