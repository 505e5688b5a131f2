package watari.host.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A door to files: the packets of one capture come in, what is sent goes into another.
///
/// Packets that were not captured as a whole are refused and counted.
public final class Pcap implements Driver {
  private final PcapReader source;
  private final PcapWriter target;
  private final LongSupplier micros;
  private final DoorCounters counters = new DoorCounters();
  private final Semaphore wakes = new Semaphore(0);
  private boolean atEnd;

  private Pcap(PcapReader source, PcapWriter target, LongSupplier micros) {
    this.source = source;
    this.target = target;
    this.micros = micros;
  }

  /// Opens both files; `target` is made anew.
  ///
  /// @param micros the clock: microseconds since 1970
  /// @throws IOException when a file cannot be opened or `source` is no capture of bare IP packets
  public static Pcap open(Path source, Path target, LongSupplier micros) throws IOException {
    var reader = new PcapReader(source);
    try {
      return new Pcap(reader, new PcapWriter(target), micros);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  /// Whether all packets of the capture were received.
  public boolean isAtEnd() {
    return atEnd;
  }

  @Override
  public int receive(Batch batch) throws IOException {
    batch.clear();
    while (!batch.isFull() && !atEnd) {
      atEnd = !source.next();
      if (!atEnd) {
        take(batch);
      }
    }
    counters.received(batch);
    return batch.count();
  }

  private void take(Batch batch) {
    if (!source.isWhole()) {
      counters.add(DoorCounter.REFUSED, 1);
    } else if (source.length() > batch.frameBytes()) {
      counters.add(DoorCounter.TOO_LONG, 1);
    } else {
      source.copy(batch.next());
      batch.add(source.length());
    }
  }

  @Override
  public boolean send(long at, int length) throws IOException {
    if (length < 1 || length > Batch.FRAME_BYTES_MAX) {
      counters.add(length < 1 ? DoorCounter.REFUSED : DoorCounter.TOO_LONG, 1);
      return false;
    }
    target.write(at, length, micros.getAsLong());
    counters.sent(length);
    return true;
  }

  /// A file of packets holds those that could be on a line.
  @Override
  public boolean carriesSuperPackets() {
    return false;
  }

  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) {
    throw new UnsupportedOperationException("this door carries no super-packets");
  }

  /// Waits only behind the end of the capture, where nothing but a `wake` can come.
  @Override
  public boolean await(int millis) {
    try {
      if (!atEnd) {
        return true;
      }
      if (millis < 0) {
        wakes.acquire();
      } else {
        boolean _ = wakes.tryAcquire(millis, TimeUnit.MILLISECONDS);
      }
      int _ = wakes.drainPermits();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public void wake() {
    wakes.release();
  }

  @Override
  public DoorCounters counters() {
    return counters;
  }

  @Override
  public void close() throws IOException {
    try (source;
        target) {
      atEnd = true;
    }
  }
}
