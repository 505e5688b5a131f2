package watari.lab.proof;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import watari.core.net.Ipv6Address;
import watari.lab.line.Place;
import watari.lab.line.RawSocket;

/// Reads every frame that enters the access network, so that nobody has to believe the product.
public final class Witness implements AutoCloseable {

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int IPV4_IN_IPV6 = 4;
  private static final int NEXT_HEADER_AT = 6;
  private static final int ADDRESSES_AT = 8;
  private static final int IPV6_HEADER = 40;

  /// Enough of a packet to know its addresses.
  private static final int LOOK_BYTES = 128;

  private final RawSocket ipv6;
  private final RawSocket ipv4;
  private final Map<Pair, Long> tunnelled = new TreeMap<>();
  private final AtomicLong ipv4Frames = new AtomicLong();
  private volatile boolean done;

  private Witness(RawSocket ipv6, RawSocket ipv4) {
    this.ipv6 = ipv6;
    this.ipv4 = ipv4;
  }

  /// The two ends of a tunnelled packet.
  record Pair(Ipv6Address source, Ipv6Address target) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int first = source.compareTo(other.source);
      return first != 0 ? first : target.compareTo(other.target);
    }

    @Override
    public String toString() {
      return source + " → " + target;
    }
  }

  static Witness open(Place access) throws IOException {
    var witness =
        new Witness(
            RawSocket.reader(access, ETHERTYPE_IPV6), RawSocket.reader(access, ETHERTYPE_IPV4));
    Thread.ofPlatform().daemon().name("witness-ipv6").start(witness::watchIpv6);
    Thread.ofPlatform().daemon().name("witness-ipv4").start(witness::watchIpv4);
    return witness;
  }

  /// Packets with next header 4 between two addresses, so far.
  synchronized long tunnelled(Ipv6Address source, Ipv6Address target) {
    return tunnelled.getOrDefault(new Pair(source, target), 0L);
  }

  /// All pairs seen with their packets.
  synchronized Map<Pair, Long> tunnelled() {
    return new TreeMap<>(tunnelled);
  }

  /// IPv4 frames seen on the access network itself.
  long ipv4Frames() {
    return ipv4Frames.get();
  }

  @Override
  public void close() {
    done = true;
  }

  private void watchIpv6() {
    watch(ipv6, this::note);
  }

  private void watchIpv4() {
    watch(ipv4, _ -> ipv4Frames.incrementAndGet());
  }

  private interface Reader {
    void read(ByteBuffer packet);
  }

  private void watch(RawSocket socket, Reader reader) {
    try (socket;
        var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(LOOK_BYTES);
      while (!done) {
        int length = socket.receive(buffer);
        if (length >= 0) {
          reader.read(buffer.asByteBuffer().limit(length));
        }
      }
    } catch (IOException gone) {
      // The namespace went before the witness; there is nothing left to see.
    }
  }

  private void note(ByteBuffer packet) {
    if (packet.limit() < IPV6_HEADER || packet.get(NEXT_HEADER_AT) != IPV4_IN_IPV6) {
      return;
    }
    packet.position(ADDRESSES_AT);
    var source = new Ipv6Address(packet.getLong(), packet.getLong());
    var target = new Ipv6Address(packet.getLong(), packet.getLong());
    count(new Pair(source, target));
  }

  private synchronized void count(Pair pair) {
    tunnelled.merge(pair, 1L, Long::sum);
  }
}
