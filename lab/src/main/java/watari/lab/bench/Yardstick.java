package watari.lab.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import watari.core.net.Ipv4Address;
import watari.lab.line.Finished;
import watari.lab.line.Line;

/// Routes by which the kernel alone forwards IPv4 over the same cables: a prefix of RFC 2544 for
/// each direction, beside the routes into the TUN device. The hosts at the sinks are given, as they
/// hear no ARP.
final class Yardstick {
  private Yardstick() {}

  static void build(Line line, Direction direction) throws IOException {
    var host = line.place(direction.host()).namespace();
    var sink = Attachment.of(line.place(direction.sink()), direction.sinkInterface());
    var batch =
        """
        neighbour replace %1$s lladdr %2$s dev %3$s nud permanent
        route replace %4$s/24 via %1$s dev %3$s onlink
        """
            .formatted(
                prefix(direction) + 1,
                text(sink.ethernet()),
                direction.outward(),
                prefix(direction) + 0);
    Finished.demand(List.of("ip", "-netns", host, "-batch", "-"), batch);
  }

  /// The same flows, but the kernel forwards them.
  static List<Flow> flows(Direction direction, List<Flow> flows) {
    int target = Ipv4Address.parse(prefix(direction) + 9).bits();
    return flows.stream().map(flow -> flow.to(target)).toList();
  }

  /// An Ethernet address as `ip` writes it.
  static String text(long address) {
    return HexFormat.ofDelimiter(":")
        .formatHex(ByteBuffer.allocate(8).putLong(address).array(), 2, 8);
  }

  private static String prefix(Direction direction) {
    return switch (direction) {
      case RELAY_DOWN -> "198.18.1.";
      case RELAY_UP -> "198.18.2.";
      case GATEWAY_OUT -> "198.18.3.";
      case GATEWAY_IN -> "198.18.4.";
    };
  }
}
