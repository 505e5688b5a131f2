package watari.host.engine;

import java.util.concurrent.atomic.AtomicLong;
import watari.core.wire.Slab;
import watari.host.driver.Batch;

/// Packets on their way from one worker to another: a bounded queue in the slab with one thread at
/// each end.
///
/// ```
/// | length, 8 bytes | headroom | the packet, to a multiple of 8 |   the next ...   | -1 | unused |
/// ```
///
/// The one that gives copies, the one that takes works on the packet where it lies. What does not
/// fit before the end of the memory begins at its start; -1 says so.
public final class Handover implements AutoCloseable {
  static final int BYTES = 1 << 18;

  /// So many packets are taken at once, so that those of the own door have their turn.
  static final int TAKEN_MAX = 32;

  private static final long TO_THE_START = -1;
  private static final int BEFORE = 8 + Batch.HEADROOM_DEFAULT;

  private final Runnable wake;
  private final long base = Slab.take(BYTES);

  /// How many bytes were ever given; the giver writes it.
  private final AtomicLong given = new AtomicLong();

  /// How many bytes were ever taken; the taker writes it.
  private final AtomicLong taken = new AtomicLong();

  /// @param to the door of the worker that takes
  public Handover(Door to) {
    this(to.driver()::wake);
  }

  /// @param wake wakes who takes, from any thread
  Handover(Runnable wake) {
    this.wake = wake;
  }

  /// Gives a copy of the packet; for one thread.
  ///
  /// @return false when there is no room
  public boolean give(long at, int length) {
    long from = given.get();
    int size = BEFORE + (length + 7 & -8);
    int toEnd = BYTES - place(from);
    int skipped = size > toEnd ? toEnd : 0;
    if (from + skipped + size - taken.get() > BYTES) {
      return false;
    }
    if (skipped > 0) {
      Slab.putLong(base + place(from), TO_THE_START);
    }
    long record = base + place(from + skipped);
    Slab.putLong(record, length);
    Slab.move(at, record + BEFORE, length);
    given.set(from + skipped + size);
    wakeIfEmpty(from);
    return true;
  }

  /// Who has taken all that was there before may have gone to sleep, and one who has not will find
  /// this packet on the way.
  private void wakeIfEmpty(long before) {
    if (taken.get() == before) {
      wake.run();
    }
  }

  private static int place(long count) {
    return (int) count & (BYTES - 1);
  }

  /// Takes what is there, within a limit, through a crossing; for one thread.
  ///
  /// @return how many packets that was
  int take(Crossing crossing, long now) {
    int packets = 0;
    long next = taken.get();
    while (packets < TAKEN_MAX && next != given.get()) {
      long record = base + place(next);
      long length = Slab.longAt(record);
      if (length == TO_THE_START) {
        next += BYTES - place(next);
      } else {
        crossing.cross(record + BEFORE, (int) length, now);
        next += BEFORE + (length + 7 & -8);
        packets++;
      }
      taken.set(next);
    }
    return packets;
  }

  /// Gives the memory back; once, when nobody gives or takes any more.
  @Override
  public void close() {
    Slab.give(base, BYTES);
  }
}
