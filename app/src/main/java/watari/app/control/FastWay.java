package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.app.config.OffloadWish;
import watari.app.config.OffloadWish.Demand;
import watari.core.event.Event;
import watari.core.net.Ipv6Address;
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

    record Rests(String reason) implements State {}
  }

  /// @param news hears when it begins to run or no longer does, on the thread that finds out
  FastWay(OffloadWish wish, Loader loader, Consumer<Event> news) {
    this.wish = wish;
    this.loader = loader;
    this.news = news;
    state = new State.Rests(isAsleep() ? asleep() : "it has not begun");
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
    if (wish.demand() == Demand.REQUIRED && state instanceof State.Rests(String reason)) {
      throw new IOException("the file says 'offload: required', and it cannot run: " + reason);
    }
  }

  /// Lets it be as interfaces, routes and neighbours are now; call it once a second.
  ///
  /// @param narrow as in [Offload#narrow]
  void follow(List<Ipv6Address> narrow) {
    if (isAsleep()) {
      return;
    }
    turn.lock();
    try (var netlink = Netlink.open()) {
      if (!isClosed && !isPaused) {
        follow(netlink);
      }
      if (running != null) {
        running.narrow(narrow);
      }
    } catch (IOException e) {
      rest(String.valueOf(e.getMessage()));
    } finally {
      turn.unlock();
    }
  }

  private void follow(Netlink netlink) throws IOException {
    var interfaces = wish.interfaces().orElseThrow();
    var devices = new Devices(links(netlink, interfaces.ipv4()), links(netlink, interfaces.line()));
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

  private List<Link> links(Netlink netlink, List<String> names) throws IOException {
    var links = new ArrayList<Link>();
    for (String name : names) {
      var link = netlink.link(new InterfaceName(name));
      if (link.isEmpty()) {
        tried = List.of();
        throw new IOException("there is no interface '" + name + "'");
      }
      links.add(link.get());
    }
    return links;
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
      rest("this machine's routing table is too large");
    }
  }

  private void run() {
    var now = new State.Runs(attached.stream().map(Attachment::toString).toList());
    if (!now.equals(state)) {
      state = now;
      news.accept(new Event.OffloadRuns(String.join(", ", now.where)));
    }
  }

  private void rest(String reason) {
    unload();
    var now = new State.Rests(reason);
    if (!now.equals(state)) {
      state = now;
      news.accept(new Event.OffloadRests(reason));
    }
  }

  private void unload() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /// Takes it away until [#resume]; Java has all packets.
  ///
  /// @param reason the end of a sentence
  void pause(String reason) {
    turn.lock();
    try {
      isPaused = true;
      if (!isAsleep()) {
        rest(reason);
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
  /// {"wanted": "auto", "running": false, "reason": "there is no interface 'net0'"}
  /// ```
  Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("wanted", wish.demand().name().toLowerCase(Locale.ROOT));
    switch (state) {
      case State.Runs(List<String> where) -> {
        status.put("running", true);
        status.put("where", where);
      }
      case State.Rests(String reason) -> {
        status.put("running", false);
        status.put("reason", reason);
      }
    }
    return status;
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
