package watari.core.portmap.igd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;

final class DiscoveryTest {
  private static final String SERVER = "http://192.168.1.1:1900";
  private static final List<Ipv4Prefix> HOME = List.of(Ipv4Prefix.parse("192.168.1.0/24"));
  private static final int ANNA = Ipv4Address.parse("192.168.1.10").bits();
  private static final int STRANGER = Ipv4Address.parse("203.0.113.80").bits();
  private static final int ALL = 20;

  private final Discovery discovery =
      new Discovery(ControlPoint.DEVICES, SERVER, "Watari/0.1.0", 7, HOME, new Randomness(3, 4), 0);

  private static String search(String target, String seconds) {
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: "
        + seconds
        + "\r\nST: "
        + target
        + "\r\n\r\n";
  }

  /// Everything that is sent in a minute that begins when the first announcements are over.
  private List<Datagram> answers(String message, int source) {
    settle();
    discovery.receive(message, source, 50_000, 2000);
    return discovery.due(62_000);
  }

  private void settle() {
    discovery.due(1000);
  }

  private static String header(Datagram datagram, String name) {
    return datagram
        .text()
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  @Test
  void announcesBothDevicesTwiceAtTheStart() {
    assertThat(discovery.due(0)).hasSize(ALL);
    assertThat(discovery.wakeAt()).isEqualTo(500);
    var again = discovery.due(500);
    assertThat(again).hasSize(ALL).allSatisfy(this::demandAlive);
    assertThat(again)
        .extracting(datagram -> header(datagram, "USN"))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(name).startsWith("uuid:"));
  }

  private void demandAlive(Datagram datagram) {
    assertThat(datagram.address()).isEqualTo(Ipv4Address.parse("239.255.255.250").bits());
    assertThat(datagram.port()).isEqualTo(1900);
    assertThat(datagram.text())
        .startsWith("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n")
        .contains("\r\nNTS: ssdp:alive\r\n", "\r\nCACHE-CONTROL: max-age=1800\r\n")
        .contains("\r\nSERVER: Linux UPnP/1.1 Watari/0.1.0\r\n", "\r\nBOOTID.UPNP.ORG: 7\r\n")
        .endsWith("\r\n\r\n");
    assertThat(header(datagram, "LOCATION")).matches(SERVER + "/igd[12]\\.xml");
  }

  @Test
  void announcesAgainBeforeWhatItSaidIsOld() {
    settle();
    long at = discovery.wakeAt();
    assertThat(at).isBetween(600_000L, 900_000L + 1000);
    assertThat(discovery.due(at - 1)).isEmpty();
    assertThat(discovery.due(at)).hasSize(ALL).allSatisfy(this::demandAlive);
  }

  @Test
  void takesBackAtTheEndWhatItAnnounced() {
    var announced = discovery.due(0).stream().map(one -> header(one, "USN")).toList();
    var farewell = discovery.farewell();
    assertThat(farewell).extracting(one -> header(one, "USN")).isEqualTo(announced);
    assertThat(farewell).allSatisfy(one -> assertThat(header(one, "NTS")).isEqualTo("ssdp:byebye"));
  }

  @ParameterizedTest
  @CsvSource({
    "ssdp:all,20",
    "upnp:rootdevice,2",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1,1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2,1",
    "urn:schemas-upnp-org:device:WANDevice:1,1",
    "urn:schemas-upnp-org:device:WANConnectionDevice:2,1",
    "urn:schemas-upnp-org:service:WANIPConnection:1,1",
    "urn:schemas-upnp-org:service:WANIPConnection:2,1",
    "urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1,2",
    "urn:schemas-upnp-org:service:Layer3Forwarding:1,2",
    "urn:schemas-upnp-org:service:WANIPConnection:3,0",
    "urn:schemas-upnp-org:device:MediaServer:1,0",
    "uuid:00000000-0000-0000-0000-000000000000,0"
  })
  void answersWhoSearchesForOneOfItsOwn(String target, int count) {
    var answers = answers(search(target, "2"), ANNA);
    assertThat(answers).hasSize(count);
    for (Datagram answer : answers) {
      assertThat(answer.address()).isEqualTo(ANNA);
      assertThat(answer.port()).isEqualTo(50_000);
      assertThat(answer.text())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("\r\nEXT: \r\n")
          .endsWith("\r\n\r\n");
      assertThat(header(answer, "USN")).endsWith(header(answer, "ST"));
    }
    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(header(answer, "ST"))
                .isEqualTo(target.equals("ssdp:all") ? header(answer, "ST") : target));
  }

  @Test
  void answersWhoSearchesForItByName() {
    var device = ControlPoint.DEVICES.getFirst();
    var name = device.name(RootDevice.Part.INTERNET_GATEWAY);
    assertThat(answers(search(name, "1"), ANNA))
        .singleElement()
        .satisfies(answer -> assertThat(header(answer, "LOCATION")).endsWith(device.path()));
  }

  @Test
  void aVersionIsFoundAtItsOwnDescription() {
    var type = "urn:schemas-upnp-org:service:WANIPConnection:";
    assertThat(header(answers(search(type + 1, "0"), ANNA).getFirst(), "LOCATION"))
        .isEqualTo(SERVER + "/igd1.xml");
    assertThat(header(answers(search(type + 2, "0"), ANNA).getFirst(), "LOCATION"))
        .isEqualTo(SERVER + "/igd2.xml");
  }

  /// IGD-24
  @Test
  void aSearchFromElsewhereHasNoAnswer() {
    assertThat(answers(search("ssdp:all", "1"), STRANGER)).isEmpty();
    discovery.receive(search("ssdp:all", "1"), ANNA, 0, 62_000);
    assertThat(discovery.due(70_000)).isEmpty();
  }

  /// IGD-24
  @ParameterizedTest
  @CsvSource({"0,0", "1,1000", "3,3000", "5,5000", "120,5000", "999999999,5000"})
  void answersAreSpreadOverTheTimeThatIsAllowed(String seconds, long most) {
    settle();
    discovery.receive(search("ssdp:all", seconds), ANNA, 50_000, 2000);
    var times = new ArrayList<Long>();
    while (times.size() < ALL) {
      long at = discovery.wakeAt();
      discovery.due(at).forEach(_ -> times.add(at));
    }
    assertThat(times).allSatisfy(at -> assertThat(at).isBetween(2000L, 2000 + most));
    assertThat(times.stream().distinct().count()).isGreaterThan(most == 0 ? 0 : 10);
  }

  /// IGD-24
  @Test
  void searchesAreAnsweredAtABoundedRate() {
    settle();
    int answered = 0;
    for (int i = 0; i < 10_000; i++) {
      discovery.receive(search("upnp:rootdevice", "0"), ANNA, 50_000, 2000);
      answered += discovery.due(2000).size();
    }
    assertThat(answered).isEqualTo(80);
    discovery.receive(search("upnp:rootdevice", "0"), ANNA, 50_000, 2100);
    assertThat(discovery.due(2100)).hasSize(2);
  }

  /// IGD-24
  @Test
  void answersThatWaitAreBounded() {
    settle();
    for (int i = 0; i < 40; i++) {
      discovery.receive(search("ssdp:all", "5"), ANNA, 50_000, 2000);
    }
    assertThat(discovery.due(10_000)).hasSizeLessThanOrEqualTo(256).hasSizeGreaterThan(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "M-SEARCH * HTTP/1.1",
        "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: x\r\nST: ssdp:all\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: -1\r\nST: ssdp:all\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nMAN: ssdp:discover\r\nMX: 1\r\nST: ssdp:all\r\n\r\n",
        "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n\r\n",
        "M-SEARCH / HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n",
        "NOTIFY * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n"
      })
  void saysNothingToWhatIsNoSearch(String message) {
    assertThat(answers(message, ANNA)).isEmpty();
  }

  @Test
  void namesOfHeadersHaveNoCaseAndLinesMayEndWithoutReturn() {
    var message = "M-SEARCH * HTTP/1.1\nman:\"ssdp:discover\"\nMx:1\nSt:upnp:rootdevice\n\n";
    assertThat(answers(message, ANNA)).hasSize(2);
  }
}
