package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import watari.core.net.Ipv6Address;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// Ethernet frames, one for each flow, ready for `sendmmsg`.
///
/// ```
/// | target 6, source 6, type 2 | outer IPv6 40, if tunnelled | IPv4 20 | UDP 8 | payload |
///
/// struct mmsghdr { void *name; u32 name bytes; struct iovec *; u64 iovecs; ... }   64 bytes
/// struct iovec { void *base; u64 bytes; }
/// ```
final class Frames implements AutoCloseable {
  private static final int ETHERNET = 14;
  private static final int IPV6 = 40;
  private static final int UDP = 8;
  private static final int TYPE_IPV4 = 0x0800;
  private static final int TYPE_IPV6 = 0x86dd;
  private static final int HOPS = 64;
  private static final long MESSAGE = 64;
  private static final long VECTOR = 16;
  private static final long MESSAGE_VECTOR = 16;
  private static final long MESSAGE_VECTORS = 24;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment messages;
  private final long memory;
  private final int stride;
  private final int size;
  private final int outer;

  /// A tunnel that frames are in.
  record Tunnel(Ipv6Address source, Ipv6Address target) {}

  /// @param flows one or more
  /// @param size bytes of the IPv4 packets
  /// @param tunnels the tunnel of the frames, or none
  Frames(Cable cable, List<Flow> flows, int size, List<Tunnel> tunnels) {
    this.size = size;
    outer = tunnels.isEmpty() ? 0 : IPV6;
    stride = (ETHERNET + outer + size + 63) & ~63;
    memory = Slab.take(stride * flows.size());
    messages = arena.allocate(flows.size() * (MESSAGE + VECTOR), Long.BYTES);
    for (int i = 0; i < flows.size(); i++) {
      long at = memory + (long) i * stride;
      ethernet(at, cable);
      tunnels.forEach(tunnel -> wrap(at + ETHERNET, tunnel));
      datagram(at + ETHERNET + outer, flows.get(i));
      list(i, flows.size(), Slab.address() + at);
    }
  }

  /// The address of the `struct mmsghdr` of frame `index`; those of the next ones follow.
  long message(int index) {
    return messages.address() + index * MESSAGE;
  }

  int count() {
    return (int) (messages.byteSize() / (MESSAGE + VECTOR));
  }

  /// The bytes of a frame, for tests.
  byte[] bytes(int index) {
    return Slab.copy(memory + (long) index * stride, ETHERNET + outer + size);
  }

  @Override
  public void close() {
    Slab.give(memory, stride * count());
    arena.close();
  }

  private void ethernet(long at, Cable cable) {
    put(at, cable.target());
    put(at + 6, cable.source());
    Slab.putShort(at + 12, outer > 0 ? TYPE_IPV6 : TYPE_IPV4);
  }

  private static void put(long at, long address) {
    Slab.putShort(at, (int) (address >>> 32));
    Slab.putInt(at + 2, (int) address);
  }

  private void wrap(long at, Tunnel tunnel) {
    Slab.putInt(at, 6 << 28);
    Slab.putInt(at + 4, size << 16 | Protocol.IPV4 << 8 | HOPS);
    Slab.putLong(at + 8, tunnel.source().high());
    Slab.putLong(at + 16, tunnel.source().low());
    Slab.putLong(at + 24, tunnel.target().high());
    Slab.putLong(at + 32, tunnel.target().low());
  }

  private void datagram(long at, Flow flow) {
    int length = size - Ipv4.HEADER;
    Ipv4.write(at, size, Protocol.UDP, HOPS, flow.source(), flow.target());
    long udp = at + Ipv4.HEADER;
    Slab.putInt(udp, flow.sourcePort() << 16 | flow.targetPort());
    Slab.putInt(udp + 4, length << 16);
    Slab.fill(udp + UDP, length - UDP, 0x5a);
    long pseudo = Checksum.pseudoHeader(flow.source(), flow.target(), Protocol.UDP, length);
    Slab.putShort(udp + 6, Checksum.of(pseudo + Checksum.sum(udp, length)));
  }

  private void list(int index, int count, long address) {
    long vector = count * MESSAGE + index * VECTOR;
    messages.set(JAVA_LONG, vector, address);
    messages.set(JAVA_LONG, vector + 8, ETHERNET + outer + size);
    long message = index * MESSAGE;
    messages.set(JAVA_LONG, message + MESSAGE_VECTOR, messages.address() + vector);
    messages.set(JAVA_LONG, message + MESSAGE_VECTORS, 1);
  }
}
