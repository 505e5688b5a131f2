package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;

/// What counts packets at the end of a [Lane] in one direction.
record LaneSink(boolean isUp, Sink sink) implements Closeable {
  /// Begins to drop what comes.
  static LaneSink open(Lane lane, boolean isUp) throws IOException {
    return new LaneSink(isUp, Sink.open(lane.end(), lane.sink()));
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }
}
