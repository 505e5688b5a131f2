package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import watari.core.event.Event;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Nonce;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

final class KeepingTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final PortSet SET = new PortSet(4, new Psid(0x34, 8));
  private static final int HOST = Ipv4Address.parse("192.168.1.2").bits();

  private static final RememberedForward WEB =
      new RememberedForward("web", Transport.TCP, new Ports.Range(4930, 4930), 2, 4930, false);
  private static final RememberedForward GAME =
      new RememberedForward("a \"game\"", Transport.BOTH, new Ports.Block(15), 224, 62272, true);

  private static final Lease PCP =
      new Lease(
          new Inside(Protocol.UDP, HOST, 51820),
          62273,
          2,
          new Asker.Pcp(new Nonce(-2, -3), true),
          3_600_000,
          List.of(new RemoteFilter(Ipv4Prefix.parse("203.0.113.0/24"), 0)));
  private static final Lease UPNP =
      new Lease(
          new Inside(Protocol.TCP, HOST, 40000),
          4931,
          1,
          new Asker.Upnp("渡り", Optional.of(Ipv4Address.parse("198.51.100.9"))),
          Lease.FOREVER,
          List.of());
  private static final Lease NAT_PMP =
      new Lease(
          new Inside(Protocol.TCP, HOST, 22), 4932, 1, new Asker.NatPmp(), 7_200_000, List.of());

  @TempDir Path folder;

  private final List<Event> news = new ArrayList<>();

  private Keeping open() {
    return Keeping.open(folder.resolve("state"), news::add);
  }

  @Test
  void keepsEverythingOverARestart() throws IOException {
    UUID device;
    try (var keeping = open()) {
      assertThat(keeping.set()).isEmpty();
      assertThat(keeping.forwards()).isEmpty();
      device = keeping.device();
      keeping.keep(SET, List.of(WEB, GAME));
      keeping.keepLeases(List.of(PCP, UPNP, NAT_PMP), 0, NOON);
    }
    try (var keeping = open()) {
      assertThat(keeping.device()).isEqualTo(device);
      assertThat(keeping.set()).contains(SET);
      assertThat(keeping.forwards()).containsExactlyInAnyOrder(WEB, GAME);
      assertThat(keeping.leases(0, NOON)).containsExactlyInAnyOrder(PCP, UPNP, NAT_PMP);
    }
    assertThat(news).isEmpty();
    assertThat(Keeping.look(folder.resolve("state"))).containsExactlyInAnyOrder(WEB, GAME);
    assertThat(Keeping.look(folder.resolve("none"))).isEmpty();
  }

  @Test
  void forgetsWhatIsNoLonger() throws IOException {
    try (var keeping = open()) {
      keeping.keep(SET, List.of(WEB, GAME));
      keeping.keepLeases(List.of(PCP, UPNP), 0, NOON);
      keeping.keep(SET, List.of(GAME));
      keeping.keepLeases(List.of(UPNP), 0, NOON);
    }
    try (var keeping = open()) {
      assertThat(keeping.forwards()).containsExactly(GAME);
      assertThat(keeping.leases(0, NOON)).containsExactly(UPNP);
    }
  }

  @Test
  void aLeaseEndsByTheWallClockWhileNobodyRuns() throws IOException {
    try (var keeping = open()) {
      keeping.keepLeases(List.of(PCP, NAT_PMP), 0, NOON);
    }
    try (var keeping = open()) {
      // Another run, so another clock that only goes forward.
      List<Lease> left = keeping.leases(500, NOON.plus(Duration.ofMinutes(90)));
      assertThat(left).hasSize(1);
      assertThat(left.getFirst().secondsLeft(500)).isEqualTo(1800);
    }
  }

  @Test
  void aWrongWallClockMakesNoLeaseLongerThanItWas() throws IOException {
    try (var keeping = open()) {
      keeping.keepLeases(List.of(PCP), 0, NOON);
    }
    try (var keeping = open()) {
      List<Lease> left = keeping.leases(0, Instant.EPOCH);
      assertThat(left.getFirst().secondsLeft(0)).isEqualTo(3600);
      assertThat(keeping.leases(0, NOON.plus(Duration.ofDays(4000)))).isEmpty();
    }
  }

  @Test
  void aLeaseOfFlowsIsNotKept() throws IOException {
    var peers = new Asker.Peers(List.of(new Asker.Peer(new Nonce(1, 2), HOST, 80, 1000)));
    try (var keeping = open()) {
      keeping.keepLeases(
          List.of(new Lease(PCP.inside(), 62273, 1, peers, 1000, List.of())), 0, NOON);
    }
    try (var keeping = open()) {
      assertThat(keeping.leases(0, NOON)).isEmpty();
    }
  }

  @Test
  void anUnchangedLeaseIsNotWrittenAnew() throws IOException {
    try (var keeping = open()) {
      keeping.keepLeases(List.of(PCP), 0, NOON);
      Path file = folder.resolve("state/state");
      long before = Files.size(file);
      keeping.keepLeases(List.of(PCP), 60_000, NOON.plusSeconds(60));
      assertThat(Files.size(file)).isEqualTo(before);
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsSaidAndStopsNothing() throws IOException {
    Files.writeString(folder.resolve("state"), "a file");
    try (var keeping = open()) {
      assertThat(news)
          .singleElement()
          .isInstanceOfSatisfying(
              Event.StateNotKept.class,
              event -> assertThat(event.reason()).startsWith(folder + "/state: "));
      keeping.keep(SET, List.of(WEB));
      assertThat(keeping.forwards()).containsExactly(WEB);
      assertThat(keeping.trouble()).isPresent();
      keeping.retry();
      assertThat(news).hasSize(1);
    }
  }

  @Test
  void saysOnceThatTheStateIsNotKeptAndOnceThatItIsAgain() throws IOException {
    Path state = folder.resolve("state");
    try (var keeping = open()) {
      keeping.keep(SET, List.of(WEB));
      // A folder in the place of the draft, with something in it, is as bad as a full disk.
      Files.delete(state.resolve("state"));
      Files.createDirectories(state.resolve("state.new/full"));
      news.clear();
    }
    try (var keeping = open()) {
      keeping.keep(SET, List.of(GAME));
      keeping.keep(SET, List.of(GAME, WEB));
      assertThat(news).singleElement().isInstanceOf(Event.StateNotKept.class);
      assertThat(keeping.trouble()).isPresent();
      Files.delete(state.resolve("state.new/full"));
      Files.delete(state.resolve("state.new"));
      keeping.retry();
      assertThat(keeping.trouble()).isEmpty();
      assertThat(news.getLast()).isEqualTo(new Event.StateKept());
    }
    assertThat(Keeping.look(state)).containsExactlyInAnyOrder(WEB, GAME);
  }

  @Test
  void nothingOfANewerVersionStopsTheStart() throws IOException {
    try (var ledger = Ledger.open(FolderDisk.take(folder.resolve("state")))) {
      ledger.write(
          new TreeMap<>(
              JsonMapper.shared()
                  .readTree(
                      """
                      {"device":7,"set":{"psidOffset":99},"forward web":{"transport":"carrier pigeon"},
                       "lease tcp 1":{"asker":{"by":"dove"}},"lease tcp 2":[],
                       "lease tcp 3":{"expires":"at noon"},
                       "lease tcp 5":{"expires":"+1000000000-12-31T23:59:59Z"},
                       "lease tcp 4":{"protocol":"tcp","host":"192.168.1.2","hostPort":1,"port":1,
                                      "size":1,"asker":{"by":"pcp","nonce":"12"}},
                       "colour":"blue"}
                      """)
                  .properties()
                  .stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }
    try (var keeping = open()) {
      assertThat(keeping.set()).isEmpty();
      assertThat(keeping.forwards()).isEmpty();
      assertThat(keeping.leases(0, NOON)).isEmpty();
      assertThat(keeping.device()).isEqualTo(keeping.device());
    }
  }
}
