package watari.host.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import watari.core.wire.Slab;

/// Packets of tests: every byte the packet's number.
final class Packets {
  private Packets() {}

  static boolean send(Driver door, int number, int bytes) throws IOException {
    long at = Slab.take(bytes);
    Slab.fill(at, bytes, number);
    boolean isSent = door.send(at, bytes);
    Slab.fill(at, bytes, 0xee); // the bytes are ours again: the door must not look at them
    Slab.give(at, bytes);
    return isSent;
  }

  /// The first byte of each packet of one `receive`.
  static List<Integer> receive(Driver door, Batch batch) throws IOException {
    int count = door.receive(batch);
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      numbers.add(Slab.byteAt(batch.at(i)));
    }
    return numbers;
  }
}
