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

  public static final Timers DEFAULT = new Timers(300, 20, 7440, 240, 60);

  public Timers {
    atLeast("udpSeconds", udpSeconds, 120);
    atLeast("udpDnsSeconds", udpDnsSeconds, 10);
    atLeast("tcpEstablishedSeconds", tcpEstablishedSeconds, 7440);
    atLeast("tcpTransitorySeconds", tcpTransitorySeconds, 240);
    atLeast("icmpSeconds", icmpSeconds, 60);
  }

  private static void atLeast(String name, int seconds, int least) {
    if (seconds < least) {
      throw new Refused(name + " is " + seconds + "; it must be at least " + least);
    }
  }
}
