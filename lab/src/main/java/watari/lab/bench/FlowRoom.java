package watari.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import watari.lab.line.Place;

/// Room for many flows in the table of the kernel's own translation, as one would make it on a
/// router that has so many: the numbers are the machine's, and are put back.
final class FlowRoom implements Closeable {
  private static final Path SETTINGS = Path.of("/proc/sys/net/netfilter");
  private static final int TEXT_MAX = 64;
  private static final String MAX = "nf_conntrack_max";
  private static final String BUCKETS = "nf_conntrack_buckets";

  /// An hour.
  private static final String LIFE_SECONDS = "3600";

  private final Map<String, String> before = new LinkedHashMap<>();

  private FlowRoom() {}

  /// @param flows for which each direction gets a bucket of its own
  /// @throws IOException when the machine does not let this process
  static FlowRoom open(int flows) throws IOException {
    var room = new FlowRoom();
    Farewell.promise(room);
    try {
      room.raise(MAX, 2 * flows);
      room.raise(BUCKETS, 2 * flows);
      return room;
    } catch (IOException failed) {
      room.close();
      throw new IOException(
          "the table of the kernel's translation cannot be made larger: " + failed.getMessage(),
          failed);
    }
  }

  private void raise(String name, int wanted) throws IOException {
    var setting = SETTINGS.resolve(name);
    var now = read(setting);
    if (Integer.parseInt(now) < wanted) {
      before.put(name, now);
      Files.writeString(setting, Integer.toString(wanted));
    }
  }

  /// No flow of UDP ends in that place for an hour, so that all are there in every round.
  static void keep(Place place) throws IOException {
    place.inside(() -> {
      Files.writeString(SETTINGS.resolve("nf_conntrack_udp_timeout"), LIFE_SECONDS);
      Files.writeString(SETTINGS.resolve("nf_conntrack_udp_timeout_stream"), LIFE_SECONDS);
      return LIFE_SECONDS;
    });
  }

  /// How many flows the machine has room for.
  static int most() throws IOException {
    return Integer.parseInt(read(SETTINGS.resolve(MAX)));
  }

  /// How many flows the kernel holds in that place.
  static int count(Place place) throws IOException {
    return place.inside(() -> Integer.parseInt(read(SETTINGS.resolve("nf_conntrack_count"))));
  }

  /// The kernel gives the whole number to the first read and nothing to the next: so the first one
  /// must have room, which that of `Files.readString` has not.
  private static String read(Path setting) throws IOException {
    try (var file = FileChannel.open(setting)) {
      var text = ByteBuffer.allocate(TEXT_MAX);
      file.read(text);
      return US_ASCII.decode(text.flip()).toString().strip();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (var setting : before.entrySet()) {
      Files.writeString(SETTINGS.resolve(setting.getKey()), setting.getValue());
    }
    before.clear();
  }
}
