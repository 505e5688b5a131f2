package watari.lab.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.line.Finished;
import watari.lab.line.Place;

/// Where packets end: dropped and counted as soon as they come in (nftables, family netdev), before
/// the host looks at them. Counts UDP over IPv4 and IPv4 in IPv6 alike.
final class Sink implements AutoCloseable {
  private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
  private static final int TEXT_MAX = 1 << 14;

  private final Place place;
  private final String table;
  private final byte[] line;
  private final FileChannel devices;
  private final ByteBuffer text = ByteBuffer.allocateDirect(TEXT_MAX);

  private Sink(Place place, String name, FileChannel devices) {
    this.place = place;
    this.table = table(name);
    this.line = (name + ":").getBytes(StandardCharsets.US_ASCII);
    this.devices = devices;
  }

  /// Begins to drop what comes in at an interface.
  static Sink open(Place place, String name) throws IOException {
    Finished.demand(place.command(List.of("nft", "-f", "-")), rules(name));
    return new Sink(place, name, place.inside(() -> FileChannel.open(DEVICES)));
  }

  private static String table(String name) {
    return "watari_bench_" + name;
  }

  private static String rules(String name) {
    return """
    table netdev %s {
      counter arrived {
      }
      chain ingress {
        type filter hook ingress device "%s" priority 0;
        meta l4proto { 4, 17 } counter name "arrived" drop
      }
    }
    """
        .formatted(table(name), name);
  }

  /// How many packets were dropped since the last call.
  long take() throws IOException {
    var reset = List.of("nft", "-j", "reset", "counter", "netdev", table, "arrived");
    return packets(Finished.demand(place.command(reset), ""));
  }

  /// Reads the counter in what `nft -j` prints.
  ///
  /// @throws IOException when there is none
  static long packets(String json) throws IOException {
    try {
      for (var item : JsonMapper.shared().readTree(json).path("nftables")) {
        var packets = item.path("counter").path("packets");
        if (packets.isIntegralNumber()) {
          return packets.asLong();
        }
      }
    } catch (JacksonException wrong) {
      throw new IOException("nft -j printed no JSON: " + wrong.getOriginalMessage(), wrong);
    }
    throw new IOException("nft -j printed no counter");
  }

  /// How many packets have reached the interface since it was made: cheap, and a few too many,
  /// because the kernel's own count too.
  long reached() throws IOException {
    text.clear();
    while (text.hasRemaining() && devices.read(text, text.position()) > 0) {
      // The kernel gives whole lines, as many as fit.
    }
    return packets(text.flip(), line);
  }

  /// Reads the second number, the packets received, after `line` in the form of `/proc/net/dev`.
  static long packets(ByteBuffer text, byte[] line) throws IOException {
    for (int at = 0; at + line.length < text.limit(); at++) {
      if (isAt(text, at, line)) {
        return number(text, digits(text, spaces(text, at + line.length)));
      }
    }
    throw new IOException("the sink has lost its interface");
  }

  private static boolean isAt(ByteBuffer text, int at, byte[] line) {
    if (at > 0 && text.get(at - 1) > ' ') {
      return false;
    }
    for (int i = 0; i < line.length; i++) {
      if (text.get(at + i) != line[i]) {
        return false;
      }
    }
    return true;
  }

  private static int spaces(ByteBuffer text, int from) {
    int at = from;
    while (text.get(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int digits(ByteBuffer text, int from) {
    int at = from;
    while (text.get(at) > ' ') {
      at++;
    }
    return at;
  }

  private static long number(ByteBuffer text, int from) {
    long number = 0;
    for (int at = spaces(text, from); text.get(at) > ' '; at++) {
      number = number * 10 + text.get(at) - '0';
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    devices.close();
  }
}
