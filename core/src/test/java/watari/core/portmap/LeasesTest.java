package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.Home.any;
import static watari.core.portmap.Home.tcp;
import static watari.core.portmap.Home.udp;
import static watari.core.portmap.Home.wanted;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import watari.core.event.Event;
import watari.core.nat.Grant;
import watari.core.nat.Holding.Claim;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

final class LeasesTest {
  private static final long END = 120_000;

  private final MemoryReservations reservations = new MemoryReservations(Home.OUTER, Home.PORTS);
  private final Leases leases = new Leases(reservations, LeaseLimits.DEFAULT);

  private Lease lease(Ask ask) {
    return lease(leases, ask);
  }

  private static Lease lease(Leases leases, Ask ask) {
    Outcome outcome = leases.add(ask, 0);
    assertThat(outcome).isInstanceOf(Outcome.Leased.class);
    return ((Outcome.Leased) outcome).lease();
  }

  private static Ask run(Inside inside, int size, int port, boolean keepsParity) {
    return new Ask(inside, size, port, false, keepsParity, Home.pcp(1), END, List.of());
  }

  @Test
  void givesTheWantedPortOfTheSet() {
    Lease lease = lease(wanted(tcp(ANNA, 80), 62560, END));
    assertThat(lease.outerPort()).isEqualTo(62560);
    assertThat(reservations.ofPort(Protocol.TCP, 62560, 0).orElseThrow().claim())
        .isEqualTo(Claim.EXPLICIT);
    assertThat(leases.all()).containsExactly(lease);
  }

  @Test
  void givesAnotherPortOfTheSetForOneOutsideIt() {
    assertThat(Home.PORTS.contains(lease(wanted(tcp(ANNA, 80), 80, END)).outerPort())).isTrue();
  }

  @Test
  void saysNoToAPortOutsideTheSetWhereNoOtherWillDo() {
    var ask = Ask.one(tcp(ANNA, 80), 80, true, Home.pcp(1), END);
    assertThat(leases.add(ask, 0)).isEqualTo(new Outcome.Denied(Grant.Refusal.NOT_IN_SET));
    assertThat(leases.all()).isEmpty();
  }

  @Test
  void findsALeaseByBothItsEnds() {
    Lease lease = lease(wanted(udp(ANNA, 50000), 5217, END));
    assertThat(leases.ofInside(udp(ANNA, 50000))).contains(lease);
    assertThat(leases.ofOuter(Protocol.UDP, 5217)).contains(lease);
    assertThat(leases.ofInside(tcp(ANNA, 50000))).isEmpty();
    assertThat(leases.ofInside(udp(BERT, 50000))).isEmpty();
    assertThat(leases.ofInside(udp(ANNA, 50001))).isEmpty();
    assertThat(leases.ofOuter(Protocol.TCP, 5217)).isEmpty();
    assertThat(leases.ofOuter(Protocol.UDP, 5218)).isEmpty();
  }

  @Test
  void renewsTheLeaseOfAnEndpointWithTheSamePort() {
    lease(wanted(tcp(ANNA, 80), 5217, END));
    Lease again = lease(wanted(tcp(ANNA, 80), 5219, 2 * END));
    assertThat(again.outerPort()).isEqualTo(5217);
    assertThat(again.expiresAt()).isEqualTo(2 * END);
    assertThat(leases.all()).containsExactly(again);
    assertThat(reservations.reserved()).isEqualTo(1);
  }

  @Test
  void listsByProtocolAndOuterPortHoweverTheyCame() {
    lease(wanted(udp(ANNA, 1), 5216, END));
    lease(wanted(tcp(ANNA, 2), 62560, END));
    lease(wanted(tcp(BERT, 3), 5218, END));
    assertThat(leases.all()).extracting(Lease::outerPort).containsExactly(5218, 62560, 5216);
  }

  @Test
  void endsWhatIsOverAndSaysWhenTheNextIs() {
    Lease early = lease(any(tcp(ANNA, 1), 1000));
    Lease late = lease(any(tcp(ANNA, 2), 2000));
    Lease endless = lease(any(tcp(ANNA, 3), Lease.FOREVER));
    assertThat(leases.wakeAt()).isEqualTo(1000);
    assertThat(leases.expire(999)).isEmpty();
    assertThat(leases.expire(1000)).containsExactly(early);
    assertThat(leases.wakeAt()).isEqualTo(2000);
    assertThat(leases.expire(5000)).containsExactly(late);
    assertThat(leases.wakeAt()).isEqualTo(Lease.FOREVER);
    assertThat(leases.all()).containsExactly(endless);
    assertThat(reservations.reserved()).isEqualTo(1);
  }

  /// PCP-45, IGD-13
  @Test
  void endsAllLeasesOfAHostThatIsGone() {
    Lease anna = lease(any(tcp(ANNA, 1), END));
    Lease bert = lease(any(tcp(BERT, 1), END));
    assertThat(leases.deleteHost(ANNA.bits(), 0)).containsExactly(anna);
    assertThat(leases.all()).containsExactly(bert);
  }

  /// PCP-32, IGD-15
  @Test
  void givesAHostItsShareAndNotMore() {
    for (int port = 1; port <= 32; port++) {
      lease(any(port % 2 == 0 ? tcp(ANNA, port) : udp(ANNA, port), END));
    }
    assertThat(leases.portsLeft(ANNA.bits())).isZero();
    assertThat(leases.add(any(tcp(ANNA, 99), END), 0))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.HOST_LIMIT));
    lease(any(tcp(BERT, 99), END));
    lease(any(tcp(ANNA, 2), 2 * END));
  }

  @Test
  void givesAHostAQuarterOfASmallSet() {
    assertThat(LeaseLimits.DEFAULT.portsPerHost(Home.FEW_PORTS)).isEqualTo(3);
    assertThat(LeaseLimits.DEFAULT.portsPerHost(PortSet.ALL)).isEqualTo(32);
    var one = new PortSet(0, new Psid(5001, 16));
    assertThat(LeaseLimits.DEFAULT.portsPerHost(one)).isEqualTo(1);
  }

  @Test
  void refusesLimitsThatCannotBe() {
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new LeaseLimits(0, 25, 1));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new LeaseLimits(1, 101, 1));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new LeaseLimits(1, 25, 0));
  }

  @Test
  void holdsNotMoreLeasesThanItMay() {
    var few = new Leases(reservations, new LeaseLimits(32, 25, 1));
    lease(few, any(tcp(ANNA, 1), END));
    assertThat(few.add(any(tcp(BERT, 1), END), 0))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.NONE_FREE));
  }

  /// IGD-26
  @Test
  void leavesAForwardWithTheOperator() {
    reservations.withForward(tcp(ANNA, 80), 5220);
    assertThat(leases.add(any(tcp(ANNA, 80), END), 0)).isEqualTo(new Outcome.Forwarded(5220));
    assertThat(leases.all()).isEmpty();
    var ask = Ask.one(tcp(BERT, 80), 5220, true, Home.pcp(1), END);
    assertThat(leases.add(ask, 0)).isEqualTo(new Outcome.Denied(Grant.Refusal.TAKEN));
  }

  /// PCP-24
  @Test
  void keepsThePortOfFlowsThatTheEndpointHas() {
    reservations.withFlow(udp(ANNA, 5000), 5223, 200);
    assertThat(lease(wanted(udp(ANNA, 5000), 5217, END)).outerPort()).isEqualTo(5223);
  }

  /// PCP-43
  @Test
  void leavesFlowsTheirPortWhenALeaseEnds() {
    Lease lease = lease(wanted(udp(ANNA, 5000), 5223, END));
    reservations.use(Protocol.UDP, 5223, 290);
    leases.delete(lease, 0);
    assertThat(leases.all()).isEmpty();
    assertThat(leases.holder(Protocol.UDP, 5223, 0).orElseThrow().claim())
        .isEqualTo(Claim.IMPLICIT);
  }

  /// PCP-44
  @Test
  void keepsAPortForTheEndpointThatHadIt() {
    leases.delete(lease(wanted(udp(ANNA, 5000), 5223, END)), 0);
    assertThat(lease(wanted(udp(BERT, 5000), 5223, END)).outerPort()).isNotEqualTo(5223);
    assertThat(lease(wanted(udp(ANNA, 5000), 5223, END)).outerPort()).isEqualTo(5223);
  }

  @Test
  void doesNotReleaseThePortThatAForwardHasTaken() {
    Lease lease = lease(wanted(tcp(ANNA, 80), 5223, END));
    reservations.withForward(tcp(BERT, 80), 5223);
    leases.delete(lease, 0);
    assertThat(leases.holder(Protocol.TCP, 5223, 0).orElseThrow().claim()).isEqualTo(Claim.FORWARD);
  }

  @Test
  void filtersEveryPortOfALease() {
    var filters = List.of(new RemoteFilter(Ipv4Prefix.parse("198.51.100.0/24"), 0));
    var ask = new Ask(udp(ANNA, 4000), 3, 5217, false, false, Home.pcp(1), END, filters);
    Lease lease = lease(ask);
    assertThat(reservations.filters(Protocol.UDP, 5217)).isEqualTo(filters);
    assertThat(reservations.filters(Protocol.UDP, 5219)).isEqualTo(filters);
    leases.renew(lease, Home.pcp(1), END, List.of());
    assertThat(reservations.filters(Protocol.UDP, 5219)).isEmpty();
  }

  /// PSET-04, PSET-06
  @Test
  void givesARowOfPortsInsideOneRange() {
    Lease lease = lease(run(udp(ANNA, 4000), 20, 0, false));
    assertThat(lease.size()).isEqualTo(16);
    assertThat(lease.outerPort()).isEqualTo(5216);
    assertThat(leases.ofInside(udp(ANNA, 4015))).contains(lease);
    assertThat(leases.ofInside(udp(ANNA, 4016))).isEmpty();
    assertThat(leases.ofOuter(Protocol.UDP, 5231)).contains(lease);
    assertThat(leases.portsLeft(ANNA.bits())).isEqualTo(16);
  }

  /// PSET-07
  @Test
  void keepsTheParityOfARow() {
    assertThat(lease(run(udp(ANNA, 4001), 4, 0, true)).outerPort()).isEqualTo(5217);
    assertThat(lease(run(udp(ANNA, 5002), 4, 0, true)).outerPort() & 1).isZero();
  }

  @Test
  void beginsARowAtTheWantedPortWhereItFits() {
    assertThat(lease(run(udp(ANNA, 4000), 4, 9320, false)).outerPort()).isEqualTo(9320);
    Lease other = lease(run(udp(BERT, 4000), 4, 9318, false));
    assertThat(other.size()).isEqualTo(4);
    assertThat(other.outerPort()).isNotEqualTo(9318);
  }

  /// PSET-03
  @Test
  void endsARowBeforeAnEndpointThatHasSomething() {
    lease(wanted(udp(ANNA, 4003), 5216, END));
    assertThat(lease(run(udp(ANNA, 4000), 8, 0, false)).size()).isEqualTo(3);
  }

  @Test
  void beginsARowAtThePortOfItsFirstFlow() {
    reservations.withFlow(udp(ANNA, 4000), 5228, 100);
    Lease lease = lease(run(udp(ANNA, 4000), 8, 0, false));
    assertThat(lease.outerPort()).isEqualTo(5228);
    assertThat(lease.size()).isEqualTo(4);
  }

  /// PSET-09
  @Test
  void releasesARowAsOne() {
    leases.delete(lease(run(udp(ANNA, 4000), 8, 0, false)), 0);
    assertThat(reservations.reserved()).isZero();
    assertThat(leases.ofInside(udp(ANNA, 4003))).isEmpty();
  }

  /// PCP-41, IGD-23
  @Test
  void keepsTheIndexInsideAnotherSet() {
    Lease lease = lease(wanted(tcp(ANNA, 80), 62563, END));
    var next = new MemoryReservations("203.0.113.9", Home.OTHER_PORTS);
    List<Move> moves = leases.moveTo(next, 0);
    int to = Home.OTHER_PORTS.port(Home.PORTS.index(62563));
    assertThat(moves).extracting(Move::before).containsExactly(lease);
    assertThat(moves.getFirst().after().orElseThrow().outerPort()).isEqualTo(to);
    assertThat(moves.getFirst().event())
        .contains(new Event.ForwardMoved("PCP tcp 192.168.1.10:80", Protocol.TCP, 62563, to));
    assertThat(leases.outerAddress()).isEqualTo(next.outerAddress());
    assertThat(next.reserved()).isEqualTo(1);
    assertThat(leases.ofOuter(Protocol.TCP, to)).isPresent();
    assertThat(leases.ofOuter(Protocol.TCP, 62563)).isEmpty();
  }

  @Test
  void givesWhoeverCannotKeepTheIndexAnotherPort() {
    lease(wanted(tcp(ANNA, 1), 5216, END));
    lease(wanted(tcp(ANNA, 2), 5217, END));
    var next =
        new MemoryReservations(Home.OUTER, Home.OTHER_PORTS)
            .withForward(tcp(BERT, 3), Home.OTHER_PORTS.port(0));
    leases.moveTo(next, 0);
    int first = Home.OTHER_PORTS.port(0);
    assertThat(leases.ofInside(tcp(ANNA, 2)).orElseThrow().outerPort()).isEqualTo(first + 1);
    assertThat(leases.ofInside(tcp(ANNA, 1)).orElseThrow().outerPort()).isEqualTo(first + 2);
  }

  /// A line that gets an address of its own and loses it again costs nobody a port.
  ///
  /// PCP-41, IGD-23
  @Test
  void keepsItsNumberAtAnAddressThatIsNotSharedAndBack() {
    lease(wanted(tcp(ANNA, 80), 62563, END));
    lease(run(udp(ANNA, 4000), 8, 9320, false));
    leases.moveTo(new MemoryReservations("198.51.100.2", PortSet.ALL), 0);
    assertThat(leases.all()).extracting(Lease::outerPort).containsExactlyInAnyOrder(62563, 9320);
    leases.moveTo(new MemoryReservations(Home.OUTER, Home.PORTS), 0);
    assertThat(leases.all()).extracting(Lease::outerPort).containsExactlyInAnyOrder(62563, 9320);
  }

  @Test
  void getsAnotherNumberWhereASharedAddressHasNotTheOneOfAWholeOne() {
    var whole =
        new Leases(new MemoryReservations("198.51.100.2", PortSet.ALL), LeaseLimits.DEFAULT);
    whole.restore(
        PortSet.ALL,
        List.of(new Lease(tcp(ANNA, 80), 5000, 1, new Asker.NatPmp(), END, List.of())),
        0);
    whole.moveTo(new MemoryReservations(Home.OUTER, Home.PORTS), 0);
    assertThat(whole.all())
        .singleElement()
        .satisfies(lease -> assertThat(Home.PORTS.contains(lease.outerPort())).isTrue());
  }

  @Test
  void losesWhatANewSetHasNoPortFor() {
    lease(Ask.one(tcp(ANNA, 80), 5216, false, Home.upnp("Game"), END));
    var next = new MemoryReservations(Home.OUTER, Home.FEW_PORTS);
    for (int index = 0; index < Home.FEW_PORTS.size(); index++) {
      next.withForward(tcp(BERT, index + 1), Home.FEW_PORTS.port(index));
    }
    List<Move> moves = leases.moveTo(next, 0);
    assertThat(moves).extracting(Move::after).containsExactly(Optional.empty());
    assertThat(moves.getFirst().event())
        .contains(new Event.ForwardLost("Game", Protocol.TCP, 5216));
    assertThat(leases.all()).isEmpty();
  }

  @Test
  void doesNotMoveWhoWantedOnePortAndNoOther() {
    lease(Ask.one(tcp(ANNA, 80), 5216, true, Home.exactPcp(1), END));
    assertThat(leases.moveTo(new MemoryReservations(Home.OUTER, Home.OTHER_PORTS), 0))
        .extracting(Move::after)
        .containsExactly(Optional.empty());
  }

  @Test
  void changesNothingWhenMovedToWhereItIs() {
    lease(wanted(tcp(ANNA, 1), 5216, END));
    lease(Ask.one(tcp(ANNA, 2), 5217, true, Home.exactPcp(1), END));
    lease(run(udp(ANNA, 4000), 8, 0, false));
    List<Lease> before = leases.all();
    assertThat(leases.moveTo(reservations, 0)).allMatch(move -> move.event().isEmpty());
    assertThat(leases.all()).isEqualTo(before);
  }

  /// PCP-53, IGD-08
  @Test
  void restoresWhatItListed() {
    lease(wanted(tcp(ANNA, 1), 5216, END));
    lease(run(udp(ANNA, 4000), 8, 9320, false));
    lease(Ask.one(udp(BERT, 9), 9313, false, Home.upnp("Game"), Lease.FOREVER));
    var again = new Leases(new MemoryReservations(Home.OUTER, Home.PORTS), LeaseLimits.DEFAULT);
    again.restore(Home.PORTS, leases.all(), 0);
    assertThat(again.all()).isEqualTo(leases.all());
  }

  @Test
  void restoresNothingForAnEndpointThatHasSomething() {
    Lease lease = lease(wanted(tcp(ANNA, 1), 5216, END));
    assertThat(leases.restore(Home.PORTS, List.of(lease), 0))
        .extracting(Move::after)
        .containsExactly(Optional.empty());
    assertThat(leases.all()).containsExactly(lease);
  }

  @Test
  void countsEveryChange() {
    long first = leases.revision();
    Lease lease = lease(any(tcp(ANNA, 1), END));
    long second = leases.revision();
    leases.delete(lease, 0);
    assertThat(second).isGreaterThan(first);
    assertThat(leases.revision()).isGreaterThan(second);
    long third = leases.revision();
    assertThat(leases.expire(END)).isEmpty();
    assertThat(leases.revision()).isEqualTo(third);
  }

  @Test
  void writesANonceThatItCanRead() {
    var nonce = new Nonce(0x8000_0000_0000_0001L, 0xfedcba98);
    assertThat(nonce).hasToString("8000000000000001fedcba98");
    assertThat(Nonce.parse("8000000000000001fedcba98")).isEqualTo(nonce);
  }

  @Test
  void keepsTheOtherProtocolsPortForANatPmpClient() {
    lease(Ask.one(tcp(ANNA, 80), 5217, false, new Asker.NatPmp(), END));
    assertThat(lease(wanted(udp(BERT, 80), 5217, END)).outerPort()).isNotEqualTo(5217);
    assertThat(leases.add(Ask.one(udp(BERT, 81), 5217, true, Home.pcp(1), END), 0))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.TAKEN));
    assertThat(lease(wanted(udp(ANNA, 80), 5217, END)).outerPort()).isEqualTo(5217);
  }
}
