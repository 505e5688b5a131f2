package watari.core.nat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import watari.core.wire.Packet;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;

/// A carrier of flows in maps, which can be read at a glance and counts what it carries.
final class MemoryCarrier implements Carrier {
  private static final int AHEAD_MAX = 1 << 24;

  /// An inside or outer endpoint, and the remote one.
  private record Key(boolean isOut, int protocol, int address, int port, int remote, int at) {}

  private static final class Flow {
    final Key out;
    final Key in;
    int acknowledged;
    int nextIn;
    long outUsed;
    long inUsed;

    Flow(Key out, Key in) {
      this.out = out;
      this.in = in;
    }
  }

  private final int outerAddress;
  final int flowsMax;
  private final Map<Key, Flow> keys = new HashMap<>();
  private final Map<Long, Flow> flows = new HashMap<>();
  private long begun;
  private boolean goesOn = true;
  int carried;

  MemoryCarrier(int outerAddress, int flowsMax) {
    this.outerAddress = outerAddress;
    this.flowsMax = flowsMax;
  }

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
    if (flows.size() == flowsMax || remoteAddress == outerAddress) {
      return NONE;
    }
    var out = new Key(true, protocol, insideAddress, insidePort, remoteAddress, remotePort);
    var in = new Key(false, protocol, outerAddress, outerPort, remoteAddress, remotePort);
    var flow = new Flow(out, in);
    if (keys.put(out, flow) != null || keys.put(in, flow) != null) {
      throw new AssertionError("two sessions have one key");
    }
    flows.put(++begun, flow);
    learn(begun, acknowledged, nextIn, used);
    return begun;
  }

  @Override
  public void end(long flow) {
    Flow ended = of(flow);
    flows.remove(flow);
    keys.remove(ended.out);
    keys.remove(ended.in);
  }

  @Override
  public void endAll() {
    flows.clear();
    keys.clear();
  }

  private Flow of(long flow) {
    return Objects.requireNonNull(flows.get(flow), "asked of a flow that it does not have");
  }

  @Override
  public long lastUse(long flow, long now) {
    Flow used = of(flow);
    return Math.max(used.outUsed, used.inUsed);
  }

  @Override
  public int acknowledged(long flow) {
    return of(flow).acknowledged;
  }

  @Override
  public int nextIn(long flow) {
    return of(flow).nextIn;
  }

  @Override
  public void learn(long flow, int acknowledged, int nextIn, long used) {
    Flow learning = of(flow);
    learning.acknowledged = acknowledged;
    learning.nextIn = nextIn;
    learning.outUsed = used;
    learning.inUsed = used;
  }

  /// It carries nothing more.
  void giveUp() {
    keys.clear();
    goesOn = false;
  }

  @Override
  public boolean tick(long now) {
    return goesOn;
  }

  int size() {
    return flows.size();
  }

  /// Whether it has carried a packet of the home.
  boolean carriesOut(Packet packet, long now) {
    Flow flow = flow(true, packet, packet.source(), packet.sourcePort(), packet.target());
    if (flow == null || isSilent(flow.outUsed, now)) {
      return false;
    }
    if (packet.protocol() == Protocol.TCP) {
      flow.acknowledged = Slab.intAt(packet.transport() + 8);
    }
    flow.outUsed = now;
    carried++;
    packet.rewriteSource(outerAddress, flow.in.port);
    return true;
  }

  /// Whether it has carried a packet of the line.
  boolean carriesIn(Packet packet, long now) {
    Flow flow = flow(false, packet, packet.target(), packet.targetPort(), packet.source());
    if (flow == null || isSilent(flow.inUsed, now)) {
      return false;
    }
    if (packet.protocol() == Protocol.TCP && !isNext(flow, packet)) {
      return false;
    }
    flow.inUsed = now;
    carried++;
    packet.rewriteTarget(flow.out.address, flow.out.port);
    return true;
  }

  private static boolean isSilent(long used, long now) {
    return now - used >= SILENCE_SECONDS * 1000L;
  }

  private @Nullable Flow flow(boolean isOut, Packet packet, int address, int port, int remote) {
    int at = isOut ? packet.targetPort() : packet.sourcePort();
    boolean isPlain =
        packet.protocol() != Protocol.TCP || (Tcp.flags(packet.transport()) & 0x17) == Tcp.ACK;
    return packet.isError() || !isPlain
        ? null
        : keys.get(new Key(isOut, packet.protocol(), address, port, remote, at));
  }

  /// What is not where it should be is left to the translator, which knows more.
  private static boolean isNext(Flow flow, Packet packet) {
    int end = Slab.intAt(packet.transport() + 4) + packet.transportLength() - Tcp.HEADER;
    boolean isNear = Integer.compareUnsigned(end - flow.acknowledged, AHEAD_MAX) <= 0;
    if (isNear && end - flow.nextIn > 0 && end != 0) {
      flow.nextIn = end;
    }
    return isNear;
  }
}
