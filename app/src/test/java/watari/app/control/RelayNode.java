package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import watari.app.config.Checked;
import watari.app.config.RelayConfig;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.plan.Plan;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Stations;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// A relay whose doors are in memory and whose kernel is a list of plans.
final class RelayNode implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final int ROOM = 64 + 128;
  private static final int LENGTH = 28;

  private final Path folder;
  private final List<Memory.Pair> pairs =
      IntStream.range(0, WORKERS).mapToObj(_ -> Memory.pair(16, 2048)).toList();
  private final Stations stations = new Stations(pairs.stream().map(Memory.Pair::left).toList());
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Workers workers;
  private final long packet = Slab.take(ROOM);

  final RelayEnd end;
  final Reload reload;

  /// What was put into the kernel.
  final List<Plan> plans = new ArrayList<>();

  /// What the kernel does before it takes a plan.
  Reload.Kernel kernel = _ -> {};

  /// @param folder where its files lie
  /// @param rules each `IPV6-PREFIX IPV4-PREFIX`
  RelayNode(Path folder, String lines, String... rules) throws IOException {
    this.folder = folder;
    write(lines, rules);
    var config = read();
    end =
        new RelayEnd(
            config,
            config.services().table(),
            this::source,
            stations.doors(),
            RelayCards.of(config),
            new Randomness(1, 2));
    workers = stations.workers(end.crossings(), Worker::monotonicMillis);
    reload = new Reload(workers, end, this::become, RelayEnd.plan(config));
    end.serve(workers);
    Thread.ofPlatform().start(this::carry);
  }

  private void carry() {
    try {
      workers.run();
      ended.complete(true);
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void become(Plan plan) throws IOException {
    kernel.become(plan);
    plans.add(plan);
  }

  private Checked<RelayConfig> source() {
    return RelayConfig.read(folder.resolve("relay.yaml"));
  }

  RelayConfig read() {
    return ((Checked.Valid<RelayConfig>) source()).value();
  }

  void write(String lines, String... rules) throws IOException {
    var file = new StringBuilder("domains:\n  - name: lab\n    relay: 2001:db8:ffff::1\n");
    file.append("    layout: rfc7597\n    rules:\n");
    for (String rule : rules) {
      String[] prefixes = rule.split(" ", -1);
      file.append("      - {ipv6: \"")
          .append(prefixes[0])
          .append("\", ipv4: ")
          .append(prefixes[1])
          .append(", ea: 16}\n");
    }
    Files.writeString(folder.resolve("rules.yaml"), file);
    Files.writeString(
        folder.resolve("relay.yaml"),
        "rules: rules.yaml\naddress: 203.0.113.1\n"
            + (lines.contains("line:") ? "" : "line: {mtu: 1500}\n")
            + lines);
  }

  Map<String, Object> status() {
    try {
      return Questions.ask(workers.first(), end::status);
    } catch (Questions.NoAnswer none) {
      throw new IllegalStateException(none);
    }
  }

  /// Keeps the first worker from answering.
  void hold(CountDownLatch until) {
    var _ = workers.first().ask(() -> isOver(until));
  }

  private static boolean isOver(CountDownLatch until) {
    try {
      return until.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Sends a datagram from the Internet through a worker's door, and looks what it sends on.
  ///
  /// @return whether it has gone into the tunnel, before one that must
  boolean carries(int worker, String target, String mustGo) throws IOException {
    send(worker, target);
    send(worker, mustGo);
    var right = pairs.get(worker).right();
    boolean isCarried = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    try (var batch = Batch.ofMtu(1500)) {
      boolean isOver = false;
      while (!isOver) {
        assertThat(System.nanoTime() - end).as("until it goes").isNegative();
        right.await(1000);
        int count = right.receive(batch);
        for (int i = 0; i < count; i++) {
          int seen = Slab.intAt(batch.at(i) + 40 + 16);
          isCarried |= seen == Ipv4Address.parse(target).bits();
          isOver |= seen == Ipv4Address.parse(mustGo).bits();
        }
      }
    }
    return isCarried;
  }

  private void send(int worker, String target) {
    long at = packet + 64;
    Slab.fill(at, LENGTH, 0);
    Slab.putByte(at, 0x45);
    Slab.putShort(at + 2, LENGTH);
    Slab.putByte(at + 8, 64);
    Slab.putByte(at + 9, 17);
    Slab.putInt(at + 12, Ipv4Address.parse("1.2.3.4").bits());
    Slab.putInt(at + 16, Ipv4Address.parse(target).bits());
    Slab.putShort(at + 20, 80);
    Slab.putShort(at + 22, 1232);
    Slab.putShort(at + 24, 8);
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += Slab.shortAt(at + i) & 0xffff;
    }
    Slab.putShort(at + 10, ~((sum & 0xffff) + (sum >>> 16)));
    pairs.get(worker).right().send(at, LENGTH);
  }

  @Override
  public void close() throws IOException {
    workers.stop();
    try {
      ended.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
    end.close();
    stations.close();
    pairs.forEach(pair -> pair.right().close());
    Slab.give(packet, ROOM);
  }
}
