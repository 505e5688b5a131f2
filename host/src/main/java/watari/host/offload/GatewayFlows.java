package watari.host.offload;

import watari.core.nat.Carrier;
import watari.core.net.Ipv4Prefix;
import watari.core.path.FarEnds;
import watari.core.path.GatewaySettings;
import watari.core.rule.Identity;
import watari.core.rule.RuleTable;

/// The sessions of a gateway that the kernel carries: each is two rows of a [FlowMap].
///
/// The kernel counts time in seconds. What it says is rounded up, by the second that its clock may
/// be behind as well: no session ends early.
final class GatewayFlows implements Carrier {
  private static final int MILLIS = 1000;

  private final FlowMaps maps;
  private final FlowMap flows;
  private final FarEnds farEnds;
  private final Ipv4Prefix own;
  private final int outerAddress;
  private final FlowRow row = new FlowRow();
  private volatile boolean isOver;

  GatewayFlows(FlowMaps maps, GatewaySettings settings) {
    this.maps = maps;
    flows = maps.flows();
    farEnds = new FarEnds(settings.domain());
    Identity identity = settings.identity();
    own = identity.ipv4();
    outerAddress = own.bits();
  }

  /// Those who speak by way of their own address are not on the line.
  @Override
  public long begin(
      int protocol,
      int insideAddress,
      int insidePort,
      int outerPort,
      int remoteAddress,
      int remotePort,
      int acknowledged,
      int nextIn,
      long used) {
    if (own.contains(remoteAddress)) {
      return NONE;
    }
    int peer = farEnds.peer(remoteAddress, remotePort);
    int way = peer == RuleTable.NO_RULE ? 0 : peer + 1;
    if (way > 0xffff) {
      return NONE;
    }
    row.setFarEnd(
        farEnds.high(peer, remoteAddress, remotePort),
        farEnds.low(peer, remoteAddress, remotePort),
        way);
    int second = second(used);
    row.fromHome(
        protocol, insideAddress, insidePort, outerAddress, outerPort, remoteAddress, remotePort);
    int out = flows.add(row, acknowledged, second);
    if (out < 0) {
      return NONE;
    }
    row.fromLine(
        protocol, insideAddress, insidePort, outerAddress, outerPort, remoteAddress, remotePort);
    int in = flows.add(row, nextIn, second);
    if (in < 0) {
      flows.remove(out);
      return NONE;
    }
    return (long) in << Integer.SIZE | out;
  }

  private static int out(long flow) {
    return (int) flow;
  }

  private static int in(long flow) {
    return (int) (flow >>> Integer.SIZE);
  }

  /// What [#lastUse] makes the same time of again.
  private static int second(long millis) {
    return (int) (millis / MILLIS) - 1;
  }

  @Override
  public void end(long flow) {
    flows.remove(out(flow));
    flows.remove(in(flow));
  }

  @Override
  public void endAll() {
    flows.clear();
  }

  /// The seconds have 32 bits: it is the last time before now that has these.
  @Override
  public long lastUse(long flow, long now) {
    int seconds = (int) (now / MILLIS);
    int out = seconds - flows.second(out(flow));
    int in = seconds - flows.second(in(flow));
    long silent = Math.max(0, Math.min(out, in) - 1);
    return Math.min(now, (now / MILLIS - silent) * MILLIS + MILLIS - 1);
  }

  @Override
  public int acknowledged(long flow) {
    return flows.number(out(flow));
  }

  @Override
  public int nextIn(long flow) {
    return flows.number(in(flow));
  }

  @Override
  public void learn(long flow, int acknowledged, int nextIn, long used) {
    flows.setNumber(out(flow), acknowledged);
    flows.setNumber(in(flow), nextIn);
    flows.setSecond(out(flow), second(used));
    flows.setSecond(in(flow), second(used));
  }

  @Override
  public boolean tick(long now) {
    maps.setSecond((int) (now / MILLIS));
    return !isOver;
  }

  /// The programs are gone.
  void end() {
    isOver = true;
  }
}
