package watari.host.offload;

import static watari.host.offload.Condition.BELOW_OR_EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Operation.XOR;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R8;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.verdict.Drop;
import watari.host.kernel.Bpf.Hook;

/// The two ways of [watari.core.path.Relay], as far as they concern usual packets: whole TCP and
/// UDP that belongs to somebody. Everything else goes on as it came.
public final class RelayPrograms {
  private static final int SOURCE = 12;
  private static final int TARGET = 16;
  private static final int SOURCE_PORT = 20;
  private static final int TARGET_PORT = 22;

  private RelayPrograms() {}

  /// From the Internet into the tunnel.
  ///
  /// @param hook where it will run
  /// @param counts where its packets are counted, by the domains of the rules
  public static Program downstream(
      Hook hook, RuleMaps rules, HopMaps hops, ProgramSettings settings, Counts.Place counts) {
    var asm = new Assembler("watari_down");
    var parts = new Parts(hook, asm, hops, counts, 0);
    var drop = asm.label("drop");
    var excluded = asm.label("excluded");
    parts.begin(Parts.ETHERNET + 28);
    TunnelParts.plain(parts);
    parts.plainIpv4();
    TunnelParts.padding(parts);
    TunnelParts.fitting(parts, settings);
    parts.address(SOURCE);
    parts.noMartian();
    parts.find(rules);
    asm.note("not from a subscriber");
    asm.jumpIf(R0, NOT_EQUAL, 0, parts.pass);
    parts.address(TARGET);
    parts.find(rules);
    parts.row(rules);
    parts.hopOfRule();
    parts.port(TARGET_PORT);
    parts.psid(excluded);
    parts.mapAddress();
    narrow(parts, settings);
    TunnelParts.cutPadding(parts);
    parts.wrap(Parts.ETHERNET + Parts.IPV6 + 20, drop);
    parts.lowerTimeToLive(Parts.ETHERNET + Parts.IPV6);
    outerHeader(parts, settings);
    parts.wrapped();
    parts.ethernet(Parts.ETHERTYPE_IPV6);
    parts.send(Parts.Line.OF_DOMAIN);
    refuse(parts, settings, excluded, Drop.TARGET_PORT_EXCLUDED, Parts.Line.OF_NONE);
    parts.end(drop);
    return asm.program();
  }

  /// Lets a long packet pass to a far end whose path may be narrow, as [ProgramSettings#narrow]
  /// says.
  private static void narrow(Parts parts, ProgramSettings settings) {
    var asm = parts.asm;
    var wide = asm.label("wide_path");
    asm.note("the path carries as much as the line");
    asm.load(LONG, R1, R10, Parts.LONGEST);
    asm.jumpIf(R1, BELOW_OR_EQUAL, ProgramSettings.NARROWEST, wide);
    asm.load(LONG, R1, R10, Parts.MAP_HIGH);
    asm.load(LONG, R2, R10, Parts.MAP_LOW);
    asm.compute(R1, XOR, R2);
    for (int bits = Integer.SIZE; bits >= Short.SIZE; bits /= 2) {
      asm.move(R2, R1);
      asm.compute(R2, SHIFT_RIGHT, bits);
      asm.compute(R1, XOR, R2);
    }
    asm.compute(R1, AND, 0xffff);
    asm.moveMapValue(R2, settings.descriptor(), ProgramSettings.NARROW);
    asm.compute(R2, ADD, R1);
    asm.load(BYTE, R1, R2, 0);
    asm.jumpIf(R1, NOT_EQUAL, 0, parts.pass);
    asm.here(wide);
  }

  private static void outerHeader(Parts parts, ProgramSettings settings) {
    TunnelParts.outerHeader(parts, settings);
    parts.asm.note("from the relay to the MAP address");
    half(parts, R8, 32, Parts.ETHERNET + 8);
    half(parts, R8, 40, Parts.ETHERNET + 16);
    half(parts, R10, Parts.MAP_HIGH, Parts.ETHERNET + 24);
    half(parts, R10, Parts.MAP_LOW, Parts.ETHERNET + 32);
  }

  /// Half of an IPv6 address, which begins at no multiple of eight.
  private static void half(Parts parts, Register base, int from, int to) {
    parts.asm.load(LONG, R1, base, from);
    parts.asm.bigEndian(R1, LONG);
    parts.asm.store(LONG, R7, to, R1);
  }

  /// From a tunnel to the Internet.
  ///
  /// @param hook where it will run
  /// @param counts where its packets are counted, by the domains of the rules
  public static Program upstream(
      Hook hook, RuleMaps rules, HopMaps hops, ProgramSettings settings, Counts.Place counts) {
    var asm = new Assembler("watari_up");
    var parts = new Parts(hook, asm, hops, counts, Parts.IPV6);
    var drop = asm.label("drop");
    var excluded = asm.label("excluded");
    var spoofed = asm.label("spoofed");
    parts.begin(Parts.ETHERNET + Parts.IPV6 + 28);
    TunnelParts.outer(parts);
    parts.plainIpv4();
    TunnelParts.whole(parts);
    parts.longest();
    parts.address(SOURCE);
    parts.find(rules);
    parts.row(rules);
    parts.port(SOURCE_PORT);
    parts.psid(excluded);
    parts.mapAddress();
    own(parts, spoofed);
    TunnelParts.congestion(parts);
    parts.address(TARGET);
    parts.noMartian();
    parts.find(rules);
    asm.note("not to a subscriber");
    asm.jumpIf(R0, NOT_EQUAL, 0, parts.pass);
    parts.hopOfAddress();
    parts.unwrap(Parts.ETHERNET + 20, drop);
    parts.lowerTimeToLive(Parts.ETHERNET);
    parts.ethernet(Parts.ETHERTYPE_IPV4);
    parts.send(Parts.Line.OF_DOMAIN);
    refuse(parts, settings, excluded, Drop.SOURCE_PORT_EXCLUDED, Parts.Line.OF_NONE);
    refuse(parts, settings, spoofed, Drop.SUBSCRIBER_SPOOFED, Parts.Line.OF_DOMAIN);
    parts.end(drop);
    return asm.program();
  }

  /// Drops what the rules refuse. While others are accepted that held before, it is Java's, which
  /// asks them too.
  private static void refuse(
      Parts parts, ProgramSettings settings, Label refused, Drop drop, Parts.Line line) {
    var asm = parts.asm;
    asm.here(refused);
    asm.note("no other rules are accepted");
    asm.moveMapValue(R1, settings.descriptor(), ProgramSettings.LENIENT);
    asm.load(WORD, R1, R1, 0);
    asm.jumpIf(R1, NOT_EQUAL, 0, parts.pass);
    parts.drop(asm.label(drop.name()), drop, line);
  }

  /// The target is the relay of the domain, and the outer source all 128 bits of the MAP address
  /// (RFC 7597 §8.1).
  private static void own(Parts parts, Label spoofed) {
    parts.asm.note("to the relay of the domain");
    same(parts, 24, R8, 32, parts.pass);
    same(parts, 32, R8, 40, parts.pass);
    parts.asm.note("the subscriber's own");
    same(parts, 8, R10, Parts.MAP_HIGH, spoofed);
    same(parts, 16, R10, Parts.MAP_LOW, spoofed);
  }

  private static void same(Parts parts, int outer, Register base, int at, Label other) {
    parts.asm.load(LONG, R1, R7, outer - Parts.IPV6);
    parts.asm.bigEndian(R1, LONG);
    parts.asm.load(LONG, R2, base, at);
    parts.asm.jumpIf(R1, NOT_EQUAL, R2, other);
  }
}
