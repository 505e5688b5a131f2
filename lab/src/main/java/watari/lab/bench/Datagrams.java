package watari.lab.bench;

import java.io.IOException;
import java.util.List;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.lab.bench.Frames.Tunnel;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// Small UDP packets of many flows through each of [TwoHomes] by turns, from a generator at one end
/// of the gateway to a sink at the other. The flows are open.
final class Datagrams {
  private static final int BYTES = 64;
  private static final long WARM_NANOS = 1_500_000_000L;
  private static final long ROUND_NANOS = 600_000_000L;

  private final TwoHomes homes;
  private final Core core;

  Datagrams(TwoHomes homes, Core core) {
    this.homes = homes;
    this.core = core;
  }

  /// One gateway in one direction, with its own frames.
  private final class Lane implements AutoCloseable {
    private final Generator generator;
    private final Sink sink;
    private final Frames frames;

    /// @param isIn whether the packets come from the line
    Lane(Subscriber home, boolean isIn, List<Flow> flows, List<Tunnel> tunnels) throws IOException {
      var inside = homes.place(home.home());
      var outside = homes.place(Topology.ACCESS);
      var port = "home" + home.number();
      core.pin(isIn ? outside : inside);
      sink = isIn ? Sink.open(inside, "lan0") : Sink.open(outside, port);
      generator = isIn ? Generator.open(outside, port) : Generator.open(inside, "lan0");
      var from = isIn ? Attachment.of(outside, port) : Attachment.of(inside, "lan0");
      var to = Attachment.of(homes.place(home.gateway()), isIn ? "wan0" : "lan0");
      frames = new Frames(new Cable(from.ethernet(), to.ethernet()), flows, BYTES, tunnels);
    }

    /// Million packets a second at the sink.
    double mpps(long nanos) throws IOException {
      long _ = sink.take();
      var sent = generator.send(frames, sink, nanos);
      return new Measurement(sent.packets(), sink.take(), sent.nanos()).mpps();
    }

    @Override
    public void close() throws IOException {
      frames.close();
      generator.close();
      sink.close();
    }
  }

  /// Opens the flows and measures both directions.
  List<Versus> measure(int rounds) throws IOException {
    var ports = OuterPorts.learn(homes.line());
    try (var watari = new Lane(homes.watari(), false, Flow.fromHost(), List.of());
        var kernel = new Lane(homes.kernel(), false, kernelOut(), List.of())) {
      var out = measure("UDP 64 B out", watari, kernel, rounds);
      var tunnel = new Tunnel(Ipv6Address.parse(Topology.RELAY_IPV6), homes.watari().mapAddress());
      try (var watariIn =
              new Lane(homes.watari(), true, Flow.fromInternet(ports), List.of(tunnel));
          var kernelIn = new Lane(homes.kernel(), true, kernelIn(), List.of())) {
        return List.of(out, measure("UDP 64 B in", watariIn, kernelIn, rounds));
      }
    }
  }

  private static Versus measure(String name, Lane watari, Lane kernel, int rounds)
      throws IOException {
    var versus = new Versus(name, "Mpps");
    double _ = watari.mpps(WARM_NANOS);
    for (int round = 0; round < rounds; round++) {
      double alone = kernel.mpps(ROUND_NANOS);
      versus.add(watari.mpps(ROUND_NANOS), alone);
    }
    return versus;
  }

  private List<Flow> kernelOut() {
    int host = Ipv4Address.parse(homes.kernel().homeAddress()).bits();
    return Flow.fromHost().stream().map(flow -> flow.from(host)).toList();
  }

  /// Masquerade leaves a port as it is that nobody else has.
  private static List<Flow> kernelIn() {
    return Flow.fromHost().stream().map(flow -> flow.from(TwoHomes.OUTER).answer()).toList();
  }
}
