package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import watari.core.nat.Carrier;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.FarEnds;
import watari.core.path.GatewaySettings;
import watari.core.path.TunnelSettings;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;

/// The usual packets of a gateway's settled sessions.
///
/// Which those are its translator says, once it has the [#carrier]:
///
/// ```java
/// var offload = GatewayOffload.load(Hook.XDP, settings, 65_536, out, in, 1 << 17, randomness);
/// offload.attach(List.of(lan), List.of(line));
/// offload.follow(netlink);
/// gateway.napt().carryBy(offload.carrier(), now);
/// ```
///
/// A benchmark needs no gateway: it calls [Carrier#begin] for each of its flows, and [Carrier#tick]
/// with the time before and at least each [Carrier#SILENCE_SECONDS].
public final class GatewayOffload implements Offload {
  private static final int IPV6_HEADER = 40;

  private final Holdings holdings;
  private final TunnelSettings tunnel;
  private final FlowMaps maps;
  private final GatewayFlows flows;
  private final HopMaps hops;
  private final HopWatch watch;
  private final ProgramSettings settings;
  private final int outbound;
  private final int inbound;

  /// Loads the programs; they are nowhere yet.
  ///
  /// @param flowsMax about how many sessions the kernel carries at most, of 256 bytes each; those
  ///   beyond stay with Java
  /// @param out where packets of the home are counted
  /// @param in where packets of the line are counted
  /// @param cellsMax of the machine's routing table of IPv4, as in [HopMaps#create]
  /// @param randomness so that nobody outside can say where in the table a flow lies
  /// @throws KernelException when a right or the kernel's support is missing; nothing is left then
  public static GatewayOffload load(
      Hook hook,
      GatewaySettings settings,
      int flowsMax,
      Counts out,
      Counts in,
      int cellsMax,
      Randomness randomness)
      throws KernelException {
    FlowMaps maps = FlowMaps.create(new Bpf(), flowsMax, randomness);
    return new GatewayOffload(hook, settings, maps, out, in, cellsMax);
  }

  private GatewayOffload(
      Hook hook, GatewaySettings wanted, FlowMaps maps, Counts out, Counts in, int cellsMax)
      throws KernelException {
    holdings = new Holdings(hook);
    this.maps = maps;
    tunnel = wanted.tunnel();
    flows = new GatewayFlows(maps, wanted);
    try {
      var farEnds = new FarEnds(wanted.domain());
      var relay = wanted.domain().relay();
      hops =
          HopMaps.create(
              holdings.arrays(),
              farEnds.peers() + 1,
              way -> way == 0 ? host(relay) : farEnds.prefix(way - 1),
              cellsMax);
      watch = new HopWatch(hook, hops);
      settings = ProgramSettings.create(holdings.arrays());
      narrow(List.of());
      Ipv6Address own = wanted.identity().mapAddress();
      var outMap = out.place(holdings.bpf());
      var inMap = in.place(holdings.bpf());
      outbound = holdings.load(GatewayPrograms.outbound(hook, maps, hops, settings, own, outMap));
      inbound = holdings.load(GatewayPrograms.inbound(hook, maps, hops, own, inMap));
    } catch (KernelException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private static Ipv6Prefix host(Ipv6Address address) {
    return new Ipv6Prefix(address.high(), address.low(), 128);
  }

  /// Whoever puts flows into the kernel, on one thread. It may be asked after [#close] as well:
  /// then it carries nothing, and says so.
  public Carrier carrier() {
    return flows;
  }

  @Override
  public List<Attachment> attach(List<Link> home, List<Link> line) throws KernelException {
    watch.add(home);
    watch.add(line);
    var made = new ArrayList<>(holdings.attach(outbound, home));
    made.addAll(holdings.attach(inbound, line));
    return made;
  }

  @Override
  public boolean follow(Netlink netlink) throws KernelException {
    return watch.follow(netlink);
  }

  /// Leads packets by these next hops until [#follow] finds others.
  ///
  /// @param devices that frames come in by
  /// @return whether there was room
  public boolean lead(NextHops next, List<Link> devices) {
    watch.add(devices);
    return hops.lead(next);
  }

  /// The descriptor of the program for packets of the home, for who runs it himself.
  public int outbound() {
    return outbound;
  }

  /// The descriptor of the program for packets of the line.
  public int inbound() {
    return inbound;
  }

  /// The relay is nearly always one of them, if any is: all that is long goes to Java then.
  @Override
  public void narrow(List<Ipv6Address> farEnds) {
    int whole = tunnel.lineMtu() - IPV6_HEADER;
    settings.shape(
        farEnds.isEmpty() ? whole : Math.min(whole, ProgramSettings.NARROWEST),
        tunnel.copiedBits(),
        tunnel.fixedBits(),
        tunnel.hopLimit());
  }

  @Override
  public void close() {
    flows.end();
    holdings.close();
    maps.close();
  }
}
