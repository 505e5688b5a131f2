package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.wire.PacketText;
import watari.core.wire.SlowChecksum;

/// A gateway and a relay, one before the other, and nothing between.
final class LineTest {
  private static final long SEED = 20260101;

  private static MapDomain domain(int psidOffset, int psidLength, Layout layout, boolean isMesh) {
    var rule =
        new MapRule(
            Ipv6Prefix.parse("2001:db8::/32"),
            Ipv4Prefix.parse("198.18.52.0/24"),
            8 + psidLength,
            psidOffset,
            Psid.NONE,
            layout);
    var relay = Ipv6Address.parse("2001:db9:ffff::1");
    return new MapDomain("line", relay, isMesh, Confidence.SEEN, List.of(rule));
  }

  /// The end-user prefix of the subscriber with 198.18.52.`last` and a PSID.
  private static Ipv6Prefix prefix(MapDomain domain, int last, int psid) {
    int address = Ipv4Address.parse("198.18.52.0").bits() | last;
    return domain.rules().getFirst().endUserPrefix(address, psid);
  }

  /// What the other end answers: the same with its ends changed over.
  private static byte[] reply(byte[] packet) {
    byte[] reply = packet.clone();
    System.arraycopy(packet, 12, reply, 16, 4);
    System.arraycopy(packet, 16, reply, 12, 4);
    if (packet[9] == 1) {
      reply[20] = 0;
    } else {
      System.arraycopy(packet, 20, reply, 22, 2);
      System.arraycopy(packet, 22, reply, 20, 2);
    }
    RandomPackets.mend(reply);
    return reply;
  }

  /// MAPE-01, MAPE-10, MAPE-20, MAPE-23, MAPE-48, TUN-31, ID4-02
  @ParameterizedTest
  @EnumSource(Layout.class)
  void everyShapeOfAPortSetCarriesTcpUdpAndPingsThereAndBack(Layout layout) {
    var random = new Random(SEED);
    List<byte[]> conversation = conversation();
    for (int offset = 0; offset <= 15; offset++) {
      for (int length = 0; offset + length <= 16; length++) {
        MapDomain domain = domain(offset, length, layout, false);
        int psid = length == 0 ? 0 : random.nextInt(1 << length);
        try (var line = new Line(domain, SEED)) {
          var home = line.connect(prefix(domain, random.nextInt(256), psid));
          conversation.forEach(sent -> thereAndBack(line, home, sent));
        }
      }
    }
  }

  private static List<byte[]> conversation() {
    return Stream.of(
            "IP 192.168.1.10.40000 > 1.2.3.4.80, id 1: UDP, data 100",
            "IP 192.168.1.10.40000 > 200.2.3.4.50000: TCP [S], seq 1, mss 1400, data 0",
            "IP 192.168.1.10.40000 > 200.2.3.4.50000: TCP [.], seq 1, ack 1, data 1000",
            "IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id 7, seq 1, data 56",
            "IP 192.168.1.10.40000 > 1.2.3.4.80, DF: UDP, data 100",
            "IP 192.168.1.10.40000 > 1.2.3.4.80, id 2: UDP, data 3000")
        .map(PacketText::bytes)
        .toList();
  }

  private static void thereAndBack(Line line, Line.Home home, byte[] sent) {
    assertThat(home.send(sent)).isEqualTo(Pass.SENT);
    byte[] out = only(line.takeInternet());
    assertThat(SlowChecksum.problem(out)).isEmpty();
    int address = ByteBuffer.wrap(out).getInt(12);
    int port = portAt(out, out[9] == 1 ? 24 : 20);
    assertThat(home.identity().owns(address, port)).isTrue();
    assertThat(out[6]).as("Don't Fragment stays").isEqualTo(sent[6]);

    assertThat(line.fromInternet(reply(out))).isEqualTo(Pass.SENT);
    byte[] back = only(home.takeArrived());
    assertThat(SlowChecksum.problem(back)).isEmpty();
    assertThat(ends(back)).isEqualTo(ends(reply(sent)));
    int header = back[9] == 6 ? 40 : 28;
    assertThat(Arrays.copyOfRange(back, header, back.length))
        .isEqualTo(Arrays.copyOfRange(sent, header, sent.length));
  }

  private static byte[] only(List<byte[]> packets) {
    assertThat(packets).hasSize(1);
    return packets.getFirst();
  }

  private static int portAt(byte[] packet, int at) {
    return ByteBuffer.wrap(packet).getShort(at) & 0xffff;
  }

  /// Protocol, addresses, ports or identifier.
  private static List<Integer> ends(byte[] packet) {
    var bytes = ByteBuffer.wrap(packet);
    int ports = packet[9] == 1 ? portAt(packet, 24) : bytes.getInt(20);
    return List.of((int) packet[9], bytes.getInt(12), bytes.getInt(16), ports);
  }

  /// MAPE-01, PRT-03, SHR-08
  @Test
  void threeHundredFlowsOfAHomeUseAtLeastTwoHundredPorts() {
    MapDomain domain = domain(4, 8, Layout.DRAFT_03, false);
    var line = new Line(domain, SEED);
    var home = line.connect(prefix(domain, 18, 0x56));
    Set<Integer> ports = new HashSet<>();
    for (int flow = 0; flow < 300; flow++) {
      int port = 40_000 + flow % 220;
      String ends = "IP 192.168.1.10." + port + " > 1.2.3." + flow / 220 + ".443";
      thereAndBack(line, home, PacketText.bytes(ends + ": TCP [S], seq 1, data 0"));
      ports.add(home.gateway().napt().freePorts(6));
    }
    assertThat(240 - home.gateway().napt().freePorts(6)).isGreaterThanOrEqualTo(200);
    assertThat(ports).hasSizeGreaterThanOrEqualTo(200);
  }

  /// MAPE-47, APP-02
  @Test
  void everyPingHasItsOwnIdentifierUntilNoneIsLeft() {
    MapDomain domain = domain(4, 8, Layout.RFC7597, false);
    var line = new Line(domain, SEED);
    var home = line.connect(prefix(domain, 18, 0x56));
    Set<Integer> identifiers = new HashSet<>();
    for (int id = 0; id < 241; id++) {
      String ping =
          "IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id " + id + ", seq 1, data 8";
      var verdict = home.send(PacketText.bytes(ping));
      assertThat(verdict).isEqualTo(id < 240 ? Pass.SENT : Drop.PORTS_EXHAUSTED);
      line.takeInternet().forEach(sent -> identifiers.add(portAt(sent, 24)));
    }
    assertThat(identifiers).hasSize(240).allMatch(home.identity().ports()::contains);
  }

  /// MAPE-14, MAPE-42
  @Test
  void exactlyTheOwnPortsReachTheTranslator() {
    MapDomain domain = domain(4, 8, Layout.RFC7597, false);
    var settings = new Scenario.Settings("gateway").set("offset", "4");
    settings.set("rule", "2001:db8::/32 198.18.52.0/24 16");
    settings.set("prefix", prefix(domain, 18, 0x56).toString());
    try (Bench bench = settings.bench()) {
      byte[] packet =
          PacketText.bytes(
              "IP6 2001:db8:ffff::1 > "
                  + settings.identity().mapAddress()
                  + ": IP 1.2.3.4.80 > 198.18.52.18.1: UDP, data 0");
      for (int port = 0; port < 65_536; port++) {
        ByteBuffer.wrap(packet).putShort(62, (short) port);
        bench.receive("line", packet, 0);
      }
      assertThat(bench.counts())
          .containsExactlyInAnyOrder("inbound PORT_NOT_OURS 65296", "inbound NO_MAPPING 240");
    }
  }

  /// MAPE-44, MAPE-63, UDP-12
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoHomesOnOneAddressSpeakWithEachOther(boolean isMesh) {
    MapDomain domain = domain(4, 8, Layout.RFC7597, isMesh);
    var line = new Line(domain, SEED);
    var one = line.connect(prefix(domain, 18, 0x10));
    var other = line.connect(prefix(domain, 18, 0x11));
    int onePort = one.identity().ports().port(0);
    int otherPort = other.identity().ports().port(0);
    String there = "IP 192.168.1.10.%d > 198.18.52.18.%d: UDP, data 20";
    byte[] first = PacketText.bytes(String.format(there, onePort, otherPort));
    byte[] second = PacketText.bytes(String.format(there, otherPort, onePort));

    assertThat(one.send(first)).isEqualTo(Pass.SENT);
    assertThat(other.takeArrived()).as("nobody there has spoken yet").isEmpty();
    assertThat(other.gateway().inboundTally().packets(Drop.NO_MAPPING)).isOne();
    assertThat(other.send(second)).isEqualTo(Pass.SENT);
    assertThat(portAt(only(one.takeArrived()), 20)).isEqualTo(otherPort);
    assertThat(one.send(first)).isEqualTo(Pass.SENT);
    assertThat(portAt(only(other.takeArrived()), 20)).isEqualTo(onePort);
    assertThat(line.relay().upstreamTally().packets(Pass.SENT)).isEqualTo(isMesh ? 0 : 3);
    assertThat(line.takeInternet()).isEmpty();
  }

  /// TUN-07, MAPE-65
  @Test
  void nothingGoesRoundInCircles() {
    MapDomain domain = domain(4, 8, Layout.RFC7597, false);
    var line = new Line(domain, SEED);
    var home = line.connect(prefix(domain, 18, 0x10));
    var sent = new ArrayList<byte[]>();
    for (int port = 0; port < 65_536; port += 61) {
      sent.add(PacketText.bytes("IP 192.168.1.10.4352 > 198.18.52.18." + port + ": UDP, data 20"));
    }
    sent.forEach(home::send);
    assertThat(line.relay().upstreamTally().received()).isLessThanOrEqualTo(sent.size());
    assertThat(home.takeArrived()).isEmpty();
    assertThat(line.takeInternet()).isEmpty();
  }
}
