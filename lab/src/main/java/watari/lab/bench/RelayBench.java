package watari.lab.bench;

import java.util.ArrayList;
import java.util.List;
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
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;

/// The relay's two ways, with packets of random subscribers of all rules.
///
/// A rule covers 256 addresses of 256 subscribers each, and the rules lie side by side. The rules
/// of all known services are /22 or shorter.
@State(Scope.Thread)
public class RelayBench {
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");
  private static final int ADDRESSES = 0x10000000;
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
    var table = new RuleTable(List.of(domain()));
    var settings = new RelaySettings(table, 1500, Ipv4Address.parse("203.0.113.1"), Routing.OURS);
    relay = new Relay(settings, (_, _) -> true, (_, _) -> true, new Randomness(SEED, SEED));
    up = new Train(Train.whole(Math.max(PACKETS_MIN, rules)));
    down = new Train(up.length());
    fill(table);
  }

  private MapDomain domain() {
    var made = new ArrayList<MapRule>();
    for (int i = 0; i < rules; i++) {
      var ipv6 = new Ipv6Prefix(0x2400_0000_0000_0000L | (long) i << 24, 0, 40);
      var ipv4 = new Ipv4Prefix(ADDRESSES + (i << 8), 24);
      made.add(new MapRule(ipv6, ipv4, 16, 4, Psid.NONE, Layout.DRAFT_03));
    }
    return new MapDomain("bench", RELAY, false, Confidence.GIVEN, made);
  }

  private void fill(RuleTable table) {
    var random = new SplittableRandom(SEED);
    int[] order = Train.shuffled(rules);
    for (int i = 0; i < up.length(); i++) {
      int address = ADDRESSES + (order[i % rules] << 8) + random.nextInt(256);
      int port = random.nextInt(4096, 65536);
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
    up.finish(RELAY.high(), RELAY.low());
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
