package watari.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressTextTest {

  /// Groups are zero half of the time, so that gaps of all lengths occur.
  private static long half(Random random) {
    long bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = bits << 16 | (random.nextBoolean() ? 0 : random.nextInt(1 << (4 * (1 + i))));
    }
    return bits;
  }

  @Test
  void printsIpv6AsAnotherLibraryDoes() {
    var random = new Random(5952);
    var out = new byte[50];
    for (int round = 0; round < 20_000; round++) {
      long high = half(random);
      long low = half(random);
      int end = Ipv6Address.print(out, 3, high, low);
      String text = new String(out, 3, end - 3, StandardCharsets.ISO_8859_1);
      String expected = new IPv6Address(bytes(high, low)).toCanonicalString();
      assertThat(text).isEqualTo(expected).isEqualTo(new Ipv6Address(high, low).toString());
      assertThat(Ipv6Address.parse(text)).isEqualTo(new Ipv6Address(high, low));
    }
  }

  private static byte[] bytes(long high, long low) {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Test
  void printsIpv4IntoBytesAsIntoText() {
    var random = new Random(791);
    var out = new byte[15];
    for (int round = 0; round < 20_000; round++) {
      int bits = random.nextInt() & (random.nextBoolean() ? -1 : 0x0f6309ff);
      int end = Ipv4Address.print(out, 0, bits);
      assertThat(new String(out, 0, end, StandardCharsets.ISO_8859_1))
          .isEqualTo(new Ipv4Address(bits).toString());
    }
  }
}
