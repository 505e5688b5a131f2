package watari.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import watari.core.net.Ipv6Address;
import watari.lab.bench.Frames.Tunnel;
import watari.lab.line.Line;
import watari.lab.line.Topology;

/// One direction, ready to be measured: a generator at one end, a sink at the other.
final class Course implements AutoCloseable {
  private static final long WARM_NANOS = 1_500_000_000L;
  private static final long ROUND_NANOS = 700_000_000L;

  private final Direction direction;
  private final Cable cable;
  private final List<Integer> ports;
  private final Generator generator;
  private final Sink sink;

  /// @param ports the outer port of each flow
  Course(Line line, Direction direction, Cores cores, List<Integer> ports) throws IOException {
    this.direction = direction;
    this.ports = List.copyOf(ports);
    var source = line.place(direction.source());
    var host = line.place(direction.host());
    cable = cable(line, direction);
    cores.pin(source);
    cores.steer(host, direction.inward());
    Yardstick.build(line, direction);
    sink = Sink.open(line.place(direction.sink()), direction.sinkInterface());
    generator = Generator.open(source, direction.sourceInterface());
  }

  /// From the source to the host.
  static Cable cable(Line line, Direction direction) throws IOException {
    return new Cable(
        Attachment.of(line.place(direction.source()), direction.sourceInterface()).ethernet(),
        Attachment.of(line.place(direction.host()), direction.inward()).ethernet());
  }

  /// Measures Watari and the kernel by turns.
  Row measure(int size, int rounds) throws IOException {
    var flows = flows();
    try (var ours = new Frames(cable, flows, size, tunnels());
        var theirs = new Frames(cable, Yardstick.flows(direction, flows), size, List.of())) {
      run(ours, WARM_NANOS);
      var watari = new ArrayList<Measurement>();
      var kernel = new ArrayList<Measurement>();
      for (int round = 0; round < rounds; round++) {
        kernel.add(run(theirs, ROUND_NANOS));
        watari.add(run(ours, ROUND_NANOS));
      }
      return new Row(direction, size, watari, kernel);
    }
  }

  private List<Flow> flows() {
    return switch (direction) {
      case GATEWAY_OUT -> Flow.fromHost();
      case RELAY_UP -> Flow.fromHome(ports);
      case RELAY_DOWN, GATEWAY_IN -> Flow.fromInternet(ports);
    };
  }

  private List<Tunnel> tunnels() {
    var relay = Ipv6Address.parse(Topology.RELAY_IPV6);
    var home = Direction.home().mapAddress();
    return switch (direction) {
      case RELAY_UP -> List.of(new Tunnel(home, relay));
      case GATEWAY_IN -> List.of(new Tunnel(relay, home));
      case RELAY_DOWN, GATEWAY_OUT -> List.of();
    };
  }

  private Measurement run(Frames frames, long nanos) throws IOException {
    long _ = sink.take();
    var sent = generator.send(frames, sink, nanos);
    return new Measurement(sent.packets(), sink.take(), sent.nanos());
  }

  @Override
  public void close() throws IOException {
    generator.close();
    sink.close();
  }
}
