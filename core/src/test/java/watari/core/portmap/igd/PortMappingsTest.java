package watari.core.portmap.igd;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.igd.ControlPoint.done;
import static watari.core.portmap.igd.ControlPoint.error;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.Ask;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.LeaseLimits;
import watari.core.portmap.Leases;
import watari.core.portmap.MemoryReservations;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

final class PortMappingsTest {
  /// 15 ranges of 16: 5216-5231, 9312-9327 and so on, 62560-62575.
  private static final int REST_MILLIS = 120_000;

  private static final PortSet PORTS = new PortSet(4, new Psid(0x46, 8));

  private static final PortSet OTHER_PORTS = new PortSet(4, new Psid(0x50, 8));
  private static final int PORT = 62563;
  private static final String ANNA = "192.168.1.10";
  private static final String BERT = "192.168.1.11";
  private static final long WEEK_SECONDS = 604_800;

  private final MemoryReservations reservations = new MemoryReservations("203.0.113.7", PORTS);
  private final Leases leases = new Leases(reservations, LeaseLimits.DEFAULT);
  private final InternetGateway gateway = ControlPoint.gateway(leases);
  private final ControlPoint one = new ControlPoint(gateway, IgdVersion.V1, ANNA);
  private final ControlPoint two = new ControlPoint(gateway, IgdVersion.V2, ANNA);
  private final ControlPoint bert = new ControlPoint(gateway, IgdVersion.V2, BERT);

  private static Inside inside(String host, int protocol, int port) {
    return new Inside(protocol, Ipv4Address.parse(host).bits(), port);
  }

  @Test
  void mapsAPortOfTheSetToTheHostThatAsks() {
    assertThat(done(one.add(PORT, 80))).isEmpty();
    assertThat(leases.ofOuter(Protocol.TCP, PORT).orElseThrow().inside())
        .isEqualTo(inside(ANNA, Protocol.TCP, 80));
  }

  /// IGD-01
  @ParameterizedTest
  @EnumSource
  void conflictsWithOtherMechanismsWhileThereIsNoLine(IgdVersion version) {
    var point = new ControlPoint(gateway, version, ANNA);
    point.lineIs(ControlPoint.DOWN);
    assertThat(error(point.add(PORT, 80))).isEqualTo(729);
    if (version == IgdVersion.V2) {
      assertThat(error(point.add("AddAnyPortMapping", PORT, 80))).isEqualTo(729);
    }
    assertThat(leases.all()).isEmpty();
  }

  /// IGD-02, IGD-20
  @ParameterizedTest
  @ValueSource(ints = {1, 80, 443, 25565, 62559, 62576})
  void conflictsForAPortOutsideTheSet(int port) {
    assertThat(error(one.add(port, 80))).isEqualTo(718);
    assertThat(error(two.add(port, 80))).isEqualTo(718);
  }

  /// IGD-02, IGD-26
  @Test
  void conflictsForAPortThatIsSomebodyElses() {
    reservations.withForward(inside(BERT, Protocol.TCP, 443), 62560);
    reservations.withFlow(inside(BERT, Protocol.TCP, 40_000), 62561, 100);
    bert.add(62562, 1234);
    for (int port = 62560; port <= 62562; port++) {
      assertThat(error(two.add(port, 80))).isEqualTo(718);
    }
    assertThat(done(two.add(PORT, 80))).isEmpty();
  }

  /// IGD-03, IGD-20
  @ParameterizedTest
  @ValueSource(ints = {80, 8080, 25565})
  void anyPortIsOneOfTheSetWhereTheWishedOneIsNot(int port) {
    assertThat(PORTS.contains(two.addAny(port, port))).isTrue();
  }

  @Test
  void anyPortIsTheWishedOneWhereThatIsFree() {
    assertThat(two.addAny(PORT, 80)).isEqualTo(PORT);
    assertThat(bert.addAny(PORT, 80)).isNotEqualTo(PORT);
  }

  @Test
  void anyPortOfAnEndpointThatHasOneIsThatOne() {
    assertThat(two.addAny(PORT, 80)).isEqualTo(PORT);
    assertThat(two.addAny(8080, 80)).isEqualTo(PORT);
    assertThat(leases.all()).hasSize(1);
  }

  @Test
  void anyPortOfAnEndpointWithFlowsIsTheirs() {
    reservations.withFlow(inside(ANNA, Protocol.UDP, 3074), PORT, 100);
    assertThat(two.addAny(3074, 3074, "NewProtocol", "UDP")).isEqualTo(PORT);
  }

  @Test
  void anEndpointWithFlowsHasNoOtherPort() {
    reservations.withFlow(inside(ANNA, Protocol.UDP, 3074), PORT, 100);
    assertThat(error(two.add(62560, 3074, "NewProtocol", "UDP"))).isEqualTo(718);
    assertThat(leases.all()).isEmpty();
    assertThat(done(two.add(PORT, 3074, "NewProtocol", "UDP"))).isEmpty();
  }

  /// IGD-04
  @Test
  void aClientThatCountsUpIsServedWhenItReachesTheSet() {
    int port = 62_550;
    while (one.add(port, 6881) instanceof Answer.Failed(UpnpError why)) {
      assertThat(why).isEqualTo(UpnpError.CONFLICT_IN_MAPPING_ENTRY);
      port++;
    }
    assertThat(port).isEqualTo(62_560);
  }

  /// IGD-05
  @ParameterizedTest
  @CsvSource({"0,501", "false,501", "2,402", "maybe,402"})
  void noMappingIsMadeThatIsNotEnabled(String enabled, int code) {
    assertThat(error(one.add(PORT, 80, "NewEnabled", enabled))).isEqualTo(code);
    assertThat(leases.all()).isEmpty();
  }

  /// IGD-06, IGD-07
  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "604801", "4294967295"})
  void leasesOfVersion1LastAsLongAsIsWished(String wished) {
    one.add(PORT, 80, "NewLeaseDuration", wished);
    assertThat(done(one.generic(0))).containsEntry("NewLeaseDuration", wished);
    long seconds = Long.parseLong(wished);
    long end = 5000 + 1000 * (seconds == 0 ? 1L << 40 : seconds);
    assertThat(leases.expire(end - 1)).isEmpty();
    assertThat(leases.expire(end)).hasSize(seconds == 0 ? 0 : 1);
  }

  /// IGD-06
  @ParameterizedTest
  @CsvSource({"0,604800", "1,1", "604800,604800", "604801,604800", "4294967295,604800"})
  void leasesOfVersion2LastAWeekAtMost(String wished, String given) {
    two.add(PORT, 80, "NewLeaseDuration", wished);
    assertThat(done(two.generic(0))).containsEntry("NewLeaseDuration", given);
    assertThat(leases.expire(5000 + WEEK_SECONDS * 1000)).hasSize(1);
  }

  @Test
  void aLeaseWithoutEndIsAWeekInVersion2() {
    one.add(PORT, 80, "NewLeaseDuration", "0");
    assertThat(done(two.generic(0))).containsEntry("NewLeaseDuration", "604800");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4294967296", "-1", "", "1h", "99999999999999999999"})
  void aLeaseIsANumberOf32Bits(String wished) {
    assertThat(error(two.add(PORT, 80, "NewLeaseDuration", wished))).isEqualTo(402);
  }

  @Test
  void aRefreshKeepsThePortAndBeginsTheTimeAnew() {
    two.add(PORT, 80);
    two.timeIs(1_805_000);
    assertThat(done(two.generic(0))).containsEntry("NewLeaseDuration", "1800");
    two.add(PORT, 80, "NewPortMappingDescription", "again");
    assertThat(done(two.generic(0)))
        .containsEntry("NewLeaseDuration", "3600")
        .containsEntry("NewPortMappingDescription", "again");
    assertThat(leases.all()).hasSize(1);
  }

  /// IGD-08, IGD-09
  @Test
  void theTableIsWalkedFromZeroUntilTheIndexIsInvalid() {
    two.add(PORT, 80);
    two.add(5217, 81);
    two.add(9313, 82, "NewProtocol", "UDP");
    bert.add(5218, 80);
    assertThat(List.of(0, 1, 2))
        .extracting(index -> ControlPoint.said(one.generic(index), "NewExternalPort"))
        .containsExactly("5217", "62563", "9313");
    assertThat(error(one.generic(3))).isEqualTo(713);
    assertThat(error(one.generic(65535))).isEqualTo(713);
  }

  @Test
  void anEntrySaysAllThatIsKnown() {
    two.add(PORT, 80, "NewRemoteHost", "198.51.100.9");
    assertThat(done(two.generic(0)))
        .containsExactly(
            Map.entry("NewRemoteHost", "198.51.100.9"),
            Map.entry("NewExternalPort", "62563"),
            Map.entry("NewProtocol", "TCP"),
            Map.entry("NewInternalPort", "80"),
            Map.entry("NewInternalClient", ANNA),
            Map.entry("NewEnabled", "1"),
            Map.entry("NewPortMappingDescription", "game"),
            Map.entry("NewLeaseDuration", "3600"));
  }

  /// IGD-10
  @Test
  void aQueryFindsOnlyTheHostsOwnAndLeavesNothingBehind() {
    two.add(PORT, 80);
    bert.add(5217, 80);
    long revision = leases.revision();
    assertThat(done(two.specific(PORT, "TCP")))
        .containsEntry("NewInternalPort", "80")
        .containsEntry("NewInternalClient", ANNA)
        .doesNotContainKey("NewExternalPort");
    assertThat(error(two.specific(PORT, "UDP"))).isEqualTo(714);
    assertThat(error(two.specific(5217, "TCP"))).isEqualTo(714);
    assertThat(error(two.specific(5219, "TCP"))).isEqualTo(714);
    assertThat(leases.revision()).isEqualTo(revision);
  }

  @Test
  void aForwardToTheHostIsFoundByItsPort() {
    reservations.withForward(inside(ANNA, Protocol.TCP, 443), PORT);
    assertThat(done(one.specific(PORT, "TCP")))
        .containsEntry("NewInternalPort", "443")
        .containsEntry("NewLeaseDuration", "0");
    assertThat(done(two.add(PORT, 443))).isEmpty();
    assertThat(error(two.add(5217, 443))).isEqualTo(718);
    assertThat(two.addAny(443, 443)).isEqualTo(PORT);
    assertThat(error(bert.specific(PORT, "TCP"))).isEqualTo(714);
  }

  /// IGD-09
  @Test
  void listsWhatTheHostHasInARange() {
    two.add(5217, 80);
    two.add(9313, 81);
    two.add(PORT, 82);
    bert.add(5218, 80);
    assertThat(listed("5217", "62562", "0")).containsExactly(5217, 9313);
    assertThat(listed("0", "65535", "0")).containsExactly(5217, 9313, PORT);
    assertThat(listed("0", "65535", "2")).containsExactly(5217, 9313);
    assertThat(error(list("0", "65535", "UDP", "0"))).isEqualTo(730);
    assertThat(error(list("6000", "5000", "TCP", "0"))).isEqualTo(733);
  }

  private Answer list(String first, String last, String protocol, String count) {
    return two.connection(
        "GetListOfPortMappings",
        "NewStartPort",
        first,
        "NewEndPort",
        last,
        "NewProtocol",
        protocol,
        "NewManage",
        "1",
        "NewNumberOfPorts",
        count);
  }

  private List<Integer> listed(String first, String last, String count) {
    var answer = list(first, last, "TCP", count);
    assertThat(answer).isInstanceOf(Answer.Listing.class);
    return ((Answer.Listing) answer).mappings().stream().map(PortMapping::externalPort).toList();
  }

  /// IGD-11
  @Test
  void deletesOnlyWhatTheHostAskedForByUpnp() {
    two.add(PORT, 80);
    assertThat(error(bert.delete(PORT, "TCP"))).isEqualTo(606);
    assertThat(error(new ControlPoint(gateway, IgdVersion.V1, BERT).delete(PORT, "TCP")))
        .isEqualTo(714);
    assertThat(error(two.delete(PORT, "UDP"))).isEqualTo(714);
    assertThat(error(two.delete(5217, "TCP"))).isEqualTo(714);
    assertThat(done(two.delete(PORT, "TCP"))).isEmpty();
    assertThat(leases.all()).isEmpty();
    assertThat(error(two.delete(PORT, "TCP"))).isEqualTo(714);
  }

  @Test
  void aMappingForOneRemoteHostIsDeletedByThatName() {
    two.add(PORT, 80, "NewRemoteHost", "198.51.100.9");
    assertThat(error(two.delete(PORT, "TCP"))).isEqualTo(714);
    String[] key = ControlPoint.key(PORT, "TCP");
    key[1] = "198.51.100.9";
    assertThat(done(two.connection("DeletePortMapping", key))).isEmpty();
  }

  /// IGD-11
  @Test
  void deletesARangeOfTheHostsOwn() {
    two.add(5217, 80);
    two.add(9313, 81);
    two.add(9314, 81, "NewProtocol", "UDP");
    bert.add(5218, 80);
    assertThat(error(deleteRange("6000", "7000", "0"))).isEqualTo(730);
    assertThat(error(deleteRange("5218", "5218", "0"))).isEqualTo(730);
    assertThat(error(deleteRange("0", "65535", "1"))).isEqualTo(606);
    assertThat(error(deleteRange("2", "1", "0"))).isEqualTo(733);
    assertThat(done(deleteRange("0", "65535", "0"))).isEmpty();
    assertThat(leases.all()).extracting(lease -> lease.outerPort()).containsExactly(5218, 9314);
  }

  private Answer deleteRange(String first, String last, String manage) {
    return two.connection(
        "DeletePortMappingRange",
        "NewStartPort",
        first,
        "NewEndPort",
        last,
        "NewProtocol",
        "TCP",
        "NewManage",
        manage);
  }

  /// IGD-12, IGD-15, IGD-19
  @Test
  void aFloodEndsAtTheQuotaOfTheHost() {
    var mapped = 0;
    for (int i = 0; i < 10_000; i++) {
      if (two.add("AddAnyPortMapping", PORT, 1024 + i) instanceof Answer.Done) {
        mapped++;
      }
    }
    assertThat(mapped).isEqualTo(LeaseLimits.DEFAULT.portsPerHostMax());
    assertThat(error(two.add("AddAnyPortMapping", PORT, 60_000))).isEqualTo(728);
    assertThat(error(two.add(5217, 60_000))).isEqualTo(728);
    assertThat(error(one.add(5217, 60_000))).isEqualTo(501);
    assertThat(PORTS.contains(bert.addAny(5217, 80))).isTrue();
  }

  /// IGD-12, IGD-19
  @Test
  void noPortIsFreeWhereAllAreSomebodys() {
    var few = new PortSet(2, new Psid(0x123, 12));
    var full = new MemoryReservations("203.0.113.7", few);
    for (int i = 0; i < few.size(); i++) {
      full.withFlow(inside(BERT, Protocol.TCP, 1000 + i), few.port(i), 100);
    }
    var crowded = ControlPoint.gateway(new Leases(full, LeaseLimits.DEFAULT));
    var point = new ControlPoint(crowded, IgdVersion.V2, ANNA);
    assertThat(error(point.add("AddAnyPortMapping", few.port(0), 80))).isEqualTo(728);
    assertThat(error(point.add(few.port(0), 80))).isEqualTo(718);
  }

  /// IGD-12, IGD-14, IGD-20
  @Test
  void noHostMapsForAnother() {
    assertThat(error(two.add(PORT, 80, "NewInternalClient", BERT))).isEqualTo(606);
    assertThat(error(two.add("AddAnyPortMapping", PORT, 80, "NewInternalClient", BERT)))
        .isEqualTo(606);
    assertThat(error(one.add(PORT, 80, "NewInternalClient", BERT))).isEqualTo(718);
    assertThat(leases.all()).isEmpty();
  }

  /// IGD-20
  @Test
  void nobodyIsAuthorizedForASystemPortOfAnAddressThatIsNotShared() {
    var whole = new Leases(new MemoryReservations("203.0.113.7", PortSet.ALL), LeaseLimits.DEFAULT);
    var unshared = ControlPoint.gateway(whole);
    var point = new ControlPoint(unshared, IgdVersion.V2, ANNA);
    assertThat(error(point.add(443, 443))).isEqualTo(606);
    assertThat(error(new ControlPoint(unshared, IgdVersion.V1, ANNA).add(443, 443))).isEqualTo(718);
    assertThat(point.addAny(443, 443)).isGreaterThanOrEqualTo(1024);
    assertThat(done(point.add(1025, 444))).isEmpty();
  }

  /// IGD-16
  @ParameterizedTest
  @ValueSource(strings = {"example.net", "2001:db8::1", "198.51.100", "0.0.0.0", "224.0.0.1"})
  void aRemoteHostIsALiteralIpv4Address(String remote) {
    assertThat(error(two.add(PORT, 80, "NewRemoteHost", remote))).isEqualTo(402);
  }

  /// IGD-16
  @Test
  void aMappingForOneRemoteHostLetsNobodyElseIn() {
    two.add(PORT, 80, "NewRemoteHost", "198.51.100.9");
    var remote = Ipv4Address.parse("198.51.100.9");
    assertThat(reservations.filters(Protocol.TCP, PORT))
        .containsExactly(new RemoteFilter(new Ipv4Prefix(remote.bits(), 32), 0));
    assertThat(error(two.add(PORT, 80))).isEqualTo(718);
    assertThat(reservations.filters(Protocol.TCP, PORT)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*"})
  void everyRemoteHostIsMeantByNone(String remote) {
    two.add(PORT, 80, "NewRemoteHost", remote);
    assertThat(reservations.filters(Protocol.TCP, PORT)).isEmpty();
  }

  /// IGD-19
  @Test
  void noWildcardIsAPort() {
    assertThat(error(one.add(0, 80))).isEqualTo(716);
    assertThat(error(two.add(0, 80))).isEqualTo(716);
    assertThat(error(two.add("AddAnyPortMapping", 0, 80))).isEqualTo(716);
    assertThat(error(two.add(PORT, 0))).isEqualTo(732);
    assertThat(error(one.add(PORT, 0))).isEqualTo(402);
    assertThat(error(two.add(65536, 80))).isEqualTo(402);
  }

  /// IGD-21
  @ParameterizedTest
  @ValueSource(strings = {"ICMP", "", "TCP,UDP", "6"})
  void thereAreTwoProtocols(String protocol) {
    assertThat(error(one.add(PORT, 80, "NewProtocol", protocol))).isEqualTo(402);
  }

  /// IGD-22
  @Test
  void oneNumberIsTwoPorts() {
    assertThat(done(two.add(PORT, 80))).isEmpty();
    assertThat(done(bert.add(PORT, 80, "NewProtocol", "UDP"))).isEmpty();
    assertThat(leases.all()).hasSize(2);
  }

  @Test
  void whatTheHostHasByAnotherProtocolServesAndStays() {
    var endpoint = inside(ANNA, Protocol.TCP, 80);
    leases.add(Ask.one(endpoint, PORT, true, new Asker.NatPmp(), 100_000), 0);
    assertThat(done(two.add(PORT, 80))).isEmpty();
    assertThat(two.addAny(8080, 80)).isEqualTo(PORT);
    assertThat(error(two.add(PORT, 80, "NewRemoteHost", "198.51.100.9"))).isEqualTo(718);
    assertThat(done(two.specific(PORT, "TCP")))
        .containsEntry("NewPortMappingDescription", "NAT-PMP");
    assertThat(error(two.delete(PORT, "TCP"))).isEqualTo(606);
    assertThat(error(deleteRange("0", "65535", "0"))).isEqualTo(730);
    assertThat(leases.all()).extracting(lease -> lease.asker()).containsExactly(new Asker.NatPmp());
  }

  /// Its port rests for a while before another host gets it.
  ///
  /// IGD-13
  @Test
  void aHostThatHasGoneHasNoMappings() {
    two.add(PORT, 80);
    leases.deleteHost(Ipv4Address.parse(ANNA).bits(), -REST_MILLIS);
    assertThat(error(two.generic(0))).isEqualTo(713);
    reservations.rest();
    assertThat(done(bert.add(PORT, 80))).isEmpty();
  }

  /// IGD-23
  @Test
  void mappingsGoWithTheHomeToANewSet() {
    for (int i = 0; i < 20; i++) {
      two.addAny(PORT, 2000 + i);
    }
    leases.moveTo(new MemoryReservations("198.51.100.4", OTHER_PORTS), 6000);
    for (int i = 0; i < 20; i++) {
      int port = Integer.parseInt(ControlPoint.said(one.generic(i), "NewExternalPort"));
      assertThat(OTHER_PORTS.contains(port)).isTrue();
    }
    assertThat(error(one.generic(20))).isEqualTo(713);
    assertThat(error(two.add(PORT, 80))).isEqualTo(718);
  }

  @Test
  void aDescriptionIsShortAndOfOneLine() {
    two.add(PORT, 80, "NewPortMappingDescription", "  a\r\nb\u0000" + "😀".repeat(40));
    String kept = ControlPoint.said(two.generic(0), "NewPortMappingDescription");
    assertThat(kept).startsWith("a  b 😀").hasSize(63).doesNotContain("\n");
    assertThat(leases.all().getFirst().asker()).isEqualTo(new Asker.Upnp(kept, Optional.empty()));
  }
}
