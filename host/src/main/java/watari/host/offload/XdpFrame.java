package watari.host.offload;

import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.SUBTRACT;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;

/// A frame at the driver, in one piece: `struct xdp_md` and its verdicts (`linux/bpf.h`).
record XdpFrame(Assembler asm) implements Frame {
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
