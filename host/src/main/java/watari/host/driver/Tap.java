package watari.host.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// Writes all that passes another door, both ways, to a capture file that Wireshark and tcpdump
/// read.
public final class Tap implements Driver {
  private final Driver door;
  private final PcapWriter file;
  private final LongSupplier micros;

  /// Takes the door over and closes it in the end; the file is made anew.
  ///
  /// @param micros the clock: microseconds since 1970
  /// @throws IOException when the file cannot be made
  public Tap(Driver door, Path file, LongSupplier micros) throws IOException {
    this.door = door;
    this.file = new PcapWriter(file);
    this.micros = micros;
  }

  @Override
  public int receive(Batch batch) throws IOException {
    int count = door.receive(batch);
    for (int i = 0; i < count; i++) {
      file.write(batch.at(i), batch.length(i), micros.getAsLong());
    }
    return count;
  }

  /// Writes what the door took; not what it refused.
  @Override
  public boolean send(long at, int length) throws IOException {
    boolean isSent = door.send(at, length);
    if (isSent) {
      file.write(at, length, micros.getAsLong());
    }
    return isSent;
  }

  @Override
  public boolean carriesSuperPackets() {
    return door.carriesSuperPackets();
  }

  /// Writes it in one piece, as other captures on this machine show it.
  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) throws IOException {
    boolean isSent = door.sendSuper(at, length, segmentBytes);
    if (isSent) {
      file.write(at, length, micros.getAsLong());
    }
    return isSent;
  }

  /// Puts the file in order before a wait, so that a reader sees all that has passed.
  @Override
  public boolean await(int millis) throws IOException {
    file.flush();
    return door.await(millis);
  }

  @Override
  public void wake() {
    door.wake();
  }

  @Override
  public DoorCounters counters() {
    return door.counters();
  }

  @Override
  public void close() throws IOException {
    try (door;
        file) {
      file.flush();
    }
  }
}
