package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Ask;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Nonce;
import watari.core.portmap.Outcome;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;

/// What hosts have asked for, between the worker that owns it and the disk that keeps it.
final class LeasedPortsTest {
  private static final PortSet SET = new PortSet(4, new Psid(0x34, 8));
  private static final PortSet OTHER_SET = new PortSet(4, new Psid(0x35, 8));
  private static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.50");
  private static final Ipv4Address BERT = Ipv4Address.parse("192.168.1.51");
  private static final Asker PCP = new Asker.Pcp(new Nonce(-2, -3), false);
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int PORT = SET.port(239);

  @TempDir private Path folder = Path.of("unset");
  private final Memory.Pair wire = Memory.pair(4, 2048);
  private final Batch batch = new Batch(4, 2048, 64);
  private final Worker worker = worker();
  private final Thread thread = Thread.ofPlatform().unstarted(this::work);
  private final Napt napt = napt(SET);
  private Keeping keeping;
  private LeasedPorts leased;

  private static Napt napt(PortSet ports) {
    int outer = Ipv4Address.parse("192.0.2.18").bits();
    var settings = NatSettings.adaptive(ports, 1024);
    return new Napt(outer, ports, settings, Arena.ofAuto(), new Randomness(1, 2), new EventLog());
  }

  /// A worker that carries nothing, for nothing comes.
  private Worker worker() {
    var nothing =
        new Crossing() {
          @Override
          public void cross(long at, int length, long now) {}

          @Override
          public void tick(long now) {}
        };
    return new Worker(new Door(wire.left()), batch, nothing, Worker::monotonicMillis);
  }

  private void work() {
    try {
      worker.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    Files.writeString(folder.resolve("leases"), client(ANNA) + client(BERT));
    keeping = keeping("state");
    leased = leased(napt);
    thread.start();
    leased.serve(worker);
  }

  @AfterEach
  void close() throws InterruptedException {
    worker.stop();
    thread.join();
    leased.close();
    keeping.close();
    batch.close();
    wire.close();
  }

  /// A line of dnsmasq's file.
  private static String client(Ipv4Address address) {
    String hardware = "02:00:00:00:00:" + (address.bits() & 0xff);
    return "1764072000 " + hardware + " " + address + " console 01:" + hardware + "\n";
  }

  private Keeping keeping(String name) {
    return Keeping.open(
        folder.resolve(name),
        news -> {
          throw new AssertionError(news);
        });
  }

  private LeasedPorts leased(Napt ports) throws IOException {
    return new LeasedPorts(config(), ports, keeping, Worker.monotonicMillis());
  }

  private GatewayConfig config() throws IOException {
    var file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500}
        lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1, dhcpLeases: %s}
        portMapping: {pcp: false, natPmp: false, upnp: false}
        domains:
          - name: example
            relay: 2001:db8:ffff::1
            layout: rfc7597
            psidOffset: 4
            rules:
              - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
        """
            .formatted(folder.resolve("leases")));
    return switch (GatewayConfig.read(file, _ -> List.of())) {
      case Checked.Valid<GatewayConfig>(var config) -> config;
      case Checked.Invalid<GatewayConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  private <T> T ask(Supplier<T> question) throws InterruptedException, ExecutionException {
    return leased.ask(question).get();
  }

  private Lease lease(Ipv4Address host, int outerPort, Asker asker)
      throws InterruptedException, ExecutionException {
    var inside = new Inside(Protocol.UDP, host.bits(), 51_820);
    long now = Worker.monotonicMillis();
    var wish = Ask.one(inside, outerPort, true, asker, now + HOUR_MILLIS);
    Outcome outcome = ask(() -> leased.leases().add(wish, now));
    assertThat(outcome).isInstanceOf(Outcome.Leased.class);
    return ((Outcome.Leased) outcome).lease();
  }

  /// What another process would find if this one ended now.
  private List<Lease> onDisk(String name) throws IOException {
    var copy = Files.createDirectory(folder.resolve(name));
    try (var files = Files.list(folder.resolve("state"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    try (var found = keeping(name)) {
      return found.leases(Worker.monotonicMillis(), Instant.now());
    }
  }

  /// PCP-53
  @Test
  void whatIsAnsweredIsOnTheDiskAlready() throws Exception {
    lease(ANNA, PORT, PCP);
    assertThat(onDisk("one")).extracting(Lease::outerPort).containsExactly(PORT);
    lease(BERT, SET.port(3), new Asker.NatPmp());
    assertThat(onDisk("two")).hasSize(2);
    ask(() -> leased.leases().deleteHost(ANNA.bits(), Worker.monotonicMillis()));
    assertThat(onDisk("three")).extracting(Lease::outerPort).containsExactly(SET.port(3));
  }

  /// PCP-53, SHR-03: with its nonce, so that nobody else can have it while its host is asleep.
  @Test
  void aRestartGivesEachHostItsPortAgain() throws Exception {
    lease(ANNA, PORT, PCP);
    leased.close();
    var anew = napt(SET);
    leased = leased(anew);
    assertThat(leased.restore(Worker.monotonicMillis())).isEmpty();
    var inside = new Inside(Protocol.UDP, ANNA.bits(), 51_820);
    assertThat(leased.leases().ofInside(inside).orElseThrow())
        .returns(PORT, Lease::outerPort)
        .returns(PCP, Lease::asker);
    assertThat(anew.ofPort(Protocol.UDP, PORT, Worker.monotonicMillis())).isPresent();
  }

  /// IGD-23, PCP-41: the place in the set stays, and the way that was left keeps nothing.
  @Test
  void leasesFollowTheGatewayToAnotherSet() throws Exception {
    lease(ANNA, PORT, new Asker.Upnp("game", Optional.empty()));
    var next = napt(OTHER_SET);
    var config = config();
    long now = Worker.monotonicMillis();
    List<Event> events = ask(() -> leased.follow(config, next, now));
    assertThat(events)
        .containsExactly(new Event.ForwardMoved("game", Protocol.UDP, PORT, OTHER_SET.port(239)));
    assertThat(next.ofPort(Protocol.UDP, OTHER_SET.port(239), now)).isPresent();
    assertThat(napt.ofPort(Protocol.UDP, PORT, now)).isEmpty();
    assertThat(onDisk("one")).extracting(Lease::outerPort).containsExactly(OTHER_SET.port(239));
  }

  /// PCP-45, IGD-13: Anna has gone from the list of the DHCP server, Bert has not.
  @Test
  void whoHasLeftTheHomeHasNoPorts() throws Exception {
    lease(ANNA, PORT, PCP);
    lease(BERT, SET.port(3), PCP);
    leased.forgetWhoLeft();
    Files.writeString(folder.resolve("leases"), client(BERT));
    leased.forgetWhoLeft();
    assertThat(ask(() -> leased.leases().all())).hasSize(2);
    leased.forgetWhoLeft();
    assertThat(ask(() -> leased.leases().all()))
        .extracting(Lease::outerPort)
        .containsExactly(SET.port(3));
    assertThat(napt.ofPort(Protocol.UDP, PORT, Worker.monotonicMillis())).isEmpty();
  }

  @Test
  void saysWhoHasWhatAndForHowLong() throws Exception {
    lease(ANNA, PORT, PCP);
    assertThat(ask(() -> leased.tree(Worker.monotonicMillis())))
        .singleElement()
        .satisfies(tree ->
            assertThat(tree)
                .contains(
                    entry("protocol", "udp"),
                    entry("dial", "192.0.2.18:" + PORT),
                    entry("to", "192.168.1.50"),
                    entry("toPort", 51_820),
                    entry("by", "pcp"))
                .containsKey("secondsLeft"));
  }

  @Test
  void nobodyIsAnsweredBeforeThereIsAWorker() throws IOException {
    var early = leased(napt(SET));
    CompletableFuture<Integer> answer = early.ask(() -> 1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(answer::get)
        .withMessageContaining("there is no worker yet");
  }
}
