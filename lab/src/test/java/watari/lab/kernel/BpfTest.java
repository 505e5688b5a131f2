package watari.lab.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.BpfMap;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.offload.Assembler;
import watari.host.offload.Condition;
import watari.host.offload.KernelFunction;
import watari.host.offload.Operation;
import watari.host.offload.Program;
import watari.host.offload.Width;
import watari.lab.NeedsNamespaces;

/// Programs that the kernel of this machine runs.
@NeedsNamespaces
final class BpfTest {
  private static final int XDP_DROP = 1;
  private static final int XDP_PASS = 2;
  private static final int FRAME = 64;

  private final Bpf bpf = new Bpf();
  private final List<Integer> descriptors = new ArrayList<>();
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    var libc = new Libc();
    descriptors.forEach(libc::close);
    arena.close();
  }

  private int kept(int descriptor) {
    descriptors.add(descriptor);
    return descriptor;
  }

  /// Drops frames of IPv4 and counts them, and lets others pass.
  private static Program counting(int map) {
    var asm = new Assembler("count_ipv4");
    var pass = asm.label("pass");
    asm.load(Width.WORD, R2, R1, 0);
    asm.load(Width.WORD, R3, R1, 4);
    asm.move(R0, R2);
    asm.compute(R0, Operation.ADD, 14);
    asm.jumpIf(R0, Condition.ABOVE, R3, pass);
    asm.load(Width.HALF, R0, R2, 12);
    asm.bigEndian(R0, Width.HALF);
    asm.jumpIf(R0, Condition.NOT_EQUAL, 0x0800, pass);
    asm.store(Width.WORD, R10, -4, 1);
    asm.moveMap(R1, map);
    asm.move(R2, R10);
    asm.compute(R2, Operation.ADD, -4);
    asm.call(KernelFunction.MAP_LOOKUP);
    asm.jumpIf(R0, Condition.EQUAL, 0, pass);
    asm.move(R1, 1);
    asm.addInMemory(Width.LONG, R0, 0, R1);
    asm.move(R0, XDP_DROP);
    asm.exit();
    asm.here(pass);
    asm.move(R0, XDP_PASS);
    asm.exit();
    return asm.program();
  }

  @Test
  void aProgramOfOursJudgesFramesAndCountsThem() throws KernelException {
    int map = kept(bpf.create(BpfMap.sharedArray("counts", Long.BYTES, 2)));
    var counting = counting(map);
    int program = kept(bpf.load(Hook.XDP, counting.name(), counting.code()));
    var frame = arena.allocate(FRAME);
    var out = arena.allocate(FRAME);
    frame.set(JAVA_BYTE, 12, (byte) 8);
    for (int i = 0; i < 3; i++) {
      assertThat(bpf.run(program, frame.address(), FRAME, out.address(), FRAME))
          .isEqualTo(new Bpf.Outcome(XDP_DROP, FRAME));
    }
    frame.set(JAVA_BYTE, 13, (byte) 6);
    assertThat(bpf.run(program, frame.address(), FRAME, out.address(), FRAME).result())
        .isEqualTo(XDP_PASS);
    assertThat(out.asSlice(12, 2).toArray(JAVA_BYTE)).containsExactly(8, 6);
    assertThat(value(map, 1)).isEqualTo(3);
    assertThat(value(map, 0)).isZero();
  }

  private long value(int map, int index) throws KernelException {
    var key = arena.allocateFrom(JAVA_INT, index);
    var value = arena.allocate(JAVA_LONG);
    assertThat(bpf.lookup(map, key.address(), value.address())).isTrue();
    return value.get(JAVA_LONG, 0);
  }

  @Test
  void keysComeAndGo() throws KernelException {
    int map = kept(bpf.create(new BpfMap("keys", BpfMap.Kind.HASH, 4, 8, 16, 0)));
    var key = arena.allocateFrom(JAVA_INT, 7);
    var value = arena.allocateFrom(JAVA_LONG, 70L);
    assertThat(bpf.lookup(map, key.address(), value.address())).isFalse();
    bpf.update(map, key.address(), value.address());
    assertThat(value(map, 7)).isEqualTo(70);
    var next = arena.allocate(JAVA_INT);
    assertThat(bpf.nextKey(map, 0, next.address())).isTrue();
    assertThat(next.get(JAVA_INT, 0)).isEqualTo(7);
    assertThat(bpf.nextKey(map, next.address(), next.address())).isFalse();
    assertThat(bpf.delete(map, key.address())).isTrue();
    assertThat(bpf.delete(map, key.address())).isFalse();
  }

  @Test
  void whatTheVerifierRefusesIsSaidInItsWords() {
    var asm = new Assembler("blind");
    asm.load(Width.WORD, R2, R1, 0);
    asm.load(Width.BYTE, R0, R2, 0);
    asm.exit();
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> bpf.load(Hook.XDP, "blind", asm.program().code()))
        .withMessageContaining("loading the program blind (")
        .withMessageContaining("invalid access to packet");
  }

  @Test
  void valuesOfASharedArrayAreMemoryOfOurs() throws KernelException {
    int map = kept(bpf.create(BpfMap.sharedArray("shared", Long.BYTES, 512)));
    var libc = new Libc();
    long address = libc.mmapShared(4096, Libc.PROT_READ | Libc.PROT_WRITE, map);
    assertThat(address).isPositive();
    var values = java.lang.foreign.MemorySegment.ofAddress(address);
    assertThat(values.address()).isEqualTo(address);
    assertThat(libc.munmap(address, 4096)).isZero();
    assertThat(value(map, 511)).isZero();
  }
}
