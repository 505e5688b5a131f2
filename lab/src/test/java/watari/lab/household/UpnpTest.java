package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// `upnpc` asks the gateway, as programs at home do with its library.
@NeedsNamespaces(programs = {"curl", "nmap", "setpriv", "socat", "ss", "tshark", "upnpc"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpnpTest {
  private static final Pattern GIVEN =
      Pattern.compile("external 192\\.0\\.2\\.18:(\\d+) (TCP|UDP)");
  private static final String[] UPNPC = {"upnpc", "-i"};
  private static final String ROOT_1 = "http://192.168.1.1:1900/igd1.xml";
  private static final String ROOT_2 = "http://192.168.1.1:1900/igd2.xml";

  /// An address that no host of the lab has for long.
  private static final String ELSEWHERE = "198.51.100.66";

  private Neighbourhood neighbourhood;
  private Subscriber home;
  private List<Integer> ports;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597).withHosts(2));
    home = neighbourhood.home(1);
    ports = home.ports();
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// With `-i`, for it takes a gateway whose address is one for documentation for one that is not
  /// connected.
  private String upnpc(int host, String... arguments) throws IOException {
    return neighbourhood.run(home.home(host), with(UPNPC, arguments)).output();
  }

  private String add(int host, String action, int inside, int outside, String protocol)
      throws IOException {
    String port = Integer.toString(outside);
    String[] found = action.equals("-n") ? new String[] {"-u", ROOT_2} : new String[0];
    return upnpc(
        host,
        with(
            found,
            action,
            home.homeAddress(host),
            Integer.toString(inside),
            port,
            protocol,
            "600"));
  }

  /// IGD-17
  @Test
  void isFoundAndSaysHowTheLineIs() throws IOException {
    assertThat(upnpc(1, "-s"))
        .contains("desc: http://192.168.1.1:1900/igd", "control/WANIPConnection")
        .contains("Connection Type : IP_Routed", "Status : Connected")
        .contains("ExternalIPAddress = 192.0.2.18");
  }

  /// IGD-09, IGD-10, IGD-11
  @Test
  void aMappingLetsTheInternetInUntilItIsDeleted() throws IOException {
    int port = ports.get(100);
    serve(1, 8080);
    assertThat(fetch(Topology.INTERNET_IPV4, port)).doesNotContain("hello");
    assertThat(add(1, "-a", 8080, port, "TCP"))
        .contains("InternalIP:Port = 192.168.1.2:8080")
        .contains(
            "external 192.0.2.18:" + port + " TCP is redirected to internal 192.168.1.2:8080");
    assertThat(fetch(Topology.INTERNET_IPV4, port)).contains("hello");
    assertThat(add(1, "-a", 8080, port, "TCP")).contains("is redirected");
    assertThat(upnpc(1, "-l")).containsOnlyOnce("TCP " + port + "->192.168.1.2:8080");
    assertThat(upnpc(1, "-u", ROOT_2, "-L")).contains("TCP " + port + "->192.168.1.2:8080");
    assertThat(upnpc(2, "-l")).doesNotContain("->192.168.1.2:8080");
    assertThat(upnpc(1, "-d", Integer.toString(port), "TCP")).contains("returned : 0");
    assertThat(upnpc(1, "-l")).doesNotContain(port + "->");
    assertThat(fetch(Topology.STRANGER_IPV4, port)).doesNotContain("hello");
  }

  /// IGD-02
  @Test
  void aPortOutsideTheSetConflicts() throws IOException {
    assertThat(add(1, "-a", 8081, 8081, "TCP"))
        .contains("AddPortMapping(8081, 8081, 192.168.1.2) failed with code 718");
    assertThat(upnpc(1, "-u", ROOT_1, "-a", home.homeAddress(1), "8081", "443", "TCP"))
        .contains("failed with code 718");
  }

  /// IGD-03
  @Test
  void anyPortIsOneOfTheSetThroughWhichTheInternetComes() throws IOException {
    serve(2, 80);
    var given = GIVEN.matcher(add(2, "-n", 80, 80, "TCP"));
    assertThat(given.find()).isTrue();
    int port = Integer.parseInt(given.group(1));
    assertThat(ports).contains(port);
    assertThat(fetch(Topology.STRANGER_IPV4, port)).contains("hello");
  }

  /// IGD-22
  @Test
  void oneNumberIsTwoPorts() throws IOException {
    int port = ports.get(120);
    assertThat(add(1, "-a", 3074, port, "UDP")).contains("is redirected to internal 192.168.1.2");
    assertThat(add(2, "-a", 3074, port, "TCP")).contains("is redirected to internal 192.168.1.3");
    assertThat(add(2, "-a", 3075, port, "UDP")).contains("failed with code 718");
  }

  /// IGD-14
  @Test
  void noHostMapsForAnother() throws IOException {
    String port = Integer.toString(ports.get(130));
    String[] words = {"-a", home.homeAddress(2), "8082", port, "TCP"};
    assertThat(upnpc(1, with(new String[] {"-u", ROOT_1}, words))).contains("failed with code 718");
    assertThat(upnpc(1, with(new String[] {"-u", ROOT_2}, words))).contains("failed with code 606");
  }

  /// IGD-06, IGD-08
  @Test
  void version1HasItsOwnDescriptionAndLeasesWithoutEnd() throws IOException {
    String port = Integer.toString(ports.get(140));
    String[] words = {"-u", ROOT_1, "-a", home.homeAddress(1), "8083", port, "TCP", "0"};
    assertThat(upnpc(1, words)).contains("(duration=0)");
    assertThat(upnpc(1, "-u", ROOT_1, "-l")).contains("->192.168.1.2:8083 ");
    assertThat(upnpc(1, "-s")).contains("control/WANIPConnection");
  }

  /// IGD-25
  @Test
  void aPageThatRebindsItsNameIsTurnedAway() throws IOException {
    String status = "%{http_code}";
    String[] words = {
      "curl", "-s", "-o", "/dev/null", "-w", status, "-H", "Host: evil.example", ROOT_1
    };
    assertThat(neighbourhood.demand(home.home(1), words)).isEqualTo("403");
  }

  /// IGD-24
  @Test
  void nothingOfItIsThereForTheLineOrTheInternet() throws IOException {
    var sockets = neighbourhood.demand(home.gateway(), "ss", "-Hlntu").lines().toList();
    assertThat(sockets).anyMatch(line -> line.contains("192.168.1.1]:1900"));
    assertThat(sockets)
        .allMatch(line -> line.contains("192.168.1.1") || line.contains("239.255.255.250:1900"));
    String[] scan = {"nmap", "-n", "-Pn", "-sT", "--host-timeout", "30s", "-p", "1900,5351"};
    assertThat(neighbourhood.demand(Topology.INTERNET, with(scan, "192.0.2.18")))
        .contains("1900/tcp")
        .doesNotContain(" open ");
    assertThat(neighbourhood.demand(Topology.ACCESS, with(scan, "-6", home.gatewaySide())))
        .contains("1900/tcp")
        .doesNotContain(" open ");
  }

  /// IGD-24, T-18: a search whose sender claims to be on the Internet, where ten times as much
  /// would be sent. It comes before the honest one, whose answer is the first that the gateway
  /// sends.
  @Test
  void aSearchInTheNameOfAStrangerIsNotAnswered() throws IOException {
    String host = home.home(2);
    String lan = home.gateway();
    for (String kernel : List.of("all", Topology.LAN)) {
      neighbourhood.demand(lan, "sysctl", "-qw", "net.ipv4.conf." + kernel + ".rp_filter=0");
    }
    String filter = "udp src port 1900 and not dst host 239.255.255.250";
    String[] tshark = {"tshark", "-l", "-n", "-i", "any", "-c", "1", "-f", filter};
    var capture = neighbourhood.start(lan, tshark);
    capture.awaitPart("Capture started", Neighbourhood.PATIENCE);
    String[] address = {"address", "add", ELSEWHERE + "/32", "dev", Topology.LAN};
    neighbourhood.demand(host, with(new String[] {"ip"}, address));
    search(host, ELSEWHERE);
    address[1] = "delete";
    neighbourhood.demand(host, with(new String[] {"ip"}, address));
    search(host, home.homeAddress(2));
    capture.awaitPart(" → ", Neighbourhood.PATIENCE);
    assertThat(String.join("\n", capture.output()))
        .contains(" → " + home.homeAddress(2))
        .doesNotContain(ELSEWHERE);
  }

  private void search(String host, String from) throws IOException {
    String message =
        "M-SEARCH * HTTP/1.1\\r\\nHOST: 239.255.255.250:1900\\r\\nMAN: \"ssdp:discover\"\\r\\n"
            + "MX: 0\\r\\nST: upnp:rootdevice\\r\\n\\r\\n";
    String target = "UDP-DATAGRAM:239.255.255.250:1900,bind=" + from;
    String send = "printf '" + message + "' | socat -u - " + target;
    neighbourhood.demand(host, "sh", "-c", send);
  }

  /// IGD-24, T-18: whoever subscribes hears what changes, and can name nobody else to hear it.
  @Test
  void aSubscriptionInTheNameOfAStrangerIsRefused() throws IOException {
    assertThat(subscribe(Topology.STRANGER_IPV4)).isEqualTo("412");
    assertThat(subscribe(home.homeAddress(1))).isEqualTo("412");
    assertThat(subscribe(home.homeAddress(2))).isEqualTo("200");
  }

  private String subscribe(String callback) throws IOException {
    var url = Pattern.compile("<eventSubURL>(/[^<]*WANIPC[^<]*)<");
    // the device answers a moment after the first packets can flow
    String[] patient = {"curl", "-s", "--retry", "5", "--retry-connrefused", ROOT_2};
    var paths = url.matcher(neighbourhood.demand(home.home(2), patient));
    assertThat(paths.find()).isTrue();
    String[] curl = {"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "SUBSCRIBE"};
    String[] words = {
      "-H",
      "CALLBACK: <http://" + callback + ":9/>",
      "-H",
      "NT: upnp:event",
      ROOT_2.replace("/igd2.xml", paths.group(1))
    };
    return neighbourhood.demand(home.home(2), with(curl, words));
  }

  private static String[] with(String[] words, String... more) {
    return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
  }

  /// Starts a server that says hello.
  private void serve(int host, int port) throws IOException {
    var listen = "TCP-LISTEN:" + port + ",fork,reuseaddr";
    neighbourhood.start(home.home(host), "socat", listen, "EXEC:echo hello");
    var local = "TCP:" + home.homeAddress(host) + ":" + port;
    neighbourhood.await("hello", home.home(host), "socat", "-u", local, "-");
  }

  /// What a server behind the gateway says to somebody on the Internet.
  private String fetch(String from, int port) throws IOException {
    var remote = "TCP:192.0.2.18:" + port + ",connect-timeout=5,bind=" + from;
    return neighbourhood.run(Topology.INTERNET, "socat", "-u", remote, "-").output();
  }
}
