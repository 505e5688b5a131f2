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
  private static final long ROUND_NANOS = 600_000_000L;
  private static final long ARRIVAL_NANOS = 300_000_000L;

  private final Direction direction;
  private final Cable cable;
  private final List<Integer> ports;
  private final Generator generator;
  private final Sink sink;

  /// @param ports the outer port of each flow
  Course(Line line, Direction direction, Core core, List<Integer> ports) throws IOException {
    this.direction = direction;
    this.ports = List.copyOf(ports);
    var source = line.place(direction.source());
    cable = cable(line, direction);
    core.pin(source);
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

  /// Measures Watari, the kernel and the mere arrival by turns.
  Row measure(int size, int rounds) throws IOException {
    var flows = flows();
    var others = Yardstick.flows(direction, flows);
    try (var ours = new Frames(cable, flows, size, tunnels());
        var theirs = new Frames(cable, others, size, List.of());
        var nobodys = new Frames(cable.astray(), others, size, List.of())) {
      run(ours, WARM_NANOS);
      var done = new ArrayList<Round>();
      for (int i = 0; i < rounds; i++) {
        var arrival = generator.send(nobodys, ARRIVAL_NANOS);
        done.add(
            new Round(
                new Measurement(arrival.packets(), arrival.packets(), arrival.nanos()),
                run(theirs, ROUND_NANOS),
                run(ours, ROUND_NANOS)));
      }
      return new Row(direction, size, done);
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
