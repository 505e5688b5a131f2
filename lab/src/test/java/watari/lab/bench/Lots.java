package watari.lab.bench;

import java.io.IOException;

/// Sends what must all arrive. A machine with other work puts off what it has to receive, and the
/// queue of a virtual cable has room for 256 frames: so a lot is smaller, and the next one waits
/// until it has arrived. A process needs none: its generator gives way between batches.
final class Lots {
  private static final int LOT = 250;

  private Lots() {}

  /// How many arrive of so many packets, a multiple of 250.
  static long arrived(LiveCourse course, int packets) throws IOException {
    long arrived = 0;
    for (int sent = 0; sent < packets; sent += LOT) {
      arrived += course.run(LOT).arrived();
    }
    return arrived;
  }
}
