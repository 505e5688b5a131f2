package watari.app.control;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import watari.app.config.OffloadWish;
import watari.core.event.Event;
import watari.core.event.Rest;
import watari.core.nat.Randomness;
import watari.core.path.Books;
import watari.core.path.GatewaySettings;
import watari.host.engine.Worker;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.offload.Counts;
import watari.host.offload.GatewayOffload;

/// Which part of a gateway's sessions the kernel carries: the programs are loaded for the settings
/// of the tunnel, and then the translator hears who may carry.
///
/// Unless it is said, a method is for one other thread than the worker's at a time.
final class CarriedSessions implements AutoCloseable {
  /// 16 MiB at most. A home has some hundreds.
  private static final int FLOWS_MAX = 65_536;

  /// The purpose of its [Randomness#branch]: the worker draws from the others.
  private static final int KEYS = 3;

  private final Counts out = new Counts("watari_out");
  private final Counts in = new Counts("watari_in");
  private final Ways ways;
  private final Randomness randomness;
  private final FastWay fastWay;
  private volatile Optional<GatewaySettings> settings;
  private volatile boolean isHeld;
  private @Nullable Worker worker;

  /// What was loaded last, and what the translator has heard of.
  private volatile @Nullable GatewayOffload loaded;

  private @Nullable GatewayOffload told;

  /// @param settings of the tunnel, where the line has one
  /// @param ways which the worker owns
  /// @param news hears when it begins to run or no longer does
  CarriedSessions(
      OffloadWish wish,
      Optional<GatewaySettings> settings,
      Ways ways,
      Randomness randomness,
      Consumer<Event> news) {
    this.ways = ways;
    this.settings = settings;
    this.randomness = randomness.branch(KEYS);
    fastWay = new FastWay(wish, this::load, news);
  }

  private GatewayOffload load(Hook hook, int cells) throws KernelException {
    var wanted = settings.orElseThrow();
    var made = GatewayOffload.load(hook, wanted, FLOWS_MAX, out, in, cells, randomness);
    loaded = made;
    return made;
  }

  /// Begins.
  ///
  /// @throws IOException when it cannot run, and must
  void start(Worker worker) throws IOException {
    this.worker = worker;
    if (settings.isPresent()) {
      fastWay.start();
      tell();
    } else {
      fastWay.pause(Rest.NO_TUNNEL);
    }
  }

  /// Goes by other settings from the next [#follow] on; Java has all packets until then.
  ///
  /// Where they are the same, the programs stay and carry again.
  void become(Optional<GatewaySettings> next) {
    if (next.equals(settings)) {
      var _ =
          started()
              .ask(() -> {
                release(Worker.monotonicMillis());
                return next;
              });
      return;
    }
    fastWay.pause(next.isPresent() ? Rest.SETTINGS_CHANGE : Rest.NO_TUNNEL);
    settings = next;
    isHeld = false;
    if (next.isPresent()) {
      fastWay.resume();
    }
  }

  /// Lets it be as interfaces, routes and paths are now; call it once a second.
  void follow() {
    fastWay.follow(started(), ways::narrowPaths);
    tell();
  }

  /// Tells the translator who may carry. It does not wait: the worker may not have begun.
  private void tell() {
    GatewayOffload now = loaded;
    if (now != null && now != told) {
      told = now;
      var _ =
          started()
              .ask(() -> {
                lend(now, Worker.monotonicMillis());
                return now;
              });
    }
  }

  private Worker started() {
    return Objects.requireNonNull(worker, "not started");
  }

  /// For the worker's thread. What was loaded for the settings of before is not lent any more.
  private void lend(GatewayOffload offload, long now) {
    if (!isHeld && offload == loaded) {
      ways.carryBy(offload.carrier(), now);
    }
  }

  /// For the worker's thread: all packets come to the translator again, until [#become] has said by
  /// which settings the kernel carries, or [#release] that it goes on as before.
  void hold(long now) {
    isHeld = true;
    ways.carryAlone(now);
  }

  /// For the worker's thread: takes [#hold] back, if it was called.
  void release(long now) {
    GatewayOffload before = loaded;
    boolean wasHeld = isHeld;
    isHeld = false;
    if (wasHeld && before != null) {
      lend(before, now);
    }
  }

  Map<String, Object> status() {
    return fastWay.status();
  }

  String summary() {
    return fastWay.summary();
  }

  /// What Java and the kernel have carried together, as books of now.
  Books whole(Books ours) {
    return new Books(
        ours.events(), ours.portless(), out.with(ours.outbound()), in.with(ours.inbound()));
  }

  /// When the worker has ended.
  @Override
  public void close() {
    fastWay.close();
    out.close();
    in.close();
  }
}
