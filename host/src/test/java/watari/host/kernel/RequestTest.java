package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.plan.PolicyRule;
import watari.core.plan.PolicyRule.Course;
import watari.core.plan.Selector;
import watari.core.wire.Protocol;

/// Our messages are those of iproute2 6.1 for the same task (seen with `strace -e write=all`), on a
/// machine that is little-endian; the sequence number is 0x6b03e0c4.
final class RequestTest {
  private static final int SEQUENCE = 0x6b03_e0c4;
  private static final DeviceAddress IPV6 =
      new DeviceAddress(2, Cidr.of(Ipv6Address.parse("2001:db8::1"), 64));
  private static final ProxyNeighbour PROXY =
      new ProxyNeighbour(2, Ipv6Address.parse("2001:db8::99"));
  private static final Route ROUTE = new Route(Cidr.of(Ipv4Prefix.parse("198.51.100.0/24")), 2, 50);

  @Test
  void setsALinkUp() {
    assertThat(bytes(new Request.SwitchLink(2, true)))
        .isEqualTo(
            hex(
                """
                20 00 00 00 10 00 05 00 c4 e0 03 6b 00 00 00 00
                00 00 00 00 02 00 00 00 01 00 00 00 01 00 00 00
                """));
  }

  @Test
  void setsALinkDown() {
    assertThat(bytes(new Request.SwitchLink(2, false)))
        .isEqualTo(
            hex(
                """
                20 00 00 00 10 00 05 00 c4 e0 03 6b 00 00 00 00
                00 00 00 00 02 00 00 00 00 00 00 00 01 00 00 00
                """));
  }

  @Test
  void setsTheMtuOfALink() {
    assertThat(bytes(new Request.SizeLink(2, 1460)))
        .isEqualTo(
            hex(
                """
                28 00 00 00 10 00 05 00 c4 e0 03 6b 00 00 00 00
                00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00
                08 00 04 00 b4 05 00 00
                """));
  }

  @Test
  void addsAnIpv4Address() {
    var address = new DeviceAddress(2, Cidr.of(Ipv4Address.parse("192.0.2.1"), 24));
    assertThat(bytes(new Request.AddAddress(address)))
        .isEqualTo(
            hex(
                """
                28 00 00 00 14 00 05 06 c4 e0 03 6b 00 00 00 00
                02 18 00 00 02 00 00 00 08 00 02 00 c0 00 02 01
                08 00 01 00 c0 00 02 01
                """));
  }

  @Test
  void addsAndRemovesAnIpv6Address() {
    String body =
        """
        0a 40 00 00 02 00 00 00 14 00 02 00 20 01 0d b8
        00 00 00 00 00 00 00 00 00 00 00 01 14 00 01 00
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01
        """;
    assertThat(bytes(new Request.AddAddress(IPV6)))
        .isEqualTo(hex("40 00 00 00 14 00 05 06 c4 e0 03 6b 00 00 00 00" + body));
    assertThat(bytes(new Request.RemoveAddress(IPV6)))
        .isEqualTo(hex("40 00 00 00 15 00 05 00 c4 e0 03 6b 00 00 00 00" + body));
  }

  @Test
  void setsAndRemovesAnIpv4Route() {
    assertThat(bytes(new Request.SetRoute(ROUTE)))
        .isEqualTo(
            hex(
                """
                34 00 00 00 18 00 05 05 c4 e0 03 6b 00 00 00 00
                02 18 00 00 fe 04 fd 01 00 00 00 00 08 00 01 00
                c6 33 64 00 08 00 06 00 32 00 00 00 08 00 04 00
                02 00 00 00
                """));
    assertThat(bytes(new Request.RemoveRoute(ROUTE)))
        .isEqualTo(
            hex(
                """
                34 00 00 00 19 00 05 00 c4 e0 03 6b 00 00 00 00
                02 18 00 00 fe 00 ff 00 00 00 00 00 08 00 01 00
                c6 33 64 00 08 00 06 00 32 00 00 00 08 00 04 00
                02 00 00 00
                """));
  }

  @Test
  void setsAnIpv6Route() {
    var route = new Route(Cidr.of(Ipv6Prefix.parse("2001:db8:1::/48")), 2, 50);
    assertThat(bytes(new Request.SetRoute(route)))
        .isEqualTo(
            hex(
                """
                40 00 00 00 18 00 05 05 c4 e0 03 6b 00 00 00 00
                0a 30 00 00 fe 04 00 01 00 00 00 00 14 00 01 00
                20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 00
                08 00 06 00 32 00 00 00 08 00 04 00 02 00 00 00
                """));
  }

  @Test
  void putsALocalRouteBeforeTheOthers() {
    var route = new Route(Cidr.of(Ipv4Address.parse("192.168.1.1"), 32), 2, 0);
    assertThat(bytes(new Request.AddLocal(route)))
        .isEqualTo(
            hex(
                """
                34 00 00 00 18 00 05 04 c4 e0 03 6b 00 00 00 00
                02 20 00 00 ff 04 fe 02 00 00 00 00 08 00 01 00
                c0 a8 01 01 08 00 06 00 00 00 00 00 08 00 04 00
                02 00 00 00
                """));
  }

  @Test
  void addsAndRemovesAProxyNeighbour() {
    String body =
        """
        0a 00 00 00 02 00 00 00 80 00 08 00 14 00 01 00
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 99
        """;
    assertThat(bytes(new Request.AddProxy(PROXY)))
        .isEqualTo(
            hex(
                "38 00 00 00 1c 00 05 06 c4 e0 03 6b 00 00 00 00"
                    + body
                    + "05 00 0c 00 4d 00 00 00"));
    assertThat(bytes(new Request.RemoveProxy(PROXY)))
        .isEqualTo(hex("30 00 00 00 1d 00 05 00 c4 e0 03 6b 00 00 00 00" + body));
  }

  @Test
  void addsARuleForTheUdpPortsOfOneAddress() {
    var selector =
        Selector.ALL
            .by("wan0")
            .to(Ipv4Prefix.parse("198.51.100.2/32"))
            .of(Protocol.UDP)
            .ports(32_768, 60_999);
    assertThat(bytes(new Request.AddRule(new PolicyRule(0, selector, Course.OURS))))
        .isEqualTo(
            hex(
                """
                58 00 00 00 20 00 05 06 c4 e0 03 6b 00 00 00 00
                02 20 00 00 00 00 00 01 00 00 00 00 08 00 06 00
                00 00 00 00 09 00 03 00 77 61 6e 30 00 00 00 00
                08 00 01 00 c6 33 64 02 05 00 16 00 11 00 00 00
                08 00 18 00 00 80 47 ee 08 00 0f 00 ad 1d 00 00
                05 00 15 00 4e 00 00 00
                """));
  }

  @Test
  void addsAndRemovesARuleThatLeavesTheDefaultRouteOut() {
    var selector = Selector.ALL.from(Ipv4Prefix.parse("192.168.1.0/24"));
    var rule = new PolicyRule(PolicyRule.BEFORE_MAIN, selector, Course.NEARBY);
    String body =
        """
        02 00 18 00 fe 00 00 01 00 00 00 00 08 00 06 00
        fc 7f 00 00 08 00 02 00 c0 a8 01 00 08 00 0e 00
        00 00 00 00 05 00 15 00 4d 00 00 00
        """;
    assertThat(bytes(new Request.AddRule(rule)))
        .isEqualTo(hex("3c 00 00 00 20 00 05 06 c4 e0 03 6b 00 00 00 00" + body));
    assertThat(bytes(new Request.RemoveRule(rule)))
        .isEqualTo(hex("3c 00 00 00 21 00 05 00 c4 e0 03 6b 00 00 00 00" + body));
  }

  @Test
  void padsANameToAMultipleOfFour() {
    assertThat(bytes(new Request.FindLink(new InterfaceName("wan0"))))
        .isEqualTo(
            hex(
                """
                2c 00 00 00 12 00 05 00 c4 e0 03 6b 00 00 00 00
                00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
                09 00 03 00 77 61 6e 30 00 00 00 00
                """));
  }

  @Test
  void knowsWhichRefusalMeansThatNothingIsToBeDone() {
    assertThat(new Request.AddAddress(IPV6).isDone(Errno.EEXIST.number())).isTrue();
    assertThat(new Request.AddAddress(IPV6).isDone(Errno.ENODEV.number())).isFalse();
    assertThat(new Request.RemoveAddress(IPV6).isDone(Errno.EADDRNOTAVAIL.number())).isTrue();
    assertThat(new Request.RemoveRoute(ROUTE).isDone(Errno.ESRCH.number())).isTrue();
    assertThat(new Request.RemoveProxy(PROXY).isDone(Errno.ENOENT.number())).isTrue();
    assertThat(new Request.SetRoute(ROUTE).isDone(Errno.EPERM.number())).isFalse();
  }

  @Test
  void refusesARouteThatCannotBe() {
    var address = Cidr.of(Ipv4Address.parse("192.0.2.1"), 24);
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new Route(address, 1, 0))
        .withMessage("the route target 192.0.2.1/24 has bits set behind its length");
    var prefix = Cidr.of(Ipv6Prefix.parse("2001:db8::/32"));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Route(prefix, 1, -1));
    assertThat(new Route(prefix, 1, 0).metric()).isEqualTo(1024);
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Cidr(false, 0, 0, 33));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Cidr(false, 1, 0, 32));
  }

  private static byte[] bytes(Request request) {
    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(256, 8).fill((byte) 0xee); // left over from another message
      int bytes = new MessageWriter(buffer).write(request, SEQUENCE);
      return buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }
}
