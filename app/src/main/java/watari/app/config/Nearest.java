package watari.app.config;

import java.util.Comparator;
import java.util.List;

/// What somebody who mistyped a name meant.
final class Nearest {
  /// With more wrong letters than this it is a different word.
  private static final int LETTERS_WRONG_MAX = 3;

  private Nearest() {}

  /// The end of a sentence: the nearest name, or all of them.
  static String advice(String typed, List<String> names) {
    String nearest =
        names.stream().min(Comparator.comparingInt(name -> distance(typed, name))).orElseThrow();
    return distance(typed, nearest) <= LETTERS_WRONG_MAX
        ? "did you mean '" + nearest + "'?"
        : "it may have " + String.join(", ", names);
  }

  /// How many letters to change, add or take away (Levenshtein), letter case aside.
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        boolean same =
            Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
        int changed = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
