package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Seed;
import watari.core.wire.Protocol;

/// The server against a slow table: random hosts ask for few ports, so that they meet.
final class PortControlTwinTest {
  private static final int QUOTA = 6;
  private static final int STEPS = 20_000;
  private static final List<String> NONCES = List.of(PcpText.NONCE, PcpText.OTHER_NONCE);
  private static final int NATPMP_OUT_OF_RESOURCES = 4;

  private final SplittableRandom random = Seed.random();
  private final MemoryReservations reservations =
      new MemoryReservations(Home.OUTER, Home.FEW_PORTS);
  private final Leases leases = new Leases(reservations, new LeaseLimits(QUOTA, 100, 4096));
  private final PortControl server =
      new PortControl(leases, new PortControlSettings(true, true, Exchange.LAN), Exchange.START);
  private final SlowTable twin = new SlowTable(Home.FEW_PORTS, QUOTA);
  private long now = Exchange.START;
  private final int[] results = new int[14];

  /// PCP-09, PCP-21, PCP-23, PCP-25, PCP-26, PCP-27, PCP-32, PCP-42, IGD-26
  @Test
  void makesOfRandomRequestsWhatASlowTableMakes() {
    for (int step = 0; step < STEPS; step++) {
      now += 50 + random.nextInt(random.nextInt(20) == 0 ? 400_000 : 2000);
      leases.expire(now);
      twin.expire(now);
      reservations.rest();
      step(request());
    }
    assertThat(results[0]).as("met").isPositive();
    for (int result : new int[] {2, 6, 8, 10, 11}) {
      assertThat(results[result]).as("result %d", result).isPositive();
    }
  }

  private SlowTable.Request request() {
    boolean isNatPmp = random.nextInt(4) == 0;
    int host = Home.ANNA.bits() + random.nextInt(5);
    int port = 65530 + random.nextInt(6);
    return new SlowTable.Request(
        random.nextBoolean() ? Protocol.TCP : Protocol.UDP,
        host,
        port,
        wanted(),
        random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(2000),
        isNatPmp ? Optional.empty() : Optional.of(NONCES.get(random.nextInt(2))),
        !isNatPmp && random.nextInt(3) == 0);
  }

  private int wanted() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(65536);
      default -> Home.FEW_PORTS.port(random.nextInt(Home.FEW_PORTS.size()));
    };
  }

  private void step(SlowTable.Request request) {
    SlowTable.Expected expected = twin.expect(request, now);
    List<byte[]> replies = server.receive(bytes(request), request.host(), now);
    assertThat(replies).as("%s", request).hasSize(1);
    var reply = ByteBuffer.wrap(replies.getFirst());
    results[expected.result()]++;
    if (request.nonce().isPresent()) {
      checkPcp(request, expected, reply);
    } else {
      checkNatPmp(request, expected, reply);
    }
    assertThat(rows()).as("after %s", request).isEqualTo(twin.rows());
    assertThat(reservations.reserved()).isEqualTo(twin.rows().size());
  }

  private void checkPcp(SlowTable.Request request, SlowTable.Expected expected, ByteBuffer reply) {
    assertThat(reply.get(3)).as("%s", request).isEqualTo((byte) expected.result());
    if (expected.result() == 0) {
      assertThat(reply.getInt(4)).as("%s", request).isEqualTo((int) expected.seconds());
      follow(request, expected, reply.getShort(42) & 0xffff);
    }
  }

  private void checkNatPmp(
      SlowTable.Request request, SlowTable.Expected expected, ByteBuffer reply) {
    int result =
        switch (expected.result()) {
          case 8, 10 -> NATPMP_OUT_OF_RESOURCES;
          default -> expected.result();
        };
    assertThat(reply.getShort(2)).as("%s", request).isEqualTo((short) result);
    if (expected.result() == 0) {
      assertThat(reply.getInt(12)).as("%s", request).isEqualTo((int) expected.seconds());
      follow(request, expected, reply.getShort(10) & 0xffff);
    }
  }

  private void follow(SlowTable.Request request, SlowTable.Expected expected, int outerPort) {
    if (request.lifetime() > 0) {
      assertThat(expected.ports()).as("%s", request).contains(outerPort);
    }
    twin.change(request, outerPort, now);
  }

  private List<SlowTable.Row> rows() {
    return leases.all().stream().map(PortControlTwinTest::row).toList();
  }

  private static SlowTable.Row row(Lease lease) {
    Optional<String> nonce =
        lease.asker() instanceof Asker.Pcp pcp
            ? Optional.of(pcp.nonce().toString())
            : Optional.empty();
    return new SlowTable.Row(
        lease.protocol(),
        lease.inside().address(),
        lease.inside().port(),
        lease.outerPort(),
        nonce,
        lease.expiresAt());
  }

  private static byte[] bytes(SlowTable.Request request) {
    return PcpText.bytes(
        request.nonce().map(nonce -> pcp(request, nonce)).orElseGet(() -> natPmp(request)));
  }

  private static String pcp(SlowTable.Request request, String nonce) {
    return PcpText.header(1, request.lifetime(), new Ipv4Address(request.host()))
        + PcpText.mapBody(nonce, request.protocol(), request.port(), request.wanted())
        + (request.insists() ? PcpText.PREFER_FAILURE : "");
  }

  private static String natPmp(SlowTable.Request request) {
    int opcode = request.protocol() == Protocol.TCP ? 2 : 1;
    int wanted = request.lifetime() == 0 ? 0 : request.wanted();
    return "00"
        + PcpText.octet(opcode)
        + "0000"
        + PcpText.port(request.port())
        + PcpText.port(wanted)
        + PcpText.word(request.lifetime());
  }
}
