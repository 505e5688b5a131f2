package watari.lab.bench;

import java.lang.foreign.Arena;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Routing;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.wire.Slab;

/// The gateway's two ways: translation and tunnel together, with packets of all sessions in a
/// random order. 240 hosts with a port each speak to ever more remote addresses.
@State(Scope.Thread)
public class GatewayBench {
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");
  private static final Ipv6Prefix LINE = Ipv6Prefix.parse("2001:db8:12:3400::/56");
  private static final MapRule RULE =
      new MapRule(
          Ipv6Prefix.parse("2001:db8::/40"),
          Ipv4Prefix.parse("192.0.2.0/24"),
          16,
          4,
          Psid.NONE,
          Layout.DRAFT_03);
  private static final int HOSTS = 240;
  private static final int HOME = 0xc0a80100;
  private static final int HOST_PORT = 50_000;
  private static final int REMOTES = 0x14000000;
  private static final int PACKETS_MIN = 1 << 12;
  private static final int SEED = 7597;
  private static final long NOW = 1_000_000;

  /// How many sessions there are.
  @Param({"1000", "64000", "1000000"})
  public int sessions;

  private Gateway gateway;
  private Train out;
  private Train in;
  private int outerAddress;
  private int outerPort;

  public GatewayBench() {}

  @Setup
  public void prepare() {
    var settings = settings(sessions);
    outerAddress = settings.identity().ipv4().bits();
    gateway =
        new Gateway(
            settings, (_, _) -> true, this::note, Arena.global(), new Randomness(SEED, SEED));
    out = new Train(Train.whole(Math.max(PACKETS_MIN, sessions)));
    in = new Train(out.length());
    fill(settings.identity().mapAddress());
  }

  /// A household with a table for so many sessions.
  static GatewaySettings settings(int sessionsMax) {
    return new GatewaySettings(
        RULE.identity(LINE),
        new MapDomain("bench", RELAY, false, Confidence.GIVEN, List.of(RULE)),
        1500,
        List.of(Ipv4Prefix.parse("192.168.1.0/24")),
        Ipv4Address.parse("192.168.1.1"),
        Timers.DEFAULT,
        sessionsMax,
        Routing.OURS);
  }

  /// The line: remembers which port the last packet left from.
  private boolean note(long at, int length) {
    outerPort = Slab.shortAt(at + 60);
    return length > 0;
  }

  private void fill(Ipv6Address mapAddress) {
    int[] order = Train.shuffled(sessions);
    for (int i = 0; i < out.length(); i++) {
      int session = order[i % sessions];
      int host = HOME + 2 + session % HOSTS;
      int remote = REMOTES + session / HOSTS;
      long at = out.append(host, HOST_PORT, remote, 443, 0, 0);
      gateway.outbound(at, Train.INNER_LENGTH, NOW);
      in.append(remote, 443, outerAddress, outerPort, RELAY.high(), RELAY.low());
    }
    out.finish(0, 0);
    in.finish(mapAddress.high(), mapAddress.low());
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void outbound() {
    out.arrive();
    for (int i = 0; i < Train.BATCH; i++) {
      gateway.outbound(out.inner(i), Train.INNER_LENGTH, NOW);
    }
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void outboundArrival() {
    out.arrive();
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void inbound() {
    in.arriveTunnelled();
    for (int i = 0; i < Train.BATCH; i++) {
      gateway.inbound(in.outer(i), Train.OUTER_LENGTH, NOW);
    }
  }

  @Benchmark
  @OperationsPerInvocation(Train.BATCH)
  public void inboundArrival() {
    in.arriveTunnelled();
  }

  /// A figure for packets that were dropped would be worth nothing.
  @TearDown
  public void allWereSent() {
    Train.allWereSent(gateway.outboundTally());
    Train.allWereSent(gateway.inboundTally());
  }
}
