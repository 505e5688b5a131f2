package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.ABOVE_OR_EQUAL;
import static watari.host.offload.Condition.ANY_BIT;
import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.MULTIPLY;
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
import static watari.host.offload.Register.R4;
import static watari.host.offload.Register.R5;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R8;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.nat.Carrier;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// What the two ways of a gateway have in common: a flow's row is found, its packet looked at, and
/// rewritten. R8 is the row once it is found.
final class FlowParts {
  static final int SOURCE = 12;
  static final int SOURCE_PORT = 20;
  static final int TARGET = 16;
  static final int TARGET_PORT = 22;

  /// Places on the stack beside those of [Parts]: what the row says, and the number of a segment
  /// with a one above it, or 0.
  static final int REWRITE = -72;

  /// Of the checksum of TCP or UDP.
  private static final int CHANGE = REWRITE + 6;

  private static final int CHANGES = -80;
  private static final int SEGMENT = -88;
  private static final int HEADER_CHANGE = CHANGES + FlowMap.HEADER_CHANGE - FlowMap.NUMBER;
  private static final int WAY = CHANGES + FlowMap.WAY - FlowMap.NUMBER;

  private static final int MARKS = Tcp.SYN | Tcp.FIN | Tcp.RST | Tcp.ACK;
  private static final int AHEAD_MAX = 1 << 24;
  private static final int IPV4 = 20;
  private static final int IPV4_AND_TCP = 40;

  private final Parts parts;
  private final Assembler asm;
  private final FlowMaps maps;

  FlowParts(Parts parts, FlowMaps maps) {
    this.parts = parts;
    asm = parts.asm;
    this.maps = maps;
  }

  /// Lets segments pass that may change a connection's state. Wants R7 and R3 as [Parts#plainIpv4];
  /// leaves the number at [#SEGMENT] that the other end will know them by.
  ///
  /// @param direction of [FlowRow]
  void plainSegment(int direction) {
    var done = parts.numbered("segment");
    asm.note("of TCP, only segments in the middle");
    asm.store(LONG, R10, SEGMENT, 0);
    asm.load(BYTE, R1, R7, 9);
    asm.jumpIf(R1, EQUAL, Protocol.UDP, done);
    asm.move(R1, R7);
    asm.compute(R1, ADD, IPV4_AND_TCP);
    asm.jumpIf(R1, ABOVE, R3, parts.pass);
    asm.load(BYTE, R1, R7, IPV4 + 13);
    asm.compute(R1, AND, MARKS);
    asm.jumpIf(R1, NOT_EQUAL, Tcp.ACK, parts.pass);
    if (direction == FlowRow.FROM_HOME) {
      asm.load(WORD, R1, R7, IPV4 + 8);
      asm.bigEndian(R1, WORD);
    } else {
      end();
    }
    asm.move(R2, 1);
    asm.compute(R2, SHIFT_LEFT, Integer.SIZE);
    asm.compute(R1, OR, R2);
    asm.store(LONG, R10, SEGMENT, R1);
    asm.here(done);
  }

  /// Leaves the sequence number behind the segment in R1.
  private void end() {
    asm.note("the number behind the segment");
    asm.load(LONG, R1, R10, Parts.LENGTH);
    asm.compute(R1, SUBTRACT, IPV4);
    asm.load(BYTE, R2, R7, IPV4 + 12);
    asm.compute(R2, SHIFT_RIGHT, 4);
    asm.compute(R2, SHIFT_LEFT, 2);
    asm.jumpIf(R2, ABOVE, R1, parts.pass);
    asm.compute(R1, SUBTRACT, R2);
    asm.load(WORD, R2, R7, IPV4 + 4);
    asm.bigEndian(R2, WORD);
    asm.compute32(R1, ADD, R2);
  }

  /// Finds the row of the packet whose header R7 points to, and copies what it says to the stack.
  ///
  /// @param direction of [FlowRow]
  void find(int direction) {
    asm.note("who speaks to whom");
    asm.load(LONG, R9, R7, SOURCE);
    asm.load(WORD, R8, R7, SOURCE_PORT);
    asm.load(BYTE, R1, R7, 9);
    asm.compute(R1, OR, direction << Byte.SIZE);
    asm.compute(R1, SHIFT_LEFT, Integer.SIZE);
    asm.compute(R8, OR, R1);
    bucket();
    parts.lookup(maps.rowsDescriptor());
    var found = parts.numbered("row");
    for (int row = 0; row < FlowMap.ROWS_EACH; row++) {
      probe(row * FlowMap.ROW, found);
    }
    asm.jump(parts.pass);
    asm.here(found);
    read();
  }

  /// Leaves the number of the bucket at [Parts#KEY], as [FlowMap.Hash] says.
  private void bucket() {
    FlowMap.Hash hash = maps.flows().hash();
    asm.note("its bucket");
    asm.moveLong(R2, hash.factor());
    asm.moveLong(R3, hash.otherFactor());
    asm.move(R1, R9);
    asm.compute(R1, MULTIPLY, R2);
    asm.compute(R3, MULTIPLY, R8);
    asm.compute(R1, ADD, R3);
    asm.move(R3, R1);
    asm.compute(R3, SHIFT_RIGHT, Integer.SIZE);
    asm.compute(R1, XOR, R3);
    asm.compute(R1, MULTIPLY, R2);
    asm.compute(R1, SHIFT_RIGHT, Long.SIZE - hash.bits());
    asm.store(WORD, R10, Parts.KEY, R1);
  }

  /// Goes on at `found` with the row in R0 and its edition in R2, if it is the one.
  private void probe(int at, Label found) {
    var other = parts.numbered("other_row");
    asm.load(WORD, R2, R0, at + FlowMap.EDITION);
    asm.load(LONG, R1, R0, at + FlowMap.KEY);
    asm.jumpIf(R1, NOT_EQUAL, R9, other);
    asm.load(LONG, R1, R0, at + FlowMap.OTHER_KEY);
    asm.jumpIf(R1, NOT_EQUAL, R8, other);
    asm.compute(R0, ADD, at);
    asm.jump(found);
    asm.here(other);
  }

  private void read() {
    asm.move(R8, R0);
    asm.note("not while Java writes");
    asm.jumpIf(R2, ANY_BIT, 1, parts.pass);
    asm.load(LONG, R1, R8, FlowMap.NUMBER);
    asm.load(LONG, R3, R8, FlowMap.REWRITE);
    asm.load(LONG, R4, R8, FlowMap.FAR_END);
    asm.load(LONG, R5, R8, FlowMap.FAR_END + 8);
    asm.note("and nothing new meanwhile");
    asm.load(WORD, R0, R8, FlowMap.EDITION);
    asm.jumpIf(R0, NOT_EQUAL, R2, parts.pass);
    asm.store(LONG, R10, CHANGES, R1);
    asm.store(LONG, R10, REWRITE, R3);
    asm.store(LONG, R10, Parts.MAP_HIGH, R4);
    asm.store(LONG, R10, Parts.MAP_LOW, R5);
  }

  /// Lets the first packet pass after a silence: Java knows whether the session is over.
  void awake() {
    asm.note("no silence");
    asm.moveMapValue(R1, maps.clockDescriptor(), FlowMaps.SECOND);
    asm.load(WORD, R1, R1, 0);
    asm.load(WORD, R2, R8, FlowMap.SECOND);
    asm.compute32(R1, SUBTRACT, R2);
    asm.jumpIf(R1, ABOVE_OR_EQUAL, Carrier.SILENCE_SECONDS, parts.pass);
  }

  /// Lets segments pass that lie far ahead of what has come; those behind say nothing new.
  void near() {
    var done = parts.numbered("near");
    asm.note("a number that may be");
    asm.load(LONG, R1, R10, SEGMENT);
    asm.jumpIf(R1, EQUAL, 0, done);
    asm.load(WORD, R2, R10, CHANGES);
    asm.compute32(R1, SUBTRACT, R2);
    var newer = parts.numbered("newer");
    asm.jumpIf32(R1, BELOW, Integer.MIN_VALUE, newer);
    asm.store(LONG, R10, SEGMENT, 0);
    asm.jump(done);
    asm.here(newer);
    asm.jumpIf(R1, ABOVE, AHEAD_MAX, parts.pass);
    asm.here(done);
  }

  /// Puts the way to the far end where [Parts#hopOfEnd] wants it.
  void way() {
    asm.load(HALF, R1, R10, WAY);
    asm.store(WORD, R10, Parts.KEY, R1);
  }

  /// Writes into the row what Java asks of it.
  void note() {
    var plain = parts.numbered("noted");
    asm.note("when, how much, and the number");
    asm.moveMapValue(R1, maps.clockDescriptor(), FlowMaps.SECOND);
    asm.load(WORD, R1, R1, 0);
    asm.store(WORD, R8, FlowMap.SECOND, R1);
    asm.load(LONG, R1, R8, FlowMap.BYTES);
    asm.load(LONG, R2, R10, Parts.LENGTH);
    asm.compute(R1, ADD, R2);
    asm.store(LONG, R8, FlowMap.BYTES, R1);
    asm.load(LONG, R1, R10, SEGMENT);
    asm.jumpIf(R1, EQUAL, 0, plain);
    asm.store(WORD, R8, FlowMap.NUMBER, R1);
    asm.here(plain);
  }

  /// Rewrites one endpoint, and the checksums by what changes. R7 is the first byte of the frame,
  /// R3 its end.
  ///
  /// @param header where the IPv4 header begins; so much and 28 bytes are there for sure
  /// @param address [#SOURCE] or [#TARGET]
  /// @param port [#SOURCE_PORT] or [#TARGET_PORT]
  /// @param drop where no packet comes, since all of its header was there before
  void rewrite(int header, int address, int port, Label drop) {
    asm.note("address and port");
    asm.load(LONG, R4, R10, REWRITE);
    asm.store(WORD, R7, header + address, R4);
    asm.compute(R4, SHIFT_RIGHT, Integer.SIZE);
    asm.store(HALF, R7, header + port, R4);
    asm.note("the checksum of the header");
    asm.load(HALF, R0, R7, header + 10);
    asm.load(HALF, R2, R10, HEADER_CHANGE);
    update(R2);
    asm.store(HALF, R7, header + 10, R0);
    transport(header, drop);
  }

  private void transport(int header, Label drop) {
    var udp = parts.numbered("udp");
    var done = parts.numbered("rewritten");
    asm.note("of TCP or UDP");
    asm.load(BYTE, R1, R7, header + 9);
    asm.jumpIf(R1, EQUAL, Protocol.UDP, udp);
    asm.move(R1, R7);
    asm.compute(R1, ADD, header + IPV4_AND_TCP);
    asm.jumpIf(R1, ABOVE, R3, drop);
    parts.changeSum(header + IPV4 + 16, HEADER_CHANGE, CHANGE, false, drop);
    asm.jump(done);
    asm.here(udp);
    parts.changeSum(header + IPV4 + 6, HEADER_CHANGE, CHANGE, true, drop);
    asm.here(done);
  }

  /// The checksum in R0 after a change (RFC 1624 §3).
  private void update(Register change) {
    asm.compute(R0, XOR, 0xffff);
    asm.compute(R0, ADD, change);
    parts.fold(Short.SIZE);
    asm.compute(R0, XOR, 0xffff);
  }
}
