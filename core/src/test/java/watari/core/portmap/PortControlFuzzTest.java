package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Seed;

/// Random bytes and requests with random faults: never an exception, never more than one's own.
final class PortControlFuzzTest {
  private static final int INPUTS = 1_000_000;
  private static final int CHECK_EVERY = 5000;

  private final SplittableRandom random = Seed.random();
  private final Exchange exchange = new Exchange();

  /// PCP-03, PCP-05, PCP-08, PCP-10, PCP-13, PCP-30
  @Test
  void answersWhateverComesAndKeepsItsTableRight() {
    for (int i = 0; i < INPUTS; i++) {
      exchange.now += random.nextInt(200);
      int host = Home.ANNA.bits() + random.nextInt(4);
      byte[] packet = packet(host);
      check(packet, exchange.server.receive(packet, host, exchange.now));
      if (i % CHECK_EVERY == 0) {
        exchange.reservations.rest();
        checkTable();
      }
    }
    assertThat(exchange.leases.all()).isNotEmpty();
  }

  private byte[] packet(int host) {
    byte[] packet = new byte[random.nextInt(20) == 0 ? random.nextInt(1300) : random.nextInt(120)];
    random.nextBytes(packet);
    int kind = random.nextInt(4);
    if (kind > 0 && packet.length >= 24) {
      byte[] header =
          PcpText.bytes(
              PcpText.header(random.nextInt(4), random.nextInt(3) * 999L, new Ipv4Address(host)));
      System.arraycopy(header, 0, packet, 0, header.length);
    }
    if (kind > 1 && packet.length >= 60) {
      return plausible(packet);
    }
    return packet;
  }

  /// A MAP or PEER body that could be, and options that nearly could.
  private byte[] plausible(byte[] packet) {
    byte[] whole = Arrays.copyOf(packet, packet.length & ~3);
    var out = ByteBuffer.wrap(whole);
    out.put(36, (byte) (random.nextBoolean() ? 6 : 17));
    out.putLong(24, 1).putInt(32, random.nextInt(2));
    out.putShort(40, (short) random.nextInt(100));
    out.putShort(42, (short) Home.PORTS.port(random.nextInt(Home.PORTS.size())));
    for (int at = 60; at + 8 <= whole.length; at += 4 + 4 * random.nextInt(7)) {
      out.put(at, List.of((byte) 2, (byte) 3, (byte) 130, (byte) 200).get(random.nextInt(4)));
      out.putShort(at + 2, (short) length());
    }
    return whole;
  }

  private int length() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 5;
      case 2 -> 20;
      default -> random.nextInt(40);
    };
  }

  private static void check(byte[] packet, List<byte[]> replies) {
    for (byte[] reply : replies) {
      assertThat(reply.length).isBetween(8, 1100);
      assertThat(reply[1] & 0x7f).isEqualTo(packet[1] & 0x7f);
      assertThat(reply[1] & 0x80).isNotZero();
      if (reply[0] == 2) {
        assertThat(reply.length % 4).isZero();
        assertThat(reply.length).isGreaterThanOrEqualTo(24);
      }
    }
  }

  private void checkTable() {
    Set<Integer> outer = new HashSet<>();
    int ports = 0;
    for (Lease lease : exchange.leases.all()) {
      for (int i = 0; i < lease.size(); i++) {
        int port = lease.outerPort() + i;
        assertThat(Home.PORTS.contains(port)).isTrue();
        assertThat(outer.add(lease.protocol() << 16 | port)).as("one owner of %d", port).isTrue();
        assertThat(exchange.leases.ofOuter(lease.protocol(), port)).contains(lease);
        assertThat(exchange.leases.ofInside(lease.inside().plus(i))).contains(lease);
      }
      ports += lease.size();
    }
    assertThat(exchange.reservations.reserved()).isEqualTo(ports);
  }
}
