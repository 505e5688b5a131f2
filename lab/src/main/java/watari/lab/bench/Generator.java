package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.lab.line.Place;

/// Sends frames out of an interface as fast as they arrive at the sink: never more than [#WINDOW]
/// on the way.
///
/// A generator that ignores the sink would measure something else: all on one core, it would spend
/// the core on packets that the next queue then drops.
final class Generator implements AutoCloseable {
  /// Less than the shortest queue on the way, the TUN device's 500.
  static final int WINDOW = 256;

  private static final int BATCH = 32;

  /// After so long without an arrival, what is on the way is lost.
  private static final long STALL_NANOS = 50_000_000;

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SEND_BYTES = 8 << 20;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_QDISC_BYPASS = 20;
  private static final int ADDRESS_BYTES = 20;
  private static final int ADDRESS_INTERFACE = 4;

  private final Place place;
  private final Libc libc = new Libc();
  private final int descriptor;

  private Generator(Place place) throws IOException {
    this.place = place;
    int type = SOCK_RAW | Libc.SOCK_CLOEXEC;
    descriptor =
        place.inside(() -> demand(libc.socket(AF_PACKET, type, 0), "opening a packet socket"));
  }

  /// @param name the interface
  static Generator open(Place place, String name) throws IOException {
    int index = Attachment.of(place, name).index();
    var generator = new Generator(place);
    try {
      return place.inside(() -> generator.tune(index));
    } catch (IOException failed) {
      generator.close();
      throw failed;
    }
  }

  /// `struct sockaddr_ll` (packet(7)); its protocol stays 0, so that nothing is received.
  private Generator tune(int index) throws KernelException {
    try (var arena = Arena.ofConfined()) {
      var address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
      address.set(JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(JAVA_INT, ADDRESS_INTERFACE, index);
      demand(libc.bind(descriptor, address.address(), ADDRESS_BYTES), "binding a packet socket");
      long bytes = arena.allocateFrom(JAVA_INT, SEND_BYTES).address();
      demand(
          libc.setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, bytes, Integer.BYTES),
          "tuning a packet socket");
      long one = arena.allocateFrom(JAVA_INT, 1).address();
      demand(
          libc.setsockopt(descriptor, SOL_PACKET, PACKET_QDISC_BYPASS, one, Integer.BYTES),
          "tuning a packet socket");
    }
    return this;
  }

  /// Sends each frame once, at once.
  void sendEach(Frames frames) throws IOException {
    place.inside(() -> {
      int sent = 0;
      while (sent < frames.count()) {
        sent += send(frames, sent, frames.count() - sent);
      }
      return sent;
    });
  }

  /// Sends for `nanos` ns, whether anything arrives or not.
  Sent send(Frames frames, long nanos) throws IOException {
    return place.inside(() -> {
      long start = System.nanoTime();
      long sent = 0;
      while (System.nanoTime() - start < nanos) {
        sent += send(frames, 0, Math.min(BATCH, frames.count()));
      }
      return new Sent(sent, System.nanoTime() - start);
    });
  }

  /// Sends for `nanos` ns, then waits for what is on the way.
  Sent send(Frames frames, Sink sink, long nanos) throws IOException {
    return place.inside(() -> new Run(frames, sink).run(nanos));
  }

  /// How a run went.
  ///
  /// @param packets that were sent
  /// @param nanos that the sending took
  record Sent(long packets, long nanos) {}

  private int send(Frames frames, int first, int count) throws KernelException {
    int sent = libc.sendmmsg(descriptor, frames.message(first), count, 0);
    return Errno.ENOBUFS.is(sent) || Errno.EINTR.is(sent) ? 0 : demand(sent, "sending packets");
  }

  @Override
  public void close() {
    libc.close(descriptor);
  }

  private static int demand(int result, String what) throws KernelException {
    if (result < 0) {
      throw new KernelException(-result, what);
    }
    return result;
  }

  /// One run of sending.
  private final class Run {
    private final Frames frames;
    private final Sink sink;
    private long sent;
    private long missing;
    private long reachedBefore;
    private long reached;
    private long reachedAt;

    Run(Frames frames, Sink sink) {
      this.frames = frames;
      this.sink = sink;
    }

    Sent run(long nanos) throws IOException {
      long start = System.nanoTime();
      reachedBefore = sink.reached();
      reachedAt = start;
      int next = 0;
      while (System.nanoTime() - start < nanos) {
        if (onTheWay() > WINDOW - BATCH) {
          look();
        } else {
          int count = send(frames, next, Math.min(BATCH, frames.count() - next));
          sent += count;
          next = (next + count) % frames.count();
        }
      }
      long took = System.nanoTime() - start;
      drain();
      return new Sent(sent, took);
    }

    private long onTheWay() {
      return sent - missing - reached;
    }

    @SuppressWarnings("ThreadPriorityCheck") // no other way says: whoever forwards needs this core
    private void look() throws IOException {
      long now = System.nanoTime();
      long seen = sink.reached() - reachedBefore;
      if (seen > reached) {
        reached = seen;
        reachedAt = now;
      } else if (now - reachedAt > STALL_NANOS) {
        missing = sent - reached;
        reachedAt = now;
      } else {
        Thread.yield();
      }
    }

    private void drain() throws IOException {
      while (onTheWay() > 0) {
        look();
      }
    }
  }
}
