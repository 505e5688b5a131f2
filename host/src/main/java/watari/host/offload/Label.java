package watari.host.offload;

/// A place in a program that jumps lead to. [Assembler#label] makes it, [Assembler#here] puts it
/// somewhere.
public final class Label {
  private static final int NOWHERE = -1;

  private final String name;
  private int at = NOWHERE;

  Label(String name) {
    this.name = name;
  }

  boolean isPlaced() {
    return at != NOWHERE;
  }

  int at() {
    return at;
  }

  void place(int at) {
    if (isPlaced()) {
      throw new IllegalStateException("the label " + name + " is in two places");
    }
    this.at = at;
  }

  @Override
  public String toString() {
    return name;
  }
}
