package watari.lab.memory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import watari.core.nat.Forward;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.Books;
import watari.core.path.FragmentSettings;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Manners;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.path.TunnelSettings;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.wire.Protocol;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Disproved;

/// The line of a [Topology] in memory.
public final class MemoryStage implements AutoCloseable {

  static final Ipv6Address RELAY = Ipv6Address.parse(Topology.RELAY_IPV6);
  static final Ipv4Address FAR = Ipv4Address.parse(Topology.INTERNET_IPV4);
  static final Ipv4Address STRANGER = Ipv4Address.parse(Topology.STRANGER_IPV4);

  private static final int SESSIONS_MAX = 1024;
  private static final int FORWARDED_PORT = 8081;
  private static final int EA_LENGTH = 16;
  private static final int PSID_OFFSET = 4;

  /// Random ports are the same in each run, so that a failure can be seen again.
  private static final long SEED = 7597;

  private final Topology topology;
  private final MemoryNetwork network = new MemoryNetwork();
  private final MapDomain domain;
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Host> homes = new ArrayList<>();
  private final Host far = new Host(new FarHabits());
  private final Relay relay;

  private MemoryStage(Topology topology) {
    this.topology = topology;
    domain = domain(topology);
    relay = addRelay();
    topology.subscribers().forEach(this::addHome);
  }

  /// Builds the nodes; nothing has been sent yet.
  public static MemoryStage open(Topology topology) {
    return new MemoryStage(topology);
  }

  private static MapDomain domain(Topology topology) {
    var rule =
        new MapRule(
            Ipv6Prefix.parse(Topology.RULE_IPV6),
            Ipv4Prefix.parse(Topology.RULE_IPV4),
            EA_LENGTH,
            PSID_OFFSET,
            Psid.NONE,
            Layout.parse(topology.layout().word()));
    return new MapDomain("lab", RELAY, topology.mesh(), Confidence.GIVEN, List.of(rule));
  }

  private Relay addRelay() {
    var settings =
        new RelaySettings(
            new RuleTable(List.of(domain)),
            Topology.LINE_MTU,
            Ipv4Address.parse(Topology.RELAY_IPV4),
            Routing.OURS);
    var doors = MemoryNetwork.doors();
    var door = new Door(doors.left());
    var made = new Relay(settings, door, door, new Randomness(SEED, 0));
    var processing = network.add(RELAY, doors, Crossing.of(made));
    network.join(FAR, far, processing);
    network.join(STRANGER, far, processing);
    return made;
  }

  private void addHome(Subscriber one) {
    var doors = MemoryNetwork.doors();
    var gateway = gateway(one, new Door(doors.left()));
    gateways.add(gateway);
    var processing = network.add(one.mapAddress(), doors, Crossing.of(gateway));
    var home = Host.silent();
    homes.add(home);
    network.join(address(one), home, processing);
  }

  private Gateway gateway(Subscriber one, Door door) {
    var prefix = one.endUserPrefix();
    var identity = domain.basicRule(prefix).orElseThrow().identity(prefix);
    var settings =
        new GatewaySettings(
            identity,
            domain,
            new TunnelSettings(Topology.LINE_MTU),
            List.of(Ipv4Prefix.parse(one.lan())),
            Ipv4Address.parse(one.gatewayLan()),
            NatSettings.adaptive(identity.ports(), SESSIONS_MAX)
                .withForwards(List.of(forward(one))),
            Manners.DEFAULT,
            FragmentSettings.DEFAULT,
            Routing.OURS);
    return new Gateway(settings, door, door, new Books(), new Randomness(SEED, one.number()));
  }

  /// What leads to a host at home.
  static Forward forward(Subscriber one) {
    int outerPort = one.ports().getFirst();
    return new Forward(Protocol.UDP, outerPort, address(one), FORWARDED_PORT);
  }

  Topology topology() {
    return topology;
  }

  Subscriber subscriber(int number) {
    return topology.subscriber(number);
  }

  static Ipv4Address address(Subscriber one) {
    return Ipv4Address.parse(one.homeAddress());
  }

  MemoryNetwork network() {
    return network;
  }

  Relay relay() {
    return relay;
  }

  Gateway gateway(Subscriber one) {
    return gateways.get(one.number() - 1);
  }

  Host home(Subscriber one) {
    return homes.get(one.number() - 1);
  }

  Host far() {
    return far;
  }

  /// A home says something, and the far host and the home forget what they heard before.
  ///
  /// @return what the home has heard when the network is quiet again
  List<Message> say(Subscriber one, Message message) throws IOException {
    return say(one, message, Ipv4Writer.USUAL);
  }

  List<Message> say(Subscriber one, Message message, Ipv4Writer writer) throws IOException {
    far.taken();
    home(one).taken();
    network.send(address(one), writer.bytes(message));
    return home(one).taken();
  }

  /// The far host says something.
  void sayFromFar(Message message) throws IOException {
    network.send(message.source(), Ipv4Writer.USUAL.bytes(message));
  }

  /// The only one of `heard`, which must be of the kind that is due.
  static <T extends Message> T only(List<Message> heard, Class<T> due) throws Disproved {
    Disproved.unless(
        heard.size() == 1 && due.isInstance(heard.getFirst()),
        "one " + due.getSimpleName() + " was due, but " + heard + " came");
    return due.cast(heard.getFirst());
  }

  @Override
  public void close() {
    network.close();
  }
}
