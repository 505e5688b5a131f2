package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Outbox;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.DoorCounter;
import watari.host.driver.Tun;
import watari.host.driver.Xdp;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Netlink;
import watari.host.offload.Cards;
import watari.lab.NeedsNamespaces;

/// The door to a card, which is one end of a pair; the other end is a host of the Internet.
@NeedsNamespaces(programs = "ping")
final class XdpTest {
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");
  private static final String SUBSCRIBER = "192.0.2.7";
  private static final String STRANGER = "203.0.113.9";
  private static final String NEAR = "198.51.100.1";
  private static final String FAR = "198.51.100.2";
  private static final int PORT = 40_000;
  private static final int BURST = 200;
  private static final int PACKET_BYTES = 60;
  private static final int SOURCE = 0x0a00_0001;

  private Namespace near;
  private Namespace far;
  private DatagramSocket socket;

  @BeforeEach
  void join() throws Exception {
    near = new Namespace();
    far = new Namespace();
    near.ip("link", "add", "card0", "type", "veth", "peer", "name", "peer0");
    near.ip("link", "set", "peer0", "netns", far.name());
    near.ip("address", "add", NEAR + "/24", "dev", "card0");
    far.ip("address", "add", FAR + "/24", "dev", "peer0");
    near.ip("link", "set", "card0", "up");
    far.ip("link", "set", "peer0", "up");
    far.ip("route", "add", "default", "via", NEAR);
    know(near, "card0", FAR, far, "peer0");
    know(far, "peer0", NEAR, near, "card0");
    socket = socket();
    socket.setSoTimeout(10_000);
  }

  private DatagramSocket socket() throws Exception {
    var made = new AtomicReference<DatagramSocket>();
    far.inside(() -> made.set(new DatagramSocket(new InetSocketAddress(FAR, PORT))));
    return Objects.requireNonNull(made.get());
  }

  /// Neighbours that need not be asked for.
  private static void know(
      Namespace who, String device, String address, Namespace whom, String other)
      throws IOException {
    var words = whom.ip("-br", "link", "show", other).split("\\s+", -1);
    who.ip("neigh", "replace", address, "lladdr", words[2], "dev", device, "nud", "permanent");
  }

  @AfterEach
  void part() throws IOException {
    socket.close();
    far.close();
    near.close();
  }

  private static RuleTable rules() {
    var rule =
        new MapRule(
            Ipv6Prefix.parse("2001:db8::/40"),
            Ipv4Prefix.parse("192.0.2.0/24"),
            16,
            4,
            Psid.NONE,
            Layout.RFC7597);
    return new RuleTable(
        List.of(new MapDomain("lab", RELAY, false, Confidence.GIVEN, List.of(rule))));
  }

  private interface Step {
    void run(Xdp door, Tun tun, Batch batch) throws IOException;
  }

  /// Does something with a door to the card.
  private void withDoor(Step step) throws Exception {
    near.inside(() -> {
      try (var netlink = Netlink.open();
          var cards = Cards.of(netlink, List.of("card0"));
          var tun = Tun.open("watari0");
          var batch = Batch.ofMtu(1500)) {
        // Without an address of its own it says nothing by itself.
        near.ip("link", "set", "watari0", "addrgenmode", "none");
        near.ip("link", "set", "watari0", "up");
        cards.follow(netlink);
        try (var door = Xdp.open(tun, cards.ports(), cards)) {
          cards.attach(rules());
          step.run(door, tun, batch);
        }
      }
    });
  }

  private void write(String target, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      socket.send(new DatagramPacket(new byte[18], 18, new InetSocketAddress(target, PORT)));
    }
  }

  /// More packets than there are frames come in, each once, and none by the TUN device.
  @Test
  void packetsOfTheRulesComeInWhereTheyLieWithALowerTimeToLive() throws Exception {
    withDoor((door, tun, batch) -> {
      assertThat(door.services()).containsExactly(new Xdp.Service("card0", 1, false));
      long received = 0;
      for (int sent = BURST; sent <= 20 * BURST; sent += BURST) {
        write(SUBSCRIBER, BURST);
        while (received < sent) {
          assertThat(door.await(10_000)).isTrue();
          received += checked(door.receive(batch), batch);
        }
      }
      assertThat(door.receive(batch)).isZero();
      assertThat(door.counters().of(DoorCounter.RECEIVED)).isEqualTo(20L * BURST);
      assertThat(door.counters().of(DoorCounter.MISSED)).isZero();
      assertThat(tun.counters().of(DoorCounter.RECEIVED)).isZero();
    });
  }

  private static int checked(int count, Batch batch) {
    for (int i = 0; i < count; i++) {
      long at = batch.at(i);
      assertThat(batch.length(i)).isEqualTo(46);
      assertThat(Ipv4.timeToLive(at)).isEqualTo(63);
      assertThat(Ipv4.target(at)).isEqualTo(0xc0000207);
      assertThat(Checksum.of(Checksum.sum(at, Ipv4.HEADER))).isZero();
    }
    return count;
  }

  /// What comes faster than it is taken is counted, to the last packet.
  @Test
  void whatHasNoPlaceToWaitIsMissed() throws Exception {
    withDoor((door, tun, batch) -> {
      for (int sent = 0; sent < 15 * BURST; sent += BURST) {
        write(SUBSCRIBER, BURST);
        far.ping(NEAR); // behind the others in the pair's queue
      }
      while (door.await(100)) {
        door.receive(batch);
      }
      assertThat(door.await(0)).isFalse();
      assertThat(door.counters().of(DoorCounter.RECEIVED)).isEqualTo(1024);
      assertThat(door.counters().of(DoorCounter.MISSED)).isEqualTo(15 * BURST - 1024);
    });
  }

  /// An answer comes from the machine itself, beside the socket.
  @Test
  void whatIsNotTheRelaysIsTheKernels() throws Exception {
    withDoor((door, _, batch) -> {
      far.ping(NEAR);
      write(STRANGER, 3);
      write(SUBSCRIBER, 1);
      assertThat(door.await(10_000)).isTrue();
      assertThat(door.receive(batch)).isOne();
      assertThat(Ipv4.target(batch.at(0))).isEqualTo(0xc0000207);
    });
  }

  /// Nor is IPv4 that says it is IPv6: it could be a subscriber's that poses as the Internet.
  @Test
  void aFrameForSomebodyElseIsNotTheRelays() throws Exception {
    withDoor((door, _, batch) -> {
      long card = card();
      long at = packet(SUBSCRIBER);
      Slab.putByte(at + 7, 64); // where IPv6 has the hop limit
      Slab.putLong(at + 24, RELAY.high());
      Slab.putLong(at + 32, RELAY.low());
      write(frame(card ^ 16, 0x0800, at));
      write(frame(card, 0x86dd, at));
      write(frame(card, 0x0800, at));
      assertThat(door.await(10_000)).isTrue();
      assertThat(door.receive(batch)).isOne();
      assertThat(Ipv4.target(batch.at(0))).isEqualTo(0xc0000207);
    });
  }

  private static long card() throws IOException {
    try (var netlink = Netlink.open()) {
      return netlink.link(new InterfaceName("card0")).orElseThrow().ethernet();
    }
  }

  private static byte[] frame(long target, int type, long packet) {
    var frame = ByteBuffer.allocate(14 + PACKET_BYTES);
    frame.putLong(target << Short.SIZE).putShort(12, (short) type);
    return frame.put(14, Slab.copy(packet, PACKET_BYTES)).array();
  }

  /// Sends a frame as it is.
  private void write(byte[] frame) throws IOException {
    try {
      far.inside(() -> {
        var libc = new Libc();
        int raw = libc.socket(17, 3, 0); // AF_PACKET, SOCK_RAW
        try (var arena = Arena.ofConfined();
            var netlink = Netlink.open()) {
          var to = arena.allocate(20, 8);
          to.set(ValueLayout.JAVA_SHORT, 0, (short) 17);
          to.set(
              ValueLayout.JAVA_INT,
              4,
              netlink.link(new InterfaceName("peer0")).orElseThrow().index());
          long bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame).address();
          assertThat(libc.sendto(raw, bytes, frame.length, 0, to.address(), 20)).isPositive();
        } finally {
          int _ = libc.close(raw);
        }
      });
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  @Test
  void whatIsSentReachesTheNextHopAsOftenAsItIsSent() throws Exception {
    withDoor((door, tun, batch) -> {
      long at = packet(FAR);
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < BURST; i++) {
          assertThat(door.send(at, PACKET_BYTES)).isTrue();
        }
        assertThat(door.receive(batch)).isZero(); // what was sent goes at the latest now
        for (int i = 0; i < BURST; i++) {
          var arrived = new DatagramPacket(new byte[100], 100);
          socket.receive(arrived);
          assertThat(arrived.getLength()).isEqualTo(PACKET_BYTES - 28);
        }
      }
      assertThat(door.counters().of(DoorCounter.SENT)).isEqualTo(20L * BURST);
      assertThat(tun.counters().of(DoorCounter.SENT)).isZero();
    });
  }

  /// Its checksum of UDP stays open, which IPv4 allows.
  private static long packet(String target) {
    long at = Slab.take(Outbox.HEADROOM + 2048) + Outbox.HEADROOM;
    Slab.fill(at, PACKET_BYTES, 0);
    Ipv4.write(at, PACKET_BYTES, Protocol.UDP, 64, SOURCE, Ipv4Address.parse(target).bits());
    Slab.putShort(at + 20, PORT);
    Slab.putShort(at + 22, PORT);
    Slab.putShort(at + 24, PACKET_BYTES - 20);
    return at;
  }

  @Test
  void whatACardDoesNotTakeGoesByTheTunDevice() throws Exception {
    withDoor((door, tun, _) -> {
      assertThat(door.send(packet(STRANGER), PACKET_BYTES)).as("no next hop").isTrue();
      assertThat(tun.counters().of(DoorCounter.SENT)).isOne();
      assertThat(door.send(packet(FAR), 1501)).as("too long").isTrue();
      assertThat(tun.counters().of(DoorCounter.SENT)).isEqualTo(2);
      long old = packet(FAR);
      Slab.putByte(old + 8, 1);
      assertThat(door.send(old, PACKET_BYTES)).as("at the end of its time to live").isTrue();
      assertThat(tun.counters().of(DoorCounter.SENT)).isEqualTo(3);
      assertThat(door.counters().of(DoorCounter.SENT)).isEqualTo(3);
    });
  }

  @Test
  void aCardThatGoesLeavesTheTunDevice() throws Exception {
    withDoor((door, tun, batch) -> {
      near.ip("link", "del", "card0");
      long at = packet(FAR);
      assertThat(door.send(at, PACKET_BYTES)).as("the one that finds out").isTrue();
      assertThat(door.await(0)).isFalse();
      assertThat(door.receive(batch)).isZero();
      assertThat(door.send(at, PACKET_BYTES)).isTrue();
      assertThat(tun.counters().of(DoorCounter.SENT)).isOne();
    });
  }

  @Test
  void aCardThatHasAProgramIsNamedWithWhatHelps() throws Exception {
    withDoor((_, _, _) -> {
      try (var netlink = Netlink.open();
          var others = Cards.of(netlink, List.of("card0"))) {
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> others.attach(rules()))
            .withMessageContaining("putting a program at card0 failed: it is in use (EBUSY)")
            .withMessageEndingWith("end what put it there, or set 'door: tun'");
      }
    });
  }

  @Test
  void nothingIsLeftOfAClosedDoor() throws Exception {
    withDoor((_, _, _) -> assertThat(near.ip("-d", "link", "show", "card0")).contains("xdp"));
    assertThat(near.ip("-d", "link", "show", "card0")).doesNotContain("xdp");
    withDoor((door, _, _) -> assertThat(door.services()).hasSize(1));
  }
}
