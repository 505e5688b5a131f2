package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Exchange.refused;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.PcpText.NONCE;
import static watari.core.portmap.PcpText.OTHER_NONCE;
import static watari.core.portmap.PcpText.PREFER_FAILURE;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.map;
import static watari.core.portmap.PcpText.mapped;
import static watari.core.portmap.PcpText.peerBody;
import static watari.core.portmap.PcpText.port;
import static watari.core.portmap.PcpText.replyHeader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Prefix;
import watari.core.wire.Protocol;

final class PcpPeerTest {
  private static final int NOT_AUTHORIZED = 2;
  private static final int MALFORMED_REQUEST = 3;
  private static final int MALFORMED_OPTION = 6;
  private static final int UNSUPP_PROTOCOL = 9;
  private static final int USER_EX_QUOTA = 10;
  private static final int CANNOT_PROVIDE_EXTERNAL = 11;
  private static final String REMOTE = mapped("198.51.100.5");
  private static final String OTHER_REMOTE = mapped("200.51.100.5");

  private final Exchange exchange = new Exchange();

  private static String request(long lifetime, int externalPort, String remote) {
    return request(NONCE, lifetime, externalPort, remote);
  }

  private static String request(String nonce, long lifetime, int externalPort, String remote) {
    return header(2, lifetime, ANNA) + peerBody(nonce, 17, 5000, externalPort, remote, 3478);
  }

  private String granted(long lifetime, int externalPort, String remote) {
    long epoch = (exchange.now - Exchange.START) / 1000;
    return replyHeader(2, 0, lifetime, epoch)
        + map(NONCE, 17, 5000, externalPort, mapped(Home.OUTER))
        + port(3478)
        + "0000"
        + remote;
  }

  private void answers(String request, String reply) {
    assertThat(exchange.answer(ANNA, request)).isEqualTo(reply);
  }

  private void refuses(String request, int result, long lifetime) {
    answers(request, refused(request, result, lifetime));
  }

  /// PCP-33
  @Test
  void makesAMappingForAFlowThatIsToCome() {
    answers(request(3600, 5220, REMOTE), granted(3600, 5220, REMOTE));
    assertThat(exchange.reservations.filters(Protocol.UDP, 5220))
        .containsExactly(new RemoteFilter(Ipv4Prefix.parse("198.51.100.5"), 0));
    answers(request(120, 0, REMOTE), granted(120, 5220, REMOTE));
  }

  /// PCP-33, PCP-34
  @Test
  void extendsAFlowThatThereIsAndLetsItFallBack() {
    exchange.reservations.withFlow(Home.udp(ANNA, 5000), 5222, 250);
    answers(request(3600, 5217, REMOTE), granted(3600, 5222, REMOTE));
    assertThat(claim(5222)).isEqualTo(Claim.EXPLICIT);
    exchange.now += 3_600_000;
    assertThat(exchange.leases.expire(exchange.now)).hasSize(1);
    assertThat(claim(5222)).isEqualTo(Claim.IMPLICIT);
  }

  private Claim claim(int port) {
    return exchange.leases.holder(Protocol.UDP, port, exchange.now).orElseThrow().claim();
  }

  /// PCP-33
  @Test
  void tellsOfAFlowWithoutChangingIt() {
    exchange.reservations.withFlow(Home.udp(ANNA, 5000), 5222, 250);
    answers(request(0, 0, REMOTE), granted(250, 5222, REMOTE));
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PCP-33
  @Test
  void tellsOfAMappingAndOfAForward() {
    exchange.answer(ANNA, header(1, 7200, ANNA) + PcpText.mapBody(NONCE, 17, 5000, 5221));
    answers(request(3600, 5217, REMOTE), granted(7200, 5221, REMOTE));
    refuses(request(OTHER_NONCE, 3600, 0, REMOTE), NOT_AUTHORIZED, 7200);
    exchange.leases.deleteHost(ANNA.bits(), exchange.now);
    exchange.reservations.rest();
    exchange.reservations.withForward(Home.udp(ANNA, 5000), 5230);
    answers(request(3600, 5217, REMOTE), granted(0xffff_ffffL, 5230, REMOTE));
  }

  /// PCP-33
  @Test
  void wantsTheNonceOfAFlow() {
    exchange.answer(ANNA, request(3600, 0, REMOTE));
    refuses(request(OTHER_NONCE, 3600, 0, REMOTE), NOT_AUTHORIZED, 3600);
  }

  /// PCP-33
  @Test
  void saysWhichPortsItCannotProvide() {
    refuses(request(3600, 80, REMOTE), CANNOT_PROVIDE_EXTERNAL, 1800);
    exchange.reservations.withFlow(Home.udp(Home.BERT, 1), 5217, 99);
    refuses(request(3600, 5217, REMOTE), CANNOT_PROVIDE_EXTERNAL, 120);
    String elsewhere =
        header(2, 3600, ANNA)
            + map(NONCE, 17, 5000, 0, mapped("203.0.113.99"))
            + port(3478)
            + "0000"
            + REMOTE;
    refuses(elsewhere, CANNOT_PROVIDE_EXTERNAL, 1800);
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PCP-33
  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255"})
  void refusesARemoteEndThatCannotBe(String address) {
    refuses(request(3600, 0, mapped(address)), MALFORMED_REQUEST, 1800);
  }

  /// PCP-33
  @Test
  void refusesAFlowThatIsNotWhole() {
    refuses(request(3600, 0, "20010db8" + "00".repeat(12)), MALFORMED_REQUEST, 1800);
    refuses(
        header(2, 3600, ANNA) + peerBody(NONCE, 17, 5000, 0, REMOTE, 0), MALFORMED_REQUEST, 1800);
    refuses(header(2, 3600, ANNA) + peerBody(NONCE, 17, 0, 0, REMOTE, 9), MALFORMED_REQUEST, 1800);
    refuses(header(2, 3600, ANNA) + peerBody(NONCE, 0, 0, 0, REMOTE, 9), UNSUPP_PROTOCOL, 1800);
    refuses(header(2, 3600, ANNA) + peerBody(NONCE, 50, 9, 0, REMOTE, 9), UNSUPP_PROTOCOL, 1800);
    refuses(request(3600, 5217, REMOTE) + PREFER_FAILURE, MALFORMED_OPTION, 1800);
    refuses(
        request(3600, 5217, REMOTE) + PcpText.filter(128, 0, "198.51.100.5"),
        MALFORMED_OPTION,
        1800);
    answers(request(3600, 5217, REMOTE) + PcpText.portSet(4, 5000, 0), granted(3600, 5217, REMOTE));
  }

  /// PCP-34
  @Test
  void keepsSeveralRemoteEndsEachForItsTime() {
    answers(request(120, 5217, REMOTE), granted(120, 5217, REMOTE));
    answers(request(3600, 0, OTHER_REMOTE), granted(3600, 5217, OTHER_REMOTE));
    assertThat(exchange.leases.wakeAt()).isEqualTo(exchange.now + 120_000);
    exchange.now += 120_000;
    assertThat(exchange.leases.expire(exchange.now)).isEmpty();
    assertThat(exchange.reservations.filters(Protocol.UDP, 5217))
        .containsExactly(new RemoteFilter(Ipv4Prefix.parse("200.51.100.5"), 0));
    answers(request(0, 0, REMOTE), granted(0, 5217, REMOTE));
    answers(request(0, 0, OTHER_REMOTE), granted(3480, 5217, OTHER_REMOTE));
    exchange.now += 3_480_000;
    assertThat(exchange.leases.expire(exchange.now)).hasSize(1);
  }

  @Test
  void keepsNotMoreRemoteEndsThanItMay() {
    for (int i = 1; i <= 16; i++) {
      exchange.answer(ANNA, request(3600, 0, mapped("198.51.100." + i)));
    }
    refuses(request(3600, 0, mapped("198.51.100.17")), USER_EX_QUOTA, 30);
    assertThat(exchange.answer(ANNA, request(3600, 0, mapped("198.51.100.16"))))
        .startsWith("02820000");
  }

  /// PCP-24
  @Test
  void letsAMapTakeThePortOfAPeer() {
    exchange.answer(ANNA, request(3600, 5217, REMOTE));
    String map = header(1, 600, ANNA) + PcpText.mapBody(OTHER_NONCE, 17, 5000, 0);
    answers(map, replyHeader(1, 0, 600, 7) + map(OTHER_NONCE, 17, 5000, 5217, mapped(Home.OUTER)));
    assertThat(exchange.reservations.filters(Protocol.UDP, 5217)).isEmpty();
  }

  /// PCP-46
  @Test
  void isNotUndoneByMap() {
    exchange.answer(ANNA, request(3600, 5217, REMOTE));
    String delete = header(1, 0, ANNA) + PcpText.mapBody(NONCE, 17, 5000, 0);
    refuses(delete, NOT_AUTHORIZED, 3600);
  }

  @Test
  void isNotKeptOverARestart() {
    exchange.answer(ANNA, request(3600, 5217, REMOTE));
    exchange.map(3600, 80, 0);
    assertThat(exchange.leases.all()).extracting(Lease::isLasting).containsExactly(true, false);
  }
}
