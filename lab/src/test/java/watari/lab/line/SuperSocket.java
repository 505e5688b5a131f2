package watari.lab.line;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.ByteOrder.BIG_ENDIAN;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;

/// A UDP socket that hands many datagrams to the kernel as one super-packet (udp(7)). It belongs to
/// one thread.
final class SuperSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int ADDRESS_BYTES = 16;
  private static final int IPPROTO_IP = 0;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IP_PMTUDISC_DONT = 0;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  private final Libc libc = new Libc();
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment peer = arena.allocate(ADDRESS_BYTES, 8);
  private final int descriptor;

  /// Makes one in the namespace of the calling thread; its packets may be cut.
  SuperSocket(int port) throws IOException {
    descriptor = demand(libc.socket(AF_INET, SOCK_DGRAM, 0));
    MemorySegment own = arena.allocate(ADDRESS_BYTES, 8);
    own.set(JAVA_SHORT, 0, (short) AF_INET);
    own.set(JAVA_SHORT.withOrder(BIG_ENDIAN), 2, (short) port);
    demand(libc.bind(descriptor, own.address(), ADDRESS_BYTES));
    set(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  }

  private void set(int level, int option, int value) throws IOException {
    var bytes = arena.allocateFrom(JAVA_INT, value);
    demand(libc.setsockopt(descriptor, level, option, bytes.address(), Integer.BYTES));
  }

  /// Waits for a datagram, whose sender the next super-packets go to.
  void listen() throws IOException {
    MemorySegment datagram = arena.allocate(2048);
    MemorySegment bytes = arena.allocateFrom(JAVA_INT, ADDRESS_BYTES);
    demand(
        (int)
            libc.recvfrom(
                descriptor,
                datagram.address(),
                datagram.byteSize(),
                0,
                peer.address(),
                bytes.address()));
  }

  /// Sends datagrams of one length as one super-packet.
  void send(byte[] datagrams, int bytesEach) throws IOException {
    set(SOL_UDP, UDP_SEGMENT, bytesEach);
    MemorySegment payload =
        arena.allocate(datagrams.length).copyFrom(MemorySegment.ofArray(datagrams));
    demand(
        (int)
            libc.sendto(
                descriptor,
                payload.address(),
                payload.byteSize(),
                0,
                peer.address(),
                ADDRESS_BYTES));
  }

  private static int demand(int result) throws IOException {
    if (result < 0) {
      throw new KernelException(-result, "a UDP socket of super-packets");
    }
    return result;
  }

  @Override
  public void close() {
    int _ = libc.close(descriptor);
  }
}
