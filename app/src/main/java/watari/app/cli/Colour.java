package watari.app.cli;

/// The colours of a terminal (ECMA-48, SGR), for fields that stand beside each other.
final class Colour {
  static final int GREY = 90;

  /// They can be told apart on dark and on light ground.
  private static final int[] OF_FIELDS = {34, 32, 35, 36, 33, 31};

  private Colour() {}

  /// The colour of the field with this index.
  static int ofField(int index) {
    return OF_FIELDS[index % OF_FIELDS.length];
  }

  static String paint(int colour, String text) {
    return "\u001b[" + colour + "m" + text + "\u001b[0m";
  }
}
