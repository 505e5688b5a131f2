package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.event.EventLog;
import watari.core.nat.Forward;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Seed;
import watari.core.portmap.igd.Answer;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.IgdVersion;
import watari.core.portmap.igd.InternetGateway;
import watari.core.portmap.igd.Question;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.Uplink;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Packet;
import watari.core.wire.PacketText;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// A PCP client, a NAT-PMP client, two UPnP control points, the operator and flows of the home want
/// the same six ports, in 100,000 orders. Who was promised a port is written down from the answers
/// alone: nobody else is promised it before it is given back or the operator takes it.
final class InterleavingTest {
  private static final int INTERLEAVINGS = 100_000;

  /// Three ranges of two, from 16900, 33284 and 49668; the upper ones lie beyond 0x8000.
  private static final PortSet PORTS = new PortSet(2, new Psid(0x0102, 13));

  private static final int INSIDE_PORTS = 3;
  private static final long NOW = 1_000_000;
  private static final Ipv4Address CARL = Ipv4Address.parse("192.168.1.12");
  private static final Ipv4Address DORA = Ipv4Address.parse("192.168.1.13");
  private static final List<RootDevice> DEVICES = RootDevice.both("02:00:5e:10:00:01");
  private static final Uplink UPLINK =
      new Uplink(Optional.of(Ipv4Address.parse(Home.OUTER)), 0, 0, new Uplink.Traffic(0, 0, 0, 0));

  /// What can happen, and how often each came about; each must, for the test to mean something.
  private enum Happened {
    GIVEN_BY_PCP,
    GIVEN_BY_NAT_PMP,
    GIVEN_BY_UPNP,
    REFUSED,
    CONFLICT,
    FORWARDED,
    MOVED,
    LOST,
    FLOW_PASSED,
    FLOW_REFUSED
  }

  private final SplittableRandom random = Seed.random();
  private final Map<Happened, Integer> counts = new EnumMap<>(Happened.class);
  private final Map<String, byte[]> packets = new HashMap<>();
  private final Packet packet = new Packet();
  private final long room = Slab.take(128);

  /// By protocol and outer port.
  private final Map<Integer, Inside> promised = new HashMap<>();

  /// Each has a remote port of its own.
  private int flows;

  private NatSettings settings = NatSettings.strict(PORTS, Timers.DEFAULT, 64);
  private Napt napt = napt();
  private Leases leases = new Leases(napt, LeaseLimits.DEFAULT);
  private PortControl datagrams = datagrams();
  private InternetGateway upnp = new InternetGateway(leases, DEVICES);

  private Napt napt() {
    SegmentAllocator heap = (bytes, _) -> MemorySegment.ofArray(new long[(int) bytes / 8]);
    int outer = Ipv4Address.parse(Home.OUTER).bits();
    return new Napt(
        outer, PORTS, settings, heap, new Randomness(random.nextLong(), 2), new EventLog());
  }

  private PortControl datagrams() {
    return new PortControl(leases, new PortControlSettings(true, true, Exchange.LAN), NOW);
  }

  private void begin() {
    promised.clear();
    flows = 0;
    settings = settings.withForwards(List.of());
    napt = napt();
    leases = new Leases(napt, LeaseLimits.DEFAULT);
    datagrams = datagrams();
    upnp = new InternetGateway(leases, DEVICES);
  }

  private void count(Happened what) {
    counts.merge(what, 1, Integer::sum);
  }

  /// IGD-26, PCP-25, PCP-26
  @Test
  void nobodyIsPromisedWhatSomebodyHas() {
    for (int i = 0; i < INTERLEAVINGS; i++) {
      begin();
      for (Runnable step : interleaved()) {
        step.run();
        demandOneOwnerEach();
      }
      promised.forEach(this::demandThatStrangersReach);
    }
    assertThat(counts).containsOnlyKeys(Happened.values());
  }

  /// Each asker does its things in their order, and all of them in some order.
  private List<Runnable> interleaved() {
    var scripts =
        new ArrayList<>(
            List.of(
                script(3, this::askByPcp),
                script(2, this::askByNatPmp),
                script(3, () -> askByUpnp(Home.ANNA)),
                script(3, () -> askByUpnp(Home.BERT)),
                script(2, this::configure),
                script(3, this::send)));
    var steps = new ArrayList<Runnable>();
    while (!scripts.isEmpty()) {
      int next = random.nextInt(scripts.size());
      steps.add(scripts.get(next).removeFirst());
      scripts.removeIf(List::isEmpty);
    }
    return steps;
  }

  private static List<Runnable> script(int steps, Runnable step) {
    return new ArrayList<>(Collections.nCopies(steps, step));
  }

  private int protocol() {
    return random.nextBoolean() ? Protocol.TCP : Protocol.UDP;
  }

  private int outerPort() {
    return random.nextInt(8) == 0 ? 80 : PORTS.port(random.nextInt(PORTS.size()));
  }

  private Inside inside(Ipv4Address host) {
    return new Inside(protocol(), host.bits(), 5000 + random.nextInt(INSIDE_PORTS));
  }

  private static int key(int protocol, int port) {
    return protocol << 16 | port;
  }

  private void promise(int protocol, int port, Inside to, Happened how) {
    assertThat(PORTS.contains(port)).as("port %d", port).isTrue();
    Inside before = promised.put(key(protocol, port), to);
    assertThat(before).as("who had port %d before", port).isIn(null, to);
    count(how);
  }

  /// What was given back is no promise any more; and nobody else's may go with it.
  private void giveBack(Inside asked) {
    promised.values().removeIf(inside -> inside.equals(asked) && leases.ofInside(inside).isEmpty());
  }

  private void askByPcp() {
    Inside inside = inside(Home.ANNA);
    boolean deletes = random.nextInt(3) == 0;
    String request =
        PcpText.header(1, deletes ? 0 : 3600, Home.ANNA)
            + PcpText.mapBody(PcpText.NONCE, inside.protocol(), inside.port(), outerPort())
            + (!deletes && random.nextBoolean() ? PcpText.PREFER_FAILURE : "");
    var reply = ByteBuffer.wrap(answer(request, Home.ANNA));
    if (deletes) {
      giveBack(inside);
    } else if (reply.get(3) == 0) {
      promise(inside.protocol(), reply.getShort(42) & 0xffff, inside, Happened.GIVEN_BY_PCP);
    } else {
      count(Happened.REFUSED);
    }
  }

  private void askByNatPmp() {
    Inside inside = inside(CARL);
    boolean deletes = random.nextInt(3) == 0;
    String request =
        "00"
            + (inside.protocol() == Protocol.TCP ? "02" : "01")
            + "0000"
            + PcpText.port(inside.port())
            + PcpText.port(deletes ? 0 : outerPort())
            + PcpText.word(deletes ? 0 : 3600);
    var reply = ByteBuffer.wrap(answer(request, CARL));
    if (deletes) {
      giveBack(inside);
    } else if (reply.getShort(2) == 0) {
      promise(inside.protocol(), reply.getShort(10) & 0xffff, inside, Happened.GIVEN_BY_NAT_PMP);
    } else {
      count(Happened.REFUSED);
    }
  }

  private byte[] answer(String request, Ipv4Address host) {
    List<byte[]> replies = datagrams.receive(PcpText.bytes(request), host.bits(), NOW);
    assertThat(replies).hasSize(1);
    return replies.getFirst();
  }

  private void askByUpnp(Ipv4Address host) {
    Inside inside = inside(host);
    int port = outerPort();
    String action =
        List.of("AddPortMapping", "AddAnyPortMapping", "DeletePortMapping").get(random.nextInt(3));
    switch (upnp.answer(question(action, inside, port), UPLINK, NOW)) {
      case Answer.Failed _ -> count(Happened.CONFLICT);
      case Answer.Listing listing -> throw new AssertionError("nobody asked for " + listing);
      case Answer.Done done -> done(action, inside, port, done.values());
    }
  }

  private void done(String action, Inside inside, int port, Map<String, String> values) {
    if (action.equals("DeletePortMapping")) {
      promised.values().removeIf(to -> isOfHost(to, inside) && leases.ofInside(to).isEmpty());
      return;
    }
    int given = Integer.parseInt(values.getOrDefault("NewReservedPort", Integer.toString(port)));
    promise(inside.protocol(), given, inside, Happened.GIVEN_BY_UPNP);
  }

  private static boolean isOfHost(Inside one, Inside other) {
    return one.address() == other.address();
  }

  private static Question question(String action, Inside inside, int port) {
    String host = new Ipv4Address(inside.address()).toString();
    var arguments =
        new HashMap<>(
            Map.of(
                "NewRemoteHost",
                "",
                "NewExternalPort",
                Integer.toString(port),
                "NewProtocol",
                inside.protocol() == Protocol.TCP ? "TCP" : "UDP"));
    if (action.startsWith("Add")) {
      arguments.putAll(
          Map.of(
              "NewInternalPort", Integer.toString(inside.port()),
              "NewInternalClient", host,
              "NewEnabled", "1",
              "NewPortMappingDescription", "game",
              "NewLeaseDuration", "3600"));
    }
    var type = IgdService.WAN_IP_CONNECTION.type(IgdVersion.V2);
    return new Question(DEVICES.get(1), type, action, arguments, Ipv4Address.parse(host));
  }

  /// The operator's file: no forward, or one of any port to Dora. Leases follow as they do in the
  /// product.
  private void configure() {
    int port = PORTS.port(random.nextInt(PORTS.size()));
    boolean forwards = random.nextInt(4) != 0;
    settings =
        settings.withForwards(
            forwards ? List.of(new Forward(protocol(), port, DORA, 443)) : List.of());
    napt.become(settings, NOW);
    for (Move move : leases.moveTo(napt, NOW)) {
      follow(move);
    }
    if (forwards) {
      count(Happened.FORWARDED);
    }
  }

  private void follow(Move move) {
    Lease before = move.before();
    int after = move.after().map(Lease::outerPort).orElse(0);
    if (after != before.outerPort()) {
      promised.remove(key(before.protocol(), before.outerPort()), before.inside());
      count(after == 0 ? Happened.LOST : Happened.MOVED);
    }
    if (after != 0) {
      promised.put(key(before.protocol(), after), before.inside());
    }
  }

  /// A new flow of Dora's, or of an endpoint that may have been promised a port.
  private void send() {
    Ipv4Address host = random.nextBoolean() ? DORA : Home.ANNA;
    Inside from = inside(host);
    pull(host + "." + from.port(), "1.2.3.4." + ++flows, from.protocol());
    if (!napt.outbound(packet, NOW)) {
      count(Happened.FLOW_REFUSED);
      return;
    }
    count(Happened.FLOW_PASSED);
    int key = key(from.protocol(), packet.sourcePort());
    assertThat(promised.getOrDefault(key, from)).as("whose port a flow has").isEqualTo(from);
    assertThat(isForwarded(key)).as("a flow has the port of a forward").isFalse();
  }

  private boolean isForwarded(int key) {
    return settings.forwards().stream()
        .anyMatch(forward -> key(forward.protocol(), forward.outerPort()) == key);
  }

  private void pull(String from, String to, int protocol) {
    byte[] bytes =
        packets.computeIfAbsent(
            from + to + protocol,
            _ ->
                PacketText.bytes(
                    "IP "
                        + from
                        + " > "
                        + to
                        + (protocol == Protocol.TCP
                            ? ": TCP [S], seq 1, data 0"
                            : ": UDP, data 4")));
    Slab.write(room, bytes, 0, bytes.length);
    assertThat(packet.pull(room, bytes.length)).isTrue();
  }

  /// Forwards go before leases, leases before flows.
  private void demandOneOwnerEach() {
    for (Forward forward : settings.forwards()) {
      assertThat(promised).doesNotContainKey(key(forward.protocol(), forward.outerPort()));
      demandHolder(forward.protocol(), forward.outerPort(), DORA.bits(), 443, Claim.FORWARD);
    }
    assertThat(leases.all()).hasSize(promised.size());
    promised.forEach((key, inside) ->
        demandHolder(
            inside.protocol(), key & 0xffff, inside.address(), inside.port(), Claim.EXPLICIT));
  }

  private void demandHolder(int protocol, int port, int address, int insidePort, Claim claim) {
    Holding holding = napt.ofPort(protocol, port, NOW).orElseThrow();
    assertThat(holding.insideAddress()).as("host of port %d", port).isEqualTo(address);
    assertThat(holding.insidePort()).isEqualTo(insidePort);
    assertThat(holding.claim()).isEqualTo(claim);
  }

  private void demandThatStrangersReach(int key, Inside inside) {
    pull("9.9.9.9.9", Home.OUTER + "." + (key & 0xffff), inside.protocol());
    assertThat(napt.inbound(packet, NOW)).isTrue();
    assertThat(packet.target()).isEqualTo(inside.address());
    assertThat(packet.targetPort()).isEqualTo(inside.port());
  }
}
