package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.app.config.OffloadWish;
import watari.app.config.OffloadWish.Demand;
import watari.core.event.Event;
import watari.core.event.Rest;
import watari.core.net.Ipv6Address;
import watari.host.engine.Worker;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.kernel.Place;
import watari.host.offload.Attachment;
import watari.host.offload.Offload;

/// Keeps the offload in place as far as it is wished and can be: loads it, follows routes and
/// interfaces, and says why it does not run where it does not. Whatever happens here, Java has
/// every packet that the kernel does not carry.
///
/// [#status] is for any thread; of the others one runs at a time.
final class FastWay implements AutoCloseable {
  /// Loads programs that have room for so many cells of the machine's routing table.
  @FunctionalInterface
  interface Loader {
    Offload load(Hook hook, int cellsMax) throws KernelException;
  }

  private static final int CELLS_FIRST = 1 << 17;

  /// Eight times what the whole Internet takes.
  private static final int CELLS_MAX = 1 << 25;

  /// How often it is looked at until what failed is tried again, the interfaces being the same.
  private static final int LOOKS_BETWEEN = 60;

  private final OffloadWish wish;
  private final Consumer<Event> news;
  private final ReentrantLock turn = new ReentrantLock();
  private final Loader loader;
  private @Nullable Offload running;
  private List<Attachment> attached = List.of();
  private int cells = CELLS_FIRST;
  private List<Integer> tried = List.of();
  private int looks;
  private List<Ipv6Address> narrow = List.of();
  private boolean isClosed;
  private boolean isPaused;
  private volatile State state;

  /// The interfaces of a wish that are there.
  private record Devices(List<Link> ipv4, List<Link> line) {
    List<Integer> indexes() {
      return Stream.concat(ipv4.stream(), line.stream()).map(Link::index).toList();
    }
  }

  private sealed interface State {
    record Runs(List<String> where) implements State {}

    record Sleeps(String reason) implements State {}

    record Rests(Rest why, String what) implements State {}
  }

  /// @param news hears when it begins to run or no longer does, on the thread that finds out
  FastWay(OffloadWish wish, Loader loader, Consumer<Event> news) {
    this.wish = wish;
    this.loader = loader;
    this.news = news;
    state = new State.Sleeps(isAsleep() ? asleep() : "it has not begun");
  }

  private boolean isAsleep() {
    return wish.demand() == Demand.OFF || wish.interfaces().isEmpty();
  }

  private String asleep() {
    return wish.demand() == Demand.OFF
        ? "the file says 'offload: off'"
        : "the file does not name the interfaces";
  }

  /// Puts it in place for the first time.
  ///
  /// @throws IOException when it cannot be, and it must
  void start() throws IOException {
    follow(List.of());
    if (wish.demand() == Demand.REQUIRED && state instanceof State.Rests(Rest why, String what)) {
      throw new IOException(
          "the file says 'offload: required', and it cannot run: " + why.sentence(what));
    }
  }

  /// Lets it be as interfaces, routes, neighbours and paths are now; call it once a second.
  ///
  /// @param narrowPaths as in [Offload#narrow], for the worker's thread. While that does not say,
  ///   those of before count: a long packet that passes a narrow path is lost
  void follow(Worker worker, Supplier<List<Ipv6Address>> narrowPaths) {
    if (isAsleep()) {
      return;
    }
    try {
      narrow = Questions.ask(worker, narrowPaths);
    } catch (Questions.NoAnswer _) {
      // it is busy, or ends
    }
    follow(narrow);
  }

  /// The same with what is known of paths.
  void follow(List<Ipv6Address> paths) {
    narrow = paths;
    if (isAsleep()) {
      return;
    }
    turn.lock();
    try (var netlink = Netlink.open()) {
      if (!isClosed && !isPaused) {
        follow(netlink);
      }
      if (running != null) {
        running.narrow(paths);
      }
    } catch (IOException e) {
      rest(Rest.REFUSED, String.valueOf(e.getMessage()));
    } finally {
      turn.unlock();
    }
  }

  private void follow(Netlink netlink) throws IOException {
    var interfaces = wish.interfaces().orElseThrow();
    var ipv4 = links(netlink, interfaces.ipv4());
    var line = links(netlink, interfaces.line());
    if (ipv4.isPresent() && line.isPresent()) {
      follow(new Devices(ipv4.get(), line.get()), netlink);
    }
  }

  private void follow(Devices devices, Netlink netlink) throws KernelException {
    boolean isNew = !tried.equals(devices.indexes());
    tried = devices.indexes();
    looks++;
    if (running != null && isNew) {
      unload();
    }
    if (running != null) {
      lead(running, devices, netlink);
    } else if (isNew || looks >= LOOKS_BETWEEN) {
      looks = 0;
      begin(devices, netlink);
    }
  }

  /// Nothing where one is not there, which is said.
  private Optional<List<Link>> links(Netlink netlink, List<String> names) throws IOException {
    var links = new ArrayList<Link>();
    for (String name : names) {
      var link = netlink.link(new InterfaceName(name));
      if (link.isEmpty()) {
        tried = List.of();
        rest(Rest.NO_INTERFACE, name);
        return Optional.empty();
      }
      links.add(link.get());
    }
    return Optional.of(links);
  }

  private void begin(Devices devices, Netlink netlink) throws KernelException {
    var loaded = attach(hook(devices, netlink), devices);
    if (wish.hook() == OffloadWish.Hook.AUTO
        && attached.stream().anyMatch(one -> one.place() == Place.XDP_GENERIC)) {
      unload(); // behind the driver there are super-packets too, and only the other hook takes them
      loaded = attach(Hook.TC, devices);
    }
    lead(loaded, devices, netlink);
  }

  private Hook hook(Devices devices, Netlink netlink) throws KernelException {
    return switch (wish.hook()) {
      case XDP -> Hook.XDP;
      case TC -> Hook.TC;
      case AUTO -> areCards(devices, netlink) ? Hook.XDP : Hook.TC;
    };
  }

  private static boolean areCards(Devices devices, Netlink netlink) throws KernelException {
    for (int device : devices.indexes()) {
      if (!netlink.isCard(device)) {
        return false;
      }
    }
    return true;
  }

  private Offload attach(Hook hook, Devices devices) throws KernelException {
    var loaded = loader.load(hook, cells);
    running = loaded;
    attached = loaded.attach(devices.ipv4, devices.line);
    return loaded;
  }

  /// A routing table that has outgrown its room gets twice as much.
  private void lead(Offload offload, Devices devices, Netlink netlink) throws KernelException {
    if (offload.follow(netlink)) {
      run();
    } else if (cells < CELLS_MAX) {
      cells <<= 1;
      unload();
      begin(devices, netlink);
    } else {
      rest(Rest.ROUTES_TOO_MANY, "");
    }
  }

  private void run() {
    var now = new State.Runs(attached.stream().map(Attachment::toString).toList());
    if (!now.equals(state)) {
      state = now;
      news.accept(new Event.OffloadRuns(String.join(", ", now.where)));
    }
  }

  private void rest(Rest why, String what) {
    unload();
    var now = new State.Rests(why, what);
    if (!now.equals(state)) {
      state = now;
      news.accept(new Event.OffloadRests(why, what));
    }
  }

  private void unload() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /// Takes it away until [#resume]; Java has all packets.
  void pause(Rest why) {
    turn.lock();
    try {
      isPaused = true;
      if (!isAsleep()) {
        rest(why, "");
      }
    } finally {
      turn.unlock();
    }
  }

  /// Lets it be loaded anew from the next look on.
  void resume() {
    turn.lock();
    try {
      isPaused = false;
      tried = List.of();
    } finally {
      turn.unlock();
    }
  }

  /// ```json
  /// {"wanted": "auto", "running": true, "where": ["net0 (tc)", "line0 (tc)"]}
  /// {"wanted": "auto", "running": false, "reason": "there is no interface 'net0'; …"}
  /// ```
  Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("wanted", wish.demand().name().toLowerCase(Locale.ROOT));
    switch (state) {
      case State.Runs(List<String> where) -> {
        status.put("running", true);
        status.put("where", where);
      }
      case State.Sleeps(String reason) -> rest(status, reason);
      case State.Rests(Rest why, String what) -> rest(status, why.sentence(what));
    }
    return status;
  }

  private static void rest(Map<String, Object> status, String reason) {
    status.put("running", false);
    status.put("reason", reason);
  }

  /// In a few words.
  String summary() {
    return state instanceof State.Runs(List<String> where)
        ? ", offload at " + String.join(" and ", where)
        : "";
  }

  /// Takes it away; it does not come back.
  @Override
  public void close() {
    turn.lock();
    try {
      isClosed = true;
      unload();
    } finally {
      turn.unlock();
    }
  }
}
