package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv6Address;

/// Taking apart what the kernel says; little-endian like the machine.
final class MessageTest {
  private static final String ADDRESS =
      """
      2c 00 00 00 14 00 02 00 07 00 00 00 00 00 00 00
      0a 40 00 00 02 00 00 00 14 00 01 00 20 01 0d b8
      00 00 00 00 00 00 00 00 00 00 00 01
      """;
  private static final String DONE = "14 00 00 00 03 00 02 00 07 00 00 00 00 00 00 00 00 00 00 00";

  @Test
  void takesADatagramOfSeveralMessagesApart() throws Exception {
    var messages = Message.parse(segment(ADDRESS + DONE));
    assertThat(messages).hasSize(2);
    var address = messages.getFirst();
    assertThat(address.type()).isEqualTo(Rtnetlink.RTM_NEWADDR);
    assertThat(address.flags()).isEqualTo(2);
    assertThat(address.sequence()).isEqualTo(7);
    assertThat(address.u8(1)).isEqualTo(64);
    assertThat(address.u32(4)).isEqualTo(2);
    assertThat(address.address(8, Rtnetlink.IFA_ADDRESS, 64))
        .contains(Cidr.of(Ipv6Address.parse("2001:db8::1"), 64));
    assertThat(address.attribute(8, Rtnetlink.IFA_LOCAL)).isEmpty();
    assertThat(messages.getLast().type()).isEqualTo(Rtnetlink.NLMSG_DONE);
  }

  @Test
  void readsNumbersAndText() throws Exception {
    var message =
        Message.parse(
                segment(
                    """
                    28 00 00 00 10 00 00 00 01 00 00 00 00 00 00 00
                    06 00 03 00 61 00 ee ee 08 00 04 00 dc 05 00 00
                    07 00 05 00 61 62 63 ee
                    """))
            .getFirst();
    assertThat(message.text(0, 3)).contains("a");
    assertThat(message.number(0, 4)).hasValue(1500);
    assertThat(message.text(0, 5)).as("no closing zero").isEmpty();
    assertThat(message.number(0, 3)).as("not four bytes").isEmpty();
    assertThat(message.address(0, 4, 33)).as("no such prefix").isEmpty();
  }

  /// What the kernel made up says what it is; of a card that belongs to something it says that
  /// only.
  @Test
  void knowsACardByWhatIsNotSaid() throws Exception {
    String link =
        """
        %s 00 00 00 10 00 00 00 01 00 00 00 00 00 00 00
        00 00 00 00 05 00 00 00 01 00 00 00 00 00 00 00
        0a 00 01 00 02 00 00 00 00 01 00 00 %s
        """;
    String veth = "10 00 12 00 09 00 01 00 76 65 74 68 00 00 00 00";
    assertThat(Netlink.isCard(message(link.formatted("2c", "")))).isTrue();
    assertThat(Netlink.isCard(message(link.formatted("3c", veth)))).isFalse();
    assertThat(Netlink.isCard(message(link.formatted("3c", veth.replaceFirst("01 00", "04 00")))))
        .isTrue();
    String loopback = link.replace("02 00 00 00 00 01", "00 00 00 00 00 00");
    assertThat(Netlink.isCard(message(loopback.formatted("2c", "")))).isFalse();
  }

  private static Message message(String hex) throws Exception {
    return Message.parse(segment(hex)).getFirst();
  }

  @Test
  void passesOverARouteWithAMetricThatWeNeverMake() throws Exception {
    String route =
        """
        2c 00 00 00 18 00 02 00 07 00 00 00 00 00 00 00
        02 00 00 00 fe 04 00 01 00 00 00 00
        08 00 06 00 64 00 00 %s 08 00 04 00 03 00 00 00
        """;
    var known = Message.parse(segment(route.formatted("00"))).getFirst();
    assertThat(Netlink.route(known)).contains(new Route(new Cidr(false, 0, 0, 0), 3, 100));
    var foreign = Message.parse(segment(route.formatted("80"))).getFirst();
    assertThat(Netlink.route(foreign)).isEmpty();
  }

  @Test
  void passesOverADeviceWhoseNameIsNoText() throws Exception {
    String link =
        """
        %s 00 00 00 10 00 00 00 01 00 00 00 00 00 00 00
        00 00 00 00 05 00 00 00 01 00 00 00 00 00 00 00
        %s 00 03 00 %s
        """;
    var named = Message.parse(segment(link.formatted("28", "08", "61 ce b1 00"))).getFirst();
    assertThat(Netlink.link(named)).map(one -> one.name().text()).contains("aα");
    String bytes = "ff ff ff ff ff ff ff 00";
    var nameless = Message.parse(segment(link.formatted("2c", "0c", bytes))).getFirst();
    assertThat(Netlink.link(nameless)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0f", "15", "ff"})
  void refusesAMessageWithALengthThatCannotBe(String length) {
    var datagram = segment(length + DONE.substring(2));
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Message.parse(datagram))
        .matches(e -> e.is(Errno.EBADMSG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "03", "15", "ff"})
  void stopsAtAnAttributeWithALengthThatCannotBe(String length) throws Exception {
    var message =
        Message.parse(segment(ADDRESS.replace("14 00 01 00", length + " 00 01 00"))).getFirst();
    assertThat(message.address(8, Rtnetlink.IFA_ADDRESS, 64)).isEmpty();
  }

  private static MemorySegment segment(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }
}
