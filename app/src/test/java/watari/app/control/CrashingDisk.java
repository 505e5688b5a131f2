package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A disk in memory that loses power after a number of steps. A byte that is written is a step, and
/// so is everything else that changes something.
final class CrashingDisk implements Disk {
  /// The power is gone.
  static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Map<String, Content> names = new HashMap<>();
  private Map<String, Content> safeNames = new HashMap<>();
  private long stepsLeft = Long.MAX_VALUE;
  private long steps;
  private boolean isFull;
  private boolean failsToForce;

  /// What a file has, and what of it is safe.
  private static final class Content {
    private byte[] bytes = new byte[0];
    private byte[] safe = new byte[0];

    private Content copy(byte[] now) {
      var copy = new Content();
      copy.bytes = now.clone();
      copy.safe = now.clone();
      return copy;
    }
  }

  /// What of the unsafe part is there after the crash.
  enum Loss {
    NOTHING,
    EVERYTHING,
    /// The length of a file is safe before its content.
    ZEROS
  }

  void losePowerAfter(long count) {
    stepsLeft = count;
  }

  long steps() {
    return steps;
  }

  /// From now on nothing can be written, until it is told otherwise.
  void full(boolean isFullNow) {
    isFull = isFullNow;
  }

  void failToForce(boolean failsNow) {
    failsToForce = failsNow;
  }

  /// Each disk that may be found after the crash.
  List<CrashingDisk> afterCrash() {
    var all = new ArrayList<CrashingDisk>();
    for (Map<String, Content> folder : List.of(names, safeNames)) {
      for (Loss loss : Loss.values()) {
        all.add(afterCrash(folder, loss));
      }
    }
    return all;
  }

  private static CrashingDisk afterCrash(Map<String, Content> folder, Loss loss) {
    var disk = new CrashingDisk();
    folder.forEach((name, content) -> {
      Content left = content.copy(remains(content, loss));
      disk.names.put(name, left);
      disk.safeNames.put(name, left);
    });
    return disk;
  }

  private static byte[] remains(Content content, Loss loss) {
    return switch (loss) {
      case NOTHING -> content.bytes;
      case EVERYTHING -> content.safe;
      case ZEROS -> {
        int kept = Math.min(content.safe.length, content.bytes.length);
        yield Arrays.copyOf(Arrays.copyOf(content.bytes, kept), content.bytes.length);
      }
    };
  }

  private void step() {
    steps++;
    if (stepsLeft-- <= 0) {
      throw new PowerLoss();
    }
  }

  private void demandRoom() throws IOException {
    if (isFull) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public Optional<byte[]> read(String name) {
    return Optional.ofNullable(names.get(name)).map(content -> content.bytes.clone());
  }

  @Override
  public DiskFile create(String name) throws IOException {
    demandRoom();
    step();
    var content = new Content();
    names.put(name, content);
    return new OpenFile(content);
  }

  @Override
  public DiskFile open(String name) {
    return new OpenFile(Objects.requireNonNull(names.get(name)));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    demandRoom();
    step();
    names.put(to, names.remove(from));
  }

  @Override
  public void forceFolder() throws IOException {
    demandForce();
    step();
    safeNames = new HashMap<>(names);
  }

  private void demandForce() throws IOException {
    if (failsToForce) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void close() {
    // it has no hold on anything
  }

  private final class OpenFile implements DiskFile {
    private final Content content;

    OpenFile(Content content) {
      this.content = content;
    }

    @Override
    public void append(byte[] bytes) throws IOException {
      for (byte one : bytes) {
        demandRoom();
        step();
        content.bytes = Arrays.copyOf(content.bytes, content.bytes.length + 1);
        content.bytes[content.bytes.length - 1] = one;
      }
    }

    @Override
    public void cut(long length) throws IOException {
      demandRoom();
      step();
      content.bytes = Arrays.copyOf(content.bytes, (int) length);
    }

    @Override
    public void force() throws IOException {
      demandForce();
      step();
      content.safe = content.bytes.clone();
    }

    @Override
    public void close() {
      // closing makes nothing safe
    }
  }
}
