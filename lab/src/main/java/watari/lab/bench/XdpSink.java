package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.AND;
import static watari.host.offload.Operation.SHIFT_LEFT;
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

/// Where frames end that no kernel ever made packets of: dropped and counted by a program at the
/// driver, each processor in a line of its own.
final class XdpSink implements Closeable {
  private static final int PROCESSORS_MAX = 4096;
  private static final int LINE_BITS = 6;
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int DROP = 1;
  private static final int PASS = 2;

  private final Libc libc = new Libc();
  private final SharedArray counts;
  private final int link;
  private long taken;

  private XdpSink(int device) throws KernelException {
    var bpf = new Bpf();
    counts = SharedArray.create(bpf, "watari_sink", PROCESSORS_MAX << LINE_BITS, 1);
    try {
      var made = program(counts.descriptor());
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
  static XdpSink open(Place place, String name) throws IOException {
    int device = Attachment.of(place, name).index();
    return place.inside(() -> new XdpSink(device));
  }

  private static Program program(int counts) {
    var asm = new Assembler("watari_sink");
    var pass = asm.label("pass");
    var ours = asm.label("ours");
    asm.load(WORD, R6, R1, 0);
    asm.load(WORD, R2, R1, 4);
    asm.move(R3, R6);
    asm.compute(R3, ADD, ETHERNET + IPV6);
    asm.jumpIf(R3, ABOVE, R2, pass);
    asm.note("IPv6 without a packet in it is what the kernel itself says to every device");
    asm.load(HALF, R1, R6, 12);
    asm.jumpIf(R1, NOT_EQUAL, 0xdd86, ours);
    asm.load(BYTE, R1, R6, ETHERNET + 6);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.IPV4, pass);
    asm.here(ours);
    asm.call(KernelFunction.PROCESSOR);
    asm.compute(R0, AND, PROCESSORS_MAX - 1);
    asm.compute(R0, SHIFT_LEFT, LINE_BITS);
    asm.moveMapValue(R1, counts, 0);
    asm.compute(R1, ADD, R0);
    asm.load(LONG, R2, R1, 0);
    asm.compute(R2, ADD, 1);
    asm.store(LONG, R1, 0, R2);
    asm.move(R0, DROP);
    asm.exit();
    asm.here(pass);
    asm.move(R0, PASS);
    asm.exit();
    return asm.program();
  }

  /// How many frames with IPv4 in them were dropped since the last call.
  long take() {
    long all = 0;
    for (int processor = 0; processor < PROCESSORS_MAX; processor++) {
      all += counts.values().get(JAVA_LONG, (long) processor << LINE_BITS);
    }
    long fresh = all - taken;
    taken = all;
    return fresh;
  }

  @Override
  public void close() {
    libc.close(link);
    counts.close();
  }
}
