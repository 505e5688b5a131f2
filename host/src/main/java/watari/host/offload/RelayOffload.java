package watari.host.offload;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import watari.core.path.TunnelSettings;
import watari.core.rule.RuleTable;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.BpfMap;
import watari.host.kernel.Forwarding;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Link;
import watari.host.kernel.Neighbour;
import watari.host.kernel.Netlink;
import watari.host.kernel.SharedArrays;

/// The usual packets of a relay.
public final class RelayOffload implements Offload {
  private static final int PROCESSORS_MAX = 4096;
  private static final int IPV6_HEADER = 40;

  private final Bpf bpf = new Bpf();
  private final Libc libc = new Libc();
  private final SharedArrays arrays = new SharedArrays(bpf);
  private final List<Integer> descriptors = new ArrayList<>();
  private final HopMaps hops;
  private final Direction downstream;
  private final Direction upstream;
  private Seen seen = new Seen(List.of(), List.of(), List.of());

  /// What the kernel said last.
  private record Seen(List<Forwarding> routes, List<Neighbour> neighbours, List<Link> links) {}

  /// A program and what it has sent.
  private record Direction(int descriptor, int counters) {}

  /// Loads the programs; they are nowhere yet.
  ///
  /// @param cellsMax of the machine's routing table of IPv4, as in [HopMaps#create]
  /// @throws KernelException when a right or the kernel's support is missing; nothing is left then
  public static RelayOffload load(RuleTable rules, TunnelSettings tunnel, int cellsMax)
      throws KernelException {
    return new RelayOffload(rules, tunnel, cellsMax);
  }

  private RelayOffload(RuleTable rules, TunnelSettings tunnel, int cellsMax)
      throws KernelException {
    try {
      var ruleMaps = RuleMaps.of(arrays, rules);
      hops = HopMaps.create(arrays, rules, cellsMax);
      var settings = ProgramSettings.create(arrays);
      settings.shape(
          tunnel.lineMtu() - IPV6_HEADER,
          tunnel.copiedBits(),
          tunnel.fixedBits(),
          tunnel.hopLimit());
      int down = kept(bpf.create(BpfMap.counters("watari_down", 1)));
      downstream = load(RelayPrograms.downstream(ruleMaps, hops, settings, down), down);
      int up = kept(bpf.create(BpfMap.counters("watari_up", 1)));
      upstream = load(RelayPrograms.upstream(ruleMaps, hops, up), up);
    } catch (KernelException failed) {
      close();
      throw failed;
    }
  }

  private int kept(int descriptor) {
    descriptors.add(descriptor);
    return descriptor;
  }

  private Direction load(Program program, int counters) throws KernelException {
    int descriptor = kept(bpf.load(Hook.XDP, program.name(), program.code()));
    return new Direction(descriptor, counters);
  }

  @Override
  public void attach(List<Integer> internet, List<Integer> line) throws KernelException {
    for (int device : internet) {
      kept(bpf.attach(Hook.XDP, downstream.descriptor, device));
    }
    for (int device : line) {
      kept(bpf.attach(Hook.XDP, upstream.descriptor, device));
    }
  }

  @Override
  public boolean follow(Netlink netlink) throws KernelException {
    var routes = new ArrayList<>(netlink.forwarding(false));
    routes.addAll(netlink.forwarding(true));
    var now = new Seen(routes, netlink.neighbours(), netlink.links());
    if (now.equals(seen)) {
      return true;
    }
    seen = now;
    return hops.lead(new NextHops(now.routes, now.neighbours, now.links));
  }

  /// Packets from the Internet that the kernel has sent into tunnels.
  public long sentDownstream() throws KernelException {
    return count(downstream.counters);
  }

  /// Packets of subscribers that the kernel has sent on.
  public long sentUpstream() throws KernelException {
    return count(upstream.counters);
  }

  /// The counters of all processors together.
  private long count(int map) throws KernelException {
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, PROCESSORS_MAX);
      boolean _ = bpf.lookup(map, key.address(), values.address());
      long sum = 0;
      for (int processor = 0; processor < PROCESSORS_MAX; processor++) {
        sum += values.getAtIndex(ValueLayout.JAVA_LONG, processor);
      }
      return sum;
    }
  }

  @Override
  public void close() {
    descriptors.reversed().forEach(libc::close);
    descriptors.clear();
    arrays.close();
  }
}
