package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Refused;

class PortSetTest {
  record Cut(int a, int k) {}

  /// All that fit into a port, beside k = 0, which is no sharing.
  static Stream<Cut> cuts() {
    return IntStream.rangeClosed(0, 15)
        .boxed()
        .flatMap(a -> IntStream.rangeClosed(1, 16 - a).mapToObj(k -> new Cut(a, k)));
  }

  /// MAPE-14, MAPE-17, MAPE-18, MAPE-19, MAPE-20
  @ParameterizedTest
  @MethodSource("cuts")
  void givesEveryPortToExactlyOneSet(Cut cut) {
    int[] owner = new int[1 << 16];
    Arrays.fill(owner, PortSet.EXCLUDED);
    for (int value = 0; value < 1 << cut.k; value++) {
      var set = new PortSet(cut.a, new Psid(value, cut.k));
      for (int port : ports(set)) {
        assertThat(owner[port]).as("port %s has no owner yet", port).isEqualTo(-1);
        owner[port] = value;
      }
    }
    for (int port = 0; port < 1 << 16; port++) {
      if (PortSet.psidOf(cut.a, cut.k, port) != owner[port]) {
        assertThat(PortSet.psidOf(cut.a, cut.k, port))
            .as("PSID of %s", port)
            .isEqualTo(owner[port]);
      }
    }
    int first = cut.a == 0 ? 0 : Integer.parseInt("1" + "0".repeat(16 - cut.a), 2);
    assertThat(IntStream.range(0, 1 << 16).filter(port -> owner[port] >= 0))
        .hasSize((1 << 16) - first)
        .startsWith(first);
  }

  /// The ports by their ranges, after a look at size, order, index and membership.
  private static List<Integer> ports(PortSet set) {
    var ports = new ArrayList<Integer>();
    for (int range = 0; range < set.rangeCount(); range++) {
      for (int port = set.first(range); port <= set.last(range); port++) {
        ports.add(port);
      }
    }
    if (set.size() != ports.size() || !isConsistent(set, ports)) {
      assertThat(set).as("%s against %s", set, ports).isNull();
    }
    return ports;
  }

  private static boolean isConsistent(PortSet set, List<Integer> ports) {
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      if (set.port(i) != port || set.index(port) != i || !set.contains(port)) {
        return false;
      }
    }
    return true;
  }

  /// MAPE-19
  @ParameterizedTest
  @CsvSource({
    "4, 8, 240",
    "6, 8, 252",
    "6, 6, 1008",
    "4, 6, 960",
    "0, 8, 256",
    "4, 12, 15",
    "15, 1, 32767"
  })
  void countsAsTheRfcDoes(int a, int k, int count) {
    assertThat(new PortSet(a, new Psid(1, k)).size()).isEqualTo(count);
  }

  /// MAPE-14, MAPE-18: the reverse vectors, those of VPP and of a Juniper log
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          6, 8,  1023, -1
          6, 8,  1024, 0x00
          6, 8,  1231, 0x33
          6, 8,  1232, 0x34
          6, 8,  1235, 0x34
          6, 8,  1236, 0x35
          6, 8, 20691, 0x34
          6, 8, 32767, 0xff
          6, 8, 32768, 0x00
          6, 8, 65535, 0xff
          4, 8,    80, -1
          4, 8,  1232, -1
          4, 8,  4095, -1
          4, 8,  4096, 0x00
          4, 8,  5000, 0x38
          4, 8, 65535, 0xff
          0, 8,    80, 0x00
          0, 8,  5000, 0x13
          4, 4, 10000, 0x7
          4, 4, 30000, 0x5
          6, 4, 16606, 3
          6, 4, 16862, 7
          6, 6, 21845, 21
          6, 6,  1024, 0
          6, 6,    80, -1
          4, 8,  4500, 25
          6, 6,  4500, 25
          6, 6,  1701, 42
          """)
  void findsThePsidOfAPort(int a, int k, int port, String psid) {
    assertThat(PortSet.psidOf(a, k, port)).isEqualTo(Integer.decode(psid));
  }

  /// MAPE-15
  @Test
  void isOneRangeWithoutAnOffset() {
    assertThat(new PortSet(0, new Psid(0x34, 8))).hasToString("1 x 256: 13312-13567, 256 ports");
    assertThat(new PortSet(0, new Psid(0, 6)).last(0)).isEqualTo(1023);
    assertThat(new PortSet(0, new Psid(0xffff, 16)).first(0)).isEqualTo(65535);
  }

  /// MAPE-20: single ports
  @Test
  void isSinglePortsWhereOffsetAndPsidFillThePort() {
    var set = new PortSet(8, new Psid(0x34, 8));
    assertThat(set.rangeCount()).isEqualTo(255);
    assertThat(set.rangeSize()).isEqualTo(1);
    assertThat(List.of(set.first(0), set.first(1), set.last(254))).containsExactly(308, 564, 65332);
  }

  /// RFC 7597 Appendix B.2
  @Test
  void isWhatTheAppendixShows() {
    assertThat(new PortSet(6, new Psid(0, 8)))
        .hasToString("63 x 4: 1024-1027 ... 64512-64515, 252 ports");
    assertThat(new PortSet(6, new Psid(0, 8)).first(1)).isEqualTo(2048);
  }

  /// MAPE-04: who does not share has every port, whatever the offset.
  @Test
  void isEveryPortWhereNobodyShares() {
    var set = new PortSet(6, Psid.NONE);
    assertThat(set).isEqualTo(PortSet.ALL).hasToString("all ports");
    assertThat(set.isAll()).isTrue();
    assertThat(set.size()).isEqualTo(65536);
    assertThat(IntStream.range(0, 65536).allMatch(p -> set.contains(p) && set.index(p) == p))
        .isTrue();
    assertThat(IntStream.range(0, 65536).allMatch(p -> set.port(p) == p)).isTrue();
  }

  @Test
  void findsNoIndexForAPortOutside() {
    var set = new PortSet(4, new Psid(0x56, 8));
    assertThat(set.index(80)).isEqualTo(-1);
    assertThat(set.index(5488)).isEqualTo(-1);
    assertThat(set.index(62831)).isEqualTo(239);
  }

  /// MAPE-20
  @Test
  void refusesOffsetsAndPsidsThatDoNotFit() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new PortSet(9, new Psid(0, 8)))
        .withMessage(
            "a PSID offset of 9 and a PSID of 8 bits do not fit into the 16 bits of a port;"
                + " lower the offset to at most 8");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new PortSet(16, Psid.NONE))
        .withMessage("the PSID offset is a number from 0 to 15, not 16");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new PortSet(-1, Psid.NONE))
        .withMessage("the PSID offset is a number from 0 to 15, not -1");
  }
}
