package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One frame of the access network as `tshark` reads it, which is nobody's friend here.
///
/// @param outerSource of the IPv6 header
/// @param outerTarget of the IPv6 header
/// @param nextHeader of the IPv6 header; 44 for a piece of a larger packet
/// @param innerSource of the IPv4 header, empty in a piece before the last
/// @param innerTarget of the IPv4 header, empty in a piece before the last
/// @param innerProtocol of the IPv4 header, empty in a piece before the last
/// @param innerChecksum "1" when it is right
/// @param source of TCP and UDP the port, of ICMP the query id, empty where there is none
/// @param target the port, of ICMP the type
/// @param checksum of TCP, UDP or ICMP, "1" when it is right
/// @param outerPayload octets behind the IPv6 header
/// @param innerLength octets of the IPv4 packet
record Capture(
    String outerSource,
    String outerTarget,
    int nextHeader,
    String innerSource,
    String innerTarget,
    String innerProtocol,
    String innerChecksum,
    String source,
    String target,
    String checksum,
    String outerPayload,
    String innerLength) {

  private static final int FRAGMENT = 44;
  private static final int IPV4 = 4;
  private static final String RIGHT = "1";
  private static final String TCP = "6";
  private static final String UDP = "17";
  private static final Set<String> FAR_HOSTS = Set.of(Topology.INTERNET_IPV4, Topology.RELAY_IPV4);

  private static final List<String> FIELDS =
      List.of(
          "ipv6.src",
          "ipv6.dst",
          "ipv6.nxt",
          "ip.src",
          "ip.dst",
          "ip.proto",
          "ip.checksum.status",
          "tcp.srcport",
          "tcp.dstport",
          "tcp.checksum.status",
          "udp.srcport",
          "udp.dstport",
          "udp.checksum.status",
          "icmp.ident",
          "icmp.type",
          "icmp.checksum.status",
          "ipv6.plen",
          "ip.len");

  private static final int TRANSPORT_AT = 7;

  /// A capture is written late, so it ends with a ping of this size whose answer was seen.
  static final int LAST_PING = 1111;

  /// What the program that writes prints then: the inner length and the type of the answer.
  static final String LAST_ANSWER = LAST_PING + 28 + "\t0";

  /// The command that writes every packet in IPv6 that enters or leaves an interface, 4in6 whole or
  /// in pieces.
  static List<String> write(String link, String file) {
    var command = new ArrayList<>(List.of("tshark", "-n", "-i", link, "-w", file));
    command.addAll(List.of("-f", "ip6 proto 4 or ip6 proto 44"));
    command.addAll(List.of("-l", "-P", "-T", "fields", "-e", "ip.len", "-e", "icmp.type"));
    return command;
  }

  /// Every frame of a capture file.
  static List<Capture> read(String file) throws IOException {
    var command = new ArrayList<>(List.of("tshark", "-n", "-r", file, "-T", "fields"));
    command.addAll(List.of("-E", "occurrence=f"));
    for (var protocol : List.of("ip", "tcp", "udp")) {
      command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
    }
    FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
    var lines = Finished.demand(command, "").lines().filter(line -> line.contains("\t"));
    return lines.map(Capture::of).toList();
  }

  /// An ICMP error quotes another packet, so the fields to read are those of the inner protocol.
  private static Capture of(String line) {
    var field = line.split("\t", -1);
    int at =
        switch (field[5]) {
          case TCP -> TRANSPORT_AT;
          case UDP -> TRANSPORT_AT + 3;
          default -> TRANSPORT_AT + 6;
        };
    return new Capture(
        field[0],
        field[1],
        Integer.parseInt(field[2]),
        field[3],
        field[4],
        field[5],
        field[6],
        field[at],
        field[at + 1],
        field[at + 2],
        field[TRANSPORT_AT + 9],
        field[TRANSPORT_AT + 10]);
  }

  /// Whether `subscriber` sent it to its relay.
  boolean isUp(Subscriber subscriber) {
    return outerSource.equals(subscriber.mapAddress().toString());
  }

  /// Whether the inner packet can be read; of a packet in pieces only in the last.
  boolean isWhole() {
    return !source.isEmpty();
  }

  boolean isIcmp() {
    return innerProtocol.equals("1");
  }

  /// Source port or query id.
  int identifier() {
    return Integer.decode(source);
  }

  /// What makes a flow one flow.
  String flow() {
    return innerProtocol + " " + innerSource + ":" + source + " " + innerTarget + ":" + target;
  }

  /// Demands that both headers name the subscriber and the other end, and that all sums are right.
  void demandRight(Subscriber subscriber) {
    var map = subscriber.mapAddress().toString();
    assertThat(outerSource).isEqualTo(isUp(subscriber) ? map : Topology.RELAY_IPV6);
    assertThat(outerTarget).isEqualTo(isUp(subscriber) ? Topology.RELAY_IPV6 : map);
    assertThat(nextHeader).isIn(IPV4, FRAGMENT);
    if (innerSource.isEmpty()) {
      assertThat(nextHeader).isEqualTo(FRAGMENT);
      return;
    }
    assertThat(isUp(subscriber) ? innerSource : innerTarget).isEqualTo("" + subscriber.ipv4());
    assertThat(isUp(subscriber) ? innerTarget : innerSource).isIn(FAR_HOSTS);
    if (nextHeader == IPV4) {
      assertThat(outerPayload).isEqualTo(innerLength);
    }
    assertThat(innerChecksum).isEqualTo(RIGHT);
    assertThat(checksum).isEqualTo(RIGHT);
  }
}
