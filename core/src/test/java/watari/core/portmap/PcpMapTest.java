package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Exchange.granted;
import static watari.core.portmap.Exchange.refused;
import static watari.core.portmap.Exchange.request;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.PcpText.NONCE;
import static watari.core.portmap.PcpText.OTHER_NONCE;
import static watari.core.portmap.PcpText.PREFER_FAILURE;
import static watari.core.portmap.PcpText.filter;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.map;
import static watari.core.portmap.PcpText.mapBody;
import static watari.core.portmap.PcpText.mapped;
import static watari.core.portmap.PcpText.replyHeader;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Prefix;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

final class PcpMapTest {
  private static final int NOT_AUTHORIZED = 2;
  private static final int MALFORMED_REQUEST = 3;
  private static final int MALFORMED_OPTION = 6;
  private static final int NETWORK_FAILURE = 7;
  private static final int NO_RESOURCES = 8;
  private static final int UNSUPP_PROTOCOL = 9;
  private static final int USER_EX_QUOTA = 10;
  private static final int CANNOT_PROVIDE_EXTERNAL = 11;
  private static final int EXCESSIVE_REMOTE_PEERS = 13;

  private final Exchange exchange = new Exchange();

  private void refuses(String request, int result, long lifetime) {
    assertThat(exchange.answer(ANNA, request)).isEqualTo(refused(request, result, lifetime));
  }

  private static String ofProtocol(int protocol, long lifetime, int internalPort) {
    return header(1, lifetime, ANNA) + mapBody(NONCE, protocol, internalPort, 0);
  }

  /// PCP-25, PCP-31, PCP-54
  @Test
  void givesAFreePortOfTheSetThatWasSuggested() {
    assertThat(exchange.map(3600, 0xffff, 62575)).isEqualTo(granted(3600, 0xffff, 62575));
    assertThat(exchange.leases.holder(Protocol.TCP, 62575, exchange.now)).isPresent();
    assertThat(exchange.leases.holder(Protocol.UDP, 62575, exchange.now)).isEmpty();
  }

  /// PCP-26
  @ParameterizedTest
  @ValueSource(ints = {80, 443, 25565, 65535, 0})
  void givesAnotherPortOfTheSetForOneOutsideIt(int suggested) {
    assertThat(exchange.map(3600, 80, suggested)).isEqualTo(granted(3600, 80, 5216));
  }

  /// PCP-26
  @Test
  void givesAnotherPortForABusyOneAndOurAddressForAnother() {
    exchange.map(3600, 80, 5216);
    assertThat(exchange.map(3600, 81, 5216)).isEqualTo(granted(3600, 81, 5217));
    String elsewhere = header(1, 3600, ANNA) + map(NONCE, 6, 82, 5230, mapped("203.0.113.99"));
    assertThat(exchange.answer(ANNA, elsewhere)).isEqualTo(granted(3600, 82, 5230));
  }

  /// PCP-27
  @Test
  void saysForLongThatAPortIsNotInTheSet() {
    refuses(request(3600, 80, 80, PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL, 1800);
    String elsewhere =
        header(1, 3600, ANNA) + map(NONCE, 6, 80, 5216, mapped("203.0.113.99")) + PREFER_FAILURE;
    refuses(elsewhere, CANNOT_PROVIDE_EXTERNAL, 1800);
    assertThat(exchange.leases.all()).isEmpty();
    assertThat(exchange.map(3600, 80, 5216, PREFER_FAILURE))
        .isEqualTo(granted(3600, 80, 5216, PREFER_FAILURE));
  }

  /// PCP-27
  @Test
  void saysHowLongABusyPortWillBeBusy() {
    exchange.map(3600, 80, 5216);
    exchange.now += 600_000;
    String request = request(3600, 81, 5216, PREFER_FAILURE);
    assertThat(exchange.answer(ANNA, request))
        .isEqualTo(PcpText.refusal(request, CANNOT_PROVIDE_EXTERNAL, 3000, 607));
    exchange.reservations.withFlow(Home.tcp(BERT, 9), 5218, 222);
    String flow = request(3600, 81, 5218, PREFER_FAILURE);
    assertThat(exchange.answer(ANNA, flow))
        .isEqualTo(PcpText.refusal(flow, CANNOT_PROVIDE_EXTERNAL, 222, 607));
    exchange.reservations.withForward(Home.tcp(BERT, 10), 5219);
    String forward = request(3600, 81, 5219, PREFER_FAILURE);
    assertThat(exchange.answer(ANNA, forward))
        .isEqualTo(PcpText.refusal(forward, CANNOT_PROVIDE_EXTERNAL, 1800, 607));
  }

  /// PCP-28, PCP-29
  @Test
  void refusesAPreferenceThatMakesNoSense() {
    refuses(request(3600, 80, 0, PREFER_FAILURE), MALFORMED_OPTION, 1800);
    refuses(request(0, 80, 5216, PREFER_FAILURE), MALFORMED_OPTION, 1800);
    refuses(request(3600, 80, 5216, "02000004" + "00000000"), MALFORMED_OPTION, 1800);
  }

  /// PCP-18
  @Test
  void refusesAllProtocolsOfOnePort() {
    refuses(ofProtocol(0, 3600, 80), MALFORMED_REQUEST, 1800);
  }

  /// PCP-19
  @ParameterizedTest
  @ValueSource(ints = {1, 33, 47, 50, 132, 255})
  void refusesProtocolsWithoutPortsOfTheSet(int protocol) {
    refuses(ofProtocol(protocol, 3600, 80), UNSUPP_PROTOCOL, 1800);
  }

  /// PCP-20, PSET-11
  @ParameterizedTest
  @ValueSource(ints = {0, 6, 17})
  void refusesAllPortsAsTheyAreNotAllOurs(int protocol) {
    refuses(ofProtocol(protocol, 3600, 0), UNSUPP_PROTOCOL, 1800);
  }

  /// PCP-21, PCP-23
  @Test
  void showsTheNonceToWhomeverWouldChangeAMapping() {
    exchange.map(3600, 80, 5216);
    exchange.now += 100_000;
    String stolen = header(1, 7200, ANNA) + mapBody(OTHER_NONCE, 6, 80, 5217);
    assertThat(exchange.answer(ANNA, stolen))
        .isEqualTo(PcpText.refusal(stolen, NOT_AUTHORIZED, 3500, 107));
    String deleted = header(1, 0, ANNA) + mapBody(OTHER_NONCE, 6, 80, 0);
    assertThat(exchange.answer(ANNA, deleted))
        .isEqualTo(PcpText.refusal(deleted, NOT_AUTHORIZED, 3500, 107));
    assertThat(exchange.leases.all()).hasSize(1);
  }

  /// PCP-23
  @Test
  void refreshesAMappingWhateverIsSuggested() {
    exchange.map(3600, 80, 5216);
    assertThat(exchange.map(7200, 80, 5217)).isEqualTo(granted(7200, 80, 5216));
    assertThat(exchange.leases.all()).hasSize(1);
    assertThat(exchange.leases.wakeAt()).isEqualTo(exchange.now + 7_200_000);
    refuses(request(7200, 80, 5217, PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL, 7200);
  }

  /// PCP-22
  @Test
  void tellsAForwardAsItIsAndDoesNotTakeIt() {
    exchange.reservations.withForward(Home.tcp(ANNA, 80), 5222);
    assertThat(exchange.map(3600, 80, 5217)).isEqualTo(granted(0xffff_ffffL, 80, 5222));
    assertThat(exchange.leases.all()).isEmpty();
    refuses(request(3600, 80, 5217, PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL, 1800);
    assertThat(exchange.map(3600, 80, 5222, PREFER_FAILURE))
        .isEqualTo(granted(0xffff_ffffL, 80, 5222, PREFER_FAILURE));
  }

  /// PCP-24
  @Test
  void reusesThePortOfAFlow() {
    exchange.reservations.withFlow(Home.tcp(ANNA, 80), 5225, 200);
    refuses(request(3600, 80, 5217, PREFER_FAILURE), CANNOT_PROVIDE_EXTERNAL, 200);
    assertThat(exchange.map(3600, 80, 5217)).isEqualTo(granted(3600, 80, 5225));
  }

  /// PCP-30
  @ParameterizedTest
  @ValueSource(ints = {5350, 5351})
  void neverGivesThePortsOfPcpItself(int port) {
    var near = new Exchange(Home.PCP_PORTS);
    String request = header(1, 3600, ANNA) + mapBody(NONCE, 17, port, port);
    assertThat(near.answer(ANNA, request))
        .isEqualTo(replyHeader(1, 0, 3600, 7) + map(NONCE, 17, port, 5344, mapped(Home.OUTER)));
    String exact = header(1, 3600, ANNA) + mapBody(NONCE, 17, 99, port) + PREFER_FAILURE;
    assertThat(near.answer(ANNA, exact)).isEqualTo(refused(exact, CANNOT_PROVIDE_EXTERNAL, 1800));
    for (int i = 0; i < 31; i++) {
      near.answer(ANNA, header(1, 3600, ANNA) + mapBody(NONCE, 17, 1000 + i, 0));
    }
    assertThat(near.leases.ofOuter(Protocol.UDP, port)).isEmpty();
  }

  /// PCP-32
  @Test
  void givesAHostItsShareOfTheSet() {
    IntStream.rangeClosed(1, 32).forEach(port -> exchange.map(3600, port, 0));
    refuses(request(3600, 33, 0), USER_EX_QUOTA, 30);
    assertThat(exchange.map(3600, 32, 0)).startsWith("02810000");
  }

  /// PCP-32
  @Test
  void saysForShortThatTheSetIsFull() {
    IntStream.range(0, Home.PORTS.size())
        .forEach(index ->
            exchange.reservations.withFlow(Home.tcp(BERT, index + 1), Home.PORTS.port(index), 100));
    refuses(request(3600, 80, 0), NO_RESOURCES, 30);
    refuses(request(3600, 80, 5216), NO_RESOURCES, 30);
  }

  /// PCP-42, PCP-54
  @ParameterizedTest
  @CsvSource({
    "1, 120",
    "119, 120",
    "120, 120",
    "86400, 86400",
    "86401, 86400",
    "4294967295, 86400"
  })
  void keepsLifetimesWithinBounds(long asked, long given) {
    assertThat(exchange.map(asked, 80, 5216)).isEqualTo(granted(given, 80, 5216));
  }

  @Test
  void saysThatThereIsNoAddressYet() {
    var leases = new Leases(new MemoryReservations("0.0.0.0", Home.PORTS), LeaseLimits.DEFAULT);
    var server =
        new PortControl(leases, new PortControlSettings(true, true, Exchange.LAN), Exchange.START);
    String request = request(3600, 80, 5216);
    assertThat(PcpText.texts(server.receive(PcpText.bytes(request), ANNA.bits(), exchange.now)))
        .containsExactly(refused(request, NETWORK_FAILURE, 30));
  }

  private List<RemoteFilter> filters() {
    return exchange.reservations.filters(Protocol.TCP, 5216);
  }

  private static RemoteFilter remote(String prefix, int port) {
    return new RemoteFilter(Ipv4Prefix.parse(prefix), port);
  }

  /// PCP-37
  @Test
  void addsFiltersUpAndTakesThemAway() {
    String one = filter(120, 0, "198.51.100.0");
    String other = filter(128, 4000, "200.0.113.9");
    assertThat(exchange.map(3600, 80, 5216, one)).isEqualTo(granted(3600, 80, 5216, one));
    assertThat(filters()).containsExactly(remote("198.51.100.0/24", 0));
    exchange.map(3600, 80, 5216);
    assertThat(exchange.map(3600, 80, 5216, other)).isEqualTo(granted(3600, 80, 5216, other));
    assertThat(filters())
        .containsExactly(remote("198.51.100.0/24", 0), remote("200.0.113.9", 4000));
    exchange.map(3600, 80, 5216, filter(0, 0, "0.0.0.0"), one);
    assertThat(filters()).containsExactly(remote("198.51.100.0/24", 0));
    exchange.map(3600, 80, 5216, filter(0, 0, "0.0.0.0"));
    assertThat(filters()).isEmpty();
  }

  /// PCP-37
  @Test
  void refusesFiltersThatCannotBe() {
    for (int length : new int[] {1, 32, 95, 129, 255}) {
      refuses(request(3600, 80, 5216, filter(length, 0, "198.51.100.0")), MALFORMED_OPTION, 1800);
    }
    String ipv6 = "03000014" + "00600000" + "20010db8000000000000000000000000";
    refuses(request(3600, 80, 5216, ipv6), MALFORMED_OPTION, 1800);
    refuses(request(3600, 80, 5216, "03000010" + "00".repeat(16)), MALFORMED_OPTION, 1800);
    refuses(request(0, 80, 5216, filter(128, 0, "198.51.100.0")), MALFORMED_OPTION, 1800);
    assertThat(exchange.leases.all()).isEmpty();
    exchange.map(3600, 80, 5216, filter(96, 0, "0.0.0.0"));
    assertThat(filters()).containsExactly(remote("0.0.0.0/0", 0));
  }

  /// PCP-13, PCP-37
  @Test
  void countsFilters() {
    String most =
        IntStream.range(0, 16)
            .mapToObj(i -> filter(128, 0, "198.51.100." + i))
            .reduce("", String::concat);
    String more = filter(128, 0, "198.51.100.99");
    refuses(request(3600, 80, 5216, most, more), EXCESSIVE_REMOTE_PEERS, 1800);
    assertThat(exchange.leases.all()).isEmpty();
    assertThat(exchange.map(3600, 80, 5216, most)).isEqualTo(granted(3600, 80, 5216, most));
    assertThat(exchange.map(3600, 80, 5216, most)).isEqualTo(granted(3600, 80, 5216, most));
    refuses(request(3600, 80, 5216, more), EXCESSIVE_REMOTE_PEERS, 1800);
    assertThat(filters()).hasSize(16);
    String tooLarge = request(3600, 81, 5217, more.repeat(44));
    assertThat(exchange.answer(ANNA, tooLarge).substring(0, 8)).isEqualTo("02810003");
  }

  /// PCP-46, PCP-47
  @Test
  void deletesWhatThereIsAndWhatThereIsNot() {
    exchange.map(3600, 80, 5216);
    String request = request(0, 80, 5217);
    String reply = replyHeader(1, 0, 0, 7) + mapBody(NONCE, 6, 80, 5217);
    assertThat(exchange.answer(ANNA, request)).isEqualTo(reply);
    assertThat(exchange.leases.all()).isEmpty();
    assertThat(exchange.answer(ANNA, request)).isEqualTo(reply);
  }

  /// PCP-46
  @Test
  void deletesNothingThatIsNotItsOwn() {
    exchange.reservations.withForward(Home.tcp(ANNA, 80), 5222);
    refuses(request(0, 80, 0), NOT_AUTHORIZED, 1800);
    exchange.reservations.withFlow(Home.tcp(ANNA, 81), 5223, 99);
    refuses(request(0, 81, 0), NOT_AUTHORIZED, 99);
    exchange.leases.add(
        Ask.one(Home.tcp(ANNA, 82), 5224, false, Home.upnp("x"), Lease.FOREVER), exchange.now);
    refuses(request(0, 82, 0), NOT_AUTHORIZED, 0xffff_ffffL);
    assertThat(exchange.leases.all()).hasSize(1);
  }

  /// PCP-46
  @ParameterizedTest
  @CsvSource({"0, 0", "6, 1", "17, 2"})
  void deletesAllOfAHostThatHaveTheNonce(int protocol, int left) {
    exchange.map(3600, 80, 5216);
    exchange.map(3600, 81, 5217);
    exchange.answer(ANNA, header(1, 3600, ANNA) + mapBody(NONCE, 17, 80, 5216));
    exchange.answer(BERT, header(1, 3600, BERT) + mapBody(NONCE, 6, 80, 5218));
    String stolen = header(1, 0, ANNA) + mapBody(OTHER_NONCE, protocol, 0, 0);
    refuses(stolen, NOT_AUTHORIZED, 3600);
    String request = header(1, 0, ANNA) + mapBody(NONCE, protocol, 0, 0);
    assertThat(exchange.answer(ANNA, request))
        .isEqualTo(replyHeader(1, 0, 0, 7) + mapBody(NONCE, protocol, 0, 0));
    assertThat(exchange.leases.ofHost(ANNA.bits())).hasSize(left);
    assertThat(exchange.leases.ofHost(BERT.bits())).hasSize(1);
    assertThat(exchange.answer(ANNA, request)).startsWith("02810000");
  }

  /// PCP-43
  @Test
  void saysHowLongTheFlowsOfADeletedMappingWillLive() {
    exchange.map(3600, 80, 5216);
    exchange.reservations.use(Protocol.TCP, 5216, 290);
    assertThat(exchange.map(0, 80, 0))
        .isEqualTo(replyHeader(1, 0, 290, 7) + mapBody(NONCE, 6, 80, 0));
    assertThat(exchange.leases.holder(Protocol.TCP, 5216, exchange.now)).isPresent();
  }

  /// PCP-44
  @Test
  void givesAPortBackToWhomHadIt() {
    exchange.map(3600, 80, 5216);
    exchange.map(0, 80, 0);
    String other = header(1, 3600, BERT) + mapBody(NONCE, 6, 80, 5216);
    assertThat(exchange.answer(BERT, other)).contains(mapBody(NONCE, 6, 80, 5217).substring(0, 40));
    assertThat(exchange.map(3600, 80, 5216)).isEqualTo(granted(3600, 80, 5216));
  }

  @Test
  void endsAMappingThatIsNotRefreshed() {
    exchange.map(120, 80, 5216);
    exchange.now += 119_999;
    assertThat(exchange.leases.expire(exchange.now)).isEmpty();
    exchange.now += 1;
    assertThat(exchange.leases.expire(exchange.now)).hasSize(1);
  }

  /// PCP-51
  @Test
  void answersAStormOfProbesSlowly() {
    int answered = 0;
    for (int port = 1; port <= 65535; port++) {
      exchange.now += port % 8 == 0 ? 1 : 0;
      answered +=
          exchange.ask(ANNA, request(3600, 80, port == 5216 ? 1 : port, PREFER_FAILURE)).isEmpty()
              ? 0
              : 1;
      exchange.leases.deleteHost(ANNA.bits(), exchange.now);
    }
    // 8.2 seconds of 20, the store of the first, and the 239 that were in the set.
    assertThat(answered).isBetween(239 + 160, 239 + 20 + 165);
  }

  @Test
  void leavesAUpnpMappingWithUpnp() {
    exchange.leases.add(
        Ask.one(Home.tcp(ANNA, 82), 5224, false, Home.upnp("x"), Lease.FOREVER), exchange.now);
    assertThat(exchange.map(3600, 82, 0)).isEqualTo(granted(86400, 82, 5224));
    assertThat(exchange.leases.all().getFirst().expiresAt()).isEqualTo(Lease.FOREVER);
    assertThat(exchange.leases.all().getFirst().asker()).isEqualTo(Home.upnp("x"));
  }

  @Test
  void takesOverANatPmpMapping() {
    exchange.leases.add(
        Ask.one(Home.tcp(ANNA, 82), 5224, false, new Asker.NatPmp(), exchange.now + 60_000),
        exchange.now);
    assertThat(exchange.map(3600, 82, 0)).isEqualTo(granted(3600, 82, 5224));
    assertThat(exchange.leases.all().getFirst().asker())
        .isEqualTo(new Asker.Pcp(Nonce.parse(NONCE), false));
  }

  @Test
  void givesAnyPortOfAWholeAddressThatIsNamed() {
    var whole = new Exchange(PortSet.ALL);
    assertThat(whole.map(3600, 80, 80)).isEqualTo(granted(3600, 80, 80));
    assertThat(whole.map(3600, 81, 0)).isEqualTo(granted(3600, 81, 1024));
  }
}
