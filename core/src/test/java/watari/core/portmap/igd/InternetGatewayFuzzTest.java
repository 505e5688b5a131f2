package watari.core.portmap.igd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Lease;
import watari.core.portmap.LeaseLimits;
import watari.core.portmap.Leases;
import watari.core.portmap.MemoryReservations;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.fuzz.Mutations;
import watari.fuzz.Script;

/// Any actions with any arguments, and subscriptions, of several control points: an answer or an
/// error of UPnP; a mapping is a port of the set that leads to the one who asked.
///
/// ```
/// step: host, service and version, a byte each; then bytes: ACTION, and NAME=VALUE, a line each
/// ```
///
/// An action with an empty name subscribes, with its first line as the seconds.
final class InternetGatewayFuzzTest {
  private static final int STEPS_MAX = 20;
  private static final int HOSTS = 3;
  private static final int SUBSCRIPTIONS_MAX = 128;
  private static final PortSet PORTS = new PortSet(4, new Psid(0x46, 8));

  static Stream<byte[]> seeds() {
    String mapping =
        """
        NewRemoteHost=
        NewExternalPort=5216
        NewProtocol=TCP
        NewInternalPort=80
        NewInternalClient=192.168.1.10
        NewEnabled=1
        NewPortMappingDescription=game
        NewLeaseDuration=3600
        """;
    String range = "NewStartPort=0\nNewEndPort=65535\nNewProtocol=TCP\nNewManage=1\n";
    List<String> asked =
        List.of(
            "AddPortMapping\n" + mapping,
            "AddAnyPortMapping\n" + mapping.replace("5216", "80"),
            "GetGenericPortMappingEntry\nNewPortMappingIndex=0",
            "GetSpecificPortMappingEntry\n" + mapping,
            "GetListOfPortMappings\n" + range + "NewNumberOfPorts=0",
            "DeletePortMapping\n" + mapping,
            "DeletePortMappingRange\n" + range,
            "SetConnectionType\nNewConnectionType=IP_Routed",
            "GetStatusInfo",
            "\n1800");
    return Stream.concat(
        Stream.of(new byte[0], new byte[] {0}, script(asked)),
        asked.stream().map(one -> script(List.of(one))));
  }

  private static byte[] script(List<String> asked) {
    var script = new Script.Writer();
    asked.forEach(one -> script.octet(0).octet(2).octet(1).bytes(one.getBytes(UTF_8)));
    return script.toBytes();
  }

  @MethodSource("seeds")
  @FuzzTest
  void answersWhateverIsAsked(byte[] input) {
    var leases = new Leases(new MemoryReservations("203.0.113.7", PORTS), LeaseLimits.DEFAULT);
    var gateway = ControlPoint.gateway(leases);
    var subscriptions = new Subscriptions(new Randomness(5, 6));
    var script = new Script(input);
    for (int steps = 0; script.hasNext() && steps < STEPS_MAX; steps++) {
      long now = 1000L * steps;
      var host = new Ipv4Address(Ipv4Address.parse("192.168.1.10").bits() + script.octet() % HOSTS);
      IgdService service = service(script.octet());
      RootDevice device = ControlPoint.DEVICES.get(script.octet() % 2);
      List<String> lines = new String(script.bytes(), UTF_8).lines().toList();
      String action = lines.isEmpty() ? "" : lines.getFirst();
      if (action.isEmpty()) {
        var topic = new Topic(device.version(), service);
        boolean _ =
            subscriptions.begin(topic, host, "http://" + host, seconds(lines), now).isPresent();
      } else {
        var type = service.type(device.version());
        var question = new Question(device, type, action, arguments(lines), host);
        assertThat(gateway.answer(question, ControlPoint.UP, now)).isNotNull();
      }
      subscriptions
          .due(gateway.values(ControlPoint.UP), now)
          .forEach(one -> subscriptions.told(one.subscription(), true));
      check(leases, subscriptions);
    }
  }

  private static IgdService service(int number) {
    return List.of(
            IgdService.LAYER3_FORWARDING,
            IgdService.WAN_COMMON_INTERFACE_CONFIG,
            IgdService.WAN_IP_CONNECTION)
        .get(number % 3);
  }

  private static int seconds(List<String> lines) {
    return lines.size() < 2 ? 0 : lines.get(1).length() * 100;
  }

  private static Map<String, String> arguments(List<String> lines) {
    var arguments = new HashMap<String, String>();
    for (String line : lines.subList(1, lines.size())) {
      String[] pair = line.split("=", 2);
      arguments.put(pair[0], pair.length == 1 ? "" : pair[1]);
    }
    return arguments;
  }

  private static void check(Leases leases, Subscriptions subscriptions) {
    assertThat(subscriptions.size()).isLessThanOrEqualTo(SUBSCRIPTIONS_MAX);
    for (Lease lease : leases.all()) {
      assertThat(PORTS.contains(lease.outerPort())).isTrue();
      assertThat(leases.portsLeft(lease.inside().address())).isNotNegative();
    }
  }

  @Test
  void answersWhateverIsAskedNearTheSeeds() {
    Mutations.feed(seeds(), 20_000, this::answersWhateverIsAsked);
  }
}
