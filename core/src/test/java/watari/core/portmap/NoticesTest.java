package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.Home.BERT;
import static watari.core.portmap.PcpText.NONCE;
import static watari.core.portmap.PcpText.PREFER_FAILURE;
import static watari.core.portmap.PcpText.filter;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.map;
import static watari.core.portmap.PcpText.mapBody;
import static watari.core.portmap.PcpText.mapped;
import static watari.core.portmap.PcpText.peerBody;
import static watari.core.portmap.PcpText.portSet;
import static watari.core.portmap.PcpText.replyHeader;
import static watari.core.portmap.PcpText.word;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;

/// What the server says unasked.
final class NoticesTest {
  private static final String NEW_OUTER = "203.0.113.200";

  private final Exchange exchange = new Exchange();

  /// All that is said until a time, as `milliseconds target digits`.
  private List<String> said(long until) {
    var said = new ArrayList<String>();
    while (exchange.server.wakeAt() <= until) {
      exchange.now = Math.max(exchange.now, exchange.server.wakeAt());
      Notice notice = exchange.server.next(exchange.now).orElseThrow();
      said.add(
          exchange.now
              - Exchange.START
              + " "
              + new Ipv4Address(notice.target())
              + " "
              + PcpText.text(notice.bytes()));
    }
    return said;
  }

  private void quiet() {
    said(Exchange.START + 1_000_000);
  }

  /// PCP-38, PCP-40
  @Test
  void saysTenTimesThatItHasBegun() {
    exchange.now = Exchange.START;
    List<String> expected = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < 10; i++) {
      expected.add(at + " 224.0.0.1 " + replyHeader(0, 0, 0, at / 1000));
      expected.add(
          at
              + " 224.0.0.1 00800000"
              + word(at / 1000)
              + word(Ipv4Address.parse(Home.OUTER).bits()));
      at += 250L << i;
    }
    assertThat(said(Exchange.START + 1_000_000)).isEqualTo(expected);
    assertThat(exchange.server.wakeAt()).isEqualTo(Lease.FOREVER);
    assertThat(exchange.server.next(exchange.now)).isEmpty();
  }

  @Test
  void saysOnlyWhatItSpeaks() {
    var natPmp =
        new PortControl(
            exchange.leases, new PortControlSettings(false, true, Exchange.LAN), Exchange.START);
    assertThat(PcpText.text(natPmp.next(Exchange.START).orElseThrow().bytes())).startsWith("0080");
    assertThat(natPmp.next(Exchange.START)).isEmpty();
    var none =
        new PortControl(
            exchange.leases, new PortControlSettings(false, false, Exchange.LAN), Exchange.START);
    assertThat(none.wakeAt()).isEqualTo(Lease.FOREVER);
    assertThat(none.next(Exchange.START)).isEmpty();
  }

  private void renumber(String outer, PortSet ports) {
    int before = exchange.leases.outerAddress();
    List<Move> moves = exchange.leases.moveTo(new MemoryReservations(outer, ports), exchange.now);
    exchange.server.moved(before, moves, exchange.now);
  }

  /// PCP-16, PCP-38, PCP-41
  @Test
  void tellsEachClientThreeTimesWhereItsMappingsAre() {
    for (int port = 1; port <= 10; port++) {
      exchange.map(3600, port, 5216 + port);
    }
    quiet();
    long at = exchange.now - Exchange.START;
    renumber(NEW_OUTER, Home.OTHER_PORTS);
    List<String> updates =
        said(exchange.now + 1000).stream().filter(it -> !it.contains("224.0")).toList();
    assertThat(updates).hasSize(30);
    int to = Home.OTHER_PORTS.port(Home.PORTS.index(5217));
    List<Long> times = List.of(at, at + 250, at + 750);
    for (int i = 0; i < 3; i++) {
      long left = 3600 - (times.get(i) - Exchange.EPOCH * 1000L) / 1000;
      assertThat(updates.get(10 * i))
          .isEqualTo(
              times.get(i)
                  + " 192.168.1.10 "
                  + replyHeader(1, 0, left, 0)
                  + map(NONCE, 6, 1, to, mapped(NEW_OUTER)));
    }
  }

  /// PCP-16, PCP-40
  @Test
  void beginsAnewWhereTheAddressIsAnother() {
    quiet();
    assertThat(exchange.answer(ANNA, header(0, 0, ANNA))).doesNotEndWith(epoch(0));
    renumber(NEW_OUTER, Home.PORTS);
    assertThat(exchange.answer(ANNA, header(0, 0, ANNA))).isEqualTo(replyHeader(0, 0, 0, 0));
    assertThat(said(exchange.now + 400)).hasSize(4).allMatch(it -> it.contains(" 224.0.0.1 "));
  }

  private static String epoch(long seconds) {
    return word(seconds) + "00".repeat(12);
  }

  /// PCP-16
  @Test
  void keepsItsEpochWhereNothingIsLost() {
    exchange.map(3600, 80, 5216);
    quiet();
    long seconds = (exchange.now - Exchange.START) / 1000;
    renumber(Home.OUTER, Home.OTHER_PORTS);
    assertThat(exchange.answer(ANNA, header(0, 0, ANNA))).isEqualTo(replyHeader(0, 0, 0, seconds));
    assertThat(said(exchange.now + 1000)).hasSize(3).noneMatch(it -> it.contains("224.0.0.1"));
  }

  /// PCP-16, PCP-41
  @Test
  void tellsWhoWantedOnePortThatItIsGone() {
    exchange.map(3600, 80, 5216, PREFER_FAILURE);
    quiet();
    long at = exchange.now - Exchange.START;
    renumber(Home.OUTER, Home.OTHER_PORTS);
    List<String> updates = said(exchange.now).stream().filter(it -> !it.contains("224.0")).toList();
    assertThat(updates)
        .containsExactly(
            at
                + " 192.168.1.10 "
                + replyHeader(1, 11, 1800, 0)
                + map(NONCE, 6, 80, 5216, mapped(Home.OUTER))
                + PREFER_FAILURE);
  }

  /// PCP-41
  @Test
  void repeatsFiltersSetsAndRemoteEnds() {
    String filter = filter(120, 53, "198.51.100.0");
    exchange.map(3600, 80, 5216, filter);
    exchange.map(3600, 4000, 5220, portSet(4, 4000, 0));
    String remote = mapped("198.51.100.5");
    exchange.answer(ANNA, header(2, 3600, ANNA) + peerBody(NONCE, 17, 5000, 5216, remote, 3478));
    quiet();
    renumber(Home.OUTER, Home.OTHER_PORTS);
    assertThat(said(exchange.now))
        .hasSize(3)
        .satisfiesExactly(
            it -> assertThat(it).endsWith(map(NONCE, 6, 80, 5376, mapped(Home.OUTER)) + filter),
            it ->
                assertThat(it)
                    .endsWith(map(NONCE, 6, 4000, 5380, mapped(Home.OUTER)) + portSet(4, 4000, 0)),
            it ->
                assertThat(it)
                    .endsWith(
                        map(NONCE, 17, 5000, 5376, mapped(Home.OUTER))
                            + PcpText.port(3478)
                            + "0000"
                            + remote));
  }

  /// PCP-41
  @Test
  void stopsWhenTheClientHasAskedAnew() {
    exchange.map(3600, 80, 5216);
    exchange.map(3600, 81, 5217);
    exchange.answer(BERT, header(1, 3600, BERT) + mapBody(NONCE, 6, 80, 5218));
    quiet();
    renumber(Home.OUTER, Home.OTHER_PORTS);
    assertThat(said(exchange.now)).hasSize(3);
    exchange.map(3600, 80, 5216);
    assertThat(said(exchange.now + 250)).hasSize(2);
    exchange.map(0, 0, 0);
    assertThat(said(exchange.now + 500)).singleElement().asString().contains("192.168.1.11");
  }

  @Test
  void tellsNothingWhereNothingHasMoved() {
    exchange.map(3600, 80, 5216);
    quiet();
    renumber(Home.OUTER, Home.PORTS);
    assertThat(exchange.server.next(exchange.now)).isEqualTo(Optional.empty());
  }
}
