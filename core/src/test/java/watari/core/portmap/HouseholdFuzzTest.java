package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Ipv4Address;
import watari.core.wire.PacketText;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// A day in the life of a gateway as a script: packets up and down, time, reloads, hosts that ask
/// for ports and hosts that leave. [Household] looks at what leaves and at every table after each
/// step.
///
/// ```
/// first the mode and the manners, a byte each; then steps:
/// 0 bytes from home          1 bytes from the line         2 bytes from the relay, inside the tunnel
/// 3 host, kind, port, remote 4 kind, index, remote          5 the last packet is answered
/// 6 seconds pass             7 reload: mode, manners        8 host, bytes to the port of PCP
/// 9 host, inside port, wanted index, lifetime by PCP       10 host leaves
/// ```
///
/// The steps 3, 4 and 9 make valid packets and requests out of few bytes, so that what comes after
/// the first look at a packet is reached often.
final class HouseholdFuzzTest {
  private static final int STEPS_MAX = 100;
  private static final List<String> KINDS =
      List.of("UDP, data 4", "TCP [S], data 0", "TCP [.], data 3", "TCP [F.]", "TCP [R]");

  private long sent;
  private long leased;

  static Stream<byte[]> seeds() {
    // Mostly a port set: a gateway with a whole address takes much longer to make.
    Stream<byte[]> days =
        IntStream.of(0x00, 0x1c, 0x60, 0x83, 0xff)
            .boxed()
            .flatMap(manners -> Stream.of(day(0, manners), day(1, manners)));
    Stream<byte[]> whole = Stream.of(day(14, 0x60), day(15, 0x02));
    Stream<byte[]> greedy = Stream.of(manyLeases(), manyFlows());
    return Stream.of(Stream.of(new byte[0], new byte[] {0}), days, whole, greedy)
        .flatMap(each -> each);
  }

  /// One host asks for more ports than it may have.
  private static byte[] manyLeases() {
    var script = new Script.Writer().octet(0).octet(0);
    for (int i = 0; i < 40; i++) {
      script.octet(9).octet(1).number(1000 + i).octet(i).number(600);
    }
    return script.toBytes();
  }

  /// More sessions than a host may have, and than the table holds.
  private static byte[] manyFlows() {
    var script = new Script.Writer().octet(1).octet(0x04);
    for (int i = 0; i < STEPS_MAX; i++) {
      script.octet(3).octet(i / 30).octet(i % 2).number(2000 + i).octet(i);
    }
    return script.toBytes();
  }

  /// Something of everything.
  private static byte[] day(int mode, int manners) {
    var script = new Script.Writer().octet(mode).octet(manners);
    for (int host = 0; host < 3; host++) {
      script.octet(3).octet(host).octet(host).number(40_000 + host).octet(host).octet(5);
    }
    String ping = "IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id 1234, seq 1, data 9";
    String esp = "IP 192.168.1.10 > 1.2.3.4: proto 50, data 20";
    String long_ = "IP 192.168.1.10.1232 > 1.2.3.4.80, id 9: UDP, data 1600";
    for (String packet : List.of(ping, esp, long_)) {
      script.octet(0).bytes(PacketText.bytes(packet)).octet(5);
    }
    script.octet(9).octet(0).number(80).octet(7).number(600);
    script.octet(8).octet(1).bytes(PcpText.bytes("00020000c3501f900000ffff"));
    script.octet(4).octet(1).octet(7).octet(9);
    script.octet(6).number(200).octet(7).octet(mode + 1).octet(0x1c);
    script.octet(3).octet(2).octet(1).number(50_000).octet(1).octet(5);
    return script.octet(10).octet(0).octet(6).number(9000).toBytes();
  }

  @MethodSource("seeds")
  @FuzzTest
  void nothingLeavesThatIsNotOursAndNoTableGrowsBeyondItsBound(byte[] input) {
    var script = new Script(input);
    try (var household = new Household(script.octet(), script.octet())) {
      for (int steps = 0; script.hasNext() && steps < STEPS_MAX; steps++) {
        step(household, script);
      }
      sent += household.sent();
      leased += household.leased();
    }
  }

  private static void step(Household household, Script script) {
    switch (script.octet() % 11) {
      case 0 -> household.fromHome(script.bytes());
      case 1 -> household.fromLine(script.bytes());
      case 2 -> household.fromRelay(script.bytes());
      case 3 -> household.fromHome(up(script));
      case 4 -> household.fromRelay(down(household, script));
      case 5 -> answer(household);
      case 6 -> household.pass(script.number());
      case 7 -> household.become(script.octet(), script.octet());
      case 8 -> household.ask(script.octet(), script.bytes());
      case 9 -> map(household, script);
      default -> household.isGone(script.octet());
    }
  }

  private static byte[] up(Script script) {
    Ipv4Address host = Household.host(script.octet());
    String kind = kind(script);
    int port = script.number();
    return PacketText.bytes(
        "IP %s.%d > 203.0.113.%d.443: %s".formatted(host, port, script.octet(), kind));
  }

  private static byte[] down(Household household, Script script) {
    String kind = kind(script);
    int port = household.ports().port(script.octet() % household.ports().size());
    return PacketText.bytes(
        "IP 203.0.113.%d.443 > 192.0.2.18.%d: %s".formatted(script.octet(), port, kind));
  }

  private static String kind(Script script) {
    return KINDS.get(script.octet() % KINDS.size());
  }

  /// With the ends exchanged; the sums of checksums stay what they are.
  private static void answer(Household household) {
    byte[] sent = household.lastToLine().clone();
    if (sent.length >= 28) {
      var bytes = ByteBuffer.wrap(sent);
      int transport = (sent[0] & 0xf) * 4;
      bytes
          .putInt(12, bytes.getInt(16))
          .putInt(16, ByteBuffer.wrap(household.lastToLine()).getInt(12));
      if (sent[9] != 1 && transport + 4 <= sent.length) {
        bytes.putInt(transport, Integer.rotateLeft(bytes.getInt(transport), 16));
      }
      household.fromRelay(sent);
    }
  }

  private static void map(Household household, Script script) {
    int host = script.octet();
    int inside = script.number();
    int wanted = household.ports().port(script.octet() % household.ports().size());
    String request =
        PcpText.header(1, script.number(), Household.host(host))
            + PcpText.mapBody(PcpText.NONCE, inside % 2 == 0 ? 6 : 17, inside, wanted);
    household.ask(host, PcpText.bytes(request));
  }

  @Test
  void nothingLeavesThatIsNotOursNearTheSeeds() {
    Mutations.feed(seeds(), 2000, this::nothingLeavesThatIsNotOursAndNoTableGrowsBeyondItsBound);
    assertThat(sent).as("packets that left, or the run means nothing").isGreaterThan(2000);
    assertThat(leased).as("leases that lived to the end").isGreaterThan(100);
  }
}
