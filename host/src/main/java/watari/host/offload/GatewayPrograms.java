package watari.host.offload;

import static watari.host.offload.Condition.ANY_BIT;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.net.Ipv6Address;
import watari.host.kernel.Bpf.Hook;

/// The two ways of [watari.core.path.Gateway], as far as they concern usual packets of flows that
/// are there. Everything else goes on as it came.
///
/// A packet from home that may be cut on its way passes: it needs an identification that no other
/// packet has, and Java counts those.
final class GatewayPrograms {
  private static final int DONT_FRAGMENT = 0x40;
  private static final int HEADER = Parts.ETHERNET + Parts.IPV6;

  private GatewayPrograms() {}

  /// From home into the tunnel.
  ///
  /// @param hook where it will run
  /// @param hops by the way of a [FlowRow]
  /// @param own the MAP address
  /// @param counts where its packets are counted
  static Program outbound(
      Hook hook,
      FlowMaps maps,
      HopMaps hops,
      ProgramSettings settings,
      Ipv6Address own,
      Counts.Place counts) {
    var asm = new Assembler("watari_out");
    var parts = new Parts(hook, asm, hops, counts, 0);
    var flow = new FlowParts(parts, maps);
    var drop = asm.label("drop");
    parts.begin(Parts.ETHERNET + 28);
    TunnelParts.plain(parts);
    parts.plainIpv4();
    uncut(parts);
    flow.plainSegment(FlowRow.FROM_HOME);
    TunnelParts.padding(parts);
    TunnelParts.fitting(parts, settings);
    flow.find(FlowRow.FROM_HOME);
    flow.awake();
    flow.way();
    parts.hopOfEnd();
    TunnelParts.cutPadding(parts);
    parts.wrap(HEADER + 28, drop);
    flow.rewrite(HEADER, FlowParts.SOURCE, FlowParts.SOURCE_PORT, drop);
    parts.lowerTimeToLive(HEADER);
    flow.note();
    TunnelParts.outerHeader(parts, settings);
    asm.note("from the MAP address to the far end");
    constant(asm, own.high(), Parts.ETHERNET + 8);
    constant(asm, own.low(), Parts.ETHERNET + 16);
    copy(asm, Parts.MAP_HIGH, Parts.ETHERNET + 24);
    copy(asm, Parts.MAP_LOW, Parts.ETHERNET + 32);
    parts.wrapped();
    parts.ethernet(Parts.ETHERTYPE_IPV6);
    parts.send(Parts.Line.OF_NONE);
    parts.end(drop);
    return asm.program();
  }

  private static void uncut(Parts parts) {
    var uncut = parts.asm.label("uncut");
    parts.asm.note("must not be cut, and needs no identification");
    parts.asm.load(BYTE, R1, R7, 6);
    parts.asm.jumpIf(R1, ANY_BIT, DONT_FRAGMENT, uncut);
    parts.asm.jump(parts.pass);
    parts.asm.here(uncut);
  }

  private static void constant(Assembler asm, long half, int to) {
    asm.moveLong(R1, Long.reverseBytes(half));
    asm.store(LONG, R7, to, R1);
  }

  private static void copy(Assembler asm, int from, int to) {
    asm.load(LONG, R1, R10, from);
    asm.store(LONG, R7, to, R1);
  }

  /// From a tunnel home; the parameters are those of [#outbound].
  static Program inbound(
      Hook hook, FlowMaps maps, HopMaps hops, Ipv6Address own, Counts.Place counts) {
    var asm = new Assembler("watari_in");
    var parts = new Parts(hook, asm, hops, counts, Parts.IPV6);
    var flow = new FlowParts(parts, maps);
    var drop = asm.label("drop");
    parts.begin(HEADER + 28);
    TunnelParts.outer(parts);
    asm.note("to the MAP address");
    same(parts, 24, own.high());
    same(parts, 32, own.low());
    parts.plainIpv4();
    flow.plainSegment(FlowRow.FROM_LINE);
    TunnelParts.whole(parts);
    TunnelParts.congestion(parts);
    parts.longest();
    flow.find(FlowRow.FROM_LINE);
    flow.awake();
    flow.near();
    asm.note("from the far end of the flow");
    from(parts, 8, Parts.MAP_HIGH);
    from(parts, 16, Parts.MAP_LOW);
    asm.note("where the host is");
    asm.load(WORD, R9, R10, FlowParts.REWRITE);
    asm.bigEndian(R9, WORD);
    parts.hopOfAddress();
    parts.unwrap(Parts.ETHERNET + 28, drop);
    flow.rewrite(Parts.ETHERNET, FlowParts.TARGET, FlowParts.TARGET_PORT, drop);
    parts.lowerTimeToLive(Parts.ETHERNET);
    flow.note();
    parts.ethernet(Parts.ETHERTYPE_IPV4);
    parts.send(Parts.Line.OF_NONE);
    parts.end(drop);
    return asm.program();
  }

  private static void same(Parts parts, int outer, long half) {
    parts.asm.load(LONG, R1, R7, outer - Parts.IPV6);
    parts.asm.moveLong(R2, Long.reverseBytes(half));
    parts.asm.jumpIf(R1, NOT_EQUAL, R2, parts.pass);
  }

  private static void from(Parts parts, int outer, int place) {
    parts.asm.load(LONG, R1, R7, outer - Parts.IPV6);
    parts.asm.load(LONG, R2, R10, place);
    parts.asm.jumpIf(R1, NOT_EQUAL, R2, parts.pass);
  }
}
