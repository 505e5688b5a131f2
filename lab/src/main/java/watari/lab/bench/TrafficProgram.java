package watari.lab.bench;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.DIVIDE;
import static watari.host.offload.Operation.MULTIPLY;
import static watari.host.offload.Operation.OR;
import static watari.host.offload.Operation.SHIFT_LEFT;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Operation.SUBTRACT;
import static watari.host.offload.Operation.XOR;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R5;
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R8;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import watari.core.net.Ipv6Address;
import watari.core.wire.Protocol;
import watari.host.offload.Assembler;
import watari.host.offload.KernelFunction;
import watari.host.offload.Label;
import watari.host.offload.Program;
import watari.host.offload.Register;

/// Writes every header of a frame anew and sends it: the last frame in the same memory may have
/// lost or gained some on its way.
///
/// ```
/// R6  the frame           R8  the subscriber's address    R0  the rule, or the host
/// R7  the random number   R9  the subscriber's port       R5  the address in the Internet
/// ```
final class TrafficProgram {
  private static final long MULTIPLIER = 6364136223846793005L;
  private static final int INCREMENT = 0x3c6ef35f;
  private static final int DATA = 0;
  private static final int DATA_END = 4;
  private static final int DROP = 1;
  private static final int IPV4 = 20;
  private static final int UDP = 8;
  private static final int HOPS = 64;
  private static final int DO_NOT_FRAGMENT = 0x4000;

  private static final int NEXT = 8;
  static final int SENT = 16;
  static final int FIRST = 24;
  static final int LAST = 32;
  static final int PORTS = 40;

  /// From one stamp to the next, so many frames are made; a power of two.
  static final int STAMP_EACH = 1024;

  private static final int PORTS_MASK = 0xff;

  /// A random number, when the next frame may go, how many went, and when the first one and the
  /// last one with a stamp were made: eight bytes each; then the ports of hosts, two bytes each.
  static final int STATE_BYTES = PORTS + (PORTS_MASK + 1) * Short.BYTES;

  private final Assembler asm = new Assembler("watari_traffic");
  private final Traffic traffic;

  private TrafficProgram(Traffic traffic) {
    this.traffic = traffic;
  }

  /// @param device the index of the one that sends
  /// @param state descriptor of an array of one number of eight bytes, which changes with each
  ///   frame
  static Program of(Traffic traffic, Cable cable, int device, int state) {
    return new TrafficProgram(traffic).assemble(cable, device, state);
  }

  private Program assemble(Cable cable, int device, int state) {
    var drop = asm.label("drop");
    asm.load(WORD, R6, R1, DATA);
    asm.load(WORD, R2, R1, DATA_END);
    asm.move(R1, R6);
    asm.compute(R1, ADD, traffic.head() + IPV4 + UDP + Long.BYTES);
    asm.jumpIf(R1, ABOVE, R2, drop);
    if (traffic.gapNanos() > 0) {
      pace(state, drop);
    } else {
      stamp(state);
    }
    switch (traffic) {
      case RuleTraffic rules -> rules(rules, cable, state);
      case SessionTraffic sessions -> sessions(sessions, cable, state);
    }
    packet();
    if (traffic.gapNanos() > 0) {
      asm.note("when it was sent");
      asm.call(KernelFunction.CLOCK);
      asm.store(LONG, R6, traffic.head() + IPV4 + UDP, R0);
    }
    asm.move(R1, device);
    asm.move(R2, 0);
    asm.call(KernelFunction.REDIRECT);
    asm.exit();
    asm.here(drop);
    asm.move(R0, DROP);
    asm.exit();
    return asm.program();
  }

  private void pace(int state, Label drop) {
    asm.note("not yet");
    asm.call(KernelFunction.CLOCK);
    asm.moveMapValue(R1, state, 0);
    asm.load(LONG, R2, R1, NEXT);
    asm.jumpIf(R0, BELOW, R2, drop);
    asm.compute(R0, ADD, traffic.gapNanos());
    asm.store(LONG, R1, NEXT, R0);
    asm.load(LONG, R2, R1, SENT);
    asm.compute(R2, ADD, 1);
    asm.store(LONG, R1, SENT, R2);
  }

  private void stamp(int state) {
    var done = asm.label("stamped");
    asm.note("when it is made, of some");
    asm.moveMapValue(R7, state, 0);
    asm.load(LONG, R8, R7, SENT);
    asm.move(R2, R8);
    asm.compute(R2, ADD, 1);
    asm.store(LONG, R7, SENT, R2);
    asm.move(R2, R8);
    asm.compute(R2, AND, STAMP_EACH - 1);
    asm.jumpIf(R2, NOT_EQUAL, 0, done);
    asm.call(KernelFunction.CLOCK);
    asm.store(LONG, R7, LAST, R0);
    asm.jumpIf(R8, NOT_EQUAL, 0, done);
    asm.store(LONG, R7, FIRST, R0);
    asm.here(done);
  }

  private void random(int state) {
    asm.note("the next random number");
    asm.moveMapValue(R1, state, 0);
    asm.load(LONG, R7, R1, 0);
    asm.moveLong(R2, MULTIPLIER);
    asm.compute(R7, MULTIPLY, R2);
    asm.compute(R7, ADD, INCREMENT);
    asm.store(LONG, R1, 0, R7);
  }

  /// Leaves a random number below `count` in R0.
  private void below(int count) {
    asm.move(R0, R7);
    asm.compute(R0, SHIFT_RIGHT, Integer.SIZE);
    asm.compute(R0, MULTIPLY, count);
    asm.compute(R0, SHIFT_RIGHT, Integer.SIZE);
  }

  private void rules(RuleTraffic rules, Cable cable, int state) {
    random(state);
    subscriber(rules);
    ethernet(cable);
    if (rules.isTunnelled()) {
      tunnel();
    }
  }

  private void sessions(SessionTraffic sessions, Cable cable, int state) {
    if (sessions.isInOrder()) {
      next(sessions.sessions(), state);
    } else {
      random(state);
      below(sessions.sessions());
    }
    session(sessions, state);
    ethernet(cable);
    sessions.tunnel().ifPresent(this::tunnel);
  }

  /// Leaves the number of the next session in R0.
  private void next(int sessions, int state) {
    asm.note("the next session");
    asm.moveMapValue(R1, state, 0);
    asm.load(LONG, R0, R1, 0);
    asm.move(R2, R0);
    asm.compute(R2, ADD, 1);
    asm.store(LONG, R1, 0, R2);
    remainder(sessions);
  }

  /// Leaves R0 modulo `divisor` in R0, and the quotient in R2.
  private void remainder(int divisor) {
    asm.move(R2, R0);
    asm.compute(R2, DIVIDE, divisor);
    asm.move(R1, R2);
    asm.compute(R1, MULTIPLY, divisor);
    asm.compute(R0, SUBTRACT, R1);
  }

  private void session(SessionTraffic sessions, int state) {
    asm.note("the host, and whom it speaks to");
    remainder(SessionTraffic.HOSTS);
    asm.moveLong(R5, Integer.toUnsignedLong(SessionTraffic.REMOTES));
    asm.compute(R5, ADD, R2);
    asm.moveLong(R8, Integer.toUnsignedLong(sessions.address()));
    if (sessions.isUp()) {
      asm.compute(R8, ADD, R0);
    }
    asm.note("its port");
    asm.compute(R0, AND, PORTS_MASK);
    asm.compute(R0, SHIFT_LEFT, 1);
    asm.moveMapValue(R1, state, PORTS);
    asm.compute(R1, ADD, R0);
    asm.load(HALF, R9, R1, 0);
  }

  private void tunnel(Frames.Tunnel tunnel) {
    int at = 14;
    word(at, 6 << 28);
    word(at + 4, traffic.size() << 16 | Protocol.IPV4 << 8 | HOPS);
    number(at + 8, tunnel.source());
    number(at + 24, tunnel.target());
  }

  private void subscriber(RuleTraffic rules) {
    asm.note("a rule, an address and a port of it");
    below(rules.rules());
    asm.move(R8, R0);
    asm.compute(R8, SHIFT_LEFT, ManyRules.ADDRESS_BITS);
    asm.compute(R8, ADD, rules.first());
    bits(R1, 12, 0xff);
    asm.compute(R8, ADD, R1);
    bits(R9, 20, 0xffff);
    asm.compute(R9, MULTIPLY, 65536 - ManyRules.PORTS);
    asm.compute(R9, SHIFT_RIGHT, 16);
    asm.compute(R9, ADD, ManyRules.PORTS);
    bits(R5, 36, 0xffff);
    asm.moveLong(R1, Integer.toUnsignedLong(rules.remote()));
    asm.compute(R5, OR, R1);
  }

  private void bits(Register to, int from, int mask) {
    asm.move(to, R7);
    asm.compute(to, SHIFT_RIGHT, from);
    asm.compute(to, AND, mask);
  }

  private void ethernet(Cable cable) {
    word(0, (int) (cable.target() >>> 16));
    word(4, (int) (cable.target() << 16 | cable.source() >>> 32));
    word(8, (int) cable.source());
    half(12, traffic.isTunnelled() ? 0x86dd : 0x0800);
  }

  private void tunnel() {
    int at = 14;
    word(at, 6 << 28);
    word(at + 4, traffic.size() << 16 | Protocol.IPV4 << 8 | HOPS);
    asm.note("the PSID");
    asm.move(R2, R9);
    asm.compute(R2, SHIFT_RIGHT, 4);
    asm.compute(R2, AND, 0xff);
    asm.note("the end-user prefix");
    asm.moveLong(R1, ManyRules.PREFIXES);
    asm.compute(R0, SHIFT_LEFT, ManyRules.PREFIX_BITS);
    asm.compute(R1, OR, R0);
    asm.move(R3, R8);
    asm.compute(R3, AND, 0xff);
    asm.compute(R3, SHIFT_LEFT, 16);
    asm.compute(R1, OR, R3);
    asm.move(R3, R2);
    asm.compute(R3, SHIFT_LEFT, 8);
    asm.compute(R1, OR, R3);
    store(at + 8, R1);
    asm.note("the interface identifier");
    asm.move(R1, R8);
    asm.compute(R1, SHIFT_LEFT, 16);
    asm.compute(R1, OR, R2);
    store(at + 16, R1);
    number(at + 24, ManyRules.RELAY);
  }

  private void number(int at, Ipv6Address address) {
    asm.moveLong(R1, address.high());
    store(at, R1);
    asm.moveLong(R1, address.low());
    store(at + 8, R1);
  }

  private void store(int at, Register from) {
    asm.bigEndian(from, LONG);
    asm.store(LONG, R6, at, from);
  }

  private void packet() {
    int at = traffic.head();
    var source = traffic.isUp() ? R8 : R5;
    var target = traffic.isUp() ? R5 : R8;
    word(at, 0x45 << 24 | traffic.size());
    word(at + 4, DO_NOT_FRAGMENT);
    checksum();
    asm.compute(R1, OR, (HOPS << 8 | Protocol.UDP) << 16);
    put(at + 8, R1);
    asm.move(R1, source);
    put(at + 12, R1);
    asm.move(R1, target);
    put(at + 16, R1);
    ports(at + IPV4);
    asm.note("no checksum over the payload (RFC 768)");
    word(at + IPV4 + 4, (traffic.size() - IPV4) << 16);
  }

  /// Leaves it in R1.
  private void checksum() {
    asm.note("the checksum of the header");
    int constant = (0x45 << 8) + traffic.size() + DO_NOT_FRAGMENT + (HOPS << 8 | Protocol.UDP);
    asm.move(R1, constant);
    for (var address : new Register[] {R5, R8}) {
      asm.move(R2, address);
      asm.compute(R2, AND, 0xffff);
      asm.compute(R1, ADD, R2);
      asm.move(R2, address);
      asm.compute(R2, SHIFT_RIGHT, 16);
      asm.compute(R1, ADD, R2);
    }
    for (int fold = 0; fold < 2; fold++) {
      asm.move(R2, R1);
      asm.compute(R2, SHIFT_RIGHT, 16);
      asm.compute(R1, AND, 0xffff);
      asm.compute(R1, ADD, R2);
    }
    asm.compute(R1, XOR, 0xffff);
  }

  private void ports(int at) {
    asm.move(R1, R9);
    if (traffic.isUp()) {
      asm.compute(R1, SHIFT_LEFT, 16);
      asm.compute(R1, OR, Traffic.REMOTE_PORT);
    } else {
      asm.compute(R1, OR, Traffic.REMOTE_PORT << 16);
    }
    put(at, R1);
  }

  private void put(int at, Register from) {
    asm.bigEndian(from, WORD);
    asm.store(WORD, R6, at, from);
  }

  private void word(int at, int value) {
    asm.store(WORD, R6, at, Integer.reverseBytes(value));
  }

  private void half(int at, int value) {
    asm.store(HALF, R6, at, Short.toUnsignedInt(Short.reverseBytes((short) value)));
  }
}
