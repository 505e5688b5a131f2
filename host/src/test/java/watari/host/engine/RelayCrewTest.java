package watari.host.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Part;
import watari.core.path.PathNews;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Memory;

/// Three relays of one node, each with what arrives at its own door: the pieces of one packet meet
/// at the first, whichever doors they come by.
final class RelayCrewTest {
  private static final int WORKERS = 3;
  private static final int ROOM = 2048;
  private static final int PAYLOAD = 64;
  private static final int HALF = 40;
  private static final int INSIDE = Ipv4Address.parse("192.0.2.18").bits();
  private static final int OUTSIDE = Ipv4Address.parse("1.2.3.4").bits();
  private static final int PORTS_DOWN = 80 << 16 | 1232;
  private static final int PORTS_UP = 1232 << 16 | 80;
  private static final Ipv6Address SUBSCRIBER = Ipv6Address.parse("2001:db8:12:3400:0:c000:212:34");
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");

  private final Memory.Pair pair = Memory.pair(64, ROOM);
  private final long slab = Slab.take(ROOM);
  private final long at = slab + Batch.HEADROOM_DEFAULT;
  private final List<Integer> sent = new ArrayList<>();
  private final List<Relay> relays =
      IntStream.range(0, WORKERS).mapToObj(number -> relay(number, WORKERS)).toList();
  private final RelayCrew crew = new RelayCrew(relays, new Door(pair.left()));
  private final List<Crossing> crossings = crew.crossings();

  private Relay relay(int number, int count) {
    var rule =
        new MapRule(
            Ipv6Prefix.parse("2001:db8::/40"),
            Ipv4Prefix.parse("192.0.2.0/24"),
            16,
            6,
            Psid.NONE,
            Layout.RFC7597);
    var domain = new MapDomain("only", RELAY, false, Confidence.GIVEN, List.of(rule));
    return new Relay(
        new RelaySettings(
            new RuleTable(List.of(domain)), 1500, Ipv4Address.parse("203.0.113.1"), Routing.OURS),
        (_, length) -> sent.add(length),
        (_, length) -> sent.add(length),
        new Randomness(1, 2),
        new Part(number, count, PathNews.UNSAID));
  }

  @AfterEach
  void close() {
    crew.close();
    relays.forEach(Relay::close);
    pair.close();
    Slab.give(slab, ROOM);
  }

  /// Where a packet is in pieces.
  enum Pieces {
    OF_THE_INTERNET,
    OF_THE_TUNNEL,
    IN_THE_TUNNEL
  }

  /// Writes one of the two pieces of a packet.
  ///
  /// @return its length
  private int write(Pieces pieces, boolean isFirst) {
    return switch (pieces) {
      case OF_THE_INTERNET -> ipv4(at, OUTSIDE, INSIDE, PORTS_DOWN, isFirst ? 0 : HALF, !isFirst);
      case IN_THE_TUNNEL -> tunnelled(isFirst ? 0 : HALF, !isFirst);
      case OF_THE_TUNNEL -> outerPiece(isFirst);
    };
  }

  /// A datagram from its byte `from` on, to the end or the middle.
  private static int ipv4(
      long at, int source, int target, int ports, int from, boolean isToTheEnd) {
    int bytes = (isToTheEnd ? PAYLOAD : HALF) - from;
    Slab.fill(at, Ipv4.HEADER + bytes, 7);
    Ipv4.write(at, Ipv4.HEADER + bytes, Protocol.UDP, 64, source, target);
    Slab.putInt(at + 4, 9 << 16 | (isToTheEnd ? 0 : 0x2000) | from / 8);
    Slab.putShort(at + 10, 0);
    Slab.putShort(at + 10, Checksum.of(Checksum.sum(at, Ipv4.HEADER)));
    if (from == 0) {
      Slab.putInt(at + Ipv4.HEADER, ports);
      Slab.putInt(at + Ipv4.HEADER + 4, PAYLOAD << 16);
    }
    return Ipv4.HEADER + bytes;
  }

  private int tunnelled(int from, boolean isToTheEnd) {
    int length = ipv4(at + Ipv6.HEADER, INSIDE, OUTSIDE, PORTS_UP, from, isToTheEnd);
    outer(length, Protocol.IPV4);
    return Ipv6.HEADER + length;
  }

  private void outer(int length, int next) {
    Ipv6.write(
        at, 0, length, next, 64, SUBSCRIBER.high(), SUBSCRIBER.low(), RELAY.high(), RELAY.low());
  }

  private int outerPiece(boolean isFirst) {
    int whole = tunnelled(0, true) - Ipv6.HEADER;
    byte[] piece =
        Slab.copy(at + Ipv6.HEADER + (isFirst ? 0 : HALF), isFirst ? HALF : whole - HALF);
    long header = at + Ipv6.HEADER;
    outer(Ipv6.FRAGMENT_HEADER + piece.length, Protocol.FRAGMENT);
    Slab.putInt(header, Protocol.IPV4 << 24 | (isFirst ? 1 : HALF));
    Slab.putInt(header + 4, 5);
    Slab.write(header + Ipv6.FRAGMENT_HEADER, piece, 0, piece.length);
    return Ipv6.HEADER + Ipv6.FRAGMENT_HEADER + piece.length;
  }

  private static Tally tally(Relay relay) {
    var both = new Tally();
    both.addAll(relay.upstreamTally());
    both.addAll(relay.downstreamTally());
    return both;
  }

  private void cross(int worker, int length) {
    crossings.get(worker).cross(at, length, 0);
  }

  /// FRG-21
  @ParameterizedTest
  @EnumSource
  void piecesThatComeByOtherDoorsMeetAtTheFirst(Pieces pieces) {
    cross(2, write(pieces, true));
    cross(1, write(pieces, false));
    assertThat(sent).isEmpty();
    assertThat(crossings.getFirst().takeOver(0)).isEqualTo(2);
    boolean isDown = pieces == Pieces.OF_THE_INTERNET;
    assertThat(sent).containsExactly(Ipv4.HEADER + PAYLOAD + (isDown ? Ipv6.HEADER : 0));
    assertThat(tally(relays.getFirst()).packets(Pass.HELD)).isOne();
    assertThat(tally(relays.getFirst()).packets(Pass.SENT)).isOne();
    assertThat(tally(relays.get(1)).received() + tally(relays.get(2)).received()).isZero();
    assertThat(crossings.getFirst().takeOver(0)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void onePieceAtTheFirstAndOneElsewhereMeet(Pieces pieces) {
    cross(0, write(pieces, true));
    cross(1, write(pieces, false));
    assertThat(crossings.getFirst().takeOver(0)).isOne();
    assertThat(sent).hasSize(1);
    assertThat(tally(relays.getFirst()).packets(Pass.SENT)).isOne();
  }

  @Test
  void wholePacketsStayWhereTheyCome() {
    cross(1, ipv4(at, OUTSIDE, INSIDE, PORTS_DOWN, 0, true));
    cross(2, tunnelled(0, true));
    assertThat(crossings.getFirst().takeOver(0)).isZero();
    assertThat(relays.get(1).downstreamTally().packets(Pass.SENT)).isOne();
    assertThat(relays.get(2).upstreamTally().packets(Pass.SENT)).isOne();
    assertThat(tally(relays.getFirst()).received()).isZero();
  }

  /// A fragment may lie behind them.
  @ParameterizedTest
  @ValueSource(ints = {Protocol.HOP_BY_HOP, Protocol.DESTINATION_OPTIONS})
  void whatHasOptionsIsTheFirstsToLookBehind(int options) {
    int length = tunnelled(0, true);
    Slab.putByte(at + 6, options);
    cross(1, length);
    assertThat(crossings.getFirst().takeOver(0)).isOne();
    assertThat(tally(relays.get(1)).received()).isZero();
    assertThat(tally(relays.getFirst()).received()).isOne();
  }

  /// Each has room of its own on its way to the first; what finds none is counted where it came.
  @ParameterizedTest
  @EnumSource
  void piecesThatFindNoRoomAreCountedWhereTheyCame(Pieces pieces) {
    int length = write(pieces, false);
    int room = Handover.BYTES / (8 + Batch.HEADROOM_DEFAULT + (length + 7 & -8));
    for (int i = 0; i < room + 5; i++) {
      cross(1, length);
    }
    cross(2, length);
    var counted = tally(relays.get(1));
    assertThat(counted.packets(Drop.FRAGMENT_MEMORY_FULL)).isEqualTo(5);
    assertThat(counted.received()).isEqualTo(5);
    assertThat(counted.receivedBytes()).isEqualTo(5L * length);
    boolean isDown = pieces == Pieces.OF_THE_INTERNET;
    assertThat(relays.get(1).downstreamTally().received()).isEqualTo(isDown ? 5 : 0);
    assertThat(tally(relays.get(2)).received()).isZero();
    assertThat(crossings.getFirst().takeOver(0)).isEqualTo(Handover.TAKEN_MAX + 1);
  }

  @Test
  void aNodeWithOneWorkerHasNobodyToHandOverTo() {
    try (var only = relay(0, 1);
        var alone = new RelayCrew(List.of(only), new Door(pair.left()))) {
      var crossing = alone.crossings().getFirst();
      crossing.cross(at, write(Pieces.OF_THE_INTERNET, true), 0);
      crossing.cross(at, write(Pieces.OF_THE_INTERNET, false), 0);
      assertThat(only.downstreamTally().packets(Pass.SENT)).isOne();
      assertThat(crossing.takeOver(0)).isZero();
    }
  }
}
