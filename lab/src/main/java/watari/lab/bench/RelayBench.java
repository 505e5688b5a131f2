package watari.lab.bench;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.rule.Layout;
import watari.core.rule.RuleTable;

/// The relay's two ways, with packets of random subscribers of [ManyRules].
@State(Scope.Thread)
public class RelayBench {
  private static final int INTERNET = 0x08080000;
  private static final int PACKETS_MIN = 1 << 14;
  private static final int SEED = 7597;
  private static final long NOW = 1_000_000;

  /// How many rules the relay has.
  @Param({"4", "10000", "1000000"})
  public int rules;

  private Relay relay;
  private Train up;
  private Train down;

  public RelayBench() {}

  @Setup
  public void prepare() {
    var table = ManyRules.table(rules, Layout.DRAFT_03);
    var settings = new RelaySettings(table, 1500, Ipv4Address.parse("203.0.113.1"), Routing.OURS);
    relay = new Relay(settings, (_, _) -> true, (_, _) -> true, new Randomness(SEED, SEED));
    up = new Train(Train.whole(Math.max(PACKETS_MIN, rules)));
    down = new Train(up.length());
    fill(table);
  }

  private void fill(RuleTable table) {
    var random = new SplittableRandom(SEED);
    int[] order = Train.shuffled(rules);
    for (int i = 0; i < up.length(); i++) {
      int address =
          ManyRules.ADDRESSES + (order[i % rules] << ManyRules.ADDRESS_BITS) + random.nextInt(256);
      int port = random.nextInt(ManyRules.PORTS, 65536);
      int remote = INTERNET + random.nextInt(1 << 17);
      int rule = table.byAddress(address, port);
      up.append(
          address,
          port,
          remote,
          443,
          table.high(rule, address, port),
          table.low(rule, address, port));
      down.append(remote, 443, address, port, 0, 0);
    }
    up.finish(ManyRules.RELAY.high(), ManyRules.RELAY.low());
    down.finish(0, 0);
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void upstream() {
    up.arriveTunnelled();
    for (int i = 0; i < Train.BATCH; i++) {
      relay.upstream(up.outer(i), Train.OUTER_LENGTH, NOW);
    }
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void upstreamArrival() {
    up.arriveTunnelled();
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void downstream() {
    down.arrive();
    for (int i = 0; i < Train.BATCH; i++) {
      relay.downstream(down.inner(i), Train.INNER_LENGTH, NOW);
    }
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void downstreamArrival() {
    down.arrive();
  }

  /// A figure for packets that were dropped would be worth nothing.
  @TearDown
  public void allWereSent() {
    Train.allWereSent(relay.upstreamTally());
    Train.allWereSent(relay.downstreamTally());
  }
}
