package watari.host.driver;

import java.util.Arrays;
import watari.core.wire.Slab;

/// Frames in the slab for the packets of one `receive`.
///
/// ```
/// frame   | headroom | at(i): the packet, up to frameBytes | one byte or more of slack |
/// ```
///
/// The headroom lets a header go in front of a packet without moving it. The slack lets a door read
/// one byte more than a frame holds, which is how it notices a packet that is too long. A door
/// whose packets lie in the slab already names their places, and leaves the frames as they are.
/// Belongs to one thread.
public final class Batch implements AutoCloseable {
  public static final int PACKETS_DEFAULT = 32;
  public static final int HEADROOM_DEFAULT = 64;

  /// Holds what an Ethernet line carries.
  public static final int FRAME_BYTES_DEFAULT = 2048;

  /// Holds every IPv4 packet and every packet of a TUN device with the largest MTU.
  public static final int FRAME_BYTES_MAX = 65535;

  private static final int CACHE_LINE = 64;

  private final int capacity;
  private final int headroom;
  private final int frameBytes;
  private final int stride;
  private final long base;

  /// Where each packet lies: its frame, unless a door has named another place.
  private final long[] places;

  private final int[] lengths;
  private final int[] segmentBytes;
  private int count;
  private boolean namesPlaces;
  private boolean closed;

  /// Takes `capacity` frames from the slab.
  ///
  /// @param capacity packets, from 1
  /// @param frameBytes the longest packet, 1 to `FRAME_BYTES_MAX`
  /// @param headroom bytes free before each packet, a multiple of 8 so that addresses stay aligned
  /// @throws IllegalArgumentException when a number is out of these bounds
  /// @throws IllegalStateException when the slab is full
  public Batch(int capacity, int frameBytes, int headroom) {
    if (capacity < 1 || frameBytes < 1 || frameBytes > FRAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a batch has 1 packet or more of 1 to "
              + FRAME_BYTES_MAX
              + " bytes, not "
              + capacity
              + " of "
              + frameBytes);
    }
    if (headroom < 0 || headroom % 8 != 0) {
      throw new IllegalArgumentException("the headroom is a multiple of 8 bytes, not " + headroom);
    }
    this.capacity = capacity;
    this.headroom = headroom;
    this.frameBytes = frameBytes;
    // An odd number of cache lines: at a power of two the first lines of all frames, which every
    // packet touches, would fall into the same few sets of the cache.
    int lines = Math.ceilDiv(headroom + frameBytes + 1, CACHE_LINE);
    this.stride = (lines | 1) * CACHE_LINE;
    this.lengths = new int[capacity];
    this.segmentBytes = new int[capacity];
    this.base = Slab.take(Math.multiplyExact(stride, capacity));
    this.places = new long[capacity];
    nameFrames();
  }

  private void nameFrames() {
    Arrays.setAll(places, index -> base + (long) index * stride + headroom);
    namesPlaces = false;
  }

  /// 32 frames that hold what a device of this MTU hands up, as long as it hands up no
  /// super-packets.
  public static Batch ofMtu(int mtu) {
    int frameBytes = Math.clamp(mtu, FRAME_BYTES_DEFAULT, FRAME_BYTES_MAX);
    return new Batch(PACKETS_DEFAULT, frameBytes, HEADROOM_DEFAULT);
  }

  /// 32 frames that hold every super-packet: 2 MiB of the slab.
  public static Batch ofSuperPackets() {
    return ofMtu(FRAME_BYTES_MAX);
  }

  public int capacity() {
    return capacity;
  }

  /// The longest packet a frame holds.
  public int frameBytes() {
    return frameBytes;
  }

  /// The bytes free before each packet.
  public int headroom() {
    return headroom;
  }

  /// How many packets the last `receive` brought.
  public int count() {
    return count;
  }

  /// The offset in the slab of the first byte of packet `index`, 0 to `capacity` - 1.
  public long at(int index) {
    return places[index];
  }

  /// The bytes of packet `index`, 0 to `count` - 1.
  public int length(int index) {
    return lengths[index];
  }

  /// Of a TCP super-packet the payload of each segment but the last, in bytes; 0 of an ordinary
  /// packet. The checksum of TCP is not there yet in a super-packet.
  public int segmentBytes(int index) {
    return segmentBytes[index];
  }

  /// How many packets are super-packets.
  int superPackets() {
    int packets = 0;
    for (int i = 0; i < count; i++) {
      packets += segmentBytes[i] > 0 ? 1 : 0;
    }
    return packets;
  }

  /// The bytes of all packets.
  public long bytes() {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += lengths[i];
    }
    return bytes;
  }

  /// For doors: forgets all packets.
  public void clear() {
    count = 0;
    if (namesPlaces) {
      nameFrames();
    }
  }

  public boolean isFull() {
    return count == capacity;
  }

  /// For doors: where the next packet goes, unless the batch is full. `frameBytes` + 1 bytes may be
  /// written.
  public long next() {
    return at(count);
  }

  /// For doors: the packet at `next` is there, with this many bytes, at most `frameBytes`.
  public void add(int length) {
    addSuper(length, 0);
  }

  /// For doors: the same for a super-packet, or for an ordinary one if `segmentBytes` is 0.
  void addSuper(int length, int segmentBytes) {
    lengths[count] = length;
    this.segmentBytes[count] = segmentBytes;
    count++;
  }

  /// For doors: a packet that lies elsewhere in the slab, with `HEADROOM_DEFAULT` bytes or more
  /// before it, until the next `clear`.
  void addPlace(long at, int length) {
    namesPlaces = true;
    places[count] = at;
    addSuper(length, 0);
  }

  /// For doors: copies a packet of at most `frameBytes` bytes from another place of the slab.
  void addCopy(long from, int length, int segmentBytes) {
    Slab.move(from, next(), length);
    addSuper(length, segmentBytes);
  }

  /// Gives the frames back; the packets are gone.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      count = 0;
      Slab.give(base, stride * capacity);
    }
  }
}
