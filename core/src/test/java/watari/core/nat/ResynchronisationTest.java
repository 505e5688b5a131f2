package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.nat.HomeNat.HOST;
import static watari.core.nat.HomeNat.OUTER;
import static watari.core.nat.HomeNat.SERVER;

import org.junit.jupiter.api.Test;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Tcp;

/// Two ends that do not agree whether they have a connection (RFC 9293 §3.5.1, RFC 5961 §4): what
/// they say to find each other again passes, and the session follows.
final class ResynchronisationTest {
  private static final int OURS = 0x7fffff00;
  private static final int THEIRS = 0xfffffff0;
  private static final int OURS_ANEW = 0x10000000;
  private static final int THEIRS_ANEW = 0x20000000;

  private final HomeNat home =
      new HomeNat(Ports.RANGES_OF_16, NatSettings.strict(Ports.RANGES_OF_16, Timers.DEFAULT, 100));

  private int port;

  private Packet out(int flags, int sequence, int acknowledgement) {
    return home.probe.segment(HOST, 5000, SERVER, 443, flags, sequence, acknowledgement);
  }

  private void sends(int flags, int sequence, int acknowledgement) {
    port = home.portOf(out(flags, sequence, acknowledgement));
  }

  private void hears(int flags, int sequence, int acknowledgement) {
    home.receives(home.probe.segment(SERVER, 443, OUTER, port, flags, sequence, acknowledgement));
  }

  private void connects(int ours, int theirs) {
    sends(Tcp.SYN, ours, 0);
    hears(Tcp.SYN | Tcp.ACK, theirs, ours + 1);
    sends(Tcp.ACK, ours + 1, theirs + 1);
  }

  private void livesForTwoHours() {
    home.passSeconds(7439);
    hears(Tcp.ACK, THEIRS_ANEW + 1, OURS_ANEW + 1);
    home.passSeconds(7440);
    home.refusesIn(
        home.probe.segment(SERVER, 443, OUTER, port, Tcp.ACK, THEIRS_ANEW + 1, OURS_ANEW + 1),
        Drop.NO_MAPPING);
  }

  /// TCP-19: the host was switched off and begins again from the same port; the server still has
  /// the old connection and asks whether that is meant.
  @Test
  void aHostThatHasForgottenIsAskedAndConnectsAgain() {
    connects(OURS, THEIRS);
    int before = port;
    home.passSeconds(3600);
    sends(Tcp.SYN, OURS_ANEW, 0);
    hears(Tcp.ACK, THEIRS + 1, OURS + 1);
    sends(Tcp.RST, OURS + 1, 0);
    connects(OURS_ANEW, THEIRS_ANEW);
    assertThat(port).isEqualTo(before);
    livesForTwoHours();
  }

  /// TCP-19: the server was switched off and says so to what it does not know.
  @Test
  void aServerThatHasForgottenResetsAndIsConnectedAgain() {
    connects(OURS, THEIRS);
    home.passSeconds(3600);
    sends(Tcp.ACK, OURS + 1, THEIRS + 1);
    hears(Tcp.RST, THEIRS + 1, 0);
    connects(OURS_ANEW, THEIRS_ANEW);
    livesForTwoHours();
  }

  /// TCP-19: the pair of endpoints is used again while the server still waits for stragglers of the
  /// connection before (TIME-WAIT), and answers for that one first.
  @Test
  void aPairThatIsUsedAgainHearsOfTheConnectionBefore() {
    connects(OURS, THEIRS);
    sends(Tcp.FIN | Tcp.ACK, OURS + 1, THEIRS + 1);
    hears(Tcp.FIN | Tcp.ACK, THEIRS + 1, OURS + 2);
    sends(Tcp.ACK, OURS + 2, THEIRS + 2);
    home.passSeconds(30);
    sends(Tcp.SYN, OURS_ANEW, 0);
    hears(Tcp.ACK, THEIRS + 2, OURS + 2);
    sends(Tcp.RST, OURS + 2, 0);
    connects(OURS_ANEW, THEIRS_ANEW);
    livesForTwoHours();
  }

  /// TCP-19, TCP-18: an answer to the first SYN that was on its way for long, after the second one
  /// was answered.
  @Test
  void anAnswerThatComesLateChangesNothing() {
    sends(Tcp.SYN, OURS, 0);
    home.passSeconds(3);
    connects(OURS_ANEW, THEIRS_ANEW);
    hears(Tcp.SYN | Tcp.ACK, THEIRS, OURS + 1);
    sends(Tcp.ACK, OURS_ANEW + 1, THEIRS_ANEW + 1);
    livesForTwoHours();
  }
}
