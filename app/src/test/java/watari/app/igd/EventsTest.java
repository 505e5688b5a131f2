package watari.app.igd;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.app.igd.LoopbackGateway.HOST;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
  private static final String PATH = "/igd2/events/WANIPConnection";
  private static final Pattern SID = Pattern.compile("(?i)\r\nSID: (uuid:[-0-9a-f]{36})\r\n");

  private LoopbackGateway gateway;
  private ServerSocket subscriber;

  @BeforeEach
  void open() throws IOException {
    gateway = new LoopbackGateway("127.0.0.0/8");
    subscriber = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    subscriber.setSoTimeout(20_000);
  }

  @AfterEach
  void close() throws IOException {
    subscriber.close();
    gateway.close();
  }

  private String subscribe(String... headers) throws IOException {
    return gateway.request("SUBSCRIBE", PATH, "", headers);
  }

  private String begin() throws IOException {
    String reply =
        subscribe(
            "CALLBACK: <http://127.0.0.1:" + subscriber.getLocalPort() + "/told?me>",
            "NT: upnp:event",
            "TIMEOUT: Second-600");
    assertThat(reply).startsWith("HTTP/1.1 200 ");
    assertThat(reply.toUpperCase(Locale.ROOT)).contains("\r\nTIMEOUT: SECOND-600\r\n");
    Matcher sid = SID.matcher(reply);
    assertThat(sid.find()).isTrue();
    return sid.group(1);
  }

  /// Takes the next notification, and says that it was heard.
  private String told() throws IOException {
    try (var socket = subscriber.accept()) {
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      var text = new StringBuilder();
      while (!text.toString().endsWith("</e:propertyset>")) {
        int character = reader.read();
        assertThat(character).as(text.toString()).isNotNegative();
        text.append((char) character);
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      return text.toString();
    }
  }

  /// The desk hears a moment later that somebody was told, so it is asked until it has.
  private String toldAfter(Change change) throws IOException {
    change.happen();
    subscriber.setSoTimeout(100);
    for (int i = 0; i < 200; i++) {
      gateway.tick();
      try {
        return told();
      } catch (SocketTimeoutException _) {
        // not yet
      }
    }
    throw new AssertionError("nobody was told");
  }

  @FunctionalInterface
  private interface Change {
    void happen() throws IOException;
  }

  /// IGD-18
  @Test
  void aSubscriberHearsAllAtFirstAndThenEachChange() throws IOException {
    String sid = begin();
    String first = toldAfter(() -> {});
    assertThat(first)
        .startsWith("NOTIFY /told?me HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nHost: 127.0.0.1:" + subscriber.getLocalPort() + "\r\n")
        .contains("\r\nNT: upnp:event\r\n", "\r\nNTS: upnp:propchange\r\n")
        .contains("\r\nSID: " + sid + "\r\n", "\r\nSEQ: 0\r\n")
        .contains("<e:property><ConnectionStatus>Connected</ConnectionStatus></e:property>")
        .contains("<ExternalIPAddress>192.0.2.18</ExternalIPAddress>")
        .contains("<PortMappingNumberOfEntries>0</PortMappingNumberOfEntries>")
        .contains("<SystemUpdateID>0</SystemUpdateID>");
    assertThat(toldAfter(this::map))
        .contains("\r\nSEQ: 1\r\n", "<PortMappingNumberOfEntries>1</PortMappingNumberOfEntries>")
        .contains("<SystemUpdateID>1</SystemUpdateID>")
        .doesNotContain("ConnectionStatus");
  }

  private void map() throws IOException {
    String type = "urn:schemas-upnp-org:service:WANIPConnection:2";
    String body =
        SoapReaderTest.action(
                "<NewRemoteHost/><NewExternalPort>62275</NewExternalPort><NewProtocol>UDP"
                    + "</NewProtocol><NewInternalPort>80</NewInternalPort><NewInternalClient>"
                    + HOST
                    + "</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription/>"
                    + "<NewLeaseDuration>0</NewLeaseDuration>")
            .replace("u:Act", "u:AddPortMapping")
            .replace("WANIPConnection:1", "WANIPConnection:2");
    String header = "SOAPACTION: \"" + type + "#AddPortMapping\"";
    assertThat(gateway.request("POST", "/igd2/control/WANIPConnection", body, header))
        .startsWith("HTTP/1.1 200 ");
  }

  /// IGD-17
  @Test
  void aSubscriberHearsThatTheLineIsDown() throws IOException {
    begin();
    toldAfter(() -> {});
    assertThat(toldAfter(gateway::lineGoes))
        .contains("<ConnectionStatus>Disconnected</ConnectionStatus>")
        .contains("<ExternalIPAddress></ExternalIPAddress>");
  }

  @Test
  void aSubscriptionIsRenewedAndEndedByItsId() throws IOException {
    String sid = begin();
    assertThat(subscribe("SID: " + sid)).startsWith("HTTP/1.1 200 ").contains(sid);
    assertThat(subscribe("SID: " + sid, "NT: upnp:event")).startsWith("HTTP/1.1 400 ");
    assertThat(gateway.request("UNSUBSCRIBE", PATH, "", "SID: " + sid)).startsWith("HTTP/1.1 200 ");
    assertThat(gateway.request("UNSUBSCRIBE", PATH, "", "SID: " + sid)).startsWith("HTTP/1.1 412 ");
    assertThat(subscribe("SID: " + sid)).startsWith("HTTP/1.1 412 ");
    assertThat(gateway.request("UNSUBSCRIBE", PATH, "")).startsWith("HTTP/1.1 412 ");
  }

  /// IGD-24
  @Test
  void nobodyElseCanBeMadeToHear() throws IOException {
    assertThat(subscribe("CALLBACK: <http://127.0.0.2:80/>", "NT: upnp:event"))
        .startsWith("HTTP/1.1 412 ");
    assertThat(subscribe("CALLBACK: <http://203.0.113.80/>", "NT: upnp:event"))
        .startsWith("HTTP/1.1 412 ");
    assertThat(subscribe("NT: upnp:event")).startsWith("HTTP/1.1 412 ");
    assertThat(subscribe("CALLBACK: <http://127.0.0.1:80/>")).startsWith("HTTP/1.1 412 ");
  }

  @Test
  void aHostHasItsShareOfSubscriptions() throws IOException {
    for (int i = 0; i < 16; i++) {
      begin();
    }
    assertThat(subscribe("CALLBACK: <http://127.0.0.1:80/>", "NT: upnp:event"))
        .startsWith("HTTP/1.1 503 ");
  }
}
