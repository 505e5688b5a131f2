package watari.host.offload;

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
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

/// A frame at the driver, in one piece: `struct xdp_md` and its verdicts (`linux/bpf.h`).
///
/// @param own descriptor of the map of [HopMaps#own]
record XdpFrame(Assembler asm, int own) implements Frame {
  private static final int DEVICE = 12;

  @Override
  public int data() {
    return 0;
  }

  @Override
  public int dataEnd() {
    return 4;
  }

  @Override
  public int pass() {
    return 2;
  }

  @Override
  public int drop() {
    return 1;
  }

  @Override
  public void open(int least, Label pass) {
    bounds(least, pass);
    asm.note("to this machine");
    asm.load(WORD, R1, R6, DEVICE);
    asm.compute(R1, AND, HopMaps.OWN_MAX - 1);
    asm.compute(R1, SHIFT_LEFT, 3);
    asm.moveMapValue(R2, own, 0);
    asm.compute(R2, ADD, R1);
    asm.load(LONG, R2, R2, 0);
    asm.load(LONG, R1, R7, 0);
    asm.compute(R1, SHIFT_LEFT, Short.SIZE);
    asm.compute(R1, OR, HopMaps.OWN);
    asm.jumpIf(R1, NOT_EQUAL, R2, pass);
  }

  @Override
  public void rest(int at) {
    asm.compute(R3, SUBTRACT, R7);
  }

  /// Each one is the only one.
  @Override
  public void longest(Label pass) {}

  @Override
  public void wrap(Label pass) {
    moveHead(-Parts.IPV6, pass);
  }

  @Override
  public void unwrap(Label pass) {
    moveHead(Parts.IPV6, pass);
  }

  private void moveHead(int by, Label pass) {
    asm.move(R1, R6);
    asm.move(R2, by);
    asm.call(KernelFunction.XDP_ADJUST_HEAD);
    asm.jumpIf(R0, NOT_EQUAL, 0, pass);
  }

  /// RFC 1624 §3; zero would mean that there is none.
  @Override
  public void changeSum(int at, int addresses, int all, boolean isUdp, Label drop) {
    var done = asm.label("sum_done_" + at);
    var some = asm.label("sum_" + at);
    asm.load(HALF, R0, R7, at);
    if (isUdp) {
      asm.jumpIf(R0, EQUAL, 0, done);
    }
    asm.load(HALF, R1, R10, all);
    asm.compute(R0, XOR, 0xffff);
    asm.compute(R0, ADD, R1);
    asm.move(R1, R0);
    asm.compute(R1, SHIFT_RIGHT, Short.SIZE);
    asm.compute(R0, AND, 0xffff);
    asm.compute(R0, ADD, R1);
    asm.compute(R0, XOR, 0xffff);
    if (isUdp) {
      asm.jumpIf(R0, NOT_EQUAL, 0, some);
      asm.move(R0, 0xffff);
    }
    asm.here(some);
    asm.store(HALF, R7, at, R0);
    asm.here(done);
  }

  /// Nobody has looked at the frame before.
  @Override
  public void wrapped() {}

  @Override
  public void shorten(Label pass) {
    asm.move(R2, 0);
    asm.compute(R2, SUBTRACT, R1);
    asm.move(R1, R6);
    asm.call(KernelFunction.XDP_ADJUST_TAIL);
    asm.jumpIf(R0, NOT_EQUAL, 0, pass);
  }
}
