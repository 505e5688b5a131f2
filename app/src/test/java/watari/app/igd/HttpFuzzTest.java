package watari.app.igd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.igd.Notification;
import watari.core.portmap.igd.Uplink;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// Any requests to the UPnP device, with any headers and bodies: SOAP for [SoapReader] and
/// [ServiceType], subscriptions with their [Callback], and whoever came to the wrong door. Each has
/// a reply with a status of HTTP, and no notification goes to another host.
///
/// ```
/// METHOD PATH, then headers a line each, an empty line, and the body
/// ```
final class HttpFuzzTest {
  private static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.10");
  private static final Ipv4Address ADDRESS = Ipv4Address.parse("192.168.1.1");
  private static final int REQUESTS_MAX = 8;
  private static final String TYPE = "urn:schemas-upnp-org:service:WANIPConnection:1";

  private static final String ADD =
      """
      POST /igd1/control/WANIPConnection
      Host: 192.168.1.1:1900
      SOAPACTION: "%s#AddPortMapping"

      %s\
      """;

  private static final String MAPPING =
      """
      <?xml version="1.0"?>
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
      <s:Header><a b="c"/></s:Header><s:Body><u:AddPortMapping xmlns:u="%s">
      <NewRemoteHost></NewRemoteHost><NewExternalPort>4928</NewExternalPort>
      <NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort>
      <NewInternalClient>192.168.1.10</NewInternalClient><NewEnabled>1</NewEnabled>
      <NewPortMappingDescription>a&amp;b<![CDATA[<c>]]>&#x6e21;</NewPortMappingDescription>
      <NewLeaseDuration>0</NewLeaseDuration></u:AddPortMapping></s:Body></s:Envelope>
      """;

  private static final String SUBSCRIBE =
      """
      SUBSCRIBE /igd2/events/WANIPConnection
      Host: 192.168.1.1:1900
      CALLBACK: <http://203.0.113.80/x><http://192.168.1.10:5000/told?me#x>
      NT: upnp:event
      TIMEOUT: Second-600

      """;

  private static final String RENEW =
      """
      SUBSCRIBE /igd2/events/WANIPConnection
      Host: 192.168.1.1:1900
      SID: uuid:00000000-0000-4000-8000-000000000000
      TIMEOUT: Second-infinite

      """;

  static Stream<byte[]> seeds() {
    List<String> texts =
        List.of(
            "",
            "GET /",
            "GET /igd1.xml\nHost: 192.168.1.1:1900\n\n",
            ADD.formatted(TYPE, MAPPING.formatted(TYPE)),
            ADD.formatted(TYPE, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>")
                + MAPPING.formatted(TYPE).replace("4928", "&x;"),
            SUBSCRIBE,
            RENEW,
            RENEW.replace("SUBSCRIBE /", "UNSUBSCRIBE /"));
    return Stream.concat(
        Stream.of(new byte[0], new byte[] {0}, script(texts)),
        texts.stream().map(text -> script(List.of(text))));
  }

  private static byte[] script(List<String> texts) {
    var script = new Script.Writer();
    texts.forEach(text -> script.bytes(text.getBytes(UTF_8)));
    return script.toBytes();
  }

  @MethodSource("seeds")
  @FuzzTest
  void answersWhateverIsAsked(byte[] input) throws IOException {
    var traffic = new Uplink.Traffic(1, 2, 3, 4);
    var uplink = new Uplink(Optional.of(Ipv4Address.parse("192.0.2.18")), 0, 0, traffic);
    var desk =
        new Desk(
            LoopbackGateway.leases(),
            LoopbackGateway.DEVICES,
            () -> uplink,
            new Randomness(5, 6),
            () -> 10_000);
    var site =
        new Site(
            ADDRESS,
            List.of(Ipv4Prefix.parse("192.168.1.0/24")),
            LoopbackGateway.DEVICES,
            "0",
            at(desk));
    var script = new Script(input);
    for (int i = 0; script.hasNext() && i < REQUESTS_MAX; i++) {
      HttpReply reply = site.answer(question(new String(script.bytes(), UTF_8)));
      assertThat(reply.status()).isIn(200, 400, 403, 404, 405, 412, 500, 503);
      reply.afterwards().run();
      desk.due().forEach(HttpFuzzTest::check);
    }
  }

  private static Visit at(Desk desk) {
    return new Visit() {
      @Override
      public <T> T ask(Function<Desk, T> errand) {
        return errand.apply(desk);
      }
    };
  }

  private static HttpQuestion question(String text) {
    int end = text.indexOf("\n\n");
    String head = end < 0 ? text : text.substring(0, end);
    String body = end < 0 ? "" : text.substring(end + 2);
    List<String> lines = head.lines().toList();
    String[] first = lines.isEmpty() ? new String[] {""} : lines.getFirst().split(" ", 2);
    Map<String, String> headers = headers(lines);
    return new HttpQuestion(
        first[0],
        first.length > 1 ? first[1] : "/",
        name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))),
        ANNA,
        1900,
        () -> body.getBytes(UTF_8));
  }

  private static Map<String, String> headers(List<String> lines) {
    var headers = new HashMap<String, String>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static void check(Notification notification) {
    HttpRequest request = Notifier.request(notification);
    assertThat(request.uri().getHost()).isEqualTo(ANNA.toString());
    assertThat(Notifier.body(notification)).startsWith("<?xml");
  }

  @Test
  void answersWhateverIsAskedNearTheSeeds() {
    Mutations.feed(
        seeds(),
        3000,
        input -> {
          try {
            answersWhateverIsAsked(input);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
