package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.ABOVE_OR_EQUAL;
import static watari.host.offload.Condition.ANY_BIT;
import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.BELOW_OR_EQUAL;
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
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R8;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.rule.RuleTable;
import watari.core.verdict.Pass;
import watari.core.verdict.Verdict;
import watari.core.wire.Protocol;
import watari.host.kernel.Bpf.Hook;

/// What the programs of several ways have in common, a part a method. The registers mean the same
/// in all of them:
///
/// ```
/// R6  the context        R8  the shape of the rule
/// R7  the IPv4 header    R9  the IPv4 address in question
/// ```
///
/// A packet that is unusual goes on to [#pass] unchanged; Java has it then.
final class Parts {
  static final int ETHERNET = 14;
  static final int IPV6 = 40;

  /// Places on the stack.
  static final int LENGTH = -16;

  static final int PORT = -24;
  static final int MAP_HIGH = -32;
  static final int MAP_LOW = -40;
  static final int FREE = -48;
  static final int LONGEST = -64;
  private static final int HOP = -56;

  static final int KEY = Trie.KEY;

  /// Header fields as a little-endian machine reads them.
  static final int ETHERTYPE_IPV4 = 0x0008;

  static final int ETHERTYPE_IPV6 = 0xdd86;
  private static final int FRAGMENT_BITS = 0xff3f;

  private static final int IPV4_WITHOUT_OPTIONS = 0x45;
  private static final int IPV4_AND_UDP = 28;
  private static final int IPV4_AND_TCP = 40;
  private static final int TCP_FLAGS = 33;
  private static final int SYN = 2;

  final Assembler asm;
  final Label pass;
  private final Frame frame;
  private final Trie trie;
  private final HopMaps hops;
  private final Counts.Place counts;
  private final int outerBytes;
  private int numbered;

  /// @param counts where its packets are counted
  /// @param outerBytes of the headers that packets have before the IPv4 header when they come in
  Parts(Hook hook, Assembler asm, HopMaps hops, Counts.Place counts, int outerBytes) {
    this.asm = asm;
    frame = Frame.at(hook, asm, hops.own().descriptor());
    this.hops = hops;
    this.counts = counts;
    this.outerBytes = outerBytes;
    pass = asm.label("pass");
    trie = new Trie(asm, pass);
  }

  /// A label of a part that a program may have several times.
  Label numbered(String name) {
    return asm.label(name + "_" + ++numbered);
  }

  /// Leaves the frame's first byte in R7 and what lies behind its last one in R3.
  ///
  /// @param least a frame that is shorter is unusual
  void begin(int least) {
    asm.move(R6, R1);
    frame.open(least, pass);
  }

  /// Leaves in R3 how many bytes of the frame follow the one that R7 points to.
  ///
  /// @param at which one that is, from 0
  void rest(int at) {
    frame.rest(at);
  }

  /// Lets pass whatever is no whole TCP or UDP packet with a plain and right header and time to
  /// live, and SYNs, whose MSS Java clamps. Wants the end of the frame in R3; R7 up to
  /// [#IPV4_AND_UDP] has been checked. Leaves the packet's length at [#LENGTH].
  void plainIpv4() {
    asm.note("version 4, no options");
    asm.load(BYTE, R1, R7, 0);
    asm.jumpIf(R1, NOT_EQUAL, IPV4_WITHOUT_OPTIONS, pass);
    asm.load(HALF, R5, R7, 2);
    asm.bigEndian(R5, HALF);
    asm.jumpIf(R5, BELOW, IPV4_AND_UDP, pass);
    asm.store(LONG, R10, LENGTH, R5);
    asm.note("no fragment");
    asm.load(HALF, R1, R7, 6);
    asm.jumpIf(R1, ANY_BIT, FRAGMENT_BITS, pass);
    asm.note("time to live");
    asm.load(BYTE, R1, R7, 8);
    asm.jumpIf(R1, BELOW_OR_EQUAL, 1, pass);
    rightChecksum();
    plainTransport();
  }

  private void rightChecksum() {
    asm.note("the checksum of the header");
    asm.load(WORD, R0, R7, 0);
    for (int word = 4; word < 20; word += 4) {
      asm.load(WORD, R1, R7, word);
      asm.compute(R0, ADD, R1);
    }
    fold(32);
    fold(16);
    fold(16);
    fold(16);
    asm.jumpIf(R0, NOT_EQUAL, 0xffff, pass);
  }

  /// Adds the bits of R0 from `bits` on to those below.
  void fold(int bits) {
    asm.move(R1, R0);
    asm.compute(R1, SHIFT_RIGHT, bits);
    if (bits == Integer.SIZE) {
      asm.compute32(R0, OR, 0);
    } else {
      asm.compute(R0, AND, 0xffff);
    }
    asm.compute(R0, ADD, R1);
  }

  /// Wants the length in R5 and the end of the frame in R3.
  private void plainTransport() {
    var plain = numbered("plain");
    asm.load(BYTE, R1, R7, 9);
    asm.jumpIf(R1, EQUAL, Protocol.UDP, plain);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.TCP, pass);
    asm.jumpIf(R5, BELOW, IPV4_AND_TCP, pass);
    asm.move(R1, R7);
    asm.compute(R1, ADD, IPV4_AND_TCP);
    asm.jumpIf(R1, ABOVE, R3, pass);
    asm.load(BYTE, R1, R7, TCP_FLAGS);
    asm.jumpIf(R1, ANY_BIT, SYN, pass);
    asm.here(plain);
  }

  /// Leaves an address of the header in R9.
  void address(int at) {
    asm.load(WORD, R9, R7, at);
    asm.bigEndian(R9, WORD);
  }

  /// Leaves a port at [#PORT].
  void port(int at) {
    asm.load(HALF, R1, R7, at);
    asm.bigEndian(R1, HALF);
    asm.store(LONG, R10, PORT, R1);
  }

  /// Lets pass what has an address in R9 that no packet of the Internet has, as
  /// [watari.core.path.Martians] says.
  void noMartian() {
    asm.note("an address of the Internet");
    unless(24, 0, 10, 127);
    asm.jumpIf(R1, ABOVE_OR_EQUAL, 224, pass);
    unless(22, 100 << 2 | 1);
    unless(20, 172 << 4 | 1);
    unless(17, 198 << 7 | 9);
    unless(16, 169 << 8 | 254, 192 << 8 | 168);
    unless(8, 192 << 16);
  }

  /// Leaves R9 without its lowest bits in R1.
  private void unless(int bits, int... prefixes) {
    asm.move(R1, R9);
    asm.compute(R1, SHIFT_RIGHT, bits);
    for (int prefix : prefixes) {
      asm.jumpIf(R1, EQUAL, prefix, pass);
    }
  }

  /// Leaves the cell of the longest match for R9 among the rules in R0, 0 where there is none.
  void find(RuleMaps rules) {
    trie.find(rules.cells().descriptor());
  }

  /// Leaves the address of the value of the key at [#KEY] in R0.
  void lookup(int map) {
    asm.moveMap(R1, map);
    asm.move(R2, R10);
    asm.compute(R2, ADD, KEY);
    asm.call(KernelFunction.MAP_LOOKUP);
    asm.jumpIf(R0, EQUAL, 0, pass);
  }

  /// From the cell in R0 to the shape in R8, with bits 0 to 63 of the IPv6 prefix at [#MAP_HIGH]
  /// and the number of the next hop where [#hopOfRule] wants it. Rules that name PSIDs or lie
  /// around others are unusual.
  void row(RuleMaps rules) {
    asm.jumpIf(R0, EQUAL, 0, pass);
    asm.jumpIf(R0, ABOVE, RuleTable.GROUPS, pass);
    asm.compute(R0, SUBTRACT, 1);
    asm.store(WORD, R10, KEY, R0);
    lookup(rules.rows().descriptor());
    asm.load(LONG, R1, R0, 0);
    asm.store(LONG, R10, MAP_HIGH, R1);
    asm.load(WORD, R1, R0, RuleMaps.HOP);
    asm.store(LONG, R10, HOP, R1);
    asm.load(WORD, R1, R0, RuleMaps.SHAPE);
    asm.store(WORD, R10, KEY, R1);
    lookup(rules.shapes().descriptor());
    asm.move(R8, R0);
    asm.note("no rule around others");
    asm.load(BYTE, R1, R8, 23);
    asm.jumpIf(R1, ANY_BIT, 1, pass);
  }

  /// Leaves the PSID that owns the port at [#PORT] in R1.
  ///
  /// @param excluded where ports go that belong to nobody
  void psid(Label excluded) {
    asm.note("the PSID of the port");
    asm.load(LONG, R1, R10, PORT);
    asm.load(LONG, R2, R8, 56);
    asm.move(R4, R2);
    asm.compute(R4, SHIFT_RIGHT, 16);
    asm.compute(R4, AND, 0xffff);
    asm.jumpIf(R1, BELOW, R4, excluded);
    asm.load(BYTE, R3, R8, 19);
    asm.compute(R1, SHIFT_RIGHT, R3);
    asm.move(R3, R2);
    asm.compute(R3, AND, 0xffff);
    asm.compute(R1, AND, R3);
    asm.note("the PSID that the rule names");
    asm.move(R3, R2);
    asm.compute(R3, SHIFT_RIGHT, 32);
    asm.compute(R3, XOR, R1);
    asm.compute(R2, SHIFT_RIGHT, 48);
    asm.compute(R3, AND, R2);
    asm.jumpIf(R3, NOT_EQUAL, 0, pass);
  }

  /// From the PSID in R1, the address in R9 and the shape in R8 to the MAP address at [#MAP_HIGH]
  /// and [#MAP_LOW], as [watari.core.rule.RuleTable#high] and `low` say.
  void mapAddress() {
    eaBits();
    prefix();
    asm.note("the interface identifier");
    asm.load(WORD, R2, R8, 24);
    asm.compute(R2, AND, R9);
    asm.load(BYTE, R3, R8, 20);
    asm.compute(R2, SHIFT_LEFT, R3);
    asm.load(BYTE, R3, R8, 21);
    asm.compute(R1, SHIFT_LEFT, R3);
    asm.compute(R2, OR, R1);
    asm.note("a long prefix covers its beginning");
    asm.load(LONG, R3, R8, 48);
    asm.compute(R5, AND, R3);
    asm.compute(R3, XOR, -1);
    asm.compute(R2, AND, R3);
    asm.compute(R2, OR, R5);
    asm.store(LONG, R10, MAP_LOW, R2);
  }

  /// Leaves them in R2.
  private void eaBits() {
    asm.note("EA bits: suffix and PSID");
    asm.load(WORD, R2, R8, 28);
    asm.compute(R2, AND, R9);
    asm.load(BYTE, R3, R8, 17);
    asm.compute(R2, SHIFT_RIGHT, R3);
    asm.load(BYTE, R3, R8, 18);
    asm.compute(R2, SHIFT_LEFT, R3);
    asm.move(R4, 1);
    asm.compute(R4, SHIFT_LEFT, R3);
    asm.compute(R4, SUBTRACT, 1);
    asm.compute(R4, AND, R1);
    asm.compute(R2, OR, R4);
  }

  /// Leaves bits 64 to 127 of the end-user prefix in R5.
  private void prefix() {
    var wide = numbered("wide");
    var done = numbered("prefix_done");
    asm.load(BYTE, R3, R8, 16);
    asm.load(LONG, R4, R10, MAP_HIGH);
    asm.load(LONG, R5, R8, 8);
    asm.jumpIf(R3, ABOVE_OR_EQUAL, 64, wide);
    asm.note("EA bits on both sides of bit 64");
    asm.move(R0, R2);
    asm.compute(R0, SHIFT_RIGHT, 1);
    asm.compute(R2, SHIFT_LEFT, R3);
    asm.compute(R5, OR, R2);
    asm.move(R2, 63);
    asm.compute(R2, SUBTRACT, R3);
    asm.compute(R0, SHIFT_RIGHT, R2);
    asm.compute(R4, OR, R0);
    asm.jump(done);
    asm.here(wide);
    asm.compute(R3, SUBTRACT, 64);
    asm.compute(R2, SHIFT_LEFT, R3);
    asm.compute(R4, OR, R2);
    asm.here(done);
    asm.store(LONG, R10, MAP_HIGH, R4);
  }

  /// Leaves in R1 and at [#LONGEST] how long the longest IPv4 packet is that will be on the wire.
  void longest() {
    asm.load(LONG, R1, R10, LENGTH);
    frame.longest(pass);
    asm.store(LONG, R10, LONGEST, R1);
  }

  /// Makes room for an IPv6 header. R7 is the first byte of the frame then, R3 its end.
  ///
  /// @param least what is written or read there; the frame has it, which the verifier does not know
  void wrap(int least, Label drop) {
    frame.wrap(pass);
    frame.bounds(least, drop);
  }

  /// Changes a checksum of TCP or UDP by what has changed of what it covers, as [Frame#changeSum].
  void changeSum(int at, int addresses, int all, boolean isUdp, Label drop) {
    frame.changeSum(at, addresses, all, isUdp, drop);
  }

  /// To be called when the IPv6 header is written.
  void wrapped() {
    frame.wrapped();
  }

  /// Takes the IPv6 header away, otherwise as [#wrap].
  void unwrap(int least, Label drop) {
    frame.unwrap(pass);
    frame.bounds(least, drop);
  }

  /// Takes as many bytes off the end of the frame as R1 says, at least one, before [#wrap].
  void shorten() {
    frame.shorten(pass);
  }

  /// Lowers the time to live by one; the checksum rises by 0x100, around the end (RFC 1624 §3).
  void lowerTimeToLive(int header) {
    asm.note("time to live and its checksum");
    asm.load(BYTE, R1, R7, header + 8);
    asm.compute(R1, SUBTRACT, 1);
    asm.store(BYTE, R7, header + 8, R1);
    asm.load(HALF, R1, R7, header + 10);
    asm.bigEndian(R1, HALF);
    asm.compute(R1, ADD, 0x100);
    asm.move(R2, R1);
    asm.compute(R2, ADD, 1);
    asm.compute(R2, SHIFT_RIGHT, 16);
    asm.compute(R1, ADD, R2);
    asm.bigEndian(R1, HALF);
    asm.store(HALF, R7, header + 10, R1);
  }

  /// Where the far ends of the rule of [#row] lie: the next hop is kept at [#HOP].
  void hopOfRule() {
    asm.note("the next hop of the rule");
    asm.load(LONG, R1, R10, HOP);
    hop(IPV6);
  }

  /// Where the far end lies whose number is at [#KEY].
  void hopOfEnd() {
    asm.note("the next hop of the far end");
    lookup(hops.ends().descriptor());
    asm.load(WORD, R1, R0, 0);
    hop(IPV6);
  }

  /// Where the address in R9 lies.
  void hopOfAddress() {
    trie.find(hops.cells().descriptor());
    asm.jumpIf(R0, EQUAL, 0, pass);
    asm.move(R1, R0);
    asm.compute(R1, SUBTRACT, 1);
    hop(0);
  }

  /// Wants its number in R1, and what is longest at [#LONGEST]. Without one that is known the
  /// kernel has the packet, and what does not go there in one piece.
  ///
  /// @param more bytes that a packet has then
  private void hop(int more) {
    asm.store(WORD, R10, KEY, R1);
    lookup(hops.hops().descriptor());
    asm.load(WORD, R1, R0, 0);
    asm.jumpIf(R1, EQUAL, 0, pass);
    asm.load(WORD, R1, R0, HopMaps.MTU);
    asm.load(LONG, R2, R10, LONGEST);
    asm.compute(R2, ADD, more);
    asm.jumpIf(R2, ABOVE, R1, pass);
    asm.store(LONG, R10, HOP, R0);
  }

  /// Writes the Ethernet header.
  void ethernet(int type) {
    asm.load(LONG, R1, R10, HOP);
    for (int at = 0; at < 12; at += 4) {
      asm.load(WORD, R2, R1, HopMaps.ETHERNET + at);
      asm.store(WORD, R7, at, R2);
    }
    asm.move(R2, type);
    asm.store(HALF, R7, 12, R2);
  }

  /// Counts the packet as sent and sends the frame.
  void send(Line line) {
    count(Pass.SENT, line);
    asm.load(LONG, R1, R10, HOP);
    asm.load(WORD, R1, R1, 0);
    asm.move(R2, 0);
    asm.call(KernelFunction.REDIRECT);
    asm.exit();
  }

  /// Drops what comes to the label, and counts it.
  void drop(Label label, Verdict verdict, Line line) {
    asm.here(label);
    count(verdict, line);
    asm.move(R0, frame.drop());
    asm.exit();
  }

  /// A packet, and the bytes that came in, which [#LENGTH] says and the way's headers before it.
  private void count(Verdict verdict, Line line) {
    var counted = numbered("counted");
    asm.note("the line of the processor and domain");
    asm.call(KernelFunction.PROCESSOR);
    if (counts.lines() > 1) {
      asm.compute(R0, MULTIPLY, counts.lines());
    }
    if (line == Line.OF_DOMAIN) {
      asm.load(WORD, R1, R8, RuleMaps.LINE);
      asm.compute(R0, ADD, R1);
    }
    asm.store(WORD, R10, KEY, R0);
    asm.moveMap(R1, counts.descriptor());
    asm.move(R2, R10);
    asm.compute(R2, ADD, KEY);
    asm.call(KernelFunction.MAP_LOOKUP);
    asm.jumpIf(R0, EQUAL, 0, counted);
    asm.note("counted");
    asm.load(LONG, R2, R0, Counts.offset(verdict));
    asm.compute(R2, ADD, 1);
    asm.store(LONG, R0, Counts.offset(verdict), R2);
    asm.load(LONG, R2, R0, 0);
    asm.load(LONG, R3, R10, LENGTH);
    asm.compute(R2, ADD, R3);
    asm.compute(R2, ADD, outerBytes);
    asm.store(LONG, R0, 0, R2);
    asm.here(counted);
  }

  /// Where in [Counts] a packet is counted.
  enum Line {
    OF_NONE,
    /// That of the domain of the shape in R8.
    OF_DOMAIN
  }

  /// The two ends that no packet reaches by itself.
  void end(Label drop) {
    asm.here(drop);
    asm.move(R0, frame.drop());
    asm.exit();
    asm.here(pass);
    asm.move(R0, frame.pass());
    asm.exit();
  }
}
