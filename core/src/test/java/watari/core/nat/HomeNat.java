package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import watari.core.event.EventLog;
import watari.core.rule.PortSet;
import watari.core.verdict.Drop;
import watari.core.wire.Packet;

/// A translator, a clock moved by hand and the packets on both of its sides.
final class HomeNat {
  static final int OUTER = 0xc6336401;
  static final int HOST = 0xc0a80102;
  static final int OTHER_HOST = 0xc0a80103;
  static final int SERVER = 0xcb007101;
  static final int STRANGER = 0xcb007102;

  final Probe probe = new Probe();
  final Napt napt;
  private long now = 5_000_000_000L;

  HomeNat(PortSet ports, NatSettings settings) {
    napt = new Napt(OUTER, ports, settings, Arena.ofAuto(), new Randomness(3, 4), new EventLog());
  }

  long now() {
    return now;
  }

  void passMillis(long millis) {
    now += millis;
  }

  void passSeconds(long seconds) {
    now += seconds * 1000;
  }

  boolean goesOut(Packet packet) {
    return napt.outbound(packet, now);
  }

  /// The outer port that a packet leaves from.
  int portOf(Packet packet) {
    assertThat(goesOut(packet)).as("passes").isTrue();
    assertThat(napt.ports().contains(packet.sourcePort())).as("is in the set").isTrue();
    return probe.received().sourcePort();
  }

  boolean comesIn(Packet packet) {
    return napt.inbound(packet, now);
  }

  /// The packet as the host at home gets it.
  Packet receives(Packet packet) {
    assertThat(comesIn(packet)).as("passes").isTrue();
    return probe.received();
  }

  void refusesIn(Packet packet, Drop why) {
    assertThat(comesIn(packet)).as("passes").isFalse();
    assertThat(napt.refusal()).isEqualTo(why);
  }
}
