package watari.lab.kernel;

import java.io.IOException;
import watari.host.driver.Tun;

/// A small program of the tests: opens a TUN device and says how it went in one line.
final class OpenTun {
  private OpenTun() {}

  public static void main(String... arguments) {
    try (var tun = Tun.open(arguments[0])) {
      System.out.println("opened " + tun.name());
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}
