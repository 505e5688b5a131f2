package watari.lab.line;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Netlink;

/// Frames that leave an interface as they are written, whatever is wrong with them (packet(7)). It
/// belongs to one thread.
final class FrameSocket implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int ADDRESS_BYTES = 20;
  private static final int FRAME_MAX = 2048;

  private final Libc libc = new Libc();
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment frame = arena.allocate(FRAME_MAX);
  private final int descriptor;

  private FrameSocket(int device) throws KernelException {
    descriptor = demand(libc.socket(AF_PACKET, SOCK_RAW | Libc.SOCK_CLOEXEC, 0));
    MemorySegment own = arena.allocate(ADDRESS_BYTES, 8);
    own.set(JAVA_SHORT, 0, (short) AF_PACKET);
    own.set(JAVA_INT, 4, device);
    demand(libc.bind(descriptor, own.address(), ADDRESS_BYTES));
  }

  static FrameSocket at(Place place, String device) throws IOException {
    return place.inside(() -> {
      try (var netlink = Netlink.open()) {
        return new FrameSocket(netlink.link(new InterfaceName(device)).orElseThrow().index());
      }
    });
  }

  /// Sends a frame, which may be lost where the interface has no room.
  void send(byte[] bytes) throws KernelException {
    MemorySegment.copy(bytes, 0, frame, JAVA_BYTE, 0, bytes.length);
    long result = libc.sendto(descriptor, frame.address(), bytes.length, 0, 0, 0);
    if (!Errno.ENOBUFS.is(result)) {
      demand((int) result);
    }
  }

  private static int demand(int result) throws KernelException {
    if (result < 0) {
      throw new KernelException(-result, "a socket of frames");
    }
    return result;
  }

  @Override
  public void close() {
    int _ = libc.close(descriptor);
  }
}
