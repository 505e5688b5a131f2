package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Tun;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.host.kernel.Sysctl;
import watari.lab.NeedsNamespaces;

/// Which queue of a TUN device the kernel chooses for the packets of a relay. They are written to a
/// second device, and the kernel forwards them. Each has a number in its identification.
@NeedsNamespaces
final class TunQueuesTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int FLOWS = 64;
  private static final int MORE_FRAGMENTS = 0x2000;
  private static final int REMOTE = 0xc633_6407; // 198.51.100.7
  private static final int SHARED = 0xc000_0212; // 192.0.2.18
  private static final long HOME = 0x2001_0db8_0012_3400L;
  private static final long RELAY = 0x2001_0db8_ffff_0000L;
  private static final int UDP_BYTES = Ipv4.HEADER + 8 + 32;

  /// The queues at which packets of a number arrived.
  private final Map<Integer, Set<Integer>> seen = new HashMap<>();

  private interface Course {
    void run(Tun feeder, List<Tun> queues, Batch batch) throws Exception;
  }

  private void course(Course course) throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        var queues = Tun.open("watari0", 2);
        try (var feeder = Tun.open("feeder0");
            var batch = Batch.ofMtu(1500);
            var first = queues.getFirst();
            var second = queues.getLast()) {
          Sysctl.ipv4Forwarding().write(1);
          Sysctl.ipv6Forwarding().write(1);
          for (var device : List.of("feeder0", "watari0")) {
            namespace.ip("link", "set", device, "up");
          }
          namespace.ip("address", "add", "203.0.113.1/24", "dev", "feeder0");
          namespace.ip("route", "add", "192.0.2.0/24", "dev", "watari0");
          namespace.ip("route", "add", "198.51.100.0/24", "dev", "feeder0");
          namespace.ip("route", "add", "2001:db8:ffff::/48", "dev", "watari0");
          namespace.ip("route", "add", "2001:db8:12::/48", "dev", "feeder0");
          course.run(feeder, List.of(first, second), batch);
        }
        assertThat(namespace.ip("-j", "link")).doesNotContain("watari0");
      });
    }
  }

  /// The source port of a flow at the shared address.
  private static int port(int flow) {
    return 0x8000 + flow;
  }

  /// Writes a UDP packet of the Internet, or a fragment of one.
  private static int down(long at, int flow, int number, int place) {
    udp(at, number, place, REMOTE, SHARED, 443, port(flow));
    return UDP_BYTES;
  }

  /// Writes a subscriber's UDP packet in its tunnel.
  private static int up(long at, int flow, int number, int place) {
    tunnel(at, UDP_BYTES, Protocol.IPV4);
    udp(at + Ipv6.HEADER, number, place, SHARED, REMOTE, port(flow), 443);
    return Ipv6.HEADER + UDP_BYTES;
  }

  /// Writes a fragment of a tunnel's packet.
  private static int outer(long at, int number, int place) {
    tunnel(at, Ipv6.FRAGMENT_HEADER + UDP_BYTES, Protocol.FRAGMENT);
    Slab.putInt(at + Ipv6.HEADER, Protocol.IPV4 << 24 | place);
    Slab.putInt(at + Ipv6.HEADER + 4, number);
    udp(at + Ipv6.HEADER + 8, number, 0, SHARED, REMOTE, port(number), 443);
    return Ipv6.HEADER + Ipv6.FRAGMENT_HEADER + UDP_BYTES;
  }

  private static void tunnel(long at, int payload, int nextHeader) {
    Ipv6.write(at, 0, payload, nextHeader, 64, HOME, 0, RELAY, 1);
  }

  /// @param place the flags and the offset of a fragment, or 0
  private static void udp(
      long at, int number, int place, int source, int target, int sourcePort, int targetPort) {
    Slab.fill(at, UDP_BYTES, 0);
    Ipv4.write(at, UDP_BYTES, Protocol.UDP, 64, source, target);
    Slab.putInt(at + 4, number << 16 | place);
    Slab.putShort(at + 10, 0);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, Ipv4.HEADER)));
    Slab.putShort(at + 20, sourcePort);
    Slab.putShort(at + 22, targetPort);
    Slab.putShort(at + 24, UDP_BYTES - Ipv4.HEADER);
  }

  private static void feed(Tun door, Batch batch, int length) throws IOException {
    assertThat(door.send(batch.at(0), length)).isTrue();
  }

  /// Receives until so many packets of ours are there, among what the kernel says on its own.
  private void collect(List<Tun> queues, Batch batch, int packets) throws IOException {
    int missing = packets;
    LongSupplier clock = System::nanoTime;
    long end = clock.getAsLong() + PATIENCE_MILLIS * 1_000_000L;
    while (missing > 0) {
      assertThat(clock.getAsLong() - end).as("%s are missing", missing).isNegative();
      for (int queue = 0; queue < queues.size(); queue++) {
        queues.get(queue).receive(batch);
        missing -= note(queue, batch);
      }
    }
  }

  private int note(int queue, Batch batch) {
    int ours = 0;
    for (int i = 0; i < batch.count(); i++) {
      int number = number(batch.at(i));
      if (number > 0) {
        ours++;
        seen.computeIfAbsent(number, _ -> new HashSet<>()).add(queue);
      }
    }
    return ours;
  }

  private static int number(long at) {
    if (Slab.byteAt(at) >> 4 == 4) {
      return Ipv4.protocol(at) == Protocol.UDP ? Ipv4.identification(at) : 0;
    }
    return switch (Ipv6.nextHeader(at)) {
      case Protocol.IPV4 -> Ipv4.identification(at + Ipv6.HEADER);
      case Protocol.FRAGMENT -> Slab.intAt(at + Ipv6.HEADER + 4);
      default -> 0;
    };
  }

  private void assertOneQueueEach() {
    assertThat(seen).hasSize(FLOWS).allSatisfy((_, queues) -> assertThat(queues).hasSize(1));
  }

  @Test
  void bothWaysOfAFlowArriveAtOneQueueAndTheFlowsAreSpread() throws Exception {
    course((feeder, queues, batch) -> {
      for (int flow = 1; flow <= FLOWS; flow++) {
        feed(feeder, batch, down(batch.at(0), flow, flow, 0));
        feed(feeder, batch, up(batch.at(0), flow, flow, 0));
        feed(feeder, batch, down(batch.at(0), flow, flow, 0));
      }
      collect(queues, batch, 3 * FLOWS);
      assertOneQueueEach();
      assertThat(seen.values()).contains(Set.of(0), Set.of(1));
    });
  }

  @Test
  void aFlowFollowsToTheQueueThatItIsWrittenTo() throws Exception {
    course((feeder, queues, batch) -> {
      for (int queue : List.of(1, 0)) {
        seen.clear();
        feed(queues.get(queue), batch, down(batch.at(0), 1, 1, 0));
        feed(feeder, batch, up(batch.at(0), 1, 2, 0));
        collect(queues, batch, 2);
        assertThat(seen.get(2)).containsExactly(queue);
      }
    });
  }

  /// The first piece has ports, the others have not.
  @Test
  void theFragmentsOfOnePacketArriveAtOneQueue() throws Exception {
    course((feeder, queues, batch) -> {
      for (int flow = 1; flow <= FLOWS; flow++) {
        feed(feeder, batch, down(batch.at(0), flow, flow, MORE_FRAGMENTS));
        feed(feeder, batch, down(batch.at(0), flow, flow, 5));
        feed(feeder, batch, up(batch.at(0), flow, flow, MORE_FRAGMENTS));
        feed(feeder, batch, up(batch.at(0), flow, flow, 5));
      }
      collect(queues, batch, 4 * FLOWS);
      assertOneQueueEach();
    });
  }

  @Test
  void theFragmentsOfAnOuterPacketArriveAtOneQueue() throws Exception {
    course((feeder, queues, batch) -> {
      for (int number = 1; number <= FLOWS; number++) {
        feed(feeder, batch, outer(batch.at(0), number, 1));
        feed(feeder, batch, outer(batch.at(0), number, UDP_BYTES & ~7));
      }
      collect(queues, batch, 2 * FLOWS);
      assertOneQueueEach();
    });
  }

  @Test
  void nobodyElseGetsAQueueOfTheDevice() throws Exception {
    course((_, _, _) -> {
      for (int queues : List.of(1, 2)) {
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> Tun.open("watari0", queues))
            .matches(e -> e.is(Errno.EBUSY) || e.is(Errno.EINVAL))
            .withMessageContaining("the name is taken: ip -d link show watari0");
      }
    });
  }

  @Test
  void theDeviceLivesAsLongAsOneOfItsQueues() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        var queues = Tun.open("watari0", 3);
        queues.get(0).close();
        queues.get(1).close();
        assertThat(namespace.ip("-j", "link")).contains("watari0");
        queues.get(2).close();
        assertThat(namespace.ip("-j", "link")).doesNotContain("watari0");
      });
    }
  }
}
