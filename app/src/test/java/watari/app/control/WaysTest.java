package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.core.nat.Grant;
import watari.core.nat.Holding.Claim;
import watari.core.nat.Napt;
import watari.core.nat.Randomness;
import watari.core.nat.Wish;
import watari.core.net.Ipv4Address;
import watari.core.plan.ForwardPlan;
import watari.core.plan.LineMode;
import watari.core.verdict.Pass;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.driver.Memory;
import watari.host.engine.Door;

final class WaysTest {
  private static final int ROOM = 64 + 2048;

  /// UDP from 192.168.1.10 port 5000 to 1.2.3.4 port 80, without a checksum.
  private static final byte[] OUT =
      HexFormat.of()
          .parseHex("45000020000000004011b515c0a8010a01020304" + "13880050000c0000" + "00000000");

  private static final LineMode OTHER =
      new LineMode.Native(Ipv4Address.parse("198.51.100.99"), 1500);

  private final Memory.Pair pair = Memory.pair(64, 2048);
  private final Ways ways = new Ways(new Door(pair.left()), new Randomness(1, 2));
  private final long at = Slab.take(ROOM);
  @TempDir private Path folder = Path.of("");
  private ChangingLine changing;

  @BeforeEach
  void read() throws IOException {
    changing = ChangingLine.of(folder, "mode: auto\n");
  }

  @AfterEach
  void close() {
    ways.close();
    pair.close();
    Slab.give(at, ROOM);
  }

  private void take(LineMode mode) {
    Wanted wanted = changing.on(mode);
    ways.take(wanted, wanted.forwards(List.of()), 0);
  }

  private void cross() {
    Slab.write(at + 64, OUT, 0, OUT.length);
    ways.crossing().cross(at + 64, OUT.length, 0);
    ways.crossing().tick(0);
  }

  private long sent() {
    return ways.books().outbound().packets(Pass.SENT);
  }

  private Grant asked() {
    var host = Ipv4Address.parse("192.168.1.10").bits();
    return ways.reservations()
        .reserve(new Wish(Protocol.TCP, host, 80, Claim.EXPLICIT, 0, false), 0);
  }

  private Napt napt() {
    return ways.napt().orElseThrow();
  }

  @Test
  void beforeThereIsALineNothingCrossesAndNobodyHasAPort() {
    take(ChangingLine.NONE);
    cross();
    assertThat(ways.books().outbound().received()).isZero();
    assertThat(ways.address()).isEmpty();
    assertThat(ways.napt()).isEmpty();
    assertThat(ways.tunnelMtu()).isEmpty();
    assertThat(asked()).isEqualTo(Grant.Refusal.NONE_FREE);
  }

  @Test
  void whoComesBackToAWayFindsItsSessions() {
    take(ChangingLine.MAP_E);
    Napt shared = napt();
    cross();
    take(ChangingLine.NATIVE);
    assertThat(napt()).isNotSameAs(shared);
    assertThat(napt().sessions()).isZero();
    assertThat(ways.address()).contains(Ipv4Address.parse("198.51.100.2"));
    cross();
    Napt whole = napt();
    take(ChangingLine.MAP_E);
    assertThat(napt()).isSameAs(shared);
    assertThat(napt().sessions()).isOne();
    assertThat(ways.address()).contains(Ipv4Address.parse("192.0.2.18"));
    take(ChangingLine.NATIVE);
    assertThat(napt()).isSameAs(whole);
    assertThat(sent()).as("one book for all ways").isEqualTo(2);
  }

  @Test
  void anotherAddressBeginsAnew() {
    take(ChangingLine.NATIVE);
    cross();
    take(OTHER);
    assertThat(napt().sessions()).isZero();
    assertThat(ways.address()).contains(Ipv4Address.parse("198.51.100.99"));
  }

  @Test
  void whileThereIsNoWayThePortsOfTheLastOneWait() {
    take(ChangingLine.NATIVE);
    var before = ways.reservations();
    take(ChangingLine.NONE);
    cross();
    assertThat(sent()).isZero();
    assertThat(ways.address()).isEmpty();
    assertThat(ways.reservations()).isSameAs(before);
    assertThat(asked()).isInstanceOf(Grant.Given.class);
  }

  @Test
  void onALineOfItsOwnHostsAskForPortsThatAreNotTheMachines() {
    take(ChangingLine.NATIVE);
    var host = Ipv4Address.parse("192.168.1.10").bits();
    var wish = new Wish(Protocol.TCP, host, 80, Claim.EXPLICIT, 40_000, true);
    assertThat(ways.reservations().reserve(wish, 0)).isEqualTo(Grant.Refusal.NOT_IN_SET);
    assertThat(napt().reserve(wish, 0)).isEqualTo(new Grant.Given(40_000));
  }

  @Test
  void aForwardIsInPlaceBeforeTheFirstPacket() throws IOException {
    changing =
        ChangingLine.of(
            folder,
            "mode: auto\nforwards:\n  - {name: web, protocol: tcp, port: 443, to: 192.168.1.20}\n");
    Wanted wanted = changing.on(ChangingLine.NATIVE);
    ForwardPlan plan = wanted.forwards(List.of());
    ways.take(wanted, plan, 0);
    assertThat(napt().ofPort(Protocol.TCP, 443, 0))
        .hasValueSatisfying(holding -> assertThat(holding.claim()).isEqualTo(Claim.FORWARD));
  }
}
