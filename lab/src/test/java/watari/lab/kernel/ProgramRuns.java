package watari.lab.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;

/// Programs of a hook on frames that no device brings. At traffic control a frame comes as if a
/// card had summed it up, and the sum must be right afterwards.
final class ProgramRuns {
  /// Frames come in by it; its Ethernet address is zero.
  static final Link DEVICE = new Link(1, new InterfaceName("lo"), true, 65_536, 0);

  private static final int FRAME_MAX = 2048;
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;

  private final Bpf bpf;
  private final Hook hook;
  private final MemorySegment in;
  private final MemorySegment out;

  ProgramRuns(Bpf bpf, Hook hook, Arena arena) {
    this.bpf = bpf;
    this.hook = hook;
    in = arena.allocate(FRAME_MAX);
    out = arena.allocate(FRAME_MAX);
  }

  /// What a program does with a frame.
  enum Fate {
    PASSES,
    DROPPED,
    SENT
  }

  /// A frame as it is then, and where it goes.
  static final class Outcome {
    private final Fate fate;
    private final byte[] frame;

    private Outcome(Fate fate, byte[] frame) {
      this.fate = fate;
      this.frame = frame;
    }

    Fate fate() {
      return fate;
    }

    byte[] frame() {
      return frame;
    }
  }

  /// Whether a frame is for this machine.
  static boolean isOwn(byte[] frame) {
    return ByteBuffer.wrap(frame).getLong(0) >>> Short.SIZE == DEVICE.ethernet();
  }

  /// Runs a program. The kernel makes no packet of a part of a header, which passes then; and where
  /// bytes follow the packet, it forgets the card's sum when a program takes them away.
  Outcome run(int program, byte[] frame) throws KernelException {
    if (hook == Hook.TC && frame.length < ETHERNET + IPV6) {
      return new Outcome(Fate.PASSES, frame);
    }
    boolean isPadded = packet(frame).length < frame.length - ETHERNET;
    MemorySegment.copy(frame, 0, in, JAVA_BYTE, 0, frame.length);
    var outcome =
        hook == Hook.TC && !isPadded
            ? bpf.runSummed(program, in.address(), frame.length, out.address(), FRAME_MAX)
            : bpf.run(program, in.address(), frame.length, out.address(), FRAME_MAX);
    byte[] after = out.asSlice(0, outcome.bytes()).toArray(JAVA_BYTE);
    return new Outcome(fate(outcome.result()), after);
  }

  /// What Java would get of a frame: the kernel takes away what is behind an IPv4 packet.
  static byte[] packet(byte[] frame) {
    int length = frame.length - ETHERNET;
    boolean isIpv4 = length > 4 && frame[ETHERNET] >>> 4 == 4;
    int said = length > 4 ? (frame[ETHERNET + 2] & 0xff) << 8 | (frame[ETHERNET + 3] & 0xff) : 0;
    return Arrays.copyOfRange(
        frame, ETHERNET, ETHERNET + (isIpv4 ? Math.min(length, said) : length));
  }

  /// The numbers of `enum xdp_action` and `enum tcx_action_base`.
  private Fate fate(int result) {
    int passes = hook == Hook.XDP ? 2 : -1;
    int dropped = hook == Hook.XDP ? 1 : 2;
    int sent = hook == Hook.XDP ? 4 : 7;
    if (result == passes) {
      return Fate.PASSES;
    }
    if (result == dropped) {
      return Fate.DROPPED;
    }
    if (result == sent) {
      return Fate.SENT;
    }
    throw new IllegalStateException("a program gave back " + result);
  }
}
