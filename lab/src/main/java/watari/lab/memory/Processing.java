package watari.lab.memory;

import java.io.IOException;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Crossing;

/// A gateway or relay behind its door.
///
/// @param doors left the product's own, right the network's
/// @param crossing what the product does with packets
record Processing(Memory.Pair doors, Crossing crossing) implements AutoCloseable {

  /// Carries what waits at the product's door, as its worker would.
  ///
  /// @return how many packets that was
  int breathe(Batch batch, long now) throws IOException {
    int count = doors.left().receive(batch);
    for (int index = 0; index < count; index++) {
      crossing.cross(batch.at(index), batch.length(index), now);
    }
    crossing.tick(now);
    return count;
  }

  @Override
  public void close() {
    doors.close();
  }
}
