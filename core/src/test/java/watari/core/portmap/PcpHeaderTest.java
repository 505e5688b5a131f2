package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Exchange.refused;
import static watari.core.portmap.Exchange.request;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.PcpText.NONCE;
import static watari.core.portmap.PcpText.PREFER_FAILURE;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.mapBody;
import static watari.core.portmap.PcpText.mapped;
import static watari.core.portmap.PcpText.octet;
import static watari.core.portmap.PcpText.replyHeader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;

/// How a request's header and options are read, and what refusals look like.
final class PcpHeaderTest {
  private static final int MALFORMED_REQUEST = 3;
  private static final int UNSUPP_OPCODE = 4;
  private static final int UNSUPP_OPTION = 5;
  private static final int MALFORMED_OPTION = 6;

  private final Exchange exchange = new Exchange();

  private void refuses(String request, int result, long lifetime) {
    assertThat(exchange.answer(ANNA, request)).isEqualTo(refused(request, result, lifetime));
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PCP-39
  @Test
  void answersAnAnnounceAndChangesNothing() {
    assertThat(exchange.answer(ANNA, header(0, 99, ANNA))).isEqualTo(replyHeader(0, 0, 0, 7));
    assertThat(exchange.leases.all()).isEmpty();
    refuses(header(0, 0, ANNA) + PREFER_FAILURE, MALFORMED_OPTION, 1800);
    refuses(header(0, 0, ANNA) + "04000000", UNSUPP_OPTION, 1800);
  }

  /// PCP-03
  @ParameterizedTest
  @ValueSource(strings = {"", "02", "0281", "0281 0000 00000000", "0201"})
  void passesOverWhatIsNoRequest(String packet) {
    assertThat(exchange.ask(ANNA, packet)).isEmpty();
  }

  /// PCP-03
  @Test
  void passesOverAReplyAndHalfAHeader() {
    String request = request(3600, 80, 0);
    assertThat(exchange.ask(ANNA, "0281" + request.substring(4))).isEmpty();
    assertThat(exchange.ask(ANNA, request.substring(0, 46))).isEmpty();
  }

  /// PCP-01, PCP-50
  @Test
  void passesOverWhoeverIsNotAtHome() {
    var stranger = Ipv4Address.parse("198.51.100.9");
    String request = header(1, 3600, stranger) + mapBody(NONCE, 6, 80, 0);
    assertThat(exchange.ask(stranger, request)).isEmpty();
    assertThat(exchange.ask(stranger, "0000")).isEmpty();
  }

  /// PCP-04, PCP-08
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 127, 255})
  void saysWhichVersionItSpeaks(int version) {
    String rest = request(3600, 80, 0).substring(2);
    String reply = exchange.answer(ANNA, octet(version) + rest);
    // The last 96 bits of the client's address stay.
    assertThat(reply)
        .isEqualTo("0281 0001 00000708 00000007".replace(" ", "") + rest.substring(22));
    assertThat(exchange.answer(ANNA, octet(version) + "00"))
        .isEqualTo("0280 0001 00000708 00000007".replace(" ", "") + "00".repeat(12));
  }

  /// PCP-04
  @Test
  void answersVersionZeroAsPcpWhereThereIsNoNatPmp() {
    var pcpOnly = new Exchange(Home.PORTS, new PortControlSettings(true, false, Exchange.LAN));
    assertThat(pcpOnly.answer(ANNA, "0000")).startsWith("02800001");
  }

  /// PCP-02, PCP-05, PCP-08
  @ParameterizedTest
  @ValueSource(ints = {1101, 1102, 1104, 1499, 1500})
  void refusesWhatIsTooLong(int length) {
    String request = request(3600, 80, 0);
    request += "80".repeat(length - request.length() / 2);
    assertThat(exchange.answer(ANNA, request))
        .isEqualTo(PcpText.refusal(request.substring(0, 2200), MALFORMED_REQUEST, 1800, 7));
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PCP-02, PCP-05
  @Test
  void answersOnlyWholeWordsOfEverySize() {
    for (int length = 0; length <= 1200; length++) {
      byte[] packet = new byte[length];
      byte[] start = PcpText.bytes(request(3600, 80, 0));
      System.arraycopy(start, 0, packet, 0, Math.min(length, start.length));
      var replies = exchange.server.receive(packet, ANNA.bits(), exchange.now);
      assertThat(replies).hasSize(length < 24 ? 0 : 1);
      for (byte[] reply : replies) {
        assertThat(reply.length % 4).isZero();
        assertThat(reply.length).isBetween(24, 1100);
        // Zeros behind the body are options of the code 0, which nobody knows.
        int result = length < 60 || length % 4 != 0 || length > 1100 ? 3 : length == 60 ? 0 : 5;
        assertThat(reply[3]).as("%d bytes", length).isEqualTo((byte) result);
      }
    }
  }

  /// PCP-05
  @Test
  void refusesWhatIsTooShortForItsOpcode() {
    String map = request(3600, 80, 0);
    String peer = header(2, 3600, ANNA) + mapBody(NONCE, 6, 80, 0) + "0050 0000".replace(" ", "");
    for (String request : new String[] {map.substring(0, 112), peer}) {
      assertThat(exchange.answer(ANNA, request).substring(0, 8)).endsWith("0003");
    }
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PCP-06
  @Test
  void refusesAClientBehindAnotherTranslator() {
    String request = request(3600, 80, 0);
    assertThat(exchange.answer(BERT, request)).isEqualTo(refused(request, 12, 1800));
    String unmapped =
        "02010000" + "00000e10" + "20010db8" + "00".repeat(12) + mapBody(NONCE, 6, 80, 0);
    assertThat(exchange.answer(ANNA, unmapped)).isEqualTo(refused(unmapped, 12, 1800));
  }

  /// PCP-07
  @Test
  void refusesOpcodesThatItDoesNotKnow() {
    for (int opcode = 3; opcode < 128; opcode++) {
      refuses(header(opcode, 3600, ANNA) + mapBody(NONCE, 6, 80, 0), UNSUPP_OPCODE, 1800);
    }
  }

  /// PCP-10
  @ParameterizedTest
  @ValueSource(
      strings = {
        "02000001", // a byte that is not there
        "80000004", // four
        "8000ffff", // as many as can be said
        "82000005 00000000", // and padding that is not there
        "80000008 00000000"
      })
  void refusesOptionsThatReachBeyondThePacket(String option) {
    refuses(request(3600, 80, 5216, option.replace(" ", "")), MALFORMED_OPTION, 1800);
  }

  /// PCP-10
  @Test
  void processesOptionsInTheirOrder() {
    refuses(request(3600, 80, 5216, "04000000", "02000001"), UNSUPP_OPTION, 1800);
    refuses(request(3600, 80, 5216, "02000001", "04000000"), MALFORMED_OPTION, 1800);
  }

  /// PCP-11, PCP-35
  @Test
  void refusesOptionsThatMustBeHeededAndPassesOverTheOthers() {
    for (int code = 0; code < 256; code++) {
      String option = octet(code) + "000004" + "01020304";
      boolean isKnown = code == 2 || code == 3 || code == 130;
      if (!isKnown && code < 128) {
        refuses(request(3600, 80, 5216, option), UNSUPP_OPTION, 1800);
      }
    }
    for (int code = 128; code < 256; code++) {
      if (code != 130) {
        String option = octet(code) + "000004" + "01020304";
        assertThat(exchange.map(3600, 80, 5216, option))
            .isEqualTo(Exchange.granted(3600, 80, 5216));
      }
    }
  }

  /// PCP-35
  @Test
  void letsNoHostSpeakForAnother() {
    refuses(request(3600, 80, 5216, "01000010" + mapped(BERT)), UNSUPP_OPTION, 1800);
  }

  /// PCP-12
  @Test
  void refusesWhatMayBeSaidOnceAndIsSaidTwice() {
    refuses(request(3600, 80, 5216, PREFER_FAILURE, PREFER_FAILURE), MALFORMED_OPTION, 1800);
  }

  /// PCP-09
  @Test
  void changesNothingWhereALaterOptionIsWrong() {
    exchange.map(3600, 80, 5216);
    long revision = exchange.leases.revision();
    String wrong = request(7200, 80, 5216, PcpText.filter(128, 0, "198.51.100.1"), "04000000");
    assertThat(exchange.answer(ANNA, wrong)).isEqualTo(refused(wrong, UNSUPP_OPTION, 1800));
    assertThat(exchange.leases.revision()).isEqualTo(revision);
  }

  /// PCP-15
  @Test
  void passesOverReservedBits() {
    String request = request(3600, 80, 5216, PREFER_FAILURE);
    String noisy =
        request.substring(0, 4)
            + "beef"
            + request.substring(8, 48 + 24)
            + "06c0ffee"
            + request.substring(48 + 32, 120)
            + "02ff0000";
    assertThat(exchange.answer(ANNA, noisy))
        .isEqualTo(Exchange.granted(3600, 80, 5216, PREFER_FAILURE));
  }

  /// PCP-16, PCP-17
  @ParameterizedTest
  @CsvSource({"0, 0", "999, 0", "1000, 1", "86400000, 86400", "4294967295000, 4294967295"})
  void countsTheSecondsOfItsState(long millis, long seconds) {
    exchange.now = Exchange.START + millis;
    assertThat(exchange.answer(ANNA, header(0, 0, ANNA))).isEqualTo(replyHeader(0, 0, 0, seconds));
  }

  /// PCP-17
  @Test
  void wrapsAfterThirtyTwoBits() {
    exchange.now = Exchange.START + (1L << 32) * 1000 + 5000;
    assertThat(exchange.answer(ANNA, header(0, 0, ANNA))).isEqualTo(replyHeader(0, 0, 0, 5));
  }

  /// PCP-14
  @Test
  void saysLongerWhatStaysAndShorterWhatMayPass() {
    for (PcpResult result : PcpResult.values()) {
      long seconds =
          switch (result) {
            case SUCCESS -> 0;
            case NETWORK_FAILURE, NO_RESOURCES, USER_EX_QUOTA -> 30;
            default -> 1800;
          };
      assertThat(result.lifetimeSeconds()).as("%s", result).isEqualTo(seconds);
    }
  }
}
