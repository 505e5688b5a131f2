package watari.core.portmap.igd;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.igd.ControlPoint.DEVICES;
import static watari.core.portmap.igd.ControlPoint.DOWN;
import static watari.core.portmap.igd.ControlPoint.UP;
import static watari.core.portmap.igd.ControlPoint.done;
import static watari.core.portmap.igd.ControlPoint.error;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.portmap.LeaseLimits;
import watari.core.portmap.Leases;
import watari.core.portmap.MemoryReservations;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

final class InternetGatewayTest {
  private static final PortSet PORTS = new PortSet(4, new Psid(0x46, 8));
  private static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.10");
  private static final Ipv4Address BERT = Ipv4Address.parse("192.168.1.11");
  private static final Topic CONNECTION = new Topic(IgdVersion.V2, IgdService.WAN_IP_CONNECTION);

  private final Leases leases =
      new Leases(new MemoryReservations("203.0.113.7", PORTS), LeaseLimits.DEFAULT);
  private final InternetGateway gateway = ControlPoint.gateway(leases);
  private final ControlPoint one = new ControlPoint(gateway, IgdVersion.V1, ANNA.toString());
  private final ControlPoint two = new ControlPoint(gateway, IgdVersion.V2, ANNA.toString());

  /// IGD-17
  @Test
  void theAddressIsTheSharedOneAndTheStatusFollowsTheLine() {
    assertThat(done(one.connection("GetExternalIPAddress")))
        .containsExactly(Map.entry("NewExternalIPAddress", "203.0.113.7"));
    assertThat(done(one.connection("GetStatusInfo")))
        .containsExactly(
            Map.entry("NewConnectionStatus", "Connected"),
            Map.entry("NewLastConnectionError", "ERROR_NONE"),
            Map.entry("NewUptime", "4"));
    one.lineIs(DOWN);
    assertThat(done(one.connection("GetExternalIPAddress")))
        .containsExactly(Map.entry("NewExternalIPAddress", ""));
    assertThat(done(one.connection("GetStatusInfo")))
        .containsEntry("NewConnectionStatus", "Disconnected")
        .containsEntry("NewUptime", "0");
  }

  @Test
  void theConnectionIsARoutedOneWithTranslation() {
    assertThat(done(two.connection("GetConnectionTypeInfo")))
        .containsExactly(
            Map.entry("NewConnectionType", "IP_Routed"),
            Map.entry("NewPossibleConnectionTypes", "IP_Routed"));
    assertThat(done(two.connection("GetNATRSIPStatus")))
        .containsExactly(Map.entry("NewRSIPAvailable", "0"), Map.entry("NewNATEnabled", "1"));
  }

  @Test
  void theTypeOfTheConnectionCannotBeChosen() {
    assertThat(error(setType(one, "IP_Routed"))).isEqualTo(703);
    assertThat(error(setType(two, "IP_Routed"))).isEqualTo(731);
    assertThat(error(setType(two, "IP_Bridged"))).isEqualTo(402);
  }

  private static Answer setType(ControlPoint point, String type) {
    return point.connection("SetConnectionType", "NewConnectionType", type);
  }

  @Test
  void noHostCutsOffTheOthers() {
    assertThat(done(two.connection("RequestConnection"))).isEmpty();
    assertThat(error(two.connection("ForceTermination"))).isEqualTo(606);
    assertThat(error(one.connection("ForceTermination"))).isEqualTo(501);
    two.lineIs(DOWN);
    assertThat(error(two.connection("RequestConnection"))).isEqualTo(704);
    assertThat(error(two.connection("ForceTermination"))).isEqualTo(711);
  }

  @ParameterizedTest
  @CsvSource({
    "GetTotalBytesSent,NewTotalBytesSent,0",
    "GetTotalBytesReceived,NewTotalBytesReceived,5",
    "GetTotalPacketsSent,NewTotalPacketsSent,7",
    "GetTotalPacketsReceived,NewTotalPacketsReceived,4294967295"
  })
  void countersBeginAgainAfter32Bits(String action, String name, String value) {
    assertThat(done(one.ask(IgdService.WAN_COMMON_INTERFACE_CONFIG, action)))
        .containsExactly(Map.entry(name, value));
  }

  @Test
  void theLinkIsAsFastAs32BitsCanSay() {
    assertThat(done(link()))
        .containsExactly(
            Map.entry("NewWANAccessType", "Ethernet"),
            Map.entry("NewLayer1UpstreamMaxBitRate", "4294967295"),
            Map.entry("NewLayer1DownstreamMaxBitRate", "4294967295"),
            Map.entry("NewPhysicalLinkStatus", "Up"));
    one.lineIs(DOWN);
    assertThat(done(link()))
        .containsEntry("NewLayer1UpstreamMaxBitRate", "0")
        .containsEntry("NewPhysicalLinkStatus", "Down");
  }

  private Answer link() {
    return one.ask(IgdService.WAN_COMMON_INTERFACE_CONFIG, "GetCommonLinkProperties");
  }

  @Test
  void theOneConnectionIsTheDefault() {
    var layer3 = IgdService.LAYER3_FORWARDING;
    String name =
        ControlPoint.said(
            two.ask(layer3, "GetDefaultConnectionService"), "NewDefaultConnectionService");
    assertThat(name)
        .matches("uuid:[-0-9a-f]{36}:WANConnectionDevice:2,urn:upnp-org:serviceId:WANIPConn1");
    var set = "SetDefaultConnectionService";
    var argument = "NewDefaultConnectionService";
    assertThat(done(two.ask(layer3, set, argument, name))).isEmpty();
    assertThat(error(one.ask(layer3, set, argument, name))).isEqualTo(721);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AddAnyPortMapping", "DeletePortMappingRange", "GetListOfPortMappings"})
  void version1HasNoActionOfVersion2(String action) {
    assertThat(error(one.connection(action))).isEqualTo(401);
    assertThat(error(two.connection(action))).isEqualTo(402);
  }

  @Test
  void saysNoToWhatNoServiceHas() {
    for (var service : IgdService.values()) {
      assertThat(error(two.ask(service, "Reboot"))).isEqualTo(401);
      assertThat(error(two.ask(service, ""))).isEqualTo(401);
    }
    assertThat(error(two.ask(IgdService.LAYER3_FORWARDING, "AddPortMapping"))).isEqualTo(401);
  }

  @Test
  void theNamesOfTheDevicesAreTheSameAfterARestartAndOthersElsewhere() {
    assertThat(RootDevice.both("02:00:5e:10:00:01")).isEqualTo(DEVICES);
    var names =
        Stream.of(DEVICES, RootDevice.both("02:00:5e:10:00:02"))
            .flatMap(List::stream)
            .flatMap(device -> Stream.of(RootDevice.Part.values()).map(device::name))
            .toList();
    assertThat(names).hasSize(12).doesNotHaveDuplicates();
  }

  /// IGD-18
  @Test
  void subscribersSeeEveryChangeAndOnlyTheirOwnMappings() {
    assertThat(gateway.values(UP).of(CONNECTION, ANNA))
        .containsExactly(
            Map.entry("PossibleConnectionTypes", "IP_Routed"),
            Map.entry("ConnectionStatus", "Connected"),
            Map.entry("ExternalIPAddress", "203.0.113.7"),
            Map.entry("PortMappingNumberOfEntries", "0"),
            Map.entry("SystemUpdateID", "0"));
    long before = gateway.values(UP).revision();
    two.add(62563, 80);
    assertThat(gateway.values(UP).revision()).isNotEqualTo(before);
    assertThat(gateway.values(UP).of(CONNECTION, ANNA))
        .containsEntry("PortMappingNumberOfEntries", "1")
        .containsEntry("SystemUpdateID", "1");
    assertThat(gateway.values(UP).of(CONNECTION, BERT))
        .containsEntry("PortMappingNumberOfEntries", "0")
        .containsEntry("SystemUpdateID", "1");
  }

  /// IGD-17
  @Test
  void subscribersSeeTheLineGoDownAndComeUp() {
    long up = gateway.values(UP).revision();
    assertThat(gateway.values(UP).revision()).isEqualTo(up);
    var down = gateway.values(DOWN);
    assertThat(down.revision()).isGreaterThan(up);
    assertThat(down.of(CONNECTION, ANNA))
        .containsEntry("ConnectionStatus", "Disconnected")
        .containsEntry("ExternalIPAddress", "");
    assertThat(gateway.values(UP).revision()).isGreaterThan(down.revision());
  }

  @Test
  void everyServiceHasTheVariablesThatItEvents() {
    for (var version : IgdVersion.values()) {
      for (var service : IgdService.values()) {
        var topic = new Topic(version, service);
        assertThat(gateway.values(UP).of(topic, ANNA).keySet())
            .containsExactlyElementsOf(service.evented(topic.type().version()));
      }
    }
    var first = new Topic(IgdVersion.V1, IgdService.WAN_IP_CONNECTION);
    assertThat(gateway.values(UP).of(first, ANNA)).doesNotContainKey("SystemUpdateID");
  }
}
