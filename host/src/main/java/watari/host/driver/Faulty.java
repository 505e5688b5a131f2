package watari.host.driver;

import java.io.IOException;
import java.util.random.RandomGenerator;
import watari.core.wire.Slab;

/// A bad line in front of another door: what is received through it is lost, doubled, out of order,
/// damaged or late. What is sent passes as it is.
///
/// The same packets, the same calls and the same random numbers give the same faults.
public final class Faulty implements Driver {
  /// What happened to packets.
  public enum Fault {
    LOST,
    DUPLICATED,
    REORDERED,
    CORRUPTED,
    DELAYED
  }

  private static final int PLACES = 8 * Batch.PACKETS_DEFAULT;

  private final Driver door;
  private final Faults faults;
  private final RandomGenerator random;
  private final Batch arriving;
  private final WaitingRoom waiting;
  private final DoorCounters counters = new DoorCounters();
  private final long[] happened = new long[Fault.values().length];
  private long receives;
  private long overtakenUntil;
  private boolean closed;

  /// Takes the door over and closes it in the end.
  ///
  /// @param frameBytes the longest packet
  public Faulty(Driver door, Faults faults, RandomGenerator random, int frameBytes) {
    this.door = door;
    this.faults = faults;
    this.random = random;
    this.arriving = new Batch(Batch.PACKETS_DEFAULT, frameBytes, 0);
    this.waiting = new WaitingRoom(PLACES, frameBytes);
  }

  /// How many packets met this fault; for the thread that owns the door.
  @SuppressWarnings("EnumOrdinal") // a place in an array of this process, written nowhere
  public long count(Fault fault) {
    return happened[fault.ordinal()];
  }

  @SuppressWarnings("EnumOrdinal") // see above
  private void happened(Fault fault) {
    happened[fault.ordinal()]++;
  }

  @Override
  public int receive(Batch batch) throws IOException {
    batch.clear();
    receives++;
    // Each packet may need two places; what has none yet stays behind the other door.
    if (waiting.room() >= 2 * arriving.capacity()) {
      int count = door.receive(arriving);
      for (int i = 0; i < count; i++) {
        admit(arriving.at(i), arriving.length(i), arriving.segmentBytes(i));
      }
    }
    counters.add(DoorCounter.TOO_LONG, waiting.leave(batch, receives));
    counters.received(batch);
    return batch.count();
  }

  private void admit(long at, int length, int segmentBytes) {
    if (strikes(faults.loss())) {
      happened(Fault.LOST);
      return;
    }
    if (strikes(faults.corruption())) {
      corrupt(at, length);
    }
    boolean isOvertaken = strikes(faults.reordering());
    waiting.put(at, length, segmentBytes, due(isOvertaken));
    if (receives <= overtakenUntil && waiting.overtake()) {
      happened(Fault.REORDERED);
    }
    overtakenUntil = isOvertaken ? receives + 1 : 0;
    if (strikes(faults.duplication())) {
      waiting.put(at, length, segmentBytes, due(false));
      happened(Fault.DUPLICATED);
    }
  }

  /// The receive from which on a packet may leave. One that is to be overtaken stays for the next,
  /// where the packet that overtakes it may come; no longer, since there may be none.
  private long due(boolean isOvertaken) {
    long due = isOvertaken ? receives + 1 : receives;
    if (strikes(faults.delay())) {
      happened(Fault.DELAYED);
      due += random.nextInt(1, faults.delayReceivesMax() + 1);
    }
    return due;
  }

  private void corrupt(long at, int length) {
    int bit = random.nextInt(length * Byte.SIZE);
    long place = at + bit / Byte.SIZE;
    Slab.putByte(place, Slab.byteAt(place) ^ 1 << bit % Byte.SIZE);
    happened(Fault.CORRUPTED);
  }

  private boolean strikes(int permille) {
    return permille > 0 && random.nextInt(Faults.THOUSAND) < permille;
  }

  @Override
  public boolean send(long at, int length) throws IOException {
    return door.send(at, length);
  }

  @Override
  public boolean carriesSuperPackets() {
    return door.carriesSuperPackets();
  }

  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) throws IOException {
    return door.sendSuper(at, length, segmentBytes);
  }

  /// Does not wait while packets are held back: they leave by further calls of `receive`.
  @Override
  public boolean await(int millis) throws IOException {
    return waiting.size() > 0 || door.await(millis);
  }

  @Override
  public void wake() {
    door.wake();
  }

  /// What was received behind the faults; what was sent counts the door itself.
  @Override
  public DoorCounters counters() {
    return counters;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      arriving.close();
      waiting.close();
      door.close();
    }
  }
}
