package watari.core.portmap.igd;

/// The version of a root device and of its WANIPConnection.
public enum IgdVersion {
  V1(1),
  V2(2);

  private final int number;

  IgdVersion(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
