package watari.core.path;

import java.util.List;
import java.util.stream.Stream;
import watari.core.wire.PacketText;

/// Valid packets of every kind for the subscriber and the relay of RFC 7597 Appendix A, example 1,
/// by the door they come in.
final class Samples {
  static final String MAP = "2001:db8:12:3400:0:c000:212:34";
  static final String NEIGHBOUR = "2001:db8:12:3500:0:c000:212:35";
  static final String RELAY = "2001:db8:ffff::1";

  private static final List<String> FROM_HOME =
      List.of(
          "IP 192.168.1.10.1232 > 1.2.3.4.80, ttl 63: UDP, data 11",
          "IP 192.168.1.10.40000 > 200.2.3.4.53, DF: UDP, no sum, data 4",
          "IP 192.168.1.10.1233 > 1.2.3.4.80, DF: TCP [S], seq 1, options 01020405b4040200, data 0",
          "IP 192.168.1.11.40001 > 1.2.3.4.443, tos 0x02: TCP [.], seq 1, ack 1, data 33",
          "IP 192.168.1.10 > 1.2.3.4: ICMP echo request 8/0, id 1234, seq 1, data 9",
          "IP 192.168.1.10 > 1.2.3.4: ICMP unreachable 3/3,"
              + " {IP 1.2.3.4.80 > 192.168.1.10.1232: UDP, data 11}",
          "IP 192.168.1.10.1232 > 1.2.3.4.80, options 94040000: UDP, data 2",
          "IP 192.168.1.10.1232 > 192.0.2.18.1236: UDP, data 2",
          "IP 192.168.1.10 > 1.2.3.4: proto 50, data 20",
          "IP 192.168.1.10.1232 > 1.2.3.4.80, id 9: UDP, data 1600",
          "IP 192.168.1.10.1232 > 1.2.3.4.80, DF: UDP, data 1600");

  private static final List<String> TO_SUBSCRIBER =
      List.of(
          "IP 1.2.3.4.80 > 192.0.2.18.1232, ttl 55: UDP, data 11",
          "IP 1.2.3.4.80 > 192.0.2.18.1233, tos 0x02: TCP [S.], seq 1, ack 2, mss 1460, data 0",
          "IP 1.2.3.4 > 192.0.2.18: ICMP echo reply 0/0, id 1234, seq 1, data 9",
          "IP 9.9.9.9 > 192.0.2.18: ICMP unreachable 3/4, mtu 1400,"
              + " {IP 192.0.2.18.1232 > 1.2.3.4.80, length 1500: UDP, data 11}",
          "IP 9.9.9.9 > 192.0.2.18: ICMP time exceeded 11/0,"
              + " {IP 192.0.2.18.1233 > 1.2.3.4.80, length 1500: TCP, seq 1, cut 8}",
          "IP 1.2.3.4 > 192.0.2.18: proto 50, data 20",
          "IP 1.2.3.4.80 > 192.0.2.18.1232, id 9: UDP, data 1600",
          "IP 1.2.3.4.80 > 192.0.2.18.1232, DF: UDP, data 1600");

  private static final List<String> FROM_SUBSCRIBER =
      List.of(
          "IP 192.0.2.18.1232 > 1.2.3.4.80, ttl 55: UDP, data 11",
          "IP 192.0.2.18.1233 > 1.2.3.4.80, tos 0x02: TCP [S], seq 1, mss 1460, data 0",
          "IP 192.0.2.18 > 1.2.3.4: ICMP echo request 8/0, id 1234, seq 1, data 9",
          "IP 192.0.2.18 > 1.2.3.4: ICMP unreachable 3/3,"
              + " {IP 1.2.3.4.80 > 192.0.2.18.1232: UDP, data 11}",
          "IP 192.0.2.18.1232 > 192.0.2.18.1236: UDP, data 11",
          "IP 192.0.2.18.1232 > 192.0.2.18.1236, DF: UDP, data 1600",
          "IP 192.0.2.18.1232 > 1.2.3.4.80, id 9: UDP, data 1600");

  private Samples() {}

  /// The packets that come in by a door of a node.
  static List<byte[]> of(String node, String door) {
    Stream<String> lines =
        switch (node + " " + door) {
          case "gateway home", "native home" -> FROM_HOME.stream();
          case "native line" ->
              TO_SUBSCRIBER.stream().map(line -> line.replace("192.0.2.18", "198.51.100.2"));
          case "relay internet" -> TO_SUBSCRIBER.stream();
          case "gateway line" -> line(TO_SUBSCRIBER, RELAY, MAP);
          default -> line(FROM_SUBSCRIBER, MAP, RELAY);
        };
    return lines.map(PacketText::bytes).toList();
  }

  private static Stream<String> line(List<String> inner, String source, String target) {
    String ends = "IP6 " + source + " > " + target;
    String back = "IP6 " + target + " > " + source + ", length 1460: ";
    String sent = source.equals(RELAY) ? FROM_SUBSCRIBER.getFirst() : TO_SUBSCRIBER.getFirst();
    Stream<String> more =
        Stream.of(
            ends + ": options 040104010100: " + inner.getFirst(),
            ends + ", tc 0x03: hop-by-hop 010400000000: " + inner.get(1),
            ends + ": frag 0x88f416c6, offset 0: " + inner.getFirst(),
            ends + ": ICMP6 echo request 128/0, id 7, seq 1, data 13",
            "IP6 2001:db8:99::1 > " + target + ": ICMP6 unreachable 1/0, {" + back + sent + "}",
            "IP6 2001:db8:99::1 > "
                + target
                + ": ICMP6 too big 2/0, mtu 1400, {"
                + back
                + sent.replace(":", ", DF, length 1460:")
                + "}");
    return Stream.concat(inner.stream().map(line -> ends + ": " + line), more);
  }
}
