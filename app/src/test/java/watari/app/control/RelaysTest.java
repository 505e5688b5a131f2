package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.wire.Icmpv6;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.DoorCounter;
import watari.host.driver.Memory;
import watari.host.engine.Stations;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// The relays of three workers, on threads of their own, at doors in memory.
final class RelaysTest {
  private static final int WORKERS = 3;
  private static final int ROOM = 2048;
  private static final int LONG = 1400;
  private static final int QUOTED = 1232;
  private static final int SECONDS = 20;
  private static final Ipv6Address SUBSCRIBER = Ipv6Address.parse("2001:db8:12:3400:0:c000:212:34");
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");
  private static final Ipv6Address ROUTER = Ipv6Address.parse("2001:db8:99::1");

  private final List<Memory.Pair> pairs =
      Stream.generate(() -> Memory.superPair(4)).limit(WORKERS).toList();
  private final Stations stations = new Stations(pairs.stream().map(Memory.Pair::left).toList());
  private final Relays relays = new Relays(settings(), stations.doors(), new Randomness(1, 2));
  private final Workers workers = stations.workers(relays.crossings(), Worker::monotonicMillis);
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Batch arrived = Batch.ofSuperPackets();
  private final long slab = Slab.take(ROOM);
  private final long at = slab + Batch.HEADROOM_DEFAULT;

  private static RelaySettings settings() {
    var rule =
        new MapRule(
            Ipv6Prefix.parse("2001:db8::/40"),
            Ipv4Prefix.parse("192.0.2.0/24"),
            16,
            6,
            Psid.NONE,
            Layout.RFC7597);
    var domain = new MapDomain("only", RELAY, false, Confidence.GIVEN, List.of(rule));
    return new RelaySettings(
        new RuleTable(List.of(domain)), 1500, Ipv4Address.parse("203.0.113.1"), Routing.OURS);
  }

  @BeforeEach
  void start() {
    relays.serve(workers);
    Thread.ofPlatform()
        .start(() -> {
          try {
            workers.run();
            ended.complete(true);
          } catch (IOException | RuntimeException e) {
            ended.completeExceptionally(e);
          }
        });
  }

  @AfterEach
  void end() throws Exception {
    workers.stop();
    assertThat(ended.get(SECONDS, TimeUnit.SECONDS)).isTrue();
    relays.close();
    stations.close();
    pairs.forEach(Memory.Pair::close);
    arrived.close();
    Slab.give(slab, ROOM);
  }

  /// Sends what stands at [#at] to a worker, and takes what comes back by its door.
  private void exchange(int worker, int length) throws IOException {
    var far = pairs.get(worker).right();
    assertThat(far.send(at, length)).isTrue();
    assertThat(far.await(SECONDS * 1000)).as("an answer").isTrue();
    assertThat(far.receive(arrived)).isOne();
  }

  /// A datagram of the Internet that must not be cut.
  private int datagram(int length) {
    Slab.fill(at, length, 0);
    Ipv4.write(
        at,
        length,
        Protocol.UDP,
        64,
        Ipv4Address.parse("1.2.3.4").bits(),
        Ipv4Address.parse("192.0.2.18").bits());
    Slab.putInt(at + Ipv4.HEADER, 80 << 16 | 1232);
    Slab.putInt(at + Ipv4.HEADER + 4, (length - Ipv4.HEADER) << 16);
    return length;
  }

  /// A router of the line says of the packet that has arrived that it was too big.
  private int tooBig() {
    byte[] quoted = Slab.copy(arrived.at(0), QUOTED);
    int payload = Icmpv6.HEADER + QUOTED;
    Ipv6.write(
        at,
        0,
        payload,
        Protocol.ICMPV6,
        64,
        ROUTER.high(),
        ROUTER.low(),
        RELAY.high(),
        RELAY.low());
    Slab.write(at + Ipv6.HEADER + Icmpv6.HEADER, quoted, 0, QUOTED);
    Icmpv6.write(at, Icmpv6.PACKET_TOO_BIG, 0, 1280);
    return Ipv6.HEADER + payload;
  }

  private <T> T first(Supplier<T> question) throws Exception {
    return workers.first().ask(question).get(SECONDS, TimeUnit.SECONDS);
  }

  /// Whatever was told before is heard.
  private void untilAllHaveListened() throws Exception {
    for (var answer : workers.askEach(number -> number)) {
      answer.get(SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatOneLearnsOfAPathTheOthersKnow() throws Exception {
    exchange(1, datagram(LONG));
    assertThat(Slab.longAt(arrived.at(0) + 24)).isEqualTo(SUBSCRIBER.high());
    assertThat(Slab.longAt(arrived.at(0) + 32)).isEqualTo(SUBSCRIBER.low());
    exchange(1, tooBig()); // whose sender is told
    untilAllHaveListened();
    assertThat(first(relays::narrowPaths)).containsExactly(SUBSCRIBER);
    for (int worker = 0; worker < WORKERS; worker++) {
      exchange(worker, datagram(LONG));
      assertThat(Slab.intAt(arrived.at(0) + Ipv4.HEADER) >>> 16).isEqualTo(3 << 8 | 4);
      assertThat(Slab.intAt(arrived.at(0) + Ipv4.HEADER + 4)).isEqualTo(1280 - Ipv6.HEADER);
    }
    untilAllHaveListened(); // and counted
    assertThat(first(() -> relays.downstream().packets(Drop.TOO_BIG))).isEqualTo(WORKERS);
  }

  @Test
  void whatEachCountsIsAddedUp() throws Exception {
    for (int worker = 0; worker < WORKERS; worker++) {
      for (int packet = 0; packet <= worker; packet++) {
        exchange(worker, datagram(100));
      }
    }
    untilAllHaveListened();
    assertThat(first(() -> relays.downstream().packets(Pass.SENT))).isEqualTo(6);
    assertThat(first(() -> relays.downstream().receivedBytes())).isEqualTo(600);
    assertThat(first(relays::downstreamByName))
        .hasSize(1)
        .hasEntrySatisfying("only", sum -> assertThat(sum.packets(Pass.SENT)).isEqualTo(6));
    assertThat(first(() -> relays.upstream().received())).isZero();
    assertThat(first(() -> relays.device().of(DoorCounter.RECEIVED))).isEqualTo(6);
    assertThat(first(() -> relays.device().of(DoorCounter.SENT))).isEqualTo(6);
  }

  @Test
  void aChangeReachesEach() throws Exception {
    first(() -> {
      relays.change(relay -> relay.become(new RuleTable(List.of())));
      relays.change(relay -> relay.forget());
      return 0;
    });
    untilAllHaveListened();
    for (var pair : pairs) {
      assertThat(pair.right().send(at, datagram(100))).isTrue();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (first(() -> relays.downstream().received()) < WORKERS) {
      assertThat(System.nanoTime() - end).isNegative();
    }
    assertThat(first(() -> relays.downstream().packets(Drop.TARGET_UNKNOWN))).isEqualTo(WORKERS);
  }
}
