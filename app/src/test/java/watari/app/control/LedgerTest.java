package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import watari.app.control.CrashingDisk.PowerLoss;

final class LedgerTest {
  /// So small that a few writes are followed by a new snapshot.
  private static final int CHANGES_BYTES = 120;

  private static final int WRITES = 14;

  @TempDir Path folder;

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  private static SortedMap<String, JsonNode> of(String key, String value) {
    return new TreeMap<>(Map.of(key, text(value)));
  }

  private static SortedMap<String, JsonNode> without(String key) {
    return new TreeMap<>(Map.of(key, JsonNodeFactory.instance.nullNode()));
  }

  /// Changes of one to three keys out of five; some take a key away.
  private static List<SortedMap<String, JsonNode>> changes(long seed) {
    var random = new SplittableRandom(seed);
    var all = new ArrayList<SortedMap<String, JsonNode>>();
    for (int i = 0; i < WRITES; i++) {
      var change = new TreeMap<String, JsonNode>();
      for (int keys = random.nextInt(1, 4); keys > 0; keys--) {
        boolean isGone = random.nextInt(4) == 0;
        change.put(
            "key " + random.nextInt(5),
            isGone
                ? JsonNodeFactory.instance.nullNode()
                : text(i + "é渡\n".repeat(random.nextInt(9))));
      }
      all.add(change);
    }
    return all;
  }

  private static SortedMap<String, JsonNode> changed(
      SortedMap<String, JsonNode> before, SortedMap<String, JsonNode> change) {
    var next = new TreeMap<>(before);
    change.forEach((key, value) -> LedgerText.change(next, key, value));
    return next;
  }

  /// What a run has come to: what was acknowledged, and what was being written.
  private record Progress(
      SortedMap<String, JsonNode> acknowledged, SortedMap<String, JsonNode> begun) {}

  private static Progress run(CrashingDisk disk, List<SortedMap<String, JsonNode>> changes)
      throws IOException {
    SortedMap<String, JsonNode> acknowledged = new TreeMap<>();
    SortedMap<String, JsonNode> begun = acknowledged;
    try {
      var ledger = Ledger.open(disk, CHANGES_BYTES);
      for (var change : changes) {
        begun = changed(acknowledged, change);
        ledger.write(change);
        acknowledged = begun;
      }
    } catch (PowerLoss _) {
      // as planned
    }
    return new Progress(acknowledged, begun);
  }

  /// At every byte and every other step, whatever of the unsafe part the disk keeps.
  @Test
  void aCrashAtAnyInstantLosesNothingThatWasAcknowledged() throws IOException {
    for (long seed = 1; seed <= 2; seed++) {
      var changes = changes(seed);
      var whole = new CrashingDisk();
      run(whole, changes);
      assertThat(whole.steps()).isGreaterThan(1000);
      for (long steps = 0; steps < whole.steps(); steps++) {
        var disk = new CrashingDisk();
        disk.losePowerAfter(steps);
        Progress progress = run(disk, changes);
        for (CrashingDisk after : disk.afterCrash()) {
          demandOldOrNew(after, progress, seed + ":" + steps);
        }
      }
    }
  }

  private static void demandOldOrNew(CrashingDisk after, Progress progress, String where)
      throws IOException {
    var found = Ledger.open(after, CHANGES_BYTES);
    var entries = found.entries();
    if (!entries.equals(progress.acknowledged()) && !entries.equals(progress.begun())) {
      assertThat(entries).as("after seed:steps %s", where).isEqualTo(progress.acknowledged());
    }
    found.write(of("again", "yes"));
    for (CrashingDisk later : after.afterCrash()) {
      var expected = changed(entries, of("again", "yes"));
      if (!Ledger.open(later, CHANGES_BYTES).entries().equals(expected)) {
        assertThat(Ledger.open(later, CHANGES_BYTES).entries())
            .as("written after seed:steps %s", where)
            .isEqualTo(expected);
      }
    }
  }

  /// The power goes again while what the first crash left is put in order.
  @Test
  void aCrashAfterACrashLosesNothingEither() throws IOException {
    var changes = changes(4);
    var whole = new CrashingDisk();
    run(whole, changes);
    for (long steps = 0; steps < whole.steps(); steps += 7) {
      var disk = new CrashingDisk();
      disk.losePowerAfter(steps);
      Progress progress = run(disk, changes);
      for (CrashingDisk after : disk.afterCrash()) {
        for (int more = 0; more < 4; more++) {
          after.losePowerAfter(more);
          demandUnchangedByReading(after, progress, steps);
        }
      }
    }
  }

  private static void demandUnchangedByReading(CrashingDisk disk, Progress progress, long steps)
      throws IOException {
    try {
      Ledger.open(disk, CHANGES_BYTES);
    } catch (PowerLoss _) {
      // as planned
    }
    for (CrashingDisk after : disk.afterCrash()) {
      assertThat(Ledger.open(after, CHANGES_BYTES).entries())
          .as("read after %s steps", steps)
          .isIn(progress.acknowledged(), progress.begun());
    }
  }

  @Test
  void changesNothingWhileTheDiskIsFullAndGoesOnWhenThereIsRoomAgain() throws IOException {
    var disk = new CrashingDisk();
    var ledger = Ledger.open(disk, CHANGES_BYTES);
    ledger.write(of("a", "1"));
    disk.full(true);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ledger.write(of("a", "2")))
        .withMessage("No space left on device");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> ledger.write(of("b", "2")));
    assertThat(ledger.entries()).isEqualTo(of("a", "1"));
    disk.full(false);
    ledger.write(of("a", "3"));
    for (CrashingDisk after : disk.afterCrash()) {
      assertThat(Ledger.open(after).entries()).isEqualTo(of("a", "3"));
    }
  }

  /// After a failed force the kernel may have dropped the page and forget the failure.
  @Test
  void writesEverythingAnewAfterAFailedForce() throws IOException {
    var disk = new CrashingDisk();
    var ledger = Ledger.open(disk, CHANGES_BYTES);
    ledger.write(of("a", "1"));
    disk.failToForce(true);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> ledger.write(of("b", "2")));
    assertThat(ledger.entries()).isEqualTo(of("a", "1"));
    disk.failToForce(false);
    ledger.write(of("c", "3"));
    for (CrashingDisk after : disk.afterCrash()) {
      assertThat(Ledger.open(after).entries()).isEqualTo(changed(of("a", "1"), of("c", "3")));
    }
  }

  @Test
  void staysBoundedHoweverOftenItIsWritten() throws IOException {
    var disk = new CrashingDisk();
    var ledger = Ledger.open(disk, CHANGES_BYTES);
    for (int i = 0; i < 500; i++) {
      ledger.write(of("key " + i % 5, "value " + i));
    }
    ledger.write(without("key 4"));
    assertThat(disk.read(Ledger.FILE).orElseThrow().length).isLessThan(4 * CHANGES_BYTES);
    assertThat(Ledger.open(disk).entries()).hasSize(4).containsEntry("key 3", text("value 498"));
  }

  @Test
  void writesNothingWhereNothingChanges() throws IOException {
    var disk = new CrashingDisk();
    var ledger = Ledger.open(disk, CHANGES_BYTES);
    ledger.write(of("a", "1"));
    long before = disk.steps();
    ledger.write(of("a", "1"));
    assertThat(disk.steps()).isEqualTo(before);
  }

  @Test
  void aBitThatFlipsEndsTheReadingThere() throws IOException {
    var disk = new CrashingDisk();
    var ledger = Ledger.open(disk);
    ledger.write(of("a", "1"));
    int snapshot = disk.read(Ledger.FILE).orElseThrow().length;
    ledger.write(of("b", "2"));
    byte[] bytes = disk.read(Ledger.FILE).orElseThrow();
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << bit);
        var reading = LedgerText.read(flipped);
        assertThat(reading.length()).isEqualTo(at < snapshot ? 0 : snapshot);
        assertThat(reading.entries()).isEqualTo(at < snapshot ? new TreeMap<>() : of("a", "1"));
      }
    }
  }

  @Test
  void keepsAsideWhatItCannotRead() throws IOException {
    Files.writeString(folder.resolve(Ledger.FILE), "watari state 7\nfrom the future\n");
    try (var ledger = Ledger.open(FolderDisk.take(folder))) {
      assertThat(ledger.entries()).isEmpty();
      assertThat(ledger.damage())
          .hasValueSatisfying(said -> assertThat(said).contains("state.unreadable"));
      ledger.write(of("a", "1"));
    }
    assertThat(folder.resolve(Ledger.UNREADABLE)).hasContent("watari state 7\nfrom the future\n");
    try (var ledger = Ledger.open(FolderDisk.take(folder))) {
      assertThat(ledger.entries()).isEqualTo(of("a", "1"));
      assertThat(ledger.damage()).isEmpty();
    }
  }

  @Test
  void aRealFolderKeepsItToo() throws IOException {
    Path made = folder.resolve("made/for/it");
    try (var ledger = Ledger.open(FolderDisk.take(made), CHANGES_BYTES)) {
      for (var change : changes(5)) {
        ledger.write(change);
      }
      ledger.write(of("last", "one"));
    }
    Path file = made.resolve(Ledger.FILE);
    Files.write(
        file, "00000000 torn".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
    try (var ledger = Ledger.open(FolderDisk.take(made), CHANGES_BYTES)) {
      assertThat(ledger.entries()).containsEntry("last", text("one"));
      assertThat(file).content().doesNotContain("torn");
      assertThat(file).content().startsWith("watari state 1\n");
    }
  }

  @Test
  void twoProcessesCannotHaveOneFolder() throws IOException {
    // Within one process Java itself says so, by an exception of its own.
    try (var _ = FolderDisk.take(folder)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> FolderDisk.take(folder))
          .withMessage("another watari keeps its state there");
    }
    FolderDisk.take(folder).close();
  }
}
