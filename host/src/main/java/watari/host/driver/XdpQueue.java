package watari.host.driver;

import watari.core.wire.Ipv4;
import watari.core.wire.Slab;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.XdpRing;
import watari.host.kernel.XdpSocket;

/// A queue of a network card, with frames of its own in the slab: one half goes round on the way
/// in, the other on the way out.
///
/// ```
/// fill → received → lent to a batch → fill         free → sending → completion → free
/// ```
final class XdpQueue implements AutoCloseable {
  /// What the kernel demands at most: a page.
  static final int FRAME_BYTES = 4096;

  static final int ETHERNET = 14;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int KICK_PACKETS = 32;

  private final int bytes;
  private final long taken;
  private final long base;
  private final XdpSocket socket;
  private final XdpRing fill;
  private final XdpRing received;
  private final XdpRing sending;
  private final XdpRing completion;

  /// Addresses of frames that wait to be sent in; those from 0 to `freeCount` - 1.
  private final long[] free;

  private int freeCount;

  /// Addresses of frames whose packets a batch names; those from 0 to `lentCount` - 1.
  private final long[] lent;

  private int lentCount;

  /// Packets put in since the kernel was last told.
  private int untold;

  private long missed;
  private boolean isGone;

  private XdpQueue(int bytes, long taken, long base, int ringSize, XdpSocket socket) {
    this.bytes = bytes;
    this.taken = taken;
    this.base = base;
    this.socket = socket;
    fill = socket.fill();
    received = socket.received();
    sending = socket.sending();
    completion = socket.completion();
    free = new long[ringSize];
    lent = new long[ringSize];
    for (int frame = 0; frame < ringSize; frame++) {
      fill.put((long) frame * FRAME_BYTES);
      free[freeCount++] = (long) (ringSize + frame) * FRAME_BYTES;
    }
    fill.publish();
  }

  /// Opens a queue.
  ///
  /// @param ringSize frames each way, a power of two
  /// @throws KernelException when the kernel refuses, for one because there is no such queue
  /// @throws IllegalStateException when the slab is full
  static XdpQueue open(Libc libc, int device, int queue, int ringSize) throws KernelException {
    int frames = 2 * ringSize;
    // The slab gives at multiples of 64, the kernel wants whole pages.
    int bytes = Math.multiplyExact(frames + 1, FRAME_BYTES);
    long taken = Slab.take(bytes);
    long base = (taken + FRAME_BYTES - 1) & -FRAME_BYTES;
    try {
      var memory = new XdpSocket.Frames(Slab.address() + base, frames, FRAME_BYTES);
      var socket = XdpSocket.open(libc, memory, ringSize, device, queue);
      return new XdpQueue(bytes, taken, base, ringSize, socket);
    } catch (KernelException failed) {
      Slab.give(taken, bytes);
      throw failed;
    }
  }

  int descriptor() {
    return socket.descriptor();
  }

  boolean isZeroCopy() throws KernelException {
    return socket.isZeroCopy();
  }

  /// Whether a packet is there.
  boolean hasPackets() {
    return received.ready() > 0;
  }

  /// Gives back what the last batch named.
  void takeBack() {
    for (int i = 0; i < lentCount; i++) {
      fill.put(lent[i]);
    }
    if (lentCount > 0) {
      lentCount = 0;
      fill.publish();
    }
    if (fill.needsWakeup()) {
      socket.wakeReceiver();
    }
  }

  /// Names packets to the batch until it is full. The time to live of IPv4 is lowered, as the
  /// kernel does to what it routes to a device.
  void receive(Batch batch) {
    int count = Math.min(received.ready(), batch.capacity() - batch.count());
    for (int i = 0; i < count; i++) {
      long address = received.address();
      int length = received.length() - ETHERNET;
      received.take();
      // The kernel may have left room before the frame: what is given back is its beginning.
      lent[lentCount++] = address & -FRAME_BYTES;
      long at = base + address + ETHERNET;
      batch.addPlace(at, whole(at, length));
    }
    if (count > 0) {
      received.publish();
    }
  }

  /// The packet's own length where that is less than what was received: short frames are padded.
  private static int whole(long at, int length) {
    if (Slab.byteAt(at) >>> 4 == 4) {
      Ipv4.lowerTimeToLive(at);
      return Math.min(length, Slab.shortAt(at + 2));
    }
    return Math.min(length, 40 + Slab.shortAt(at + 4));
  }

  /// Copies a packet into a frame of its own and puts an Ethernet header before it. The time to
  /// live of IPv4 is lowered, as the kernel does to what it routes.
  ///
  /// @return false when every frame is on its way
  boolean send(long at, int length, NextHop hop) {
    if (freeCount == 0) {
      tell();
      reclaim();
    }
    if (freeCount == 0 || sending.ready() == 0) {
      return false;
    }
    long address = free[--freeCount];
    long to = base + address;
    Slab.move(at, to + ETHERNET, length);
    // Twelve bytes by two writes of eight; the type comes over the last two.
    Slab.putLong(to, hop.target() << Short.SIZE | hop.source() >>> Integer.SIZE);
    Slab.putInt(to + 8, (int) hop.source());
    if (Slab.byteAt(to + ETHERNET) >>> 4 == 4) {
      Ipv4.lowerTimeToLive(to + ETHERNET);
      Slab.putShort(to + 12, ETHERTYPE_IPV4);
    } else {
      Slab.putShort(to + 12, ETHERTYPE_IPV6);
    }
    sending.put(address, ETHERNET + length);
    untold++;
    if (untold >= KICK_PACKETS) {
      tell();
    }
    return true;
  }

  /// Tells the kernel what is to be sent.
  void tell() {
    if (untold > 0) {
      sending.publish();
      untold = 0;
    }
    if (sending.waiting() > 0 && sending.needsWakeup()) {
      isGone |= !socket.kick();
    }
    reclaim();
  }

  private void reclaim() {
    int count = completion.ready();
    for (int i = 0; i < count; i++) {
      free[freeCount++] = completion.address();
      completion.take();
    }
    if (count > 0) {
      completion.publish();
    }
  }

  /// Whether sending has found the card gone.
  boolean isGone() {
    return isGone;
  }

  /// How many packets have been missed since this was asked last.
  long newlyMissed() throws KernelException {
    long before = missed;
    missed = socket.missed();
    return missed - before;
  }

  @Override
  public void close() {
    socket.close();
    Slab.give(taken, bytes);
  }
}
