package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.core.event.Event;
import watari.core.nat.Randomness;
import watari.core.nat.Reservations;
import watari.core.net.Ipv4Address;
import watari.core.plan.LineMode;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;
import watari.host.driver.Memory;
import watari.host.engine.Door;

/// What hosts asked for before the machine was started anew, on a line that comes later.
final class LateLineTest {
  private static final Lease ASKED =
      new Lease(
          new Inside(Protocol.TCP, Ipv4Address.parse("192.168.1.10").bits(), 80),
          5000,
          1,
          new Asker.NatPmp(),
          7_200_000,
          List.of());

  @TempDir private Path folder = Path.of("");

  private final Memory.Pair pair = Memory.pair(64, 2048);
  private final Ways ways = new Ways(new Door(pair.left()), new Randomness(1, 2));

  @AfterEach
  void close() {
    ways.close();
    pair.close();
  }

  private Keeping keeping() {
    return Keeping.open(folder.resolve("state"), _ -> {});
  }

  private Reservations on(ChangingLine changing, LineMode mode) {
    Wanted wanted = changing.on(mode);
    ways.take(wanted, wanted.forwards(List.of()), 0);
    return ways.reservations();
  }

  private static List<Integer> outerPorts(LeasedPorts leased) {
    return leased.leases().all().stream().map(Lease::outerPort).toList();
  }

  @Test
  void waitsForTheLineAndIsNotForgottenUntilThen() throws IOException {
    ChangingLine changing = ChangingLine.of(folder, "mode: native\n");
    try (Keeping before = keeping()) {
      before.keep(PortSet.ALL, List.of());
      before.keepLeases(List.of(ASKED), 0, Instant.now());
    }
    try (Keeping keeping = keeping();
        var leased =
            new LeasedPorts(changing.config(), on(changing, ChangingLine.NONE), keeping, 0)) {
      assertThat(leased.restore(0)).isEmpty();
      assertThat(leased.follow(changing.config(), ways.reservations(), 0)).isEmpty();
      leased.tick(1000);
      leased.write();
      assertThat(keeping.leases(0, Instant.now())).hasSize(1);
      var line = on(changing, ChangingLine.NATIVE);
      assertThat(leased.follow(changing.config(), line, 2000)).isEmpty();
      assertThat(outerPorts(leased)).containsExactly(5000);
      assertThat(line.ofPort(Protocol.TCP, 5000, 2000)).isPresent();
      leased.write();
      assertThat(keeping.leases(2000, Instant.now())).hasSize(1);
    }
  }

  /// A way that is left may come back, and is not to keep what nobody holds any more.
  @Test
  void takesItsPortsAlongFromOneWayToAnother() throws IOException {
    ChangingLine changing = ChangingLine.of(folder, "mode: auto\n");
    try (Keeping keeping = keeping()) {
      keeping.keep(PortSet.ALL, List.of());
      keeping.keepLeases(List.of(ASKED), 0, Instant.now());
      var whole = on(changing, ChangingLine.NATIVE);
      try (var leased = new LeasedPorts(changing.config(), whole, keeping, 0)) {
        assertThat(leased.restore(0)).isEmpty();
        assertThat(whole.ofPort(Protocol.TCP, 5000, 0)).isPresent();
        var shared = on(changing, ChangingLine.MAP_E);
        List<Event> events = leased.follow(changing.config(), shared, 1000);
        int port = outerPorts(leased).getFirst();
        assertThat(shared.ports().contains(port)).isTrue();
        assertThat(events)
            .singleElement()
            .isInstanceOfSatisfying(
                Event.ForwardMoved.class,
                moved -> {
                  assertThat(moved.from()).isEqualTo(5000);
                  assertThat(moved.to()).isEqualTo(port);
                });
        assertThat(whole.ofPort(Protocol.TCP, 5000, 1000)).isEmpty();
      }
    }
  }
}
