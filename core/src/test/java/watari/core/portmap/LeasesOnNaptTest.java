package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.Home.any;
import static watari.core.portmap.Home.tcp;
import static watari.core.portmap.Home.udp;
import static watari.core.portmap.Home.wanted;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.event.EventLog;
import watari.core.nat.Filtering;
import watari.core.nat.Grant;
import watari.core.nat.HostLimits;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Seed;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// The table on the allocator that the gateway really has.
final class LeasesOnNaptTest {
  private static final long NOW = 1_000_000;
  private static final long END = NOW + 3_600_000;

  private final Napt napt = napt(Home.PORTS);
  private final Leases leases = new Leases(napt, LeaseLimits.DEFAULT);

  private static Napt napt(PortSet ports) {
    var settings =
        new NatSettings(
            NatSettings.RESERVE_PERCENT_DEFAULT,
            Filtering.ADDRESS_DEPENDENT,
            Filtering.ADDRESS_DEPENDENT,
            true,
            NatSettings.HOLD_SECONDS_DEFAULT,
            Pickup.AFTER_START,
            Timers.DEFAULT,
            HostLimits.DEFAULT,
            NatSettings.DynamicPorts.of(ports),
            List.of(),
            Optional.empty(),
            1024);
    int outer = Ipv4Address.parse(Home.OUTER).bits();
    return new Napt(outer, ports, settings, Arena.ofAuto(), new Randomness(1, 2), new EventLog());
  }

  private Lease lease(Ask ask) {
    Outcome outcome = leases.add(ask, NOW);
    assertThat(outcome).isInstanceOf(Outcome.Leased.class);
    return ((Outcome.Leased) outcome).lease();
  }

  private static Ask run(Inside inside, int size) {
    return new Ask(inside, size, 0, false, false, Home.pcp(1), END, List.of());
  }

  @Test
  void givesTheWantedPortAndNoneOutsideTheSet() {
    assertThat(lease(wanted(tcp(ANNA, 80), 62560, END)).outerPort()).isEqualTo(62560);
    assertThat(Home.PORTS.contains(lease(wanted(tcp(ANNA, 81), 80, END)).outerPort())).isTrue();
    assertThat(leases.add(Ask.one(tcp(ANNA, 82), 80, true, Home.pcp(1), END), NOW))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.NOT_IN_SET));
    assertThat(leases.add(Ask.one(tcp(BERT, 82), 62560, true, Home.pcp(1), END), NOW))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.TAKEN));
  }

  /// PCP-30
  @Test
  void neverGivesThePortsOfPcpItself() {
    var near = new Leases(napt(Home.PCP_PORTS), LeaseLimits.DEFAULT);
    assertThat(near.add(Ask.one(udp(ANNA, 1), 5351, true, Home.pcp(1), END), NOW))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.KEPT_BACK));
    assertThat(near.add(Ask.one(tcp(ANNA, 1), 5351, true, Home.pcp(1), END), NOW))
        .isInstanceOf(Outcome.Leased.class);
  }

  /// PCP-44
  @Test
  void keepsAPortForTheEndpointThatHadIt() {
    leases.delete(lease(wanted(udp(ANNA, 5000), 5223, END)), NOW);
    assertThat(lease(wanted(udp(BERT, 5000), 5223, END)).outerPort()).isNotEqualTo(5223);
    assertThat(leases.add(Ask.one(udp(BERT, 5001), 5223, true, Home.pcp(1), END), NOW + 119_999))
        .isEqualTo(new Outcome.Denied(Grant.Refusal.TAKEN));
    assertThat(lease(wanted(udp(ANNA, 5000), 5223, END)).outerPort()).isEqualTo(5223);
    leases.deleteHost(ANNA.bits(), NOW);
    napt.tick(NOW + 120_000);
    assertThat(leases.add(Ask.one(udp(BERT, 5001), 5223, true, Home.pcp(1), END), NOW + 120_000))
        .isInstanceOf(Outcome.Leased.class);
  }

  /// PSET-06
  @Test
  void givesPortsInARowInsideOneRange() {
    Lease lease = lease(run(udp(ANNA, 4000), 20));
    assertThat(lease.size()).isEqualTo(16);
    assertThat(leases.moveTo(napt, NOW)).allMatch(move -> move.event().isEmpty());
    assertThat(leases.all()).containsExactly(lease);
  }

  /// PCP-41, SHR-03
  @Test
  void keepsTheIndexInAnotherSetAndThePortInTheSame() {
    Lease lease = lease(wanted(tcp(ANNA, 80), 62563, END));
    assertThat(leases.moveTo(napt(Home.PORTS), NOW)).allMatch(move -> move.event().isEmpty());
    assertThat(leases.all()).containsExactly(lease);
    leases.moveTo(napt(Home.OTHER_PORTS), NOW);
    assertThat(leases.all().getFirst().outerPort())
        .isEqualTo(Home.OTHER_PORTS.port(Home.PORTS.index(62563)));
  }

  /// IGD-26, MAPE-58
  @Test
  void neverGivesAPortTwice() {
    SplittableRandom random = Seed.random();
    for (int step = 0; step < 20_000; step++) {
      var host = new Ipv4Address(ANNA.bits() + random.nextInt(20));
      Inside inside =
          random.nextBoolean()
              ? tcp(host, 1 + random.nextInt(40))
              : udp(host, 1 + random.nextInt(40));
      Optional<Lease> had = leases.ofInside(inside);
      if (had.isPresent() && random.nextBoolean()) {
        leases.delete(had.get(), NOW + step);
      } else {
        leases.add(
            random.nextInt(4) == 0 ? run(inside, 1 + random.nextInt(5)) : any(inside, END),
            NOW + step);
      }
    }
    assertThat(leases.all()).isNotEmpty();
    for (int protocol : new int[] {Protocol.TCP, Protocol.UDP}) {
      for (int index = 0; index < Home.PORTS.size(); index++) {
        int port = Home.PORTS.port(index);
        Optional<Lease> lease = leases.ofOuter(protocol, port);
        assertThat(leases.holder(protocol, port, NOW + 20_000).isPresent())
            .as("%d of protocol %d", port, protocol)
            .isEqualTo(lease.isPresent());
      }
    }
  }
}
