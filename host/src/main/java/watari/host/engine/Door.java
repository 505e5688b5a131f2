package watari.host.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import watari.core.path.Outbox;
import watari.host.driver.Driver;

/// A driver as the ways see it: a packet is taken or not. That the device is gone is remembered for
/// the worker, because a packet never throws.
public final class Door implements Outbox {
  private final Driver driver;
  private @Nullable IOException broken;

  public Door(Driver driver) {
    this.driver = driver;
  }

  @Override
  public boolean send(long at, int length) {
    try {
      return driver.send(at, length);
    } catch (IOException e) {
      broken = e;
      return false;
    }
  }

  /// @throws IOException when sending has found the device broken
  void check() throws IOException {
    if (broken != null) {
      throw broken;
    }
  }

  Driver driver() {
    return driver;
  }
}
