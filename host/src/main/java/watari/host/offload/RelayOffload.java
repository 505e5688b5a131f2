package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import watari.core.net.Ipv6Address;
import watari.core.path.TunnelSettings;
import watari.core.rule.RuleTable;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;

/// The usual packets of a relay.
public final class RelayOffload implements Offload {
  private static final int IPV6_HEADER = 40;

  private final Holdings holdings;
  private final HopWatch watch;
  private final ProgramSettings settings;
  private final BooleanSupplier hasFormer;
  private final int downstream;
  private final int upstream;

  /// Loads the programs; they are nowhere yet.
  ///
  /// @param hook where they will be
  /// @param down where packets from the Internet are counted
  /// @param up where packets of subscribers are counted
  /// @param cellsMax of the machine's routing table of IPv4, as in [HopMaps#create]
  /// @throws KernelException when a right or the kernel's support is missing; nothing is left then
  public static RelayOffload load(
      Hook hook, RuleTable rules, TunnelSettings tunnel, Counts down, Counts up, int cellsMax)
      throws KernelException {
    return load(hook, rules, tunnel, down, up, cellsMax, () -> false);
  }

  /// The same while Java accepts rules from before besides.
  ///
  /// @param hasFormer whether it still does; asked now, and at each [#follow]
  public static RelayOffload load(
      Hook hook,
      RuleTable rules,
      TunnelSettings tunnel,
      Counts down,
      Counts up,
      int cellsMax,
      BooleanSupplier hasFormer)
      throws KernelException {
    return new RelayOffload(hook, rules, tunnel, down, up, cellsMax, hasFormer);
  }

  private RelayOffload(
      Hook hook,
      RuleTable rules,
      TunnelSettings tunnel,
      Counts down,
      Counts up,
      int cellsMax,
      BooleanSupplier hasFormer)
      throws KernelException {
    holdings = new Holdings(hook);
    this.hasFormer = hasFormer;
    try {
      var arrays = holdings.arrays();
      var ruleMaps = RuleMaps.of(arrays, rules);
      HopMaps hops = HopMaps.create(arrays, rules, ruleMaps, cellsMax);
      watch = new HopWatch(hook, hops);
      settings = ProgramSettings.create(arrays);
      settings.shape(
          tunnel.lineMtu() - IPV6_HEADER,
          tunnel.copiedBits(),
          tunnel.fixedBits(),
          tunnel.hopLimit());
      settings.beLenient(hasFormer.getAsBoolean());
      var downMap = down.place(holdings.bpf(), rules);
      var upMap = up.place(holdings.bpf(), rules);
      downstream = holdings.load(RelayPrograms.downstream(hook, ruleMaps, hops, settings, downMap));
      upstream = holdings.load(RelayPrograms.upstream(hook, ruleMaps, hops, settings, upMap));
    } catch (KernelException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  @Override
  public List<Attachment> attach(List<Link> internet, List<Link> line) throws KernelException {
    watch.add(internet);
    watch.add(line);
    var made = new ArrayList<>(holdings.attach(downstream, internet));
    made.addAll(holdings.attach(upstream, line));
    return made;
  }

  @Override
  public boolean follow(Netlink netlink) throws KernelException {
    settings.beLenient(hasFormer.getAsBoolean());
    return watch.follow(netlink);
  }

  @Override
  public void narrow(List<Ipv6Address> farEnds) {
    settings.narrow(farEnds);
  }

  @Override
  public void close() {
    holdings.close();
  }
}
