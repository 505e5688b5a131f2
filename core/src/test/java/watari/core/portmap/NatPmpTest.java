package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.PcpText.NONCE;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.mapBody;
import static watari.core.portmap.PcpText.octet;
import static watari.core.portmap.PcpText.port;
import static watari.core.portmap.PcpText.word;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.wire.Protocol;

/// NAT-PMP (RFC 6886); it has no rows of its own but the one that says that it is answered.
final class NatPmpTest {
  private static final int UDP = 1;
  private static final int TCP = 2;
  private static final String EPOCH = word(7);

  private final Exchange exchange = new Exchange();

  private static String request(int opcode, int internalPort, int wanted, long lifetime) {
    return "00" + octet(opcode) + "0000" + port(internalPort) + port(wanted) + word(lifetime);
  }

  private static String reply(int opcode, int result, int internalPort, int outer, long lifetime) {
    return "00"
        + octet(opcode | 0x80)
        + port(result)
        + EPOCH
        + port(internalPort)
        + port(outer)
        + word(lifetime);
  }

  private void answers(String request, String reply) {
    assertThat(exchange.answer(ANNA, request)).isEqualTo(reply);
  }

  /// PCP-04
  @Test
  void tellsTheOuterAddress() {
    answers("0000", "00800000" + EPOCH + word(Ipv4Address.parse(Home.OUTER).bits()));
  }

  @Test
  void tellsThatThereIsNoAddressYet() {
    var leases = new Leases(new MemoryReservations("0.0.0.0", Home.PORTS), LeaseLimits.DEFAULT);
    var server =
        new PortControl(leases, new PortControlSettings(true, true, Exchange.LAN), Exchange.START);
    assertThat(PcpText.texts(server.receive(PcpText.bytes("0000"), ANNA.bits(), exchange.now)))
        .containsExactly("00800003" + EPOCH + "00000000");
    String map = request(TCP, 80, 0, 3600);
    assertThat(PcpText.texts(server.receive(PcpText.bytes(map), ANNA.bits(), exchange.now)))
        .containsExactly(reply(TCP, 3, 80, 0, 0));
  }

  @Test
  void mapsUdpAndTcpEachForItself() {
    answers(request(UDP, 0xfffe, 62575, 3600), reply(UDP, 0, 0xfffe, 62575, 3600));
    assertThat(exchange.leases.holder(Protocol.TCP, 62575, exchange.now)).isEmpty();
    answers(request(TCP, 0xfffe, 62575, 3600), reply(TCP, 0, 0xfffe, 62575, 3600));
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 0, 65535})
  void givesAnotherPortOfTheSetForOneOutsideIt(int wanted) {
    answers(request(TCP, 80, wanted, 3600), reply(TCP, 0, 80, 5216, 3600));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7200, 7200", "86401, 86400", "4294967295, 86400"})
  void shortensAWishAndNeverLengthensIt(long asked, long given) {
    answers(request(TCP, 80, 5216, asked), reply(TCP, 0, 80, 5216, given));
  }

  @Test
  void tellsTheSameAgainWhateverIsWanted() {
    answers(request(TCP, 80, 5216, 3600), reply(TCP, 0, 80, 5216, 3600));
    answers(request(TCP, 80, 5217, 600), reply(TCP, 0, 80, 5216, 600));
    assertThat(exchange.leases.all()).hasSize(1);
  }

  @Test
  void deletesWhatThereIsAndWhatThereIsNot() {
    answers(request(TCP, 80, 5216, 3600), reply(TCP, 0, 80, 5216, 3600));
    answers(request(TCP, 80, 0, 0), reply(TCP, 0, 80, 0, 0));
    assertThat(exchange.leases.all()).isEmpty();
    answers(request(TCP, 80, 0, 0), reply(TCP, 0, 80, 0, 0));
  }

  @Test
  void deletesAllOfOneProtocolAndNothingOfOthers() {
    exchange.ask(ANNA, request(TCP, 80, 0, 3600));
    exchange.ask(ANNA, request(TCP, 81, 0, 3600));
    exchange.ask(ANNA, request(UDP, 80, 0, 3600));
    exchange.ask(BERT, request(TCP, 80, 0, 3600));
    answers(request(TCP, 0, 0, 0), reply(TCP, 0, 0, 0, 0));
    assertThat(exchange.leases.ofHost(ANNA.bits())).hasSize(1);
    assertThat(exchange.leases.ofHost(BERT.bits())).hasSize(1);
  }

  @Test
  void leavesForwardsAndMappingsOfOthersAlone() {
    exchange.reservations.withForward(Home.tcp(ANNA, 80), 5220);
    answers(request(TCP, 80, 5216, 3600), reply(TCP, 0, 80, 5220, 3600));
    answers(request(TCP, 80, 0, 0), reply(TCP, 2, 80, 0, 0));
    exchange.ask(ANNA, header(1, 3600, ANNA) + mapBody(NONCE, 6, 81, 5221));
    answers(request(TCP, 81, 5216, 600), reply(TCP, 0, 81, 5221, 600));
    answers(request(TCP, 81, 0, 0), reply(TCP, 2, 81, 0, 0));
    exchange.ask(ANNA, request(TCP, 82, 5222, 3600));
    answers(request(TCP, 0, 0, 0), reply(TCP, 2, 0, 0, 0));
    assertThat(exchange.leases.all()).extracting(Lease::outerPort).containsExactly(5221);
  }

  @Test
  void saysWhenThereIsNothingLeft() {
    IntStream.rangeClosed(1, 32).forEach(port -> exchange.ask(ANNA, request(TCP, port, 0, 600)));
    answers(request(TCP, 99, 0, 600), reply(TCP, 4, 99, 0, 0));
  }

  @Test
  void refusesAllPortsAtOnce() {
    answers(request(TCP, 0, 0, 600), reply(TCP, 2, 0, 0, 0));
  }

  @Test
  void returnsOpcodesThatItDoesNotKnow() {
    answers("0003" + "0000" + "01020304" + "0506", "0083" + "0005" + EPOCH + "0506");
    answers("007f", "00ff" + "0005" + EPOCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "0080", "0081000000500000000e1000", "0001", "00010000005000000000"})
  void passesOverWhatIsNoRequest(String packet) {
    assertThat(exchange.ask(ANNA, packet)).isEmpty();
  }

  /// PCP-04
  @Test
  void saysWhichVersionItSpeaksWhereThereIsNoPcp() {
    var only = new Exchange(Home.PORTS, new PortControlSettings(false, true, Exchange.LAN));
    String pcp = header(1, 3600, ANNA) + mapBody(NONCE, 6, 80, 0);
    assertThat(only.answer(ANNA, pcp)).isEqualTo("00000001" + EPOCH);
  }
}
