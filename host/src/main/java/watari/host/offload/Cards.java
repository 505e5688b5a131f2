package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.host.driver.NextHop;
import watari.host.driver.Onward;
import watari.host.driver.XdpPort;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.BpfMap;
import watari.host.kernel.Channels;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;

/// Network cards whose packets for a relay go to Java directly: what [watari.host.driver.Xdp] needs
/// of the kernel. Packets come from [#attach] on, and no more after [#close] or the process's end.
///
/// One thread at a time, but [#next] is for the thread of the door.
public final class Cards implements Onward, AutoCloseable {
  private static final String OTHERWISE = "door: tun";

  private final Holdings holdings = new Holdings(Hook.XDP, OTHERWISE);
  private final List<Link> links = new ArrayList<>();
  private final List<XdpPort> ports = new ArrayList<>();
  private final Surroundings surroundings = new Surroundings();
  private volatile NextHops hops = new NextHops(List.of(), List.of(), List.of());

  /// Makes the maps; no packet comes yet.
  ///
  /// @param names of the interfaces
  /// @throws KernelException when one is not there, or a right or the kernel's support is missing
  public static Cards of(Netlink netlink, List<String> names) throws KernelException {
    var cards = new Cards();
    try {
      for (String name : names) {
        cards.add(netlink, new InterfaceName(name));
      }
      cards.follow(netlink);
      return cards;
    } catch (KernelException | RuntimeException failed) {
      cards.close();
      throw failed;
    }
  }

  private Cards() {}

  private void add(Netlink netlink, InterfaceName name) throws KernelException {
    Link link =
        netlink
            .link(name)
            .orElseThrow(() ->
                new KernelException(
                    Errno.ENODEV.number(),
                    "finding the interface '" + name.text() + "'",
                    "'ip link' lists them"));
    links.add(link);
    int queues = Channels.receiving(new Libc(), name);
    int map = holdings.keep(holdings.bpf().create(BpfMap.xdpSockets("watari_sockets", queues)));
    ports.add(new XdpPort(name.text(), link.index(), link.mtu(), queues, map));
  }

  /// What the door opens.
  public List<XdpPort> ports() {
    return List.copyOf(ports);
  }

  /// Where a program goes.
  @FunctionalInterface
  private interface Placing {
    void place(int card, int program) throws KernelException;
  }

  /// Has packets for the relay come; the door must be open.
  ///
  /// @throws KernelException when the kernel refuses; for one because another program is there
  public void attach(RuleTable rules) throws KernelException {
    put(
        rules,
        (card, program) -> {
          var _ = holdings.attach(program, List.of(links.get(card)));
        });
  }

  /// Has packets come by other rules; none is lost between.
  ///
  /// @throws KernelException when the kernel refuses; cards may go by the rules of before then
  public void become(RuleTable rules) throws KernelException {
    put(rules, holdings::replace);
  }

  /// A program in its place keeps itself and its maps.
  private void put(RuleTable rules, Placing placing) throws KernelException {
    try (var made = new Holdings(Hook.XDP, OTHERWISE)) {
      int cells = RuleMaps.of(made.arrays(), rules).cells().descriptor();
      var relays = rules.domains().stream().map(MapDomain::relay).distinct().toList();
      for (int card = 0; card < ports.size(); card++) {
        int sockets = ports.get(card).map();
        long ethernet = links.get(card).ethernet();
        placing.place(card, made.load(CardProgram.of(ethernet, relays, cells, sockets)));
      }
    }
  }

  /// Follows the machine's routes and neighbours. Call it every second or so.
  public void follow(Netlink netlink) throws KernelException {
    NextHops changed = surroundings.follow(netlink, _ -> true);
    if (changed != null) {
      hops = changed;
    }
  }

  @Override
  public NextHop next(long at) {
    return hops.next(at);
  }

  /// Takes the programs away; the door may be closed before or after.
  @Override
  public void close() {
    holdings.close();
  }
}
