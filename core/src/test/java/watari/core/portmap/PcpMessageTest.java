package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv6Address;
import watari.core.net.Seed;

/// What is written can be read again.
final class PcpMessageTest {
  private final SplittableRandom random = Seed.random();

  /// PCP-02, PCP-54
  @Test
  void readsWhatItWrites() {
    for (int round = 0; round < 20_000; round++) {
      PcpBody body = body();
      List<PcpOption> options = body instanceof PcpBody.Map ? options() : List.of();
      int host = random.nextInt();
      long lifetime = random.nextInt() & 0xffff_ffffL;
      assertThat(PcpRequest.read(request(body, options, host, lifetime), host))
          .isEqualTo(
              new PcpRequest.Reading.Whole(
                  new PcpRequest(lifetime, Pcp.mapped(host), body, options)));
    }
  }

  /// A reply has the same body and options as a request, behind a header of the same length.
  private static byte[] request(PcpBody body, List<PcpOption> options, int host, long lifetime) {
    byte[] packet = new PcpReply(PcpResult.SUCCESS, lifetime, body, options).bytes(0);
    packet[1] &= 0x7f;
    ByteBuffer.wrap(packet).putLong(8, 0).putLong(16, Pcp.mapped(host).low());
    return packet;
  }

  private PcpBody body() {
    var map =
        new PcpBody.Map(
            new Nonce(random.nextLong(), random.nextInt()),
            random.nextInt(256),
            port(),
            port(),
            address());
    return switch (random.nextInt(3)) {
      case 0 -> new PcpBody.Announce();
      case 1 -> map;
      default -> new PcpBody.Peer(map, port(), address());
    };
  }

  private List<PcpOption> options() {
    var options = new ArrayList<PcpOption>();
    for (int i = random.nextInt(20); i > 0; i--) {
      options.add(new PcpOption.Filter(random.nextInt(256), port(), address()));
    }
    if (random.nextBoolean()) {
      options.add(new PcpOption.PreferFailure());
    }
    if (random.nextBoolean()) {
      options.addFirst(new PcpOption.PortSet(port(), port(), random.nextBoolean()));
    }
    return options;
  }

  private int port() {
    return random.nextInt(65536);
  }

  private Ipv6Address address() {
    return new Ipv6Address(random.nextLong(), random.nextLong());
  }
}
