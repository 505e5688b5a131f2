package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import watari.core.path.Outbox;
import watari.core.wire.Slab;
import watari.core.wire.TcpCutter;
import watari.core.wire.TcpJoiner;
import watari.host.driver.Batch;
import watari.host.driver.DoorCounter;
import watari.host.driver.Memory;
import watari.host.driver.Tun;
import watari.lab.NeedsNamespaces;

/// A packet allocates nothing: not at the TUN device, not in memory. The bound is far below one
/// object a packet and above what the JVM itself may allocate on a thread that warms up.
final class AllocationTest {
  private static final int PACKETS = 20_000;
  private static final long BYTES_MAX = PACKETS * 2L;
  private static final int PACKET_BYTES = 60;
  private static final int SUPER_BYTES = 5040;

  /// Sends and receives one packet.
  private interface Round {
    void run() throws IOException;
  }

  private static long allocatedBytes(Round round) throws IOException {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PACKETS; i++) {
      round.run();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /// The second run counts: the first links the calls.
  private static void assertAllocatesNothing(Round round) throws IOException {
    long first = allocatedBytes(round);
    long second = allocatedBytes(round);
    assertThat(second).as("the first run allocated %d bytes", first).isLessThan(BYTES_MAX);
  }

  @Test
  void aPacketInMemoryAllocatesNothing() throws Exception {
    try (var pair = Memory.pair(4, 100);
        var batch = new Batch(4, 100, 64)) {
      long at = Slab.take(PACKET_BYTES);
      assertAllocatesNothing(() -> {
        pair.left().send(at, PACKET_BYTES);
        pair.right().receive(batch);
      });
      assertThat(pair.right().counters().of(DoorCounter.RECEIVED)).isEqualTo(2L * PACKETS);
    }
  }

  @Test
  void aSuperPacketThatIsCutAndJoinedAllocatesNothing() throws Exception {
    try (var pair = Memory.superPair(4);
        var joiner = new TcpJoiner(pair.left()::sendSuper);
        var batch = Batch.ofSuperPackets()) {
      var cutter = new TcpCutter();
      long at = batch.at(0);
      Forwarding.superPacket(at, SUPER_BYTES);
      assertAllocatesNothing(() -> {
        cutter.begin(at, SUPER_BYTES, 1000);
        while (cutter.next()) {
          joiner.send(cutter.at(), cutter.length());
        }
        joiner.flush();
        pair.right().receive(batch);
      });
      assertThat(pair.right().counters().of(DoorCounter.SUPER_RECEIVED)).isEqualTo(2L * PACKETS);
    }
  }

  /// The kernel forwards what goes into the device back out of it.
  @Test
  @NeedsNamespaces
  void aPacketThroughATunDeviceAllocatesNothing() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0");
            var batch = Batch.ofMtu(1500)) {
          Forwarding.through(namespace, "watari0");
          long at = Slab.take(Outbox.HEADROOM + PACKET_BYTES) + Outbox.HEADROOM;
          Forwarding.packet(at, PACKET_BYTES);
          assertAllocatesNothing(() -> {
            tun.send(at, PACKET_BYTES);
            boolean _ = tun.await(0);
            tun.receive(batch);
          });
          assertThat(tun.counters().of(DoorCounter.RECEIVED)).isGreaterThan(PACKETS);
        }
      });
    }
  }
}
