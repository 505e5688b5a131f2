package watari.lab.line;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;

/// A socket of a kind that Java does not know: whole packets, with the headers written by hand or
/// read as they are. It belongs to one thread.
public final class RawSocket implements AutoCloseable {

  public static final int AF_INET6 = 10;
  private static final int AF_PACKET = 17;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_RAW = 3;

  /// The sender gives the whole packet, IPv6 header included (raw(7)).
  private static final int IPPROTO_RAW = 255;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVTIMEO = 20;
  private static final int LOOK_MICROSECONDS = 100_000;
  private static final int WAITING_BYTES_MAX = 8 << 20;

  private final Libc libc = new Libc();
  private final int descriptor;

  private RawSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /// Sends whole IPv6 packets at a host.
  public static RawSocket sender(Place place) throws IOException {
    return open(place, AF_INET6, SOCK_RAW, IPPROTO_RAW);
  }

  /// Reads whatever comes into a host, from the network header on.
  ///
  /// @param etherType such as 0x86dd; the kernel takes it in network byte order (packet(7))
  public static RawSocket reader(Place place, int etherType) throws IOException {
    int protocol = Short.toUnsignedInt(Short.reverseBytes((short) etherType));
    var socket = open(place, AF_PACKET, SOCK_DGRAM, protocol);
    try (var arena = Arena.ofConfined()) {
      socket.set(SO_RCVTIMEO, arena.allocateFrom(JAVA_LONG, 0, LOOK_MICROSECONDS));
      socket.set(SO_RCVBUF, arena.allocateFrom(JAVA_INT, WAITING_BYTES_MAX));
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  /// Sends a packet to a socket address in the kernel's form.
  public void send(byte[] packet, byte[] address) throws IOException {
    try (var arena = Arena.ofConfined()) {
      long bytes = copy(arena, packet);
      long target = copy(arena, address);
      long result = libc.sendto(descriptor, bytes, packet.length, 0, target, address.length);
      demand(result, "sending a packet made by hand");
    }
  }

  /// Waits a moment for a packet and writes its first bytes to `into`.
  ///
  /// @return the number of bytes written, or -1 when none came
  public int receive(MemorySegment into) throws IOException {
    long result = libc.recvfrom(descriptor, into.address(), into.byteSize(), 0, 0, 0);
    if (Errno.EAGAIN.is(result) || Errno.EINTR.is(result)) {
      return -1;
    }
    return (int) demand(result, "reading packets");
  }

  @Override
  public void close() {
    libc.close(descriptor);
  }

  private static RawSocket open(Place place, int family, int type, int protocol)
      throws IOException {
    int flags = type | Libc.SOCK_CLOEXEC;
    int descriptor = place.inside(() -> new Libc().socket(family, flags, protocol));
    return new RawSocket((int) demand(descriptor, "opening a raw socket"));
  }

  private void set(int option, MemorySegment value) throws IOException {
    int bytes = (int) value.byteSize();
    int result = libc.setsockopt(descriptor, SOL_SOCKET, option, value.address(), bytes);
    demand(result, "tuning a raw socket");
  }

  private static long copy(Arena arena, byte[] bytes) {
    return arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes)).address();
  }

  private static long demand(long result, String what) throws KernelException {
    if (result < 0) {
      throw new KernelException((int) -result, what);
    }
    return result;
  }
}
