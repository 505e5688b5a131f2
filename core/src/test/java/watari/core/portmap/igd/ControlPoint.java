package watari.core.portmap.igd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Leases;
import watari.core.portmap.igd.Uplink.Traffic;

/// A control point of one host that speaks one version, with a gateway to speak to.
final class ControlPoint {
  static final Ipv4Address OUTER = Ipv4Address.parse("203.0.113.7");
  static final Traffic TRAFFIC = new Traffic(1L << 32, (1L << 32) + 5, 7, 0xffff_ffffL);
  static final Uplink UP = new Uplink(Optional.of(OUTER), 1000, 10_000_000_000L, TRAFFIC);
  static final Uplink DOWN = new Uplink(Optional.empty(), 0, 0, TRAFFIC);
  static final List<RootDevice> DEVICES = RootDevice.both("02:00:5e:10:00:01");

  private final InternetGateway gateway;
  private final IgdVersion version;
  private final String host;
  private Uplink uplink = UP;
  private long now = 5000;

  ControlPoint(InternetGateway gateway, IgdVersion version, String host) {
    this.gateway = gateway;
    this.version = version;
    this.host = host;
  }

  static InternetGateway gateway(Leases leases) {
    return new InternetGateway(leases, DEVICES);
  }

  void lineIs(Uplink state) {
    uplink = state;
  }

  void timeIs(long millis) {
    now = millis;
  }

  /// Asks with `name, value, …` as arguments.
  Answer ask(IgdService service, String action, String... arguments) {
    var named = new HashMap<String, String>();
    for (int i = 0; i < arguments.length; i += 2) {
      named.put(arguments[i], arguments[i + 1]);
    }
    var device = DEVICES.get(version.number() - 1);
    var question =
        new Question(device, service.type(version), action, named, Ipv4Address.parse(host));
    return gateway.answer(question, uplink, now);
  }

  Answer connection(String action, String... arguments) {
    return ask(IgdService.WAN_IP_CONNECTION, action, arguments);
  }

  /// Asks for a mapping as most programs do; `changes` are more arguments, or others.
  Answer add(String action, int externalPort, int internalPort, String... changes) {
    var arguments =
        new HashMap<>(
            Map.of(
                "NewRemoteHost", "",
                "NewExternalPort", Integer.toString(externalPort),
                "NewProtocol", "TCP",
                "NewInternalPort", Integer.toString(internalPort),
                "NewInternalClient", host,
                "NewEnabled", "1",
                "NewPortMappingDescription", "game",
                "NewLeaseDuration", "3600"));
    for (int i = 0; i < changes.length; i += 2) {
      arguments.put(changes[i], changes[i + 1]);
    }
    var flat =
        arguments.entrySet().stream()
            .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
            .toArray(String[]::new);
    return connection(action, flat);
  }

  Answer add(int externalPort, int internalPort, String... changes) {
    return add("AddPortMapping", externalPort, internalPort, changes);
  }

  /// The port that AddAnyPortMapping gave.
  int addAny(int externalPort, int internalPort, String... changes) {
    var answer = add("AddAnyPortMapping", externalPort, internalPort, changes);
    return Integer.parseInt(said(answer, "NewReservedPort"));
  }

  Answer delete(int externalPort, String protocol) {
    return connection("DeletePortMapping", key(externalPort, protocol));
  }

  Answer specific(int externalPort, String protocol) {
    return connection("GetSpecificPortMappingEntry", key(externalPort, protocol));
  }

  static String[] key(int externalPort, String protocol) {
    return new String[] {
      "NewRemoteHost", "", "NewExternalPort", "" + externalPort, "NewProtocol", protocol
    };
  }

  Answer generic(int index) {
    return connection("GetGenericPortMappingEntry", "NewPortMappingIndex", "" + index);
  }

  static Map<String, String> done(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done) answer).values();
  }

  /// One value of an answer; empty where it does not say that.
  static String said(Answer answer, String name) {
    return done(answer).getOrDefault(name, "");
  }

  static int error(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Failed.class);
    return ((Answer.Failed) answer).error().code();
  }
}
