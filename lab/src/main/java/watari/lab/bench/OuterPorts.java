package watari.lab.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import watari.core.wire.Protocol;
import watari.lab.line.Line;
import watari.lab.line.RawSocket;

/// Which outer port the gateway gave each flow, read on the line while the flows are opened.
final class OuterPorts {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int NEXT_HEADER = 6;
  private static final int UDP = 60;
  private static final int BYTES_MIN = UDP + 8;
  private static final int PACKET_BYTES_MAX = 2048;
  private static final int ATTEMPTS_MAX = 20;

  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final int count;

  private OuterPorts(int count) {
    this.count = count;
  }

  /// Opens all flows of [Flow#fromHost].
  ///
  /// @return the outer port of each flow
  /// @throws IOException when some stay closed
  static List<Integer> learn(Line line) throws IOException {
    return learn(Lane.home(line, Direction.home(), true), Flow.fromHost());
  }

  /// Opens all flows. A sink at the line would hide them.
  ///
  /// @param flows which a number in each tells apart, as in [Flow]
  static List<Integer> learn(Lane lane, List<Flow> flows) throws IOException {
    var learned = new OuterPorts(flows.size());
    try (var socket = RawSocket.reader(lane.end(), ETHERTYPE_IPV6);
        var generator = Generator.open(lane.start(), lane.source());
        var frames = new Frames(lane.cable(), flows, BYTES_MIN, List.of());
        var arena = Arena.ofConfined()) {
      var packet = arena.allocate(PACKET_BYTES_MAX);
      for (int i = 0; i < ATTEMPTS_MAX && !learned.isComplete(); i++) {
        generator.sendEach(frames);
        learned.listen(socket, packet);
      }
    }
    return learned.inOrder();
  }

  private boolean isComplete() {
    return ports.size() == count;
  }

  private List<Integer> inOrder() throws IOException {
    if (!isComplete()) {
      throw new IOException("the gateway let %d of %d flows out".formatted(ports.size(), count));
    }
    return List.copyOf(ports.values());
  }

  private void listen(RawSocket socket, MemorySegment packet) throws IOException {
    int length = socket.receive(packet);
    while (length >= 0) {
      read(packet, length);
      length = socket.receive(packet);
    }
  }

  private void read(MemorySegment packet, int length) {
    if (length >= BYTES_MIN && packet.get(JAVA_BYTE, NEXT_HEADER) == Protocol.IPV4) {
      int source = Short.toUnsignedInt(packet.get(SHORT, UDP));
      int number = Flow.number(Short.toUnsignedInt(packet.get(SHORT, UDP + 2)));
      if (number >= 0 && number < count) {
        ports.put(number, source);
      }
    }
  }
}
