package watari.app.igd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static watari.app.igd.LoopbackGateway.DEVICES;
import static watari.app.igd.LoopbackGateway.HOST;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.RootDevice;

final class IgdServerTest {
  private static final String CONNECTION = "urn:schemas-upnp-org:service:WANIPConnection:";
  private static final int PORT = 62_275;
  private static final Pattern URL = Pattern.compile("<(\\w+)URL>([^<]+)</");

  private LoopbackGateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new LoopbackGateway("127.0.0.0/8");
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private static int status(String reply) {
    return Integer.parseInt(reply.split(" ", 3)[1]);
  }

  private static String body(String reply) {
    return reply.substring(reply.indexOf("\r\n\r\n") + 4);
  }

  /// An action of WANIPConnection.
  private String act(int version, String action, String arguments) throws IOException {
    return act(version, version, action, arguments);
  }

  private String act(int device, int version, String action, String arguments) throws IOException {
    String type = CONNECTION + version;
    String body =
        SoapReaderTest.action(arguments)
            .replace("u:Act", "u:" + action)
            .replace(CONNECTION + 1, type);
    return gateway.request(
        "POST",
        "/igd" + device + "/control/WANIPConnection",
        body,
        "Content-Type: text/xml; charset=\"utf-8\"",
        "SOAPACTION: \"" + type + "#" + action + "\"");
  }

  private static String mapping(int port) {
    return "<NewRemoteHost></NewRemoteHost><NewExternalPort>"
        + port
        + "</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort>"
        + "<NewInternalClient>127.0.0.1</NewInternalClient><NewEnabled>1</NewEnabled>"
        + "<NewPortMappingDescription>a &lt;b&gt; ]]&gt; &amp; 渡り</NewPortMappingDescription>"
        + "<NewLeaseDuration>3600</NewLeaseDuration>";
  }

  private static String key(int port) {
    return "<NewRemoteHost></NewRemoteHost><NewExternalPort>"
        + port
        + "</NewExternalPort><NewProtocol>TCP</NewProtocol>";
  }

  @Test
  void aDescriptionLeadsToAllThatTheDeviceHas() throws IOException {
    for (RootDevice device : DEVICES) {
      String description = gateway.request("GET", device.path(), "");
      assertThat(status(description)).isEqualTo(200);
      assertThat(description.toLowerCase(Locale.ROOT)).contains("content-type: text/xml");
      assertThat(body(description)).contains("<UDN>" + device.name(RootDevice.Part.WAN) + "</UDN>");
      var urls = URL.matcher(body(description)).results().toList();
      assertThat(urls).hasSize(3 * IgdService.values().length + 1);
      for (MatchResult url : urls) {
        assertThat(status(gateway.request("GET", url.group(2), "")))
            .as(url.group())
            .isEqualTo(url.group(1).matches("SCPD|presentation") ? 200 : 405);
      }
    }
  }

  @Test
  void saysToAPersonWhichPortsCanBeMapped() throws IOException {
    assertThat(body(gateway.request("GET", "/", "")))
        .contains("192.0.2.18", "4928-4943", "62272-62287");
  }

  @Test
  void mapsFindsListsAndDeletes() throws IOException {
    assertThat(status(act(2, "AddPortMapping", mapping(PORT)))).isEqualTo(200);
    String found = act(2, "GetSpecificPortMappingEntry", key(PORT));
    assertThat(found)
        .contains("<u:GetSpecificPortMappingEntryResponse xmlns:u=\"" + CONNECTION + "2\">")
        .contains("<NewInternalClient>127.0.0.1</NewInternalClient>")
        .contains(">a &lt;b&gt; ]]&gt; &amp; 渡り</NewPortMappingDescription>");
    String listed =
        act(
            2,
            "GetListOfPortMappings",
            "<NewStartPort>0</NewStartPort><NewEndPort>65535</NewEndPort><NewProtocol>TCP"
                + "</NewProtocol><NewManage>0</NewManage><NewNumberOfPorts>0</NewNumberOfPorts>");
    assertThat(listed)
        .contains("<NewPortListing><![CDATA[<?xml ", "<p:PortMappingEntry><p:NewRemoteHost></p:")
        .contains("<p:NewDescription>a &lt;b&gt; ]]&gt; &amp; 渡り</p:NewDescription>");
    assertThat(status(act(2, "DeletePortMapping", key(PORT)))).isEqualTo(200);
    assertThat(gateway.leaseCount()).isZero();
  }

  /// IGD-02
  @Test
  void anErrorIsAFaultWithItsNumber() throws IOException {
    String fault = act(1, "AddPortMapping", mapping(8080));
    assertThat(status(fault)).isEqualTo(500);
    assertThat(body(fault))
        .contains("<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring>")
        .contains(
            "<UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>718</errorCode>")
        .contains("<errorDescription>ConflictInMappingEntry</errorDescription>");
  }

  @Test
  void version2SpeaksVersion1ButNotTheOtherWayRound() throws IOException {
    assertThat(act(2, 1, "GetExternalIPAddress", ""))
        .contains("<u:GetExternalIPAddressResponse xmlns:u=\"" + CONNECTION + "1\">")
        .contains("<NewExternalIPAddress>192.0.2.18</NewExternalIPAddress>");
    assertThat(body(act(1, 2, "GetExternalIPAddress", ""))).contains(">401<");
  }

  /// IGD-25
  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "localhost", "127.0.0.1:1", "127.0.0.1.", "127.1", "[::1]"})
  void aPageThatRebindsItsNameIsTurnedAway(String host) throws IOException {
    String head = LoopbackGateway.head("GET", "/igd1.xml", host, "");
    assertThat(status(gateway.send(head))).isEqualTo(403);
  }

  /// IGD-25
  @Test
  void theHostIsTheAddressOfTheServer() throws IOException {
    assertThat(status(gateway.send(LoopbackGateway.head("GET", "/igd1.xml", HOST, ""))))
        .isEqualTo(200);
    assertThat(status(gateway.send("GET /igd1.xml HTTP/1.1\r\nConnection: close\r\n\r\n")))
        .isEqualTo(400);
  }

  /// IGD-25
  @Test
  void theActionStandsInTheHeaderToo() throws IOException {
    String path = "/igd1/control/WANIPConnection";
    String body = SoapReaderTest.action("").replace("Act", "ForceTermination");
    assertThat(status(gateway.request("POST", path, body))).isEqualTo(400);
    for (String header :
        List.of("", "\"\"", CONNECTION + "1#ForceTermination", "\"" + CONNECTION + "1#X\"")) {
      assertThat(status(gateway.request("POST", path, body, "SOAPACTION: " + header)))
          .as(header)
          .isEqualTo(400);
    }
    String right = "SOAPACTION: \"" + CONNECTION + "1#ForceTermination\"";
    assertThat(status(gateway.request("POST", path, body, right))).isEqualTo(500);
  }

  /// IGD-25
  @Test
  void bombsAreRefused() throws IOException {
    String bomb = "<!DOCTYPE a [<!ENTITY b \"" + "b".repeat(1000) + "\">]>";
    String text = bomb + SoapReaderTest.action("<NewA>" + "&b;".repeat(10_000) + "</NewA>");
    String header = "SOAPACTION: \"" + CONNECTION + "1#Act\"";
    assertThat(status(gateway.request("POST", "/igd1/control/WANIPConnection", text, header)))
        .isEqualTo(400);
  }

  /// IGD-25
  @Test
  void aBodyHas64KibibytesAtMost() throws IOException {
    String path = "/igd1/control/WANIPConnection";
    String header = "SOAPACTION: \"" + CONNECTION + "1#Act\"";
    String large = SoapReaderTest.action("<NewA>" + " ".repeat(64 * 1024) + "</NewA>");
    String head = LoopbackGateway.head("POST", path, HOST, large, header);
    assertThat(status(gateway.send(head))).isEqualTo(413);
    String chunked = head.replaceFirst("Content-Length: \\d+", "Transfer-Encoding: chunked");
    String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
    assertThat(status(gateway.send(chunked + chunk))).isBetween(400, 413);
    String fitting = SoapReaderTest.action("<NewA>" + " ".repeat(60 * 1024) + "</NewA>");
    assertThat(status(gateway.request("POST", path, fitting, header))).isEqualTo(500);
  }

  @Test
  void headersHaveEightKibibytesAtMost() throws IOException {
    assertThat(status(gateway.request("GET", "/igd1.xml", "", "X: " + "a".repeat(7000))))
        .isEqualTo(200);
    assertThat(status(gateway.request("GET", "/igd1.xml", "", "X: " + "a".repeat(9000))))
        .isBetween(400, 431);
    assertThat(status(gateway.request("GET", "/" + "a".repeat(3000), ""))).isBetween(400, 431);
  }

  /// IGD-24
  @Test
  void aHostThatIsNotOfTheHomeIsTurnedAway() throws IOException {
    try (var elsewhere = new LoopbackGateway("192.168.1.0/24")) {
      String reply = elsewhere.request("GET", "/igd1.xml", "");
      assertThat(status(reply)).isEqualTo(403);
      assertThat(reply).doesNotContain("<UDN>");
    }
  }

  @Test
  void nothingLiesAtOtherPathsNorAnswersOtherMethods() throws IOException {
    assertThat(status(gateway.request("GET", "/igd3.xml", ""))).isEqualTo(404);
    assertThat(status(gateway.request("GET", "/../igd1.xml", ""))).isBetween(400, 404);
    assertThat(status(gateway.request("DELETE", "/igd1.xml", ""))).isEqualTo(405);
    assertThat(status(gateway.request("OPTIONS", "/igd1/control/WANIPConnection", "")))
        .isEqualTo(405);
  }

  /// Whoever holds 64 connections open takes the server from others, and nothing else.
  @Test
  void thereAre64ConnectionsAtATime() throws IOException {
    var held = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 64; i++) {
        held.add(gateway.connect());
      }
      try (var late = gateway.connect()) {
        String head = LoopbackGateway.head("GET", "/igd1.xml", HOST, "");
        late.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        late.setSoTimeout(300);
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> late.getInputStream().read());
        held.removeFirst().close();
        late.setSoTimeout(20_000);
        assertThat(late.getInputStream().read()).isEqualTo('H');
      }
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void saysWhoMustGiveWayWhereThePortIsTaken() {
    var home = List.of(Ipv4Prefix.parse("127.0.0.0/8"));
    var place = new IgdServer.Place(Ipv4Address.parse(HOST), gateway.port(), home);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> IgdServer.open(place, DEVICES, gateway.visit()))
        .withMessageContaining("cannot listen at 127.0.0.1:" + gateway.port() + " for UPnP")
        .withMessageContaining("in use");
  }
}
