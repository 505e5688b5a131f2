package watari.host.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Driver;
import watari.host.kernel.SpareMemory;

/// Where workers stand: a door with a batch for each queue of a device.
public final class Stations implements AutoCloseable {
  private final List<? extends Driver> drivers;
  private final List<Door> doors = new ArrayList<>();
  private final List<Batch> batches = new ArrayList<>();

  /// Takes the drivers over and closes them in the end.
  ///
  /// @throws IllegalStateException when the packet memory is used up
  public Stations(List<? extends Driver> drivers) {
    this.drivers = List.copyOf(drivers);
    SpareMemory.lend(Slab.untaken());
    for (var driver : drivers) {
      doors.add(new Door(driver));
      batches.add(Batch.ofSuperPackets());
    }
  }

  /// The doors, that of the first worker first.
  public List<Door> doors() {
    return List.copyOf(doors);
  }

  /// Puts a worker at each door.
  ///
  /// @param crossings what each does with packets
  /// @param millis a clock that only goes forward
  public Workers workers(List<Crossing> crossings, LongSupplier millis) {
    if (crossings.size() != doors.size()) {
      throw new IllegalArgumentException(
          doors.size() + " doors and " + crossings.size() + " crossings");
    }
    var workers = new ArrayList<Worker>();
    for (int i = 0; i < doors.size(); i++) {
      workers.add(new Worker(doors.get(i), batches.get(i), crossings.get(i), millis));
    }
    return new Workers(workers);
  }

  @Override
  public void close() throws IOException {
    batches.forEach(Batch::close);
    doors.forEach(Door::close);
    IOException failed = null;
    for (var driver : drivers) {
      try {
        driver.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
