package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.DIVIDE;
import static watari.host.offload.Operation.SHIFT_LEFT;
import static watari.host.offload.Operation.SUBTRACT;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R6;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import java.io.Closeable;
import java.io.IOException;
import watari.core.wire.Protocol;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.SharedArray;
import watari.host.offload.Assembler;
import watari.host.offload.KernelFunction;
import watari.host.offload.Program;
import watari.lab.line.Place;

/// Where the packets of a [Traffic] end whose time on the way is wanted: a program at the driver
/// drops them and sorts how long they took into steps of a tenth of a microsecond. Clock and
/// program are the kernel's at both ends, so nothing waits for a process that is not on the way.
final class Delays implements Closeable {
  private static final int STEP_NANOS = 100;
  private static final int STEPS = 1 << 18;

  /// What took longer lies in the last step, and no figure says how long.
  static final double LONGEST_MICROS = (STEPS - 1) * STEP_NANOS / 1e3;

  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int IPV4_AND_UDP = 28;
  private static final int DROP = 1;
  private static final int PASS = 2;

  private final Libc libc = new Libc();
  private final SharedArray counts;
  private final int link;

  private Delays(int device, boolean isTunnelled) throws KernelException {
    var bpf = new Bpf();
    counts = SharedArray.create(bpf, "watari_delays", STEPS * Long.BYTES, 1);
    try {
      var made = program(counts.descriptor(), isTunnelled);
      int program = bpf.load(Hook.XDP, made.name(), made.code());
      try {
        link = bpf.attach(watari.host.kernel.Place.XDP_NATIVE, program, device);
      } finally {
        libc.close(program);
      }
    } catch (KernelException failed) {
      counts.close();
      throw failed;
    }
  }

  /// Begins to drop what comes in at an interface.
  ///
  /// @param isTunnelled whether the packets are in a tunnel there
  static Delays open(Place place, String name, boolean isTunnelled) throws IOException {
    int device = Attachment.of(place, name).index();
    return place.inside(() -> new Delays(device, isTunnelled));
  }

  private static Program program(int counts, boolean isTunnelled) {
    int packet = isTunnelled ? ETHERNET + IPV6 : ETHERNET;
    var asm = new Assembler("watari_delays");
    var pass = asm.label("pass");
    var fits = asm.label("fits");
    asm.load(WORD, R6, R1, 0);
    asm.load(WORD, R2, R1, 4);
    asm.move(R3, R6);
    asm.compute(R3, ADD, packet + IPV4_AND_UDP + Long.BYTES);
    asm.jumpIf(R3, ABOVE, R2, pass);
    asm.note("not what the kernel itself has to say");
    asm.load(HALF, R1, R6, 12);
    asm.jumpIf(R1, NOT_EQUAL, isTunnelled ? 0xdd86 : 0x0008, pass);
    asm.load(BYTE, R1, R6, packet + 9);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.UDP, pass);
    asm.load(LONG, R6, R6, packet + IPV4_AND_UDP);
    asm.call(KernelFunction.CLOCK);
    asm.compute(R0, SUBTRACT, R6);
    asm.compute(R0, DIVIDE, STEP_NANOS);
    asm.jumpIf(R0, BELOW, STEPS, fits);
    asm.move(R0, STEPS - 1);
    asm.here(fits);
    asm.compute(R0, SHIFT_LEFT, 3);
    asm.moveMapValue(R1, counts, 0);
    asm.compute(R1, ADD, R0);
    asm.move(R2, 1);
    asm.addInMemory(LONG, R1, 0, R2);
    asm.move(R0, DROP);
    asm.exit();
    asm.here(pass);
    asm.move(R0, PASS);
    asm.exit();
    return asm.program();
  }

  /// How many packets have arrived since [#forget].
  long arrived() {
    long all = 0;
    for (int step = 0; step < STEPS; step++) {
      all += counts.values().getAtIndex(JAVA_LONG, step);
    }
    return all;
  }

  void forget() {
    counts.values().fill((byte) 0);
  }

  /// The microseconds within which that share of the packets arrived.
  ///
  /// @param share above 0, at most 1
  /// @return infinity for more than [#LONGEST_MICROS]
  double micros(double share) {
    long wanted = (long) Math.ceil(arrived() * share);
    long seen = 0;
    int step = 0;
    while (step < STEPS - 1) {
      seen += counts.values().getAtIndex(JAVA_LONG, step);
      if (seen >= wanted) {
        break;
      }
      step++;
    }
    return step == STEPS - 1 ? Double.POSITIVE_INFINITY : (step + 1) * STEP_NANOS / 1e3;
  }

  @Override
  public void close() {
    libc.close(link);
    counts.close();
  }
}
