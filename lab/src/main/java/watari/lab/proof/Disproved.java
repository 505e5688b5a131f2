package watari.lab.proof;

import java.io.IOException;

/// The line did something else than a step says. The message is one sentence for a person.
public final class Disproved extends IOException {
  private static final long serialVersionUID = 1L;

  private Disproved(String sentence) {
    super(sentence);
  }

  /// Ends the step with `sentence` unless `holds`.
  public static void unless(boolean holds, String sentence) throws Disproved {
    if (!holds) {
      throw new Disproved(sentence);
    }
  }
}
