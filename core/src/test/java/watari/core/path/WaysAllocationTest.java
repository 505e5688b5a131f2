package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.PacketText;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// The third law of the house: a packet never allocates, whatever becomes of it.
final class WaysAllocationTest {
  private static final int PACKETS = 200_000;
  private static final int ROOM = 64 + 4096;
  private static final String DOWN = "IP6 2001:db8:ffff::1 > 2001:db8:12:3400:0:c000:212:34: ";
  private static final String UP = "IP6 2001:db8:12:3400:0:c000:212:34 > 2001:db8:ffff::1: ";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long now;
  private int number;

  /// One packet after the other, round and round; each must end at least once as it is said, so
  /// that a packet that is dropped at the door proves nothing.
  private void allocatesNothing(Way way, List<byte[]> packets, Verdict wanted) {
    long at = Slab.take(ROOM);
    long seen = run(way, packets, at, wanted);
    long before = threads.getCurrentThreadAllocatedBytes();
    seen += run(way, packets, at, wanted);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    Slab.give(at, ROOM);
    assertThat(seen).as("packets that ended as %s", wanted).isGreaterThan(0);
    assertThat(allocated).as("bytes for %d packets", PACKETS).isLessThan(PACKETS);
  }

  private long run(Way way, List<byte[]> packets, long at, Verdict wanted) {
    long seen = 0;
    int next = 0;
    for (int i = 0; i < PACKETS; i++) {
      byte[] packet = packets.get(next);
      next = next + 1 < packets.size() ? next + 1 : 0;
      Slab.write(at + 64, packet, 0, packet.length);
      seen += way.judge(at + 64, packet.length, now) == wanted ? 1 : 0;
      now += 5;
    }
    return seen;
  }

  @FunctionalInterface
  private interface Way {
    Verdict judge(long at, int length, long now);
  }

  private static List<byte[]> packets(String text) {
    return Arrays.stream(text.split(" && ")).map(PacketText::bytes).toList();
  }

  private static Verdict verdict(String name) {
    return List.of("SENT", "ANSWERED", "HANDED_OVER").contains(name)
        ? Pass.valueOf(name)
        : Drop.valueOf(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4",
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80: TCP [S], seq 1, mss 1460, data 0",
        "SENT | IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id 1, seq 1, data 4",
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 3000",
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80, id 1, more: UDP, data 8"
            + " && IP 192.168.1.10 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "FRAGMENT_OVERLAPPING | IP 192.168.1.10.1232 > 1.2.3.4.80, id 1, more: UDP, data 16"
            + " && IP 192.168.1.10 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "FRAGMENTS_MIXED | IP 192.168.1.10.1232 > 1.2.3.4.80, id 1, more: UDP, bad sum, data 8"
            + " && IP 192.168.1.10 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "FRAGMENT_TINY | IP 192.168.1.10 > 1.2.3.4, id 1, more: proto 17, data 4",
        "TARGET_NOT_UNICAST | IP 192.168.1.10.1232 > 10.1.2.3.80: UDP, data 4",
        "TOO_BIG | IP 192.168.1.10.1232 > 1.2.3.4.80, DF: UDP, data 1500",
        "TTL_EXPIRED | IP 192.168.1.10.1232 > 1.2.3.4.80, ttl 1: UDP, data 4",
        "SOURCE_NOT_OF_HOME | IP 10.0.0.1.1232 > 1.2.3.4.80: UDP, data 4"
      })
  void outboundAllocatesNothing(String verdict, String text) {
    try (var gateway = gateway()) {
      allocatesNothing(gateway::outbound, packets(text), verdict(verdict));
    }
  }

  /// Two hosts of the home by way of the outer address; a host that has no right to a protocol, to
  /// more sessions, to a connection in the middle: what is refused allocates as little.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4"
            + " && IP 192.168.1.11.1234 > 192.0.2.18.1232: UDP, data 4",
        "PROTOCOL_WITHOUT_PORT | IP 192.168.1.10 > 1.2.3.4: proto 50, data 20",
        "HOST_SESSIONS_EXHAUSTED | IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4"
            + " && IP 192.168.1.10.1232 > 1.2.3.5.80: UDP, data 4",
        "TCP_WITHOUT_SESSION | IP 192.168.1.10.1232 > 1.2.3.4.80: TCP [R], seq 1, data 0"
      })
  void refusingAndTurningRoundAllocatesNothing(String verdict, String text) {
    var settings = new Scenario.Settings("gateway").set("routing", "OURS");
    if (verdict.startsWith("HOST")) {
      settings.set("hosts", "50 1 500");
    }
    try (var gateway = settings.gateway((_, _) -> true, (_, _) -> true)) {
      allocatesNothing(gateway::outbound, packets(text), verdict(verdict));
    }
  }

  /// Nobody has a port of his own any more: each new session is a guest's.
  @Test
  void guestsAllocateNothing() {
    var settings = new Scenario.Settings("gateway").set("routing", "OURS").set("adaptive", "");
    try (var gateway = settings.gateway((_, _) -> true, (_, _) -> true)) {
      byte[] packet = PacketText.bytes("IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4");
      var count = new int[1];
      Way way =
          (at, length, now) -> {
            int next = count[0]++;
            Slab.putShort(at + 20, 1024 + next % 60_000);
            Slab.putInt(at + 16, 0x01020304 + next % 1000);
            Slab.putShort(at + 10, 0);
            Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, 20)));
            gateway.tick(now);
            return gateway.outbound(at, length, now);
          };
      allocatesNothing(way, List.of(packet), Pass.SENT);
      assertThat(gateway.napt().sharedPorts(Protocol.UDP)).isGreaterThan(0);
    }
  }

  /// A session opens with each packet and closes by itself.
  @ParameterizedTest
  @CsvSource({"UDP, data 4", "'TCP [S], seq 1, data 0'"})
  void openingAndClosingSessionsAllocatesNothing(String transport) {
    var gateway = gateway();
    byte[] packet = PacketText.bytes("IP 192.168.1.10.1232 > 1.2.3.4.80: " + transport);
    Way way =
        (at, length, _) -> {
          now += 400_000;
          gateway.tick(now);
          assertEmpty(gateway);
          return gateway.outbound(at, length, now);
        };
    allocatesNothing(way, List.of(packet), Pass.SENT);
    gateway.close();
  }

  /// Of each packet one fragment comes, and never the other: memory fills, the oldest give way, and
  /// after a pause their time is over, which is told.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true | IP 192.168.1.10.1232 > 1.2.3.4.80, id 1, more: UDP, data 8",
        "true | IP 192.168.1.10 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "false | IP6 2001:db8:ffff::1 > 2001:db8:12:3400:0:c000:212:34: frag 0x1, offset 0, more:"
            + " IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 12",
        "false | IP6 2001:db8:ffff::1 > 2001:db8:12:3400:0:c000:212:34: frag 0x1, offset 16:"
            + " proto 4, data 4"
      })
  void fragmentsThatNeverMeetAllocateNothing(boolean isFromHome, String text) {
    try (var gateway = gateway()) {
      Way way =
          (at, length, _) -> {
            number++;
            now += (number & 0xfff) == 0 ? 70_000 : -5;
            gateway.tick(now);
            if (isFromHome) {
              Ipv4.identify(at, number & 0xffff);
              return gateway.outbound(at, length, now);
            }
            Slab.putInt(at + 44, number);
            return gateway.inbound(at, length, now);
          };
      allocatesNothing(way, packets(text), Pass.HELD);
      Tally tally = isFromHome ? gateway.outboundTally() : gateway.inboundTally();
      assertThat(tally.packets(Drop.FRAGMENT_TIMED_OUT)).isPositive();
      assertThat(tally.packets(Drop.FRAGMENT_MEMORY_FULL)).isPositive();
    }
  }

  private static void assertEmpty(Gateway gateway) {
    if (gateway.napt().sessions() != 0) {
      throw new AssertionError("a session has not closed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 4",
        "SENT | IP 1.2.3.4.80 > 192.0.2.18.1232, id 1, more: UDP, data 8"
            + " && IP 1.2.3.4 > 192.0.2.18, id 1, offset 16: proto 17, data 4",
        "SENT | IP 9.9.9.9 > 192.0.2.18: ICMP unreachable 3/3,"
            + " {IP 192.0.2.18.1232 > 1.2.3.4.80: UDP, data 4}",
        "FRAGMENT_TINY | frag 0x1, offset 0, more: proto 4, data 16",
        "FRAGMENT_MALFORMED | frag 0x1, offset 65528: proto 4, data 16",
        "SENT | frag 0x1, offset 0, more: IP 1.2.3.4.80 > 192.0.2.18.1232, length 48: UDP, length"
            + " 28, no sum, data 12 && frag 0x1, offset 40: proto 4, data 8",
        "SOURCE_NOT_OF_INTERNET | IP 192.168.1.1.80 > 192.0.2.18.1232: UDP, data 4",
        "PORT_NOT_OURS | IP 1.2.3.4.80 > 192.0.2.18.1: UDP, data 4"
      })
  void inboundAllocatesNothing(String verdict, String text) {
    try (var gateway = gateway()) {
      var packets = packets(DOWN + text.replace(" && ", " && " + DOWN));
      allocatesNothing(spoken(gateway), packets, verdict(verdict));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANSWERED | ICMP6 echo request 128/0, id 1, seq 1, data 4",
        "ANSWERED | ICMP6 unreachable 1/0, {IP6 2001:db8:12:3400:0:c000:212:34 >"
            + " 2001:db8:ffff::1: IP 192.0.2.18.1232 > 1.2.3.4.80: UDP, data 4}",
        "ANSWERED | ICMP6 too big 2/0, mtu 1280, {IP6 2001:db8:12:3400:0:c000:212:34 >"
            + " 2001:db8:ffff::1: IP 192.0.2.18.1232 > 1.2.3.4.80, DF, length 1400: UDP, data 4}"
      })
  void controlMessagesAllocateNothing(String verdict, String text) {
    try (var gateway = gateway()) {
      allocatesNothing(spoken(gateway), packets(DOWN + text), verdict(verdict));
    }
  }

  /// The way in of a gateway whose session is kept alive by the way out.
  private static Way spoken(Gateway gateway) {
    byte[] first = PacketText.bytes("IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4");
    long at = Slab.take(ROOM);
    return (packet, length, now) -> {
      Slab.write(at + 64, first, 0, first.length);
      gateway.outbound(at + 64, first.length, now);
      return gateway.inbound(packet, length, now);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 192.0.2.18.1232 > 1.2.3.4.80: UDP, data 4",
        "SENT | IP 192.0.2.18.1232 > 192.0.2.19.1236: UDP, data 4",
        "SENT | IP 192.0.2.18.1232 > 1.2.3.4.80, id 1, more: UDP, data 8"
            + " && IP 192.0.2.18 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "TTL_EXPIRED | IP 192.0.2.18.1232 > 1.2.3.4.80, ttl 1: UDP, data 4",
        "SUBSCRIBER_SPOOFED | IP 192.0.2.18.1236 > 1.2.3.4.80: UDP, data 4",
        "ANSWERED | ICMP6 unreachable 1/0, {IP6 2001:db8:ffff::1 >"
            + " 2001:db8:12:3400:0:c000:212:34: IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 4}"
      })
  void upstreamAllocatesNothing(String verdict, String text) {
    try (var relay = relay()) {
      var packets = packets(UP + text.replace(" && ", " && " + UP));
      allocatesNothing(relay::upstream, packets, verdict(verdict));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 4",
        "SENT | IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 3000",
        "SENT | IP 1.2.3.4.80 > 192.0.2.18.1232, id 1, more: UDP, data 8"
            + " && IP 1.2.3.4 > 192.0.2.18, id 1, offset 16: proto 17, data 4",
        "TOO_BIG | IP 1.2.3.4.80 > 192.0.2.18.1232, DF: UDP, data 1500",
        "SUBSCRIBER_FROM_OUTSIDE | IP 192.0.2.19.80 > 192.0.2.18.1232: UDP, data 4"
      })
  void downstreamAllocatesNothing(String verdict, String text) {
    try (var relay = relay()) {
      allocatesNothing(relay::downstream, packets(text), verdict(verdict));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4",
        "SENT | IP 1.2.3.4.80 > 198.51.100.2.1232: UDP, data 4",
        "SENT | IP 192.168.1.10.1232 > 1.2.3.4.80, id 1, more: UDP, data 8"
            + " && IP 192.168.1.10 > 1.2.3.4, id 1, offset 16: proto 17, data 4",
        "HANDED_OVER | IP 1.2.3.4.80 > 198.51.100.2.9: UDP, data 4",
        "TOO_BIG | IP 192.168.1.10.1232 > 1.2.3.4.80, DF: UDP, data 1500",
        "SOURCE_NOT_OF_INTERNET | IP 127.0.0.1.80 > 198.51.100.2.9: UDP, data 4"
      })
  void theNativeWaysAllocateNothing(String verdict, String text) {
    Outbox nowhere = (_, _) -> true;
    try (var plain = new Scenario.Settings("native").plain(nowhere, nowhere, nowhere)) {
      Way way =
          (at, length, now) ->
              plain.isOfHome(at) ? plain.outbound(at, length, now) : plain.inbound(at, length, now);
      byte[] first = PacketText.bytes("IP 192.168.1.10.1232 > 1.2.3.4.80: UDP, data 4");
      long at = Slab.take(ROOM);
      Slab.write(at + 64, first, 0, first.length);
      plain.outbound(at + 64, first.length, now);
      Slab.give(at, ROOM);
      allocatesNothing(way, packets(text), verdict(verdict));
    }
  }

  private static Gateway gateway() {
    return new Scenario.Settings("gateway")
        .set("routing", "OURS")
        .gateway((_, _) -> true, (_, _) -> true);
  }

  private static Relay relay() {
    return new Scenario.Settings("relay")
        .set("routing", "OURS")
        .relay((_, _) -> true, (_, _) -> true);
  }
}
