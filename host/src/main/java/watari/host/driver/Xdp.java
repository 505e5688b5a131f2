package watari.host.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import watari.core.wire.Ipv4;
import watari.core.wire.Slab;
import watari.host.kernel.Bell;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Poll;

/// The door to network cards without the kernel's routing between (`AF_XDP`), beside a TUN device.
///
/// ```
///          a program at the card: for us?
/// card ──┬── yes ──→ socket ──→ receive     send ──→ next hop known ──→ socket ──→ card
///        └── no ───→ kernel ──→ TUN ──→     send ──→ unknown ──→ TUN ──→ kernel ──→ card
/// ```
///
/// Whatever a card does not take, because its next hop is unknown, it is too long, at the end of
/// its time to live, or there is no room, goes by the TUN device; so nothing depends on the cards.
/// This door stands where the kernel's router stands for the TUN device, and so lowers the time to
/// live of IPv4.
public final class Xdp implements Driver {
  /// How a card is served.
  ///
  /// @param name of its interface
  /// @param queues how many of its queues
  /// @param isZeroCopy whether the card works in our memory; else the kernel copies
  public record Service(String name, int queues, boolean isZeroCopy) {}

  private static final int RING_MAX = 1024;
  private static final int RING_MIN = 64;

  /// Of all queues: 16 MiB of the slab.
  private static final int FRAMES_MAX = 4096;

  /// The kernel keeps the packets of further ones, which then come by the TUN device.
  private static final int QUEUES_MAX = FRAMES_MAX / (2 * RING_MIN);

  /// The TUN device has its turn at the latest then, however many packets the cards have.
  private static final int TURNS_BETWEEN = 8;

  /// How often it is asked, at the latest, what was missed.
  private static final int TURNS_UNTIL_ASKED = 256;

  private static final int NONE = -1;
  private static final int BELL = 0;
  private static final int DEVICE = 1;
  private static final int QUEUES = 2;

  private final Tun tun;
  private final Onward onward;
  private final Libc libc = new Libc();
  private final Bell bell;
  private final Poll poll;
  private final DoorCounters counters;

  /// Of all cards, those of one card in a row.
  private final XdpQueue[] queues;

  /// By queue.
  private final XdpPort[] ports;

  /// By queue, its number at its card.
  private final int[] numbers;

  private final List<Service> services = new ArrayList<>();

  /// The queue whose turn is next.
  private int next;

  /// The number at its card of the queue that the packets in hand came by. What is sent goes out by
  /// the same number of the other card, so that packets of a flow keep their order.
  private int lane;

  private int turns;
  private boolean closed;

  /// Opens the queues of cards; packets come once programs are in place that know the maps.
  ///
  /// @param tun is closed with this door
  /// @throws IOException when the kernel refuses; the TUN device stays open then
  public static Xdp open(Tun tun, List<XdpPort> cards, Onward onward) throws IOException {
    var bell = Bell.open();
    try {
      return new Xdp(tun, bell, cards, onward);
    } catch (IOException | RuntimeException failed) {
      bell.close();
      throw failed;
    }
  }

  private Xdp(Tun tun, Bell bell, List<XdpPort> cards, Onward onward) throws IOException {
    this.tun = tun;
    this.bell = bell;
    this.onward = onward;
    counters = new DoorCounters(tun.counters());
    var opened = new ArrayList<XdpQueue>();
    var portOf = new ArrayList<XdpPort>();
    try {
      int share = Math.max(1, QUEUES_MAX / Math.max(1, cards.size()));
      int total = cards.stream().mapToInt(card -> Math.min(share, card.queues())).sum();
      int ringSize = Math.min(RING_MAX, Integer.highestOneBit(FRAMES_MAX / 2 / Math.max(1, total)));
      for (XdpPort card : cards) {
        open(card, Math.min(share, card.queues()), ringSize, opened, portOf);
      }
    } catch (IOException | RuntimeException failed) {
      opened.forEach(XdpQueue::close);
      throw failed;
    }
    queues = opened.toArray(XdpQueue[]::new);
    ports = portOf.toArray(XdpPort[]::new);
    numbers = new int[ports.length];
    for (int i = 1; i < ports.length; i++) {
      numbers[i] = ports[i].device() == ports[i - 1].device() ? numbers[i - 1] + 1 : 0;
    }
    poll = new Poll(libc, descriptors());
  }

  /// Opens a card's queues and writes them into its map.
  private void open(
      XdpPort card, int count, int ringSize, List<XdpQueue> opened, List<XdpPort> portOf)
      throws IOException {
    var bpf = new Bpf();
    boolean isZeroCopy = true;
    for (int number = 0; number < count; number++) {
      var queue = XdpQueue.open(libc, card.device(), number, ringSize);
      opened.add(queue);
      portOf.add(card);
      isZeroCopy &= queue.isZeroCopy();
      try (var arena = Arena.ofConfined()) {
        var key = arena.allocateFrom(ValueLayout.JAVA_INT, number);
        var value = arena.allocateFrom(ValueLayout.JAVA_INT, queue.descriptor());
        bpf.update(card.map(), key.address(), value.address());
      }
    }
    services.add(new Service(card.name(), count, isZeroCopy));
  }

  private int[] descriptors() {
    var descriptors = new int[QUEUES + queues.length];
    descriptors[BELL] = bell.descriptor();
    descriptors[DEVICE] = tun.descriptor();
    for (int i = 0; i < queues.length; i++) {
      descriptors[QUEUES + i] = queues[i].descriptor();
    }
    return descriptors;
  }

  /// How each card is served.
  public List<Service> services() {
    return List.copyOf(services);
  }

  @Override
  public int receive(Batch batch) throws IOException {
    for (XdpQueue queue : queues) {
      queue.tell();
      queue.takeBack();
    }
    turns++;
    if (turns % TURNS_UNTIL_ASKED == 0) {
      askMissed();
    }
    batch.clear();
    if (turns % TURNS_BETWEEN == 0 && tun.receive(batch) > 0) {
      return batch.count();
    }
    return isOfCards(batch) ? batch.count() : tun.receive(batch);
  }

  /// The packets of a batch come by one queue.
  private boolean isOfCards(Batch batch) {
    for (int i = 0; i < queues.length && batch.count() == 0; i++) {
      int turn = next;
      next = next + 1 == queues.length ? 0 : next + 1;
      queues[turn].receive(batch);
      lane = numbers[turn];
    }
    counters.received(batch);
    return batch.count() > 0;
  }

  @Override
  public boolean send(long at, int length) throws IOException {
    NextHop hop = onward.next(at);
    int queue = hop.device() == 0 ? NONE : queueTo(hop.device());
    boolean isSent =
        queue != NONE
            && length <= Math.min(hop.mtu(), ports[queue].mtu())
            && livesOn(at)
            && queues[queue].send(at, length, hop);
    if (isSent) {
      counters.sent(length);
    }
    return isSent || tun.send(at, length);
  }

  /// Of the card's queues the one of the lane.
  private int queueTo(int device) {
    int found = NONE;
    for (int i = 0; i < queues.length; i++) {
      if (ports[i].device() == device && numbers[i] <= lane && !queues[i].isGone()) {
        found = i;
      }
    }
    return found;
  }

  /// What does not, the kernel answers.
  private static boolean livesOn(long at) {
    return Slab.byteAt(at) >>> 4 == 6 || Ipv4.timeToLive(at) > 1;
  }

  /// The cards carry none, and which way a packet goes is not known when it is asked.
  @Override
  public boolean carriesSuperPackets() {
    return false;
  }

  @Override
  public boolean sendSuper(long at, int length, int segmentBytes) throws IOException {
    return tun.sendSuper(at, length, segmentBytes);
  }

  @Override
  public boolean await(int millis) throws IOException {
    askMissed();
    boolean hasPackets = false;
    for (XdpQueue queue : queues) {
      queue.tell();
      hasPackets |= queue.hasPackets();
    }
    poll.await(hasPackets ? 0 : millis);
    if (poll.isReady(BELL)) {
      bell.silence();
    }
    for (int i = 0; i < queues.length; i++) {
      hasPackets |= poll.isReady(QUEUES + i);
    }
    return hasPackets || poll.isReady(DEVICE);
  }

  private void askMissed() throws KernelException {
    for (XdpQueue queue : queues) {
      counters.add(DoorCounter.MISSED, queue.newlyMissed());
    }
  }

  @Override
  public void wake() {
    bell.ring();
  }

  /// Of this door and the TUN device together.
  @Override
  public DoorCounters counters() {
    return counters;
  }

  /// Closes the sockets and the TUN device.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      for (XdpQueue queue : queues) {
        queue.close();
      }
      bell.close();
      tun.close();
    }
  }
}
