package watari.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import watari.app.control.Disk.DiskFile;

/// Keys and values that survive a crash at any instant. A write that came back is safe; one that
/// did not is there as a whole or not at all.
///
/// One file has it all: a snapshot, and behind it what has changed since. When that is too much, or
/// when writing has failed, a new file is written beside it and takes its name. Nothing is ever
/// written behind bytes of which it is not known whether they are safe.
final class Ledger implements AutoCloseable {
  static final String FILE = "state";
  static final String DRAFT = "state.new";

  /// What could not be read, for a person to look at.
  static final String UNREADABLE = "state.unreadable";

  /// How much longer than its snapshot a file may become.
  private static final int CHANGES_BYTES_MAX = 256 << 10;

  private final Disk disk;
  private final int changesBytesMax;
  private SortedMap<String, JsonNode> entries = new TreeMap<>();
  private @Nullable DiskFile file;
  private int changesBytes;
  private Optional<String> damage = Optional.empty();

  private Ledger(Disk disk, int changesBytesMax) {
    this.disk = disk;
    this.changesBytesMax = changesBytesMax;
  }

  /// Reads what is there; a torn end is cut off.
  ///
  /// @throws IOException when it cannot be read
  static Ledger open(Disk disk) throws IOException {
    return open(disk, CHANGES_BYTES_MAX);
  }

  static Ledger open(Disk disk, int changesBytesMax) throws IOException {
    var ledger = new Ledger(disk, changesBytesMax);
    Optional<byte[]> bytes = disk.read(FILE);
    if (bytes.isPresent()) {
      ledger.take(bytes.get());
    }
    return ledger;
  }

  /// Only looks at what is there.
  static SortedMap<String, JsonNode> entries(byte[] bytes) {
    return LedgerText.read(bytes).entries();
  }

  private void take(byte[] bytes) throws IOException {
    LedgerText.Reading reading = LedgerText.read(bytes);
    if (reading.length() == 0) {
      disk.rename(FILE, UNREADABLE);
      damage =
          Optional.of("it could not be read; it lies beside the new one as '" + UNREADABLE + "'");
      return;
    }
    entries = reading.entries();
    changesBytes = reading.length() - reading.snapshotLength();
    try {
      file = disk.open(FILE);
      if (reading.length() < bytes.length) {
        file.cut(reading.length());
      }
      file.force(); // what was read may have come from the kernel's memory only
    } catch (IOException _) {
      abandon(); // the first write will say why
    }
  }

  /// What was wrong with the file when it was opened, as the end of a sentence.
  Optional<String> damage() {
    return damage;
  }

  /// All values by their keys.
  synchronized SortedMap<String, JsonNode> entries() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /// Changes values; a null takes its key away. When this returns it is safe.
  ///
  /// @throws IOException when it could not be made safe; then nothing has changed, and the next
  ///   write tries anew
  synchronized void write(SortedMap<String, JsonNode> changes) throws IOException {
    var next = new TreeMap<>(entries);
    changes.forEach((key, value) -> LedgerText.change(next, key, value));
    if (next.equals(entries) && file != null) {
      return;
    }
    if (file == null || changesBytes > changesBytesMax) {
      rewrite(next);
    } else {
      append(file, LedgerText.record(changes));
    }
    entries = next;
  }

  private void append(DiskFile to, byte[] record) throws IOException {
    try {
      to.append(record);
      to.force();
      changesBytes += record.length;
    } catch (IOException e) {
      abandon(); // after a failed write or force nobody knows what the file has
      throw e;
    }
  }

  private void rewrite(SortedMap<String, JsonNode> next) throws IOException {
    abandon();
    DiskFile draft = disk.create(DRAFT);
    try {
      draft.append(LedgerText.snapshot(next));
      draft.force();
      disk.rename(DRAFT, FILE);
      disk.forceFolder();
    } catch (IOException e) {
      closeQuietly(draft);
      throw e;
    }
    file = draft;
    changesBytes = 0;
  }

  private void abandon() {
    if (file != null) {
      closeQuietly(file);
      file = null;
    }
  }

  private static void closeQuietly(Closeable opened) {
    try {
      opened.close();
    } catch (IOException _) {
      // what was to be safe is, or its failure is said already
    }
  }

  @Override
  public synchronized void close() {
    abandon();
    closeQuietly(disk);
  }
}
