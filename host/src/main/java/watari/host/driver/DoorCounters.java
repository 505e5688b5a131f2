package watari.host.driver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The counters of one door: one thread writes, any thread reads.
@SuppressWarnings("EnumOrdinal") // a place in an array of this process, written nowhere
public final class DoorCounters {
  private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] values = new long[DoorCounter.values().length];

  private final @Nullable DoorCounters beside;

  DoorCounters() {
    this(null);
  }

  /// Of a door that has another beside it; what is read is the sum of both.
  DoorCounters(@Nullable DoorCounters beside) {
    this.beside = beside;
  }

  /// What several doors have counted until now.
  public static DoorCounters sum(List<DoorCounters> doors) {
    var sum = new DoorCounters();
    for (var door : doors) {
      for (var counter : DoorCounter.values()) {
        sum.add(counter, door.of(counter));
      }
    }
    return sum;
  }

  /// Adds on the owner's thread. Opaque, so that a reader never sees half a number and sees the new
  /// one in time, at the price of a plain store.
  void add(DoorCounter counter, long amount) {
    int index = counter.ordinal();
    VALUE.setOpaque(values, index, values[index] + amount);
  }

  public long of(DoorCounter counter) {
    long own = (long) VALUE.getOpaque(values, counter.ordinal());
    return beside == null ? own : own + beside.of(counter);
  }

  void sent(int bytes) {
    add(DoorCounter.SENT, 1);
    add(DoorCounter.SENT_BYTES, bytes);
  }

  void sentSuper(int bytes) {
    sent(bytes);
    add(DoorCounter.SUPER_SENT, 1);
  }

  void received(Batch batch) {
    add(DoorCounter.RECEIVED, batch.count());
    add(DoorCounter.RECEIVED_BYTES, batch.bytes());
    add(DoorCounter.SUPER_RECEIVED, batch.superPackets());
  }
}
