package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.OR;
import static watari.host.offload.Operation.SHIFT_LEFT;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Operation.SUBTRACT;
import static watari.host.offload.Operation.XOR;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.wire.Protocol;

/// What relay and gateway do alike at the ends of a tunnel.
final class TunnelParts {
  private TunnelParts() {}

  /// A frame with an IPv4 packet; R7 is its header then.
  static void plain(Parts parts) {
    parts.asm.load(HALF, R1, R7, 12);
    parts.asm.jumpIf(R1, NOT_EQUAL, Parts.ETHERTYPE_IPV4, parts.pass);
    parts.asm.compute(R7, ADD, Parts.ETHERNET);
  }

  /// A frame with an IPv4 packet right behind an IPv6 header; R7 is the inner header then.
  static void outer(Parts parts) {
    var asm = parts.asm;
    asm.load(HALF, R1, R7, 12);
    asm.jumpIf(R1, NOT_EQUAL, Parts.ETHERTYPE_IPV6, parts.pass);
    asm.load(BYTE, R1, R7, Parts.ETHERNET);
    asm.compute(R1, SHIFT_RIGHT, 4);
    asm.jumpIf(R1, NOT_EQUAL, 6, parts.pass);
    asm.note("IPv4 right behind the header");
    asm.load(BYTE, R1, R7, Parts.ETHERNET + 6);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.IPV4, parts.pass);
    asm.compute(R7, ADD, Parts.ETHERNET + Parts.IPV6);
  }

  /// Leaves how many bytes follow the packet at [Parts#FREE].
  static void padding(Parts parts) {
    parts.asm.note("padding behind the packet");
    parts.rest(Parts.ETHERNET);
    parts.asm.load(LONG, R1, R10, Parts.LENGTH);
    parts.asm.jumpIf(R1, ABOVE, R3, parts.pass);
    parts.asm.compute(R3, SUBTRACT, R1);
    parts.asm.store(LONG, R10, Parts.FREE, R3);
  }

  /// Lets pass what does not cross in one piece.
  static void fitting(Parts parts, ProgramSettings settings) {
    parts.longest();
    parts.asm.note("it crosses in one piece");
    parts.asm.moveMapValue(R2, settings.descriptor(), ProgramSettings.TUNNEL_MTU);
    parts.asm.load(WORD, R2, R2, 0);
    parts.asm.jumpIf(R1, ABOVE, R2, parts.pass);
  }

  /// Takes the padding away, as much as [#padding] has found; before [Parts#wrap].
  static void cutPadding(Parts parts) {
    var asm = parts.asm;
    var whole = asm.label("whole");
    asm.load(LONG, R1, R10, Parts.FREE);
    asm.jumpIf(R1, EQUAL, 0, whole);
    parts.shorten();
    asm.here(whole);
  }

  /// Lets pass what has bytes behind the packet, or another length in the outer header.
  static void whole(Parts parts) {
    var asm = parts.asm;
    asm.note("nothing behind the packet, in either header");
    parts.rest(Parts.ETHERNET + Parts.IPV6);
    asm.load(LONG, R1, R10, Parts.LENGTH);
    asm.jumpIf(R1, NOT_EQUAL, R3, parts.pass);
    asm.load(HALF, R2, R7, 4 - Parts.IPV6);
    asm.bigEndian(R2, HALF);
    asm.jumpIf(R1, NOT_EQUAL, R2, parts.pass);
  }

  /// Marks that differ are Java's to put together.
  static void congestion(Parts parts) {
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

  /// All of the outer header but its addresses. R7 is the first byte of the frame.
  static void outerHeader(Parts parts, ProgramSettings settings) {
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
  }
}
