package watari.host.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;
import watari.host.kernel.Bell;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Poll;
import watari.host.kernel.TunDevice;

/// The door to the kernel: a queue of a TUN device, which exists as long as a door of it is open.
///
/// What the kernel routes to the device is received; what is sent goes into the kernel as if it had
/// arrived there. Both may be super-packets. Checksums that their sender has left to a network card
/// are finished here, but not those of super-packets, which have one for each segment.
public final class Tun implements Driver {
  private static final int DEVICE = 0;
  private static final int BELL = 1;

  private final Libc libc;
  private final TunDevice device;
  private final Bell bell;
  private final Poll poll;
  private final DoorCounters counters = new DoorCounters();
  private boolean closed;

  private Tun(Libc libc, TunDevice device, Bell bell) {
    this.libc = libc;
    this.device = device;
    this.bell = bell;
    this.poll = new Poll(libc, device.descriptor(), bell.descriptor());
  }

  /// Makes the device `name`; it is down and has no address.
  ///
  /// @throws watari.core.net.Refused when the kernel could not have a device of that name
  /// @throws IOException when `/dev/net/tun` or the right is missing or the name is taken
  public static Tun open(String name) throws IOException {
    return open(name, 1).getFirst();
  }

  /// Makes the device `name` with so many queues, each with a door of its own; a thread may have
  /// one door, another the next. Which packets arrive where, [TunDevice] says.
  ///
  /// @throws watari.core.net.Refused when the kernel could not have a device of that name
  /// @throws IOException when `/dev/net/tun` or the right is missing or the name is taken
  public static List<Tun> open(String name, int queues) throws IOException {
    var bells = new ArrayList<Bell>();
    try {
      for (int queue = 0; queue < queues; queue++) {
        bells.add(Bell.open());
      }
      var tuns = new ArrayList<Tun>();
      for (var device : TunDevice.open(new Libc(), new InterfaceName(name), queues)) {
        tuns.add(new Tun(new Libc(), device, bells.get(tuns.size())));
      }
      return List.copyOf(tuns);
    } catch (IOException | RuntimeException e) {
      bells.forEach(Bell::close);
      throw e;
    }
  }

  public String name() {
    return device.name().text();
  }

  /// For a door beside this one, which waits for both.
  int descriptor() {
    return device.descriptor();
  }

  @Override
  public int receive(Batch batch) throws IOException {
    if (batch.headroom() < VirtioHeader.BYTES) {
      throw new IllegalArgumentException(
          "before a packet there is room for the kernel's "
              + VirtioHeader.BYTES
              + " bytes or more");
    }
    batch.clear();
    // As many reads as frames, not until the batch is full: packets that are too long must not
    // hold the caller for ever.
    for (int reads = batch.capacity(); reads > 0; reads--) {
      long length = libc.tryRead(device.descriptor(), to(batch), room(batch));
      if (length < 0) {
        length = batch.count() == 0 ? reread(batch) : 0;
      }
      if (length == 0) {
        break;
      }
      take(batch, (int) length - VirtioHeader.BYTES);
    }
    counters.received(batch);
    return batch.count();
  }

  private static long to(Batch batch) {
    return Slab.address() + batch.next() - VirtioHeader.BYTES;
  }

  private static long room(Batch batch) {
    return VirtioHeader.BYTES + batch.frameBytes() + 1L;
  }

  /// Reads again to learn why nothing was read. Only for an empty batch: behind packets the end is
  /// what one expects, and a broken door is still broken at the next call.
  ///
  /// @return 0 when there is no packet
  private long reread(Batch batch) throws KernelException {
    long result = libc.read(device.descriptor(), to(batch), room(batch));
    refuseBroken(result, "reading from");
    return Math.max(result, 0);
  }

  /// A read gives as much of the packet as there is room for and drops the rest, so that one byte
  /// more than a frame holds means a packet that was too long.
  private void take(Batch batch, int length) {
    if (length > batch.frameBytes()) {
      counters.add(DoorCounter.TOO_LONG, 1);
      return;
    }
    long at = batch.next();
    long header = at - VirtioHeader.BYTES;
    if (VirtioHeader.isOrdinary(header) && isFinished(header, at, length)) {
      batch.add(length);
    } else if (VirtioHeader.isTcp(header)) {
      batch.addSuper(length, VirtioHeader.segmentBytes(header));
    } else {
      counters.add(DoorCounter.REFUSED, 1);
    }
  }

  private static boolean isFinished(long header, long at, int length) {
    return !VirtioHeader.needsChecksum(header)
        || Checksum.finish(
            at, length, VirtioHeader.checksumStart(header), VirtioHeader.checksumPlace(header));
  }

  @Override
  public boolean send(long at, int length) throws IOException {
    VirtioHeader.write(at - VirtioHeader.BYTES);
    boolean isSent = isWritten(at, length);
    if (isSent) {
      counters.sent(length);
    }
    return isSent;
  }

  @Override
  public boolean carriesSuperPackets() {
    return true;
  }

  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) throws IOException {
    int ipv4Length = Ipv4.headerLength(at);
    int headersLength = ipv4Length + Tcp.headerLength(at + ipv4Length);
    VirtioHeader.write(at - VirtioHeader.BYTES, ipv4Length, headersLength, segmentBytes);
    boolean isSent = isWritten(at, length);
    if (isSent) {
      counters.sentSuper(length);
    }
    return isSent;
  }

  /// Writes the packet with the header before it.
  private boolean isWritten(long at, int length) throws IOException {
    long from = Slab.address() + at - VirtioHeader.BYTES;
    long bytes = (long) VirtioHeader.BYTES + length;
    long result = libc.tryWrite(device.descriptor(), from, bytes);
    if (result < 0) {
      result = libc.write(device.descriptor(), from, bytes); // again, to learn the reason
    }
    if (result < 0) {
      refuseBroken(result, "writing to");
      counters.add(reason(result), 1);
      return false;
    }
    return true;
  }

  private static DoorCounter reason(long result) {
    boolean isFull = Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result) || Errno.ENOMEM.is(result);
    return isFull ? DoorCounter.FULL : DoorCounter.REFUSED;
  }

  private void refuseBroken(long result, String verb) throws KernelException {
    if (Errno.EBADFD.is(result) || Errno.ENODEV.is(result) || Errno.EBADF.is(result)) {
      throw new KernelException(
          (int) -result,
          verb + " the TUN device " + name(),
          "something removed it while it was in use; start again to make it anew");
    }
  }

  @Override
  public boolean await(int millis) throws IOException {
    poll.await(millis);
    if (poll.isReady(BELL)) {
      bell.silence();
    }
    return poll.isReady(DEVICE);
  }

  @Override
  public void wake() {
    bell.ring();
  }

  @Override
  public DoorCounters counters() {
    return counters;
  }

  /// Closes the queue; with its last one the device goes, with its addresses and routes.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      bell.close();
      device.close(libc);
    }
  }
}
