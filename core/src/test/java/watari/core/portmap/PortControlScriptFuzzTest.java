package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// Any datagrams to the port of PCP and NAT-PMP, with time, other port sets and the ends of hosts
/// in between: whoever asks is answered in the form that they asked in or not at all, and a lease
/// is a port of the set that nobody else has. The bytes come to [PcpRequest], its options and
/// NAT-PMP.
///
/// ```
/// 0 to 3 a host sends bytes    4 seconds pass    5 another port set    6 a host is gone
/// ```
final class PortControlScriptFuzzTest {
  private static final int STEPS_MAX = 40;
  private static final int HOSTS = 4;
  private static final int TIME = 4;
  private static final int MOVE = 5;
  private static final int GONE = 6;
  private static final List<PortSet> SETS =
      List.of(Home.PORTS, Home.OTHER_PORTS, Home.FEW_PORTS, Home.PCP_PORTS, PortSet.ALL);

  static Stream<byte[]> seeds() {
    List<String> requests =
        List.of(
            "0000",
            "000100000050005000000e10",
            "00020000c3501f900000ffff",
            "0001000000500000" + "00000000",
            map(3600, 80, 0),
            map(3600, 40_000, Home.PORTS.port(17), PcpText.PREFER_FAILURE),
            map(0, 80, 0),
            map(0xffff_ffffL, 8000, Home.PORTS.port(32), PcpText.portSet(8, 8000, 1)),
            map(60, 81, 0, PcpText.filter(128, 0, "203.0.113.80")),
            header(0, 0),
            header(2, 600) + PcpText.peerBody(PcpText.NONCE, 17, 5000, 0, server(), 53),
            "01010000");
    Stream<byte[]> each = requests.stream().map(request -> script(List.of(request)));
    return Stream.concat(Stream.of(new byte[0], new byte[] {0}, script(requests)), each);
  }

  private static String server() {
    return PcpText.mapped("203.0.113.80");
  }

  private static String header(int opcode, long lifetime) {
    return PcpText.header(opcode, lifetime, Home.ANNA);
  }

  private static String map(long lifetime, int inside, int wanted, String... options) {
    return header(1, lifetime)
        + PcpText.mapBody(PcpText.NONCE, 6, inside, wanted)
        + PcpText.join(options);
  }

  private static byte[] script(List<String> requests) {
    var script = new Script.Writer();
    requests.forEach(request -> script.octet(0).bytes(PcpText.bytes(request)));
    return script.octet(TIME).number(30).octet(MOVE).octet(1).octet(GONE).octet(0).toBytes();
  }

  @MethodSource("seeds")
  @FuzzTest
  void answersWhateverComesAndKeepsItsTableRight(byte[] input) {
    var exchange = new Exchange();
    var script = new Script(input);
    for (int steps = 0; script.hasNext() && steps < STEPS_MAX; steps++) {
      int step = script.octet() % (GONE + 1);
      switch (step) {
        case TIME -> exchange.now += 1000L * script.number();
        case MOVE -> move(exchange, SETS.get(script.octet() % SETS.size()));
        case GONE -> exchange.leases.deleteHost(host(script.octet() % HOSTS), exchange.now);
        default -> ask(exchange, host(step), script.bytes());
      }
      checkNotices(exchange);
      check(exchange.leases);
    }
  }

  private static int host(int number) {
    return Home.ANNA.bits() + number;
  }

  private static void move(Exchange exchange, PortSet next) {
    int before = exchange.leases.outerAddress();
    List<Move> moves =
        exchange.leases.moveTo(new MemoryReservations(Home.OUTER, next), exchange.now);
    exchange.server.moved(before, moves, exchange.now);
  }

  private static void ask(Exchange exchange, int host, byte[] request) {
    for (byte[] reply : exchange.server.receive(request, host, exchange.now)) {
      assertThat(reply.length).isBetween(8, 1100);
      assertThat(reply[1] & 0xff).isEqualTo((request[1] & 0x7f) | 0x80);
      assertThat(reply[0] == 0 || (reply.length % 4 == 0 && reply.length >= 24)).isTrue();
    }
  }

  private static void checkNotices(Exchange exchange) {
    int said = 0;
    while (exchange.server.next(exchange.now).isPresent()) {
      assertThat(said++).as("notices at once").isLessThan(1000);
    }
  }

  private static void check(Leases leases) {
    PortSet ports = leases.ports();
    Set<Integer> outer = new HashSet<>();
    for (Lease lease : leases.all()) {
      for (int i = 0; i < lease.size(); i++) {
        int port = lease.outerPort() + i;
        assertThat(ports.contains(port)).as("%d is in the set", port).isTrue();
        assertThat(outer.add(lease.protocol() << 16 | port)).as("one owner of %d", port).isTrue();
        assertThat(leases.ofOuter(lease.protocol(), port)).contains(lease);
      }
    }
    assertThat(leases.all().size()).isLessThanOrEqualTo(LeaseLimits.DEFAULT.leasesMax());
    IntStream.range(0, HOSTS)
        .map(PortControlScriptFuzzTest::host)
        .forEach(host -> assertThat(leases.portsLeft(host)).as(named(host)).isNotNegative());
  }

  private static String named(int host) {
    return new Ipv4Address(host).toString();
  }

  @Test
  void answersWhateverComesNearTheSeeds() {
    Mutations.feed(seeds(), 20_000, this::answersWhateverComesAndKeepsItsTableRight);
  }
}
