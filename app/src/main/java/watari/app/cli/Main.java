package watari.app.cli;

/// The command `watari`.
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
