package watari.host.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A socket of `AF_XDP`: frames of one queue of a network card, in memory of this process
/// (`linux/if_xdp.h`).
///
/// ```
/// fill        frames that the kernel may receive into     us → kernel
/// received    frames with a packet                        kernel → us
/// sending     frames with a packet                        us → kernel
/// completion  frames that have been sent                  kernel → us
/// ```
///
/// An address in a ring counts from the beginning of the memory. What a program hands to the socket
/// arrives here; without one it only sends. One thread owns it, as its [Libc].
public final class XdpSocket implements AutoCloseable {
  /// What the kernel keeps free before a frame that it has received.
  public static final int HEADROOM = 256;

  private static final int AF_XDP = 44;
  private static final int SOL_XDP = 283;
  private static final int SOCK_RAW = 3;

  private static final int MMAP_OFFSETS = 1;
  private static final int RX_RING = 2;
  private static final int TX_RING = 3;
  private static final int UMEM_REG = 4;
  private static final int UMEM_FILL_RING = 5;
  private static final int UMEM_COMPLETION_RING = 6;
  private static final int STATISTICS = 7;
  private static final int OPTIONS = 8;
  private static final int OPTION_ZERO_COPY = 1;

  private static final long RX_PAGES = 0;
  private static final long TX_PAGES = 0x8000_0000L;
  private static final long FILL_PAGES = 0x1_0000_0000L;
  private static final long COMPLETION_PAGES = 0x1_8000_0000L;

  /// Where `struct xdp_mmap_offsets` has what is said of each ring.
  private static final int PLACES_BYTES = 32;

  private static final int RX_PLACES = 0;
  private static final int TX_PLACES = PLACES_BYTES;
  private static final int FILL_PLACES = 2 * PLACES_BYTES;
  private static final int COMPLETION_PLACES = 3 * PLACES_BYTES;

  private static final int USE_NEED_WAKEUP = 8;
  private static final int PACKET = 16;
  private static final int ADDRESS = 8;

  private final Libc libc;
  private final int descriptor;
  private final List<MemorySegment> mapped = new ArrayList<>();
  private final MemorySegment scratch = Arena.ofAuto().allocate(4L * PLACES_BYTES + 8, 8);
  private final int ringSize;
  private final XdpRing fill;
  private final XdpRing received;
  private final XdpRing sending;
  private final XdpRing completion;

  /// The memory that a socket's frames lie in.
  ///
  /// @param address of its first byte, at the beginning of a page
  /// @param frameBytes of each, a power of two from 2048 to the length of a page
  public record Frames(long address, int count, int frameBytes) {}

  /// Opens a socket at a queue; it takes the card's own memory for the frames where the driver can
  /// do that, and else copies them.
  ///
  /// @param ringSize entries of each ring, a power of two
  /// @throws KernelException when the right or the kernel's support is missing, or the interface
  ///   has no such queue, or somebody else has it
  public static XdpSocket open(Libc libc, Frames frames, int ringSize, int device, int queue)
      throws KernelException {
    int descriptor = libc.socket(AF_XDP, SOCK_RAW | Libc.SOCK_CLOEXEC, 0);
    if (Errno.EPERM.is(descriptor)) {
      throw new KernelException(
          -descriptor, "opening an AF_XDP socket", "it needs CAP_NET_RAW: run it as root");
    }
    demand(descriptor, "opening an AF_XDP socket");
    return new XdpSocket(libc, descriptor, frames, ringSize, device, queue);
  }

  private XdpSocket(Libc libc, int descriptor, Frames frames, int ringSize, int device, int queue)
      throws KernelException {
    this.libc = libc;
    this.descriptor = descriptor;
    this.ringSize = ringSize;
    try {
      register(frames);
      for (int ring : List.of(UMEM_FILL_RING, UMEM_COMPLETION_RING, RX_RING, TX_RING)) {
        scratch.set(JAVA_INT, 0, ringSize);
        set(ring, Integer.BYTES, "making a ring of an AF_XDP socket");
      }
      ask(MMAP_OFFSETS, 4 * PLACES_BYTES);
      fill = ring(FILL_PLACES, FILL_PAGES, XdpRing.Side.PUTS, ADDRESS);
      received = ring(RX_PLACES, RX_PAGES, XdpRing.Side.TAKES, PACKET);
      sending = ring(TX_PLACES, TX_PAGES, XdpRing.Side.PUTS, PACKET);
      completion = ring(COMPLETION_PLACES, COMPLETION_PAGES, XdpRing.Side.TAKES, ADDRESS);
      bind(device, queue);
    } catch (KernelException failed) {
      close();
      throw failed;
    }
  }

  /// `struct xdp_umem_reg`.
  private void register(Frames frames) throws KernelException {
    scratch.fill((byte) 0);
    scratch.set(JAVA_LONG, 0, frames.address);
    scratch.set(JAVA_LONG, 8, (long) frames.count * frames.frameBytes);
    scratch.set(JAVA_INT, 16, frames.frameBytes);
    set(UMEM_REG, 32, "giving memory to an AF_XDP socket");
  }

  private void set(int option, int bytes, String doing) throws KernelException {
    demand(libc.setsockopt(descriptor, SOL_XDP, option, scratch.address(), bytes), doing);
  }

  /// The answer is at the beginning of the scratch memory.
  private void ask(int option, int bytes) throws KernelException {
    long size = scratch.byteSize() - Long.BYTES;
    long to = scratch.address();
    scratch.set(JAVA_INT, size, bytes);
    if (libc.tryGetsockopt(descriptor, SOL_XDP, option, to, to + size) < 0) {
      int again = libc.getsockopt(descriptor, SOL_XDP, option, to, to + size);
      demand(again, "asking an AF_XDP socket"); // for the reason
    }
  }

  @SuppressWarnings("restricted") // the kernel says how long the memory at this address is
  private XdpRing ring(int places, long pages, XdpRing.Side side, int entryBytes)
      throws KernelException {
    var where =
        new XdpRing.Places(
            scratch.get(JAVA_LONG, places),
            scratch.get(JAVA_LONG, places + 8),
            scratch.get(JAVA_LONG, places + 24),
            scratch.get(JAVA_LONG, places + 16));
    long bytes = XdpRing.bytes(where, ringSize, entryBytes);
    long at = libc.mmapShared(bytes, Libc.PROT_READ | Libc.PROT_WRITE, descriptor, pages);
    demand(at < 0 ? (int) at : 0, "sharing a ring of an AF_XDP socket");
    var memory = MemorySegment.ofAddress(at).reinterpret(bytes);
    mapped.add(memory);
    return new XdpRing(memory, where, side, ringSize, entryBytes);
  }

  /// `struct sockaddr_xdp`.
  private void bind(int device, int queue) throws KernelException {
    scratch.fill((byte) 0);
    scratch.set(JAVA_SHORT, 0, (short) AF_XDP);
    scratch.set(JAVA_SHORT, 2, (short) USE_NEED_WAKEUP);
    scratch.set(JAVA_INT, 4, device);
    scratch.set(JAVA_INT, 8, queue);
    int result = libc.bind(descriptor, scratch.address(), 16);
    if (Errno.EBUSY.is(result)) {
      throw new KernelException(
          -result,
          "taking queue " + queue + " of an interface for AF_XDP",
          "another program has it; stop that one first");
    }
    demand(result, "taking queue " + queue + " of an interface for AF_XDP");
  }

  private static void demand(int result, String doing) throws KernelException {
    if (result < 0) {
      throw new KernelException(-result, doing);
    }
  }

  public int descriptor() {
    return descriptor;
  }

  /// Frames that the kernel may receive into.
  public XdpRing fill() {
    return fill;
  }

  /// Frames with a packet.
  public XdpRing received() {
    return received;
  }

  /// Frames that the kernel is to send.
  public XdpRing sending() {
    return sending;
  }

  /// Frames that have been sent.
  public XdpRing completion() {
    return completion;
  }

  /// Has the kernel look at what is to be sent. What it cannot send now stays in the ring.
  ///
  /// @return whether the card is there; it does not come back to this socket
  public boolean kick() {
    return libc.tryKick(descriptor, Libc.MSG_DONTWAIT) >= 0
        || !Errno.ENXIO.is(libc.sendto(descriptor, 0, 0, Libc.MSG_DONTWAIT, 0, 0));
  }

  /// Has the kernel look at what it may receive into.
  public void wakeReceiver() {
    long _ = libc.recvfrom(descriptor, 0, 0, Libc.MSG_DONTWAIT, 0, 0);
  }

  /// Whether the card and this process work in the same memory, without a copy.
  public boolean isZeroCopy() throws KernelException {
    ask(OPTIONS, Integer.BYTES);
    return (scratch.get(JAVA_INT, 0) & OPTION_ZERO_COPY) != 0;
  }

  /// How many packets were for this socket and did not reach it so far, for want of a frame, of a
  /// place in the ring, or because they were too long.
  public long missed() throws KernelException {
    ask(STATISTICS, 6 * Long.BYTES);
    // Where no frame was to be had is counted by itself and as dropped.
    return scratch.get(JAVA_LONG, 0) + scratch.get(JAVA_LONG, 24);
  }

  @Override
  public void close() {
    mapped.forEach(memory -> libc.munmap(memory.address(), memory.byteSize()));
    mapped.clear();
    int _ = libc.close(descriptor);
  }
}
