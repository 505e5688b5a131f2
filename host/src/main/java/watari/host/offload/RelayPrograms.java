package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.BELOW_OR_EQUAL;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.OR;
import static watari.host.offload.Operation.SHIFT_LEFT;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Operation.SUBTRACT;
import static watari.host.offload.Operation.XOR;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R8;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.verdict.Drop;
import watari.core.wire.Protocol;
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
  /// @param counts descriptor of the map of [Counts]
  public static Program downstream(
      Hook hook, RuleMaps rules, HopMaps hops, ProgramSettings settings, int counts) {
    var asm = new Assembler("watari_down");
    var parts = new Parts(hook, asm, rules, hops, counts, 0);
    var drop = asm.label("drop");
    var excluded = asm.label("excluded");
    parts.begin(Parts.ETHERNET + 28);
    asm.load(HALF, R1, R7, 12);
    asm.jumpIf(R1, NOT_EQUAL, Parts.ETHERTYPE_IPV4, parts.pass);
    asm.compute(R7, ADD, Parts.ETHERNET);
    parts.plainIpv4();
    padding(parts);
    fitting(parts, settings);
    parts.address(SOURCE);
    parts.noMartian();
    parts.find();
    asm.note("not from a subscriber");
    asm.jumpIf(R0, NOT_EQUAL, 0, parts.pass);
    parts.address(TARGET);
    parts.find();
    parts.row();
    parts.hopOfRule();
    parts.port(TARGET_PORT);
    parts.psid(excluded);
    parts.mapAddress();
    narrow(parts, settings);
    cutPadding(parts);
    parts.wrap(Parts.ETHERNET + Parts.IPV6 + 20, drop);
    parts.lowerTimeToLive(Parts.ETHERNET + Parts.IPV6);
    outerHeader(parts, settings);
    parts.wrapped();
    parts.ethernet(Parts.ETHERTYPE_IPV6);
    parts.send();
    parts.drop(excluded, Drop.TARGET_PORT_EXCLUDED);
    parts.end(drop);
    return asm.program();
  }

  /// Leaves how many bytes follow the packet at [Parts#FREE].
  private static void padding(Parts parts) {
    parts.asm.note("padding behind the packet");
    parts.rest(Parts.ETHERNET);
    parts.asm.load(LONG, R1, R10, Parts.LENGTH);
    parts.asm.jumpIf(R1, ABOVE, R3, parts.pass);
    parts.asm.compute(R3, SUBTRACT, R1);
    parts.asm.store(LONG, R10, Parts.FREE, R3);
  }

  /// Wants the length in R1.
  private static void fitting(Parts parts, ProgramSettings settings) {
    parts.longest();
    parts.asm.note("it crosses in one piece");
    parts.asm.moveMapValue(R2, settings.descriptor(), ProgramSettings.TUNNEL_MTU);
    parts.asm.load(WORD, R2, R2, 0);
    parts.asm.jumpIf(R1, ABOVE, R2, parts.pass);
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
    var asm = parts.asm;
    asm.note("version and traffic class");
    asm.moveMapValue(R3, settings.descriptor(), 0);
    asm.load(BYTE, R1, R7, Parts.ETHERNET + Parts.IPV6 + 1);
    asm.load(WORD, R2, R3, ProgramSettings.COPIED_BITS);
    asm.compute(R1, AND, R2);
    asm.load(WORD, R2, R3, ProgramSettings.FIXED_BITS);
    asm.compute(R1, OR, R2);
    asm.compute(R1, OR, 6 << 8);
    asm.compute(R1, SHIFT_LEFT, 20);
    asm.bigEndian(R1, WORD);
    asm.store(WORD, R7, Parts.ETHERNET, R1);
    asm.load(LONG, R1, R10, Parts.LENGTH);
    asm.bigEndian(R1, HALF);
    asm.store(HALF, R7, Parts.ETHERNET + 4, R1);
    asm.store(BYTE, R7, Parts.ETHERNET + 6, Protocol.IPV4);
    asm.load(WORD, R1, R3, ProgramSettings.HOP_LIMIT);
    asm.store(BYTE, R7, Parts.ETHERNET + 7, R1);
    asm.note("from the relay to the MAP address");
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

  private static void cutPadding(Parts parts) {
    var asm = parts.asm;
    var whole = asm.label("whole");
    asm.load(LONG, R1, R10, Parts.FREE);
    asm.jumpIf(R1, EQUAL, 0, whole);
    parts.shorten();
    asm.here(whole);
  }

  /// From a tunnel to the Internet.
  ///
  /// @param hook where it will run
  /// @param counts descriptor of the map of [Counts]
  public static Program upstream(Hook hook, RuleMaps rules, HopMaps hops, int counts) {
    var asm = new Assembler("watari_up");
    var parts = new Parts(hook, asm, rules, hops, counts, Parts.IPV6);
    var drop = asm.label("drop");
    var excluded = asm.label("excluded");
    var spoofed = asm.label("spoofed");
    parts.begin(Parts.ETHERNET + Parts.IPV6 + 28);
    outer(parts);
    asm.compute(R7, ADD, Parts.ETHERNET + Parts.IPV6);
    parts.plainIpv4();
    asm.note("nothing behind the packet, in either header");
    parts.rest(Parts.ETHERNET + Parts.IPV6);
    asm.load(LONG, R1, R10, Parts.LENGTH);
    asm.jumpIf(R1, NOT_EQUAL, R3, parts.pass);
    asm.load(HALF, R2, R7, 4 - Parts.IPV6);
    asm.bigEndian(R2, HALF);
    asm.jumpIf(R1, NOT_EQUAL, R2, parts.pass);
    parts.address(SOURCE);
    parts.find();
    parts.row();
    parts.port(SOURCE_PORT);
    parts.psid(excluded);
    parts.mapAddress();
    own(parts, spoofed);
    congestion(parts);
    parts.address(TARGET);
    parts.noMartian();
    parts.find();
    asm.note("not to a subscriber");
    asm.jumpIf(R0, NOT_EQUAL, 0, parts.pass);
    parts.hopOfAddress();
    parts.unwrap(Parts.ETHERNET + 20, drop);
    parts.lowerTimeToLive(Parts.ETHERNET);
    parts.ethernet(Parts.ETHERTYPE_IPV4);
    parts.send();
    parts.drop(excluded, Drop.SOURCE_PORT_EXCLUDED);
    parts.drop(spoofed, Drop.SUBSCRIBER_SPOOFED);
    parts.end(drop);
    return asm.program();
  }

  private static void outer(Parts parts) {
    var asm = parts.asm;
    asm.load(HALF, R1, R7, 12);
    asm.jumpIf(R1, NOT_EQUAL, Parts.ETHERTYPE_IPV6, parts.pass);
    asm.load(BYTE, R1, R7, Parts.ETHERNET);
    asm.compute(R1, SHIFT_RIGHT, 4);
    asm.jumpIf(R1, NOT_EQUAL, 6, parts.pass);
    asm.note("IPv4 right behind the header");
    asm.load(BYTE, R1, R7, Parts.ETHERNET + 6);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.IPV4, parts.pass);
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

  /// Marks that differ are Java's to put together.
  private static void congestion(Parts parts) {
    var asm = parts.asm;
    asm.note("equal congestion marks");
    asm.load(WORD, R1, R7, -Parts.IPV6);
    asm.bigEndian(R1, WORD);
    asm.compute(R1, SHIFT_RIGHT, 20);
    asm.load(BYTE, R2, R7, 1);
    asm.compute(R1, XOR, R2);
    asm.compute(R1, AND, 3);
    asm.jumpIf(R1, NOT_EQUAL, 0, parts.pass);
  }
}
