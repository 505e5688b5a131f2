package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.BELOW_OR_EQUAL;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
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
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.WORD;

import watari.core.wire.Protocol;

/// A frame that the kernel has made a packet of: `struct __sk_buff` and the verdicts of tcx
/// (`linux/bpf.h`).
///
/// It can be a super-packet, which the kernel or a card cuts where it must: many TCP segments or
/// UDP datagrams of one flow behind one header, the checksum open. It stays whole, and each piece
/// has the length that its sender gave it, as if it had come by itself; the kernel knows how to cut
/// one behind an outer header of IPv6 as well.
record TcFrame(Assembler asm) implements Frame {
  private static final int LENGTH = 0;
  private static final int PACKET_TYPE = 4;
  private static final int IS_TAGGED = 20;
  private static final int PIECE_PAYLOAD = 176;

  /// A TCP header is so much longer than one of UDP.
  private static final int TCP_BEYOND_UDP = 12;

  private static final int IPV4_AND_UDP = 28;
  private static final int IPV4_AND_TCP = 40;

  /// Of `bpf_skb_adjust_room`: right behind the Ethernet header.
  private static final int BEHIND_ETHERNET = 1;

  /// The pieces of a super-packet keep their payload.
  private static final int SAME_PIECES = 1;

  private static final int INTO_IPV6 = 1 << 2;
  private static final int CHECKED_STAYS_CHECKED = 1 << 5;
  private static final int OUT_TO_IPV4 = 1 << 7;

  /// Of `bpf_l4_csum_replace`: what changes is in the pseudo-header too.
  private static final int OF_ADDRESSES = 1 << 4;

  private static final int ZERO_IS_NONE = 1 << 5;

  @Override
  public int data() {
    return 76;
  }

  @Override
  public int dataEnd() {
    return 80;
  }

  /// On to the next program, or to the kernel.
  @Override
  public int pass() {
    return -1;
  }

  @Override
  public int drop() {
    return 2;
  }

  /// A frame to somebody else is unusual here, and one with a tag, which lies beside it.
  @Override
  public void open(int least, Label pass) {
    asm.note("to this machine");
    asm.load(WORD, R1, R6, PACKET_TYPE);
    asm.jumpIf(R1, NOT_EQUAL, 0, pass);
    asm.load(WORD, R1, R6, IS_TAGGED);
    asm.jumpIf(R1, NOT_EQUAL, 0, pass);
    pull(least + TCP_BEYOND_UDP);
    bounds(least, pass);
  }

  /// Has the kernel bring so many bytes to where they can be read, or what there is.
  private void pull(int wanted) {
    var there = asm.label("there");
    var all = asm.label("all");
    bounds(wanted, all);
    asm.jump(there);
    asm.here(all);
    asm.load(WORD, R2, R6, LENGTH);
    var shorter = asm.label("shorter");
    asm.jumpIf(R2, BELOW_OR_EQUAL, wanted, shorter);
    asm.move(R2, wanted);
    asm.here(shorter);
    asm.move(R1, R6);
    asm.call(KernelFunction.SKB_PULL_DATA);
    asm.here(there);
  }

  @Override
  public void rest(int at) {
    asm.load(WORD, R3, R6, LENGTH);
    asm.compute(R3, SUBTRACT, at);
  }

  @Override
  public void longest(Label pass) {
    var single = asm.label("single");
    var headers = asm.label("headers");
    asm.note("a super-packet");
    asm.load(WORD, R2, R6, PIECE_PAYLOAD);
    asm.jumpIf(R2, EQUAL, 0, single);
    asm.load(WORD, R3, R6, dataEnd());
    asm.move(R1, R7);
    asm.compute(R1, ADD, IPV4_AND_TCP);
    asm.jumpIf(R1, ABOVE, R3, pass);
    asm.load(BYTE, R3, R7, 9);
    asm.move(R1, IPV4_AND_UDP);
    asm.jumpIf(R3, EQUAL, Protocol.UDP, headers);
    asm.load(BYTE, R1, R7, 32);
    asm.compute(R1, SHIFT_RIGHT, 4);
    asm.compute(R1, SHIFT_LEFT, 2);
    asm.compute(R1, ADD, 20);
    asm.here(headers);
    asm.compute(R1, ADD, R2);
    asm.here(single);
  }

  @Override
  public void wrap(Label pass) {
    adjustRoom(Parts.IPV6, INTO_IPV6, pass);
  }

  @Override
  public void unwrap(Label pass) {
    adjustRoom(-Parts.IPV6, OUT_TO_IPV4, pass);
  }

  private void adjustRoom(int by, int way, Label pass) {
    asm.move(R1, R6);
    asm.move(R2, by);
    asm.move(R3, BEHIND_ETHERNET);
    asm.move(R4, way | SAME_PIECES | CHECKED_STAYS_CHECKED);
    asm.call(KernelFunction.SKB_ADJUST_ROOM);
    asm.jumpIf(R0, NOT_EQUAL, 0, pass);
  }

  /// An open checksum covers the addresses only so far, and the kernel knows which one is open; the
  /// card's sum changes with it.
  @Override
  public void changeSum(int at, int addresses, int all, boolean isUdp, Label drop) {
    var done = asm.label("sum_done_" + at);
    if (isUdp) {
      withoutSum(at, addresses, all, done);
    }
    int zero = isUdp ? ZERO_IS_NONE : 0;
    asm.load(HALF, R4, R10, addresses);
    changeSum(at, zero | OF_ADDRESSES);
    changeOfPorts(R4, addresses, all);
    changeSum(at, zero);
    asm.here(done);
    bounds(at + Short.BYTES, drop);
  }

  /// Where there is none, nothing makes up for the ports in the card's sum.
  private void withoutSum(int at, int addresses, int all, Label done) {
    var some = asm.label("sum_" + at);
    asm.load(HALF, R1, R7, at);
    asm.jumpIf(R1, NOT_EQUAL, 0, some);
    changeOfPorts(R2, addresses, all);
    asm.move(R1, R6);
    asm.call(KernelFunction.CSUM_UPDATE);
    asm.jump(done);
    asm.here(some);
  }

  private void changeOfPorts(Register into, int addresses, int all) {
    asm.load(HALF, into, R10, addresses);
    asm.compute(into, XOR, 0xffff);
    asm.load(HALF, R1, R10, all);
    asm.compute(into, ADD, R1);
  }

  /// By the change in R4.
  private void changeSum(int at, int flags) {
    asm.move(R1, R6);
    asm.move(R2, at);
    asm.move(R3, 0);
    asm.move(R5, flags);
    asm.call(KernelFunction.L4_CSUM_REPLACE);
  }

  /// A card may have summed up all that is behind the Ethernet header.
  @Override
  public void wrapped() {
    asm.note("the card's sum");
    asm.move(R1, 0);
    asm.move(R2, 0);
    asm.move(R3, R7);
    asm.compute(R3, ADD, Parts.ETHERNET);
    asm.move(R4, Parts.IPV6);
    asm.move(R5, 0);
    asm.call(KernelFunction.CSUM_DIFF);
    asm.move(R1, R6);
    asm.move(R2, R0);
    asm.call(KernelFunction.CSUM_UPDATE);
  }

  /// A super-packet would be none any more.
  @Override
  public void shorten(Label pass) {
    asm.load(WORD, R2, R6, PIECE_PAYLOAD);
    asm.jumpIf(R2, NOT_EQUAL, 0, pass);
    asm.load(WORD, R2, R6, LENGTH);
    asm.compute(R2, SUBTRACT, R1);
    asm.move(R1, R6);
    asm.move(R3, 0);
    asm.call(KernelFunction.SKB_CHANGE_TAIL);
    asm.jumpIf(R0, NOT_EQUAL, 0, pass);
  }
}
