package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.SharedArray;
import watari.lab.line.Place;

/// Sends frames that a program in the kernel makes, out of one end of a cable: several times as
/// many as a socket could. What the frames meet on the way is done by the same core, batch by
/// batch, so that nothing piles up.
final class LiveGenerator implements AutoCloseable {
  /// Frames that are made at once; no queue on the way is so short.
  static final int BATCH = 64;

  private static final int TURNS = 1_000_000;

  private final Place place;
  private final Bpf bpf = new Bpf();
  private final SharedArray state;
  private final int program;
  private final int bytes;

  private LiveGenerator(Place place, Traffic traffic, Cable cable, int device)
      throws KernelException {
    this.place = place;
    bytes = traffic.frame();
    state = SharedArray.create(bpf, "watari_random", TrafficProgram.STATE_BYTES, 1);
    state.values().set(JAVA_LONG, 0, traffic.seed());
    for (int host = 0; host < traffic.ports().size(); host++) {
      int port = traffic.ports().get(host);
      state.values().set(JAVA_SHORT, TrafficProgram.PORTS + 2L * host, (short) port);
    }
    try {
      var made = TrafficProgram.of(traffic, cable, device, state.descriptor());
      program = bpf.load(Hook.XDP, made.name(), made.code());
    } catch (KernelException failed) {
      state.close();
      throw failed;
    }
  }

  /// @param name the interface at this end of the cable
  static LiveGenerator open(Place place, String name, Traffic traffic, Cable cable)
      throws IOException {
    int device = Attachment.of(place, name).index();
    return place.inside(() -> new LiveGenerator(place, traffic, cable, device));
  }

  /// Sends so many frames, each of another subscriber.
  ///
  /// @return how many nanoseconds it took, by the kernel's clock, which leaves out what is done
  ///   once; those of a frame rounded up
  long send(int frames) throws IOException {
    return place.inside(() -> {
      try (var arena = Arena.ofConfined()) {
        var frame = arena.allocate(JAVA_BYTE, bytes);
        int each = bpf.runLive(program, frame.address(), bytes, frames, BATCH);
        return (each + 1L) * frames;
      }
    });
  }

  /// Sends so many frames, and lets others have the core between two batches.
  ///
  /// @return how many nanoseconds it took, that of others included, without what is done once
  long sendByTheClock(int frames) throws IOException {
    return place.inside(() -> {
      try (var arena = Arena.ofConfined()) {
        var frame = arena.allocate(JAVA_BYTE, bytes);
        state.values().set(JAVA_LONG, TrafficProgram.SENT, 0);
        int _ = bpf.runLive(program, frame.address(), bytes, frames, BATCH);
        long first = state.values().get(JAVA_LONG, TrafficProgram.FIRST);
        long last = state.values().get(JAVA_LONG, TrafficProgram.LAST);
        long between = (frames - 1L) / TrafficProgram.STAMP_EACH * TrafficProgram.STAMP_EACH;
        return Math.round((double) (last - first) * frames / between);
      }
    });
  }

  /// Sends at least so many frames, each when [Traffic#gapNanos] have passed, and alone.
  ///
  /// @return how many
  long pace(long frames) throws IOException {
    return place.inside(() -> {
      try (var arena = Arena.ofConfined()) {
        var frame = arena.allocate(JAVA_BYTE, bytes);
        long before = state.values().get(JAVA_LONG, TrafficProgram.SENT);
        long sent = 0;
        while (sent < frames) {
          int _ = bpf.runLive(program, frame.address(), bytes, TURNS, 1);
          sent = state.values().get(JAVA_LONG, TrafficProgram.SENT) - before;
        }
        return sent;
      }
    });
  }

  @Override
  public void close() {
    new Libc().close(program);
    state.close();
  }
}
