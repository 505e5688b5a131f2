package watari.core.net;

import java.util.SplittableRandom;

/// Randomness for tests whose seed is printed; `-Dwatari.seed=N` repeats a run.
public final class Seed {
  private Seed() {}

  public static SplittableRandom random() {
    long seed = Long.getLong("watari.seed", new SplittableRandom().nextLong());
    System.out.println("random input of -Dwatari.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
