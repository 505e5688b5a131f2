package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Seed;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.PacketText;

/// A million packets that nobody honest sends, and what a relay counts.
final class RelayFaultsTest {
  private static final int PACKETS = 1_000_000;
  private static final String UP = "IP6 2001:db8:12:3400:0:c000:212:34 > 2001:db8:ffff::1: ";
  private static final byte[] HONEST =
      PacketText.bytes(UP + "IP 192.0.2.18.1232 > 1.2.3.4.80: UDP, data 4");
  private static final byte[] DOWN =
      PacketText.bytes("IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 4");
  private static final byte[] TO_ITSELF =
      PacketText.bytes(UP + "IP 192.0.2.18.1232 > 192.0.2.18.1232: UDP, data 4");
  private static final byte[] ENDLESS =
      PacketText.bytes(UP + "IP 192.0.2.18.1232 > 192.0.2.18.1236, ttl 1: UDP, data 4");
  private static final byte[] COME_BACK =
      PacketText.bytes("IP 192.0.2.18.1232 > 192.0.2.19.1236: UDP, data 4");
  private static final byte[] UNUSED =
      PacketText.bytes("IP 1.2.3.4.80 > 192.0.2.18.80: UDP, data 4");

  private final SplittableRandom random = Seed.random();

  /// One packet, by which door it comes, and what must become of it.
  private static final class Fault {
    private final byte[] bytes;
    private final String door;
    private final Drop due;

    Fault(byte[] bytes, String door, Drop due) {
      this.bytes = bytes;
      this.door = door;
      this.due = due;
    }
  }

  private Fault next() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Fault(spoofed(), "line", Drop.SUBSCRIBER_SPOOFED);
      case 2 -> new Fault(cut(HONEST), "line", Drop.IPV6_MALFORMED);
      case 3 -> new Fault(cut(DOWN), "internet", Drop.IPV4_MALFORMED);
      case 4 -> new Fault(TO_ITSELF, "line", Drop.TO_ITSELF);
      case 5 -> new Fault(ENDLESS, "line", Drop.TTL_EXPIRED);
      case 6 -> new Fault(COME_BACK, "internet", Drop.SUBSCRIBER_FROM_OUTSIDE);
      default -> new Fault(UNUSED, "internet", Drop.TARGET_PORT_EXCLUDED);
    };
  }

  /// Another outer source, one bit or all of it.
  private byte[] spoofed() {
    byte[] packet = HONEST.clone();
    if (random.nextBoolean()) {
      packet[8 + random.nextInt(16)] ^= (byte) (1 << random.nextInt(8));
    } else {
      for (int i = 8; i < 24; i++) {
        packet[i] = (byte) random.nextInt(256);
      }
    }
    return packet;
  }

  private byte[] cut(byte[] packet) {
    return Arrays.copyOf(packet, random.nextInt(packet.length));
  }

  /// MAPE-37, MAPE-65, TUN-07, TUN-26: from the seed that is printed.
  @Test
  void spoofedCutAndLoopingPacketsChangeNoCounterButTheirOwn() {
    Map<String, Long> wanted = new HashMap<>();
    try (var bench = new Scenario.Settings("relay").bench()) {
      for (int i = 0; i < PACKETS; i++) {
        Fault fault = next();
        assertThat(bench.receive(fault.door, fault.bytes, 0)).isEqualTo(fault.due);
        String way = fault.door.equals("line") ? "upstream" : "downstream";
        wanted.merge(way + " " + fault.due, 1L, Long::sum);
      }
      Map<String, Long> counted = new HashMap<>();
      bench.ways().forEach(way -> count(way, counted));
      assertThat(counted).isEqualTo(wanted);
      // what was answered: those at the end of their time to live, as long as the pace allowed
      assertThat(bench.takeSent()).hasSizeBetween(1, 20);
      assertThat(bench.receive("line", HONEST, 0)).isEqualTo(Pass.SENT);
      assertThat(bench.receive("internet", DOWN, 0)).isEqualTo(Pass.SENT);
    }
  }

  private static void count(Bench.Way way, Map<String, Long> counted) {
    Tally tally = way.tally();
    List<Verdict> all = new ArrayList<>(List.of(Pass.values()));
    all.addAll(List.of(Drop.values()));
    for (Verdict verdict : all) {
      if (tally.packets(verdict) > 0) {
        counted.put(way.name() + " " + verdict, tally.packets(verdict));
      }
    }
  }
}
