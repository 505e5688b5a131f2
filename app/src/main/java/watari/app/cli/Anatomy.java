package watari.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A value taken apart: its bits and the fields they belong to.
///
/// ```
///   0-15  2001  0010000000000001  RRRRRRRRRRRRRRRR     a letter and a colour a field
/// ```
///
/// Bits are counted from 0 at the first on the wire. The fields together have all bits.
final class Anatomy {
  private static final int BITS_IN_A_ROW = 16;
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final String title;
  private final long high;
  private final long low;
  private final int width;
  private final List<Field> fields = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /// @param high the first 64 bits, left-aligned
  /// @param low the next 64
  /// @param width how many bits there are
  Anatomy(String title, long high, long low, int width) {
    this.title = title;
    this.high = high;
    this.low = low;
    this.width = width;
  }

  private record Field(char letter, int colour, int first, int length, String text) {}

  /// Adds the field behind the last one; a field without bits is left out.
  Anatomy field(int length, String text) {
    if (length > 0) {
      int count = (int) fields.stream().filter(field -> field.letter != '.').count();
      fields.add(new Field(LETTERS.charAt(count), Colour.ofField(count), next(), length, text));
    }
    return this;
  }

  /// Adds bits that say nothing.
  Anatomy filler(int length, String text) {
    if (length > 0) {
      fields.add(new Field('.', Colour.GREY, next(), length, text));
    }
    return this;
  }

  /// Adds a line below the legend.
  Anatomy note(String text) {
    notes.add(text);
    return this;
  }

  private int next() {
    return fields.stream().mapToInt(Field::length).sum();
  }

  /// The whole for a person.
  String print(boolean hasColours) {
    var out = new StringBuilder(title).append("\n\n");
    for (int first = 0; first < width; first += BITS_IN_A_ROW) {
      row(first, hasColours, out);
    }
    out.append('\n');
    for (Field field : fields) {
      String bits = field.first + "-" + (field.first + field.length - 1);
      String letter = painted(field, String.valueOf(field.letter), hasColours);
      out.append("  %s  %-8s %s%n".formatted(letter, bits, field.text));
    }
    return out.append(
            notes.isEmpty() ? "" : notes.stream().collect(Collectors.joining("\n  ", "\n  ", "\n")))
        .toString();
  }

  private void row(int first, boolean hasColours, StringBuilder out) {
    var digits = new StringBuilder();
    var letters = new StringBuilder();
    int value = 0;
    for (int bit = first; bit < first + BITS_IN_A_ROW; bit++) {
      value = value << 1 | bit(bit);
    }
    for (Field field : fields) {
      int from = Math.max(first, field.first);
      int to = Math.min(first + BITS_IN_A_ROW, field.first + field.length);
      if (from < to) {
        digits.append(painted(field, digits(from, to), hasColours));
        letters.append(painted(field, String.valueOf(field.letter).repeat(to - from), hasColours));
      }
    }
    out.append(
        "  %7s  %04x  %s  %s%n"
            .formatted(first + "-" + (first + BITS_IN_A_ROW - 1), value, digits, letters));
  }

  private String digits(int from, int to) {
    var digits = new StringBuilder();
    for (int bit = from; bit < to; bit++) {
      digits.append(bit(bit));
    }
    return digits.toString();
  }

  private int bit(int index) {
    return (int) ((index < 64 ? high >>> (63 - index) : low >>> (127 - index)) & 1);
  }

  private static String painted(Field field, String text, boolean hasColours) {
    return hasColours ? Colour.paint(field.colour, text) : text;
  }
}
