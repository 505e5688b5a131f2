package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.nat.HomeNat.HOST;
import static watari.core.nat.HomeNat.OUTER;
import static watari.core.nat.HomeNat.SERVER;

import org.junit.jupiter.api.Test;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;
import watari.core.wire.Tcp;

/// Which sessions somebody else carries, and what the translator knows of them.
final class CarriageTest {
  private static final int PORT = 5000;

  private final NatDraft draft =
      new NatDraft(NatSettings.strict(Ports.RANGES_OF_16, Timers.DEFAULT, 100));
  private final MemoryCarrier carrier = new MemoryCarrier(OUTER, 100);
  private HomeNat home = home();

  private HomeNat home() {
    var made = new HomeNat(Ports.RANGES_OF_16, draft.settings());
    made.napt.carryBy(carrier, made.now());
    return made;
  }

  private int connected() {
    int port = home.portOf(home.probe.segment(HOST, PORT, SERVER, 443, Tcp.SYN, 100, 0));
    home.receives(home.probe.segment(SERVER, 443, OUTER, port, Tcp.SYN | Tcp.ACK, 500, 101));
    assertThat(carrier.size()).isZero();
    home.portOf(home.probe.segment(HOST, PORT, SERVER, 443, Tcp.ACK, 101, 501));
    return port;
  }

  private int answered() {
    int port = home.portOf(home.probe.udp(HOST, PORT, SERVER, 443));
    home.receives(home.probe.udp(SERVER, 443, OUTER, port));
    assertThat(carrier.size()).as("one answer").isZero();
    home.portOf(home.probe.udp(HOST, PORT, SERVER, 443));
    return port;
  }

  @Test
  void aConnectionIsCarriedFromItsThirdSegmentToItsSecondFin() {
    int port = connected();
    assertThat(carrier.size()).isOne();
    home.portOf(home.probe.segment(HOST, PORT, SERVER, 443, Tcp.FIN | Tcp.ACK, 101, 501));
    assertThat(carrier.size()).as("half closed").isOne();
    home.receives(home.probe.segment(SERVER, 443, OUTER, port, Tcp.FIN | Tcp.ACK, 501, 102));
    assertThat(carrier.size()).isZero();
  }

  /// TCP-15
  @Test
  void aResetIsBelievedByWhatTheCarrierHasSeen() {
    int port = connected();
    assertThat(carried(home.probe.segment(SERVER, 443, OUTER, port, Tcp.ACK, 501, 101))).isTrue();
    home.receives(home.probe.segment(SERVER, 443, OUTER, port, Tcp.RST, 700, 0));
    assertThat(carrier.size()).as("a reset that does not fit").isOne();
    home.receives(home.probe.segment(SERVER, 443, OUTER, port, Tcp.RST, 501 + Probe.PAYLOAD, 0));
    assertThat(carrier.size()).isZero();
  }

  private boolean carried(Packet packet) {
    return carrier.carriesIn(packet, home.now());
  }

  /// UDP-09, UDP-10
  @Test
  void whatIsCarriedLivesOn() {
    int port = answered();
    for (int i = 0; i < 20; i++) {
      home.passSeconds(50);
      assertThat(carried(home.probe.udp(SERVER, 443, OUTER, port))).isTrue();
      home.napt.tick(home.now());
    }
    home.passSeconds(299);
    home.napt.tick(home.now());
    assertThat(carrier.size()).isOne();
    home.passSeconds(1);
    home.napt.tick(home.now());
    assertThat(carrier.size()).isZero();
    home.refusesIn(home.probe.udp(SERVER, 443, OUTER, port), Drop.NO_MAPPING);
  }

  @Test
  void newSettingsTakeEverythingBackAndKeepIt() {
    int port = answered();
    home.passSeconds(50);
    assertThat(carried(home.probe.udp(SERVER, 443, OUTER, port))).isTrue();
    home.passSeconds(299);
    home.napt.become(draft.settings(), home.now());
    assertThat(carrier.size()).isZero();
    home.receives(home.probe.udp(SERVER, 443, OUTER, port));
    assertThat(carrier.size()).as("by its next packet").isOne();
  }

  @Test
  void aCarrierThatGivesUpHasNothingMore() {
    int port = answered();
    carrier.giveUp();
    home.napt.tick(home.now());
    home.receives(home.probe.udp(SERVER, 443, OUTER, port));
    assertThat(carrier.size()).isZero();
  }

  /// UDP-10: the age of a mapping would depend on packets that the translator does not see.
  @Test
  void noUdpIsCarriedWhereOnlyTheHomeKeepsItAlive() {
    draft.inboundRefresh = false;
    home = home();
    int unused = answered();
    assertThat(unused).isPositive();
    assertThat(carrier.size()).isZero();
  }

  @Test
  void whatBeganOutsideIsCarriedOnceTheHomeHasAnswered() {
    draft.udpFiltering = Filtering.ENDPOINT_INDEPENDENT;
    home = home();
    int port = home.portOf(home.probe.udp(HOST, PORT, SERVER + 1, 443));
    home.receives(home.probe.udp(SERVER, 443, OUTER, port));
    home.receives(home.probe.udp(SERVER, 443, OUTER, port));
    assertThat(carrier.size()).isZero();
    home.portOf(home.probe.udp(HOST, PORT, SERVER, 443));
    assertThat(carrier.size()).isOne();
  }

  @Test
  void noQueryOfDnsIsCarried() {
    for (int i = 0; i < 3; i++) {
      int port = home.portOf(home.probe.udp(HOST, PORT, SERVER, 53));
      home.receives(home.probe.udp(SERVER, 53, OUTER, port));
    }
    assertThat(carrier.size()).isZero();
  }
}
