package watari.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import inet.ipaddr.IPAddressString;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "128.0.0.0/1", "192.0.2.0/24", "255.255.255.255/32"})
  void printsTheIpv4PrefixItRead(String text) {
    assertThat(Ipv4Prefix.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::/0",
        "8000::/1",
        "2001:db8::/63",
        "2001:db8:0:1::/64",
        "2001:db8:0:0:8000::/65",
        "::1/128"
      })
  void printsTheIpv6PrefixItRead(String text) {
    assertThat(Ipv6Prefix.parse(text)).hasToString(text);
  }

  @Test
  void readsABareAddressAsAWholePrefix() {
    assertThat(Ipv4Prefix.parse("192.0.2.1")).hasToString("192.0.2.1/32");
    assertThat(Ipv6Prefix.parse("2001:db8::1")).hasToString("2001:db8::1/128");
  }

  @Test
  void agreesWithAnotherLibraryOnRandomIpv4Prefixes() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextInt(33);
      int bits = random.nextInt();
      var prefix = Ipv4Prefix.of(bits, length);
      var oracle =
          new IPAddressString(new Ipv4Address(bits) + "/" + length).getAddress().toPrefixBlock();
      assertThat(prefix.toString()).isEqualTo(oracle.toCanonicalString());
      assertThat(Ipv4Prefix.parseMasking(new Ipv4Address(bits) + "/" + length)).isEqualTo(prefix);
      var other = Ipv4Prefix.of(bits ^ (1 << random.nextInt(32)), random.nextInt(33));
      var otherOracle = new IPAddressString(other.toString()).getAddress().toPrefixBlock();
      assertThat(prefix.overlaps(other)).isEqualTo(oracle.overlaps(otherOracle));
      assertThat(prefix.contains(other.bits())).isEqualTo(oracle.contains(otherOracle.getLower()));
    }
  }

  @Test
  void agreesWithAnotherLibraryOnRandomIpv6Prefixes() {
    SplittableRandom random = Seed.random();
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextInt(129);
      long high = random.nextLong();
      long low = random.nextLong();
      var prefix = Ipv6Prefix.of(high, low, length);
      String text = new Ipv6Address(high, low) + "/" + length;
      var oracle = new IPAddressString(text).getAddress().toPrefixBlock();
      assertThat(prefix.address())
          .isEqualTo(
              Ipv6Address.parse(oracle.getLower().withoutPrefixLength().toCanonicalString()));
      assertThat(Ipv6Prefix.parseMasking(text)).isEqualTo(prefix);
      int flip = random.nextInt(128);
      var other =
          Ipv6Prefix.of(
              flip < 64 ? high ^ (1L << flip) : high,
              flip < 64 ? low : low ^ (1L << (flip - 64)),
              random.nextInt(129));
      var otherOracle = new IPAddressString(other.toString()).getAddress().toPrefixBlock();
      assertThat(prefix.overlaps(other)).isEqualTo(oracle.overlaps(otherOracle));
      assertThat(prefix.contains(other)).isEqualTo(oracle.contains(otherOracle));
      assertThat(prefix.shortened(length / 2)).isEqualTo(Ipv6Prefix.of(high, low, length / 2));
    }
  }

  @Test
  void ordersAPrefixBeforeThoseInsideIt() {
    assertThat(Ipv4Prefix.parse("127.0.0.0/8")).isLessThan(Ipv4Prefix.parse("128.0.0.0/1"));
    assertThat(Ipv4Prefix.parse("128.0.0.0/1")).isLessThan(Ipv4Prefix.parse("128.0.0.0/2"));
    assertThat(Ipv6Prefix.parse("7f00::/8")).isLessThan(Ipv6Prefix.parse("8000::/1"));
    assertThat(Ipv6Prefix.parse("8000::/1")).isLessThan(Ipv6Prefix.parse("8000::/2"));
  }

  @Test
  void namesTheRightPrefixWhereBitsAreBehindTheLength() {
    refuses(
        () -> Ipv4Prefix.parse("219.104.128.0/15"),
        "219.104.128.0/15 has bits set behind its length; the prefix is 219.104.0.0/15");
    refuses(
        () -> Ipv6Prefix.parse("2001:db8:0:1::/63"),
        "2001:db8:0:1::/63 has bits set behind its length; the prefix is 2001:db8::/63");
    refuses(
        () -> Ipv6Prefix.parse("2001:db8::1/64"),
        "2001:db8::1/64 has bits set behind its length; the prefix is 2001:db8::/64");
    refuses(
        () -> new Ipv6Prefix(0, 1, 127),
        "::1/127 has bits set behind its length; the prefix is ::/127");
  }

  @Test
  void refusesLengthsThatCannotBe() {
    refuses(() -> new Ipv4Prefix(0, 33), "an IPv4 prefix has 0 to 32 bits, not 33");
    refuses(() -> Ipv4Prefix.of(0, -1), "an IPv4 prefix has 0 to 32 bits, not -1");
    refuses(() -> new Ipv6Prefix(0, 0, 129), "an IPv6 prefix has 0 to 128 bits, not 129");
    refuses(() -> Ipv6Prefix.of(-1, -1, -1), "an IPv6 prefix has 0 to 128 bits, not -1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "33", "-1", "+8", "024", "8 ", "1/2", "1000000000000"})
  void refusesAnIpv4LengthThatIsNoNumber(String length) {
    refuses(
        () -> Ipv4Prefix.parse("192.0.2.0/" + length),
        "'192.0.2.0/"
            + length
            + "': the prefix length is a number from 0 to 32, not '"
            + length
            + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "129", "x", "064"})
  void refusesAnIpv6LengthThatIsNoNumber(String length) {
    refuses(
        () -> Ipv6Prefix.parse("2001:db8::/" + length),
        "'2001:db8::/"
            + length
            + "': the prefix length is a number from 0 to 128, not '"
            + length
            + "'");
  }

  @Test
  void refusesAPrefixWhoseAddressIsNone() {
    refuses(
        () -> Ipv4Prefix.parse("192.0.2/24"),
        "'192.0.2/24' is not an IPv4 prefix: it needs four numbers with dots, as in 192.0.2.1");
    refuses(
        () -> Ipv6Prefix.parse("2001:db8/32"),
        "'2001:db8' is not an IPv6 address: it has 2 groups of 8; '::' stands for the missing ones");
  }

  private static void refuses(ThrowingCallable call, String sentence) {
    assertThatExceptionOfType(Refused.class).isThrownBy(call).withMessage(sentence);
  }
}
