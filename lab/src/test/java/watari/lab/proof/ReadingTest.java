package watari.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import watari.lab.line.Layout;
import watari.lab.line.Topology;

/// How the lab reads what programs print.
final class ReadingTest {

  @Test
  void findsEveryNumberInCountersByItsPath() throws Disproved {
    var before = Counters.parse("{\"drop\": {\"spoof\": 1, \"ttl\": 2}, \"name\": \"relay\"}");
    var after =
        Counters.parse("{\"drop\": {\"spoof\": 5, \"ttl\": 2}, \"workers\": [{\"in\": 3}]}");
    assertThat(after.since(before)).isEqualTo(Map.of("drop.spoof", 4L, "workers.0.in", 3L));
  }

  @Test
  void saysWhenCountersAreNoJson() {
    assertThatThrownBy(() -> Counters.parse("watari: no such socket"))
        .isInstanceOf(Disproved.class)
        .hasMessageStartingWith("'watari counters' printed no JSON");
  }

  @Test
  void readsTheHopsOfTraceroute() {
    var printed =
        """
        traceroute to 203.0.113.80 (203.0.113.80), 8 hops max, 60 byte packets
         1  192.168.1.1  0.05 ms
         2  *
         3  203.0.113.80  0.3 ms
        """;
    assertThat(PathSteps.hops(printed)).containsExactly("192.168.1.1", "203.0.113.80");
  }

  @Test
  void refusesAPortOfTheNeighbour() throws Disproved {
    var topology = new Topology(2, Layout.RFC7597);
    var seen = Endpoint.parse("192.0.2.18:4928\n");
    assertThat(seen.demandOwnedBy(topology.subscriber(1))).isEqualTo(seen);
    assertThatThrownBy(() -> seen.demandOwnedBy(topology.subscriber(2)))
        .isInstanceOf(Disproved.class)
        .hasMessage(
            "192.0.2.18:4928 was seen, which is not a port of subscriber 2"
                + " (address 192.0.2.18, PSID 0x35)");
  }

  @Test
  void refusesTextThatIsNoEndpoint() {
    assertThatThrownBy(() -> Endpoint.parse("<html>")).isInstanceOf(Disproved.class);
  }
}
