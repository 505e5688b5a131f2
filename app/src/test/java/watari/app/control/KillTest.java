package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.core.event.Event;

/// `kill -9` of a process that keeps its state, again and again, with a real disk. How a loss of
/// power leaves a disk is in [LedgerTest].
final class KillTest {
  /// More in a run of their own: `-Dwatari.kills=1000`.
  private static final int KILLS = Integer.getInteger("watari.kills", 100);

  private static final int WRITES_MAX = 30;
  private static final int NANOS_MAX = 3_000_000;

  private final long seed = Long.getLong("watari.seed", new SplittableRandom().nextLong());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final List<Event> news = new ArrayList<>();
  private @Nullable UUID device;
  private int torn;
  private int drafts;
  private int unsaid;

  @TempDir Path temporary;

  /// The forwards, what hosts have asked for and the index in the port set are those of the last
  /// write that was acknowledged, or of the one that was going on.
  ///
  /// PCP-53
  @Test
  void nothingAcknowledgedIsLostAtWhateverInstantAProcessIsKilled() throws Exception {
    Path folder = temporary.resolve("state");
    System.out.println("random input of -Dwatari.seed=" + seed);
    var household = new Household(seed, 0);
    for (int kill = 1; kill <= KILLS; kill++) {
      var acknowledged = new Household(seed, killed(folder, household));
      look(folder);
      household = restarted(folder, acknowledged, "seed " + seed + ", kill " + kill);
    }
    System.out.printf(
        "%d kills in %d writes: %d torn ends, %d unfinished files, %d writes done and not said%n",
        KILLS, household.step(), torn, drafts, unsaid);
    assertThat(household.step()).as("writes").isGreaterThan(KILLS);
    assertThat(news).isEmpty();
  }

  /// Lets a process write, and kills it some time after one of its first writes.
  ///
  /// @return how many writes were acknowledged in all
  private int killed(Path folder, Household before) throws IOException, InterruptedException {
    Process scribe = start(folder, before);
    try (BufferedReader said = scribe.inputReader()) {
      int step = before.step();
      for (int writes = random.nextInt(WRITES_MAX); writes > 0; writes--) {
        step = next(said, step).orElseThrow(() -> new IOException("it ended by itself"));
      }
      spin(random.nextInt(NANOS_MAX));
      scribe.toHandle().destroyForcibly(); // the process's own method would close what it has said
      for (var next = next(said, step); next.isPresent(); next = next(said, step)) {
        step = next.get();
      }
      return step;
    } finally {
      scribe.destroyForcibly().waitFor();
    }
  }

  private static Optional<Integer> next(BufferedReader said, int step) throws IOException {
    var line = Optional.ofNullable(said.readLine()).map(Integer::valueOf);
    line.ifPresent(number -> assertThat(number).isEqualTo(step + 1));
    return line;
  }

  private static Process start(Path folder, Household household) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            property("java.class.path") + ":" + property("jdk.module.path"),
            Scribe.class.getName(),
            folder.toString(),
            Long.toString(household.seed()),
            Integer.toString(household.step()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String property(String name) {
    return Optional.ofNullable(System.getProperty(name)).orElse("");
  }

  /// Chooses an instant between two writes' beginnings: no clock of the kernel is so fine.
  private static void spin(int nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /// Counts what the kill has met.
  private void look(Path folder) throws IOException {
    Path file = folder.resolve(Ledger.FILE);
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      torn += LedgerText.read(bytes).length() < bytes.length ? 1 : 0;
    }
    drafts += Files.exists(folder.resolve(Ledger.DRAFT)) ? 1 : 0;
  }

  /// Opens what is left.
  ///
  /// @return which writes are there
  private Household restarted(Path folder, Household acknowledged, String where) {
    try (var keeping = Keeping.open(folder, news::add)) {
      demandSameDevice(keeping, acknowledged);
      if (acknowledged.next().isIn(keeping)) {
        unsaid++;
        return acknowledged.next();
      }
      acknowledged.demandIn(keeping, where);
      return acknowledged;
    }
  }

  private void demandSameDevice(Keeping keeping, Household acknowledged) {
    if (device != null) {
      assertThat(keeping.device()).isEqualTo(device);
    }
    device = acknowledged.step() > 0 ? keeping.device() : null;
  }
}
