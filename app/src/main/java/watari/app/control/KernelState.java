package watari.app.control;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.plan.Difference;
import watari.core.plan.Item;
import watari.core.plan.Plan;
import watari.core.plan.PolicyRule;
import watari.core.plan.PolicyRule.Course;
import watari.host.kernel.Cidr;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.kernel.ProxyNeighbour;
import watari.host.kernel.Route;
import watari.host.kernel.Sysctl;

/// What of a plan is in the kernel; makes it become another plan, and when closed takes away what
/// it put there. What was there before stays or comes back.
///
/// Forwarding is left on, as others may rely on it by now; and with it the router advertisements
/// that were heard before it was switched on.
final class KernelState implements AutoCloseable {
  /// Values of `accept_ra`.
  private static final int HEAR = 1;

  private static final int HEAR_ALTHOUGH_FORWARDING = 2;

  /// Two that stand for more than one device in settings.
  private static final InterfaceName ALL = new InterfaceName("all");

  private static final InterfaceName NEW_ONES = new InterfaceName("default");

  private static final Ipv4Prefix EVERYWHERE = new Ipv4Prefix(0, 0);

  private final Netlink netlink;
  private final String name;
  private final int device;
  private final SequencedMap<Item, Deque<Undo>> present = new LinkedHashMap<>();

  /// How one step is taken back.
  @FunctionalInterface
  private interface Undo {
    void run() throws IOException;
  }

  /// @param name of our device, which is open
  KernelState(String name) throws IOException {
    this.name = name;
    netlink = Netlink.open();
    device = index(name);
    mend();
  }

  private int index(String name) throws IOException {
    return netlink
        .link(new InterfaceName(name))
        .map(Link::index)
        .orElseThrow(
            () -> new IOException("there is no network device " + name + "; 'ip link' lists them"));
  }

  /// When it fails half-way, [#close] takes away what was put in place until then.
  void become(Plan next) throws IOException {
    netlink.mtu(device, next.mtu());
    netlink.up(device);
    var now = new Plan(name, next.mtu(), new LinkedHashSet<>(present.sequencedKeySet()));
    Difference difference = Difference.between(now, next);
    addAll(difference.routes());
    for (Item item : difference.removed()) {
      remove(item);
    }
    addAll(difference.added());
    netlink.lookUpLocalBehind();
  }

  private void addAll(List<Item> items) throws IOException {
    for (Item item : items) {
      var undo = new ArrayDeque<Undo>();
      present.put(item, undo);
      add(item, undo);
    }
  }

  /// Takes away the rules that a killed process left; without its device they did nothing.
  private void mend() throws IOException {
    if (netlink.routes(Course.OURS.table()).isEmpty()) {
      for (PolicyRule rule : netlink.rules().reversed()) {
        netlink.remove(rule);
      }
    }
  }

  /// @param undo takes the way back of each step, as soon as it is done
  private void add(Item item, Deque<Undo> undo) throws IOException {
    switch (item) {
      case Item.Forwarding() -> forward();
      case Item.OwnSource(var address) -> {
        // All of it goes with the device. The local route makes the device one that the address
        // belongs to, which the kernel demands where rp_filter of "all" is not 0.
        Sysctl.acceptLocal(new InterfaceName(name)).write(1);
        Sysctl.rpFilter(new InterfaceName(name)).write(0);
        netlink.addLocal(new Route(Cidr.of(address, Integer.SIZE), device, 0));
      }
      case Item.RouterAdvertisements(String link) -> hearAdvertisements(link, undo);
      case Item.ProxyNeighbour(var address, String link) -> answer(address, link, undo);
      case Item.Ipv4Route(var prefix, int metric) ->
          add(new Route(Cidr.of(prefix), device, metric), undo);
      case Item.Ipv6Route(var prefix) -> add(new Route(Cidr.of(prefix), device, 0), undo);
      case Item.AnySource() -> filterDeviceByDevice(undo);
      case Item.EveryWayLookedUp() -> write(Sysctl.earlyDemux(), 0, undo);
      case Item.SparedPorts(String ranges) -> spare(ranges, undo);
      case Item.OwnTable() ->
          add(new Route(Course.OURS.table(), Cidr.of(EVERYWHERE), device, 0), undo);
      case Item.Ipv4Rule(var rule) -> {
        netlink.add(rule);
        undo.push(() -> netlink.remove(rule));
      }
    }
  }

  private void add(Route route, Deque<Undo> undo) throws IOException {
    netlink.add(route);
    undo.push(() -> netlink.remove(route));
  }

  /// The kernel drops what it learned from router advertisements when it begins to forward, unless
  /// told to hear them all the same (`accept_ra` 2). Where they are not heard by the kernel (0)
  /// another program does it, and sees to it itself.
  private void forward() throws IOException {
    Sysctl.ipv4Forwarding().write(1);
    if (Sysctl.ipv6Forwarding().read() == 0) {
      for (int learned : netlink.advertisedDefaults()) {
        hearAlthoughForwarding(learned);
      }
    }
    Sysctl.ipv6Forwarding().write(1);
  }

  private void hearAlthoughForwarding(int learned) throws IOException {
    Optional<Link> link = netlink.link(learned);
    if (link.isPresent() && Sysctl.acceptRa(link.get().name()).read() == HEAR) {
      Sysctl.acceptRa(link.get().name()).write(HEAR_ALTHOUGH_FORWARDING);
    }
  }

  /// Where we are the first to forward, the line's default route hangs on it from now on.
  private void hearAdvertisements(String link, Deque<Undo> undo) throws IOException {
    boolean isForwarding = Sysctl.ipv6Forwarding().read() == 1;
    Sysctl setting = Sysctl.acceptRa(new InterfaceName(link));
    write(setting, HEAR_ALTHOUGH_FORWARDING, isForwarding ? undo : new ArrayDeque<>());
  }

  /// The larger value of `all` and a device counts, so what `all` has is given to every device but
  /// ours; for these nothing changes.
  private void filterDeviceByDevice(Deque<Undo> undo) throws IOException {
    int all = Sysctl.rpFilter(ALL).read();
    if (all == 0) {
      return;
    }
    var names = new ArrayList<InterfaceName>();
    names.add(NEW_ONES);
    netlink.links().stream()
        .filter(link -> link.index() != device)
        .map(Link::name)
        .forEach(names::add);
    for (InterfaceName each : names) {
      Sysctl filter = Sysctl.rpFilter(each);
      write(filter, Math.max(all, filter.read()), undo);
    }
    write(Sysctl.rpFilter(ALL), 0, undo);
  }

  private static void spare(String ranges, Deque<Undo> undo) throws IOException {
    Sysctl setting = Sysctl.reservedPorts();
    String before = setting.readText();
    setting.writeText(before.isEmpty() ? ranges : before + "," + ranges);
    undo.push(() -> setting.writeText(before));
  }

  private void answer(Ipv6Address address, String link, Deque<Undo> undo) throws IOException {
    write(Sysctl.proxyNdp(new InterfaceName(link)), 1, undo);
    var neighbour = new ProxyNeighbour(index(link), address);
    if (!netlink.isOfOthers(neighbour)) {
      netlink.add(neighbour);
      undo.push(() -> netlink.remove(neighbour));
    }
  }

  private static void write(Sysctl setting, int value, Deque<Undo> undo) throws IOException {
    int before = setting.read();
    setting.write(value);
    undo.push(() -> restore(setting, before));
  }

  /// The setting goes with its device, and a line's device may go at any time.
  private static void restore(Sysctl setting, int before) throws IOException {
    try {
      setting.write(before);
    } catch (KernelException gone) {
      if (!gone.is(Errno.ENOENT)) {
        throw gone;
      }
    }
  }

  /// Takes back all steps of an item; one that fails does not keep the others.
  private void remove(Item item) throws IOException {
    @Nullable IOException first = null;
    for (Undo undo : Objects.requireNonNullElseGet(present.remove(item), ArrayDeque<Undo>::new)) {
      try {
        undo.run();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /// Takes everything away, the last put in first; one that cannot be taken away does not keep the
  /// others.
  @Override
  public void close() throws IOException {
    @Nullable IOException first = null;
    for (Item item : List.copyOf(present.sequencedKeySet().reversed())) {
      try {
        remove(item);
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    netlink.close();
    if (first != null) {
      throw first;
    }
  }
}
