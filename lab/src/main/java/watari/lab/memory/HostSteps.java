package watari.lab.memory;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.memory.Message.Echo;
import watari.lab.memory.Message.Tcp;
import watari.lab.memory.Message.Udp;
import watari.lab.proof.Disproved;
import watari.lab.proof.Endpoint;
import watari.lab.proof.Internet;
import watari.lab.proof.Outcome;

/// What hosts say to each other.
final class HostSteps {

  private static final int FLOWS = 300;

  /// Towards one server each socket needs a port of its own, and of the 240 a tenth is kept for
  /// hosts that ask for ports and for games; earlier steps hold some.
  private static final int SOCKETS = 190;

  private static final int PORTS_EXPECTED = 190;
  private static final int FIRST_PORT = 40_000;
  private static final int PING_OCTETS = 56;

  /// The line's MTU less the outer header and those of IPv4 and TCP.
  private static final int CLAMPED = Topology.LINE_MTU - 40 - 40;

  private HostSteps() {}

  /// A handshake of three, a question, an answer that ends the connection.
  static Outcome tcp(MemoryStage stage, Subscriber one) throws IOException {
    var here = new Endpoint(MemoryStage.address(one), FIRST_PORT);
    var there = Internet.http();
    var syn = new Tcp(here, there, Tcp.SYN, 100, 0, FarHabits.SEGMENT_SIZE_MAX, "");
    var opened = MemoryStage.only(stage.say(one, syn), Tcp.class);
    int offered = MemoryStage.only(stage.far().taken(), Tcp.class).segmentSizeMax();
    Disproved.unless(
        offered == CLAMPED && opened.segmentSizeMax() == CLAMPED,
        "the MSS was " + offered + " and " + opened.segmentSizeMax() + " and not " + CLAMPED);
    Disproved.unless(
        opened.has(Tcp.SYN) && opened.has(Tcp.ACK) && opened.acknowledgement() == 101,
        "the SYN was answered by " + opened);
    int next = opened.sequence() + 1;
    var asked = new Tcp(here, there, Tcp.ACK, 101, next, 0, "who am I?");
    var answer = MemoryStage.only(stage.say(one, asked), Tcp.class);
    var seen = Endpoint.parse(answer.text()).demandOwnedBy(one);
    return Outcome.shown(
        here + " → " + seen + " → " + there, "MSS " + CLAMPED + " at both ends, not 1460");
  }

  /// MAPE-47: the identifier is of the port set as well.
  static Outcome ping(MemoryStage stage, Subscriber one) throws IOException {
    var echo = new Echo(MemoryStage.address(one), MemoryStage.FAR, false, 7, 1, PING_OCTETS);
    var reply = MemoryStage.only(stage.say(one, echo), Echo.class);
    Disproved.unless(
        reply.isReply() && reply.identifier() == echo.identifier() && reply.octets() == PING_OCTETS,
        "the ping was answered by " + reply);
    var seen = MemoryStage.only(stage.far().taken(), Echo.class);
    var outside = new Endpoint(seen.source(), seen.identifier()).demandOwnedBy(one);
    return Outcome.shown(
        "%s id %d → %s id %d → %s and back"
            .formatted(
                echo.source(),
                echo.identifier(),
                outside.address(),
                outside.port(),
                echo.target()));
  }

  static Outcome udp(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var here = socket(one, FIRST_PORT + 1);
    var first = seen(stage, one, here, 0);
    var second = seen(stage, one, here, 1);
    Disproved.unless(
        first.equals(second),
        "one socket was seen as " + first + " by one server and as " + second + " by another");
    return Outcome.shown(
        here + " → " + first + " → " + Internet.echo(0) + " and back",
        "the same port towards " + Internet.echo(1));
  }

  private static Endpoint socket(Subscriber one, int port) {
    return new Endpoint(MemoryStage.address(one), port);
  }

  /// How a server sees a socket.
  private static Endpoint seen(MemoryStage stage, Subscriber one, Endpoint here, int server)
      throws IOException {
    var heard = stage.say(one, new Udp(here, Internet.echo(server), "who am I?"));
    var answer = MemoryStage.only(heard, Udp.class);
    Disproved.unless(answer.to().equals(here), "the answer came to " + answer.to());
    return Endpoint.parse(answer.text()).demandOwnedBy(one);
  }

  static Outcome strangerStaysOutside(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var door = seen(stage, one, socket(one, FIRST_PORT + 2), 0);
    var stranger = new Endpoint(MemoryStage.STRANGER, 5000);
    var friend = new Endpoint(MemoryStage.FAR, 5000);
    long before = stage.gateway(one).inboundTally().packets(Drop.FILTERED);
    stage.sayFromFar(new Udp(stranger, door, "from a stranger"));
    stage.sayFromFar(new Udp(friend, door, "from a friend"));
    var heard = MemoryStage.only(stage.home(one).taken(), Udp.class);
    long filtered = stage.gateway(one).inboundTally().packets(Drop.FILTERED) - before;
    Disproved.unless(
        heard.from().equals(friend) && filtered == 1,
        "home heard " + heard + ", and " + filtered + " packets were dropped as FILTERED");
    return Outcome.shown(
        friend + " → " + door + " passes: the home has written to this address",
        stranger + " → " + door + " is dropped as FILTERED");
  }

  /// Somebody to whom nobody at home has ever written.
  static Outcome strangerReachesForward(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var door = new Endpoint(one.ipv4(), MemoryStage.forward(one).outerPort());
    var stranger = new Endpoint(MemoryStage.STRANGER, 5001);
    stage.home(one).taken();
    stage.sayFromFar(new Udp(stranger, door, "to the forward"));
    var heard = MemoryStage.only(stage.home(one).taken(), Udp.class);
    Disproved.unless(
        heard.from().equals(stranger) && heard.to().equals(forwarded(one)), "home heard " + heard);
    return Outcome.shown(stranger + " → " + door + " → " + heard.to());
  }

  /// A host at home uses the outer address and is seen by its own (RFC 4787 REQ-9).
  static Outcome homeReachesForward(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var door = new Endpoint(one.ipv4(), MemoryStage.forward(one).outerPort());
    var here = socket(one, FIRST_PORT + 4);
    var heard = MemoryStage.only(stage.say(one, new Udp(here, door, "from home")), Udp.class);
    var seen = heard.from().demandOwnedBy(one);
    Disproved.unless(heard.to().equals(forwarded(one)), "home heard " + heard);
    return Outcome.shown(here + " → " + seen + " → " + door + " → " + heard.to());
  }

  private static Endpoint forwarded(Subscriber one) {
    return socket(one, MemoryStage.forward(one).insidePort());
  }

  /// Each gateway hears only whom its home has written to, so the first word of the first is lost.
  static Outcome neighbours(MemoryStage stage) throws IOException {
    if (stage.topology().count() < 2) {
      return new Outcome.Skipped("one subscriber has no neighbour; try --subscribers 2");
    }
    var one = stage.subscriber(1);
    var two = stage.subscriber(2);
    var first = socket(one, FIRST_PORT + 3);
    var second = socket(two, FIRST_PORT + 3);
    var firstDoor = seen(stage, one, first, 0);
    var secondDoor = seen(stage, two, second, 0);
    long before = stage.relay().upstreamTally().packets(Pass.SENT);
    stage.say(one, new Udp(first, secondDoor, "too early"));
    stage.say(two, new Udp(second, firstDoor, "from two"));
    var atFirst = stage.home(one).taken();
    stage.say(one, new Udp(first, secondDoor, "from one"));
    demandHeard(atFirst, secondDoor, "from two");
    demandHeard(stage.home(two).taken(), firstDoor, "from one");
    long relayed = stage.relay().upstreamTally().packets(Pass.SENT) - before;
    Disproved.unless(
        relayed == (stage.topology().mesh() ? 0 : 3), "the relay turned round " + relayed);
    return Outcome.shown(
        first + " → " + firstDoor + " → " + secondDoor + " → " + second,
        "and back; turned round in the relay: " + relayed + " packets");
  }

  private static void demandHeard(List<Message> heard, Endpoint from, String text)
      throws Disproved {
    var only = MemoryStage.only(heard, Udp.class);
    Disproved.unless(
        only.from().equals(from) && only.text().equals(text), "a neighbour heard " + only);
  }

  static Outcome manyFlows(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var ports = new TreeSet<Integer>();
    for (int flow = 0; flow < FLOWS; flow++) {
      var here = socket(one, FIRST_PORT + 100 + flow % SOCKETS);
      ports.add(seen(stage, one, here, flow / SOCKETS).port());
    }
    int sessions = stage.gateway(one).napt().sessions();
    Disproved.unless(
        ports.size() >= PORTS_EXPECTED && sessions >= FLOWS,
        FLOWS + " flows used " + ports.size() + " ports and are " + sessions + " sessions");
    return Outcome.shown(
        "%d flows answered, %d different ports of %d, %d to %d, none of them foreign"
            .formatted(FLOWS, ports.size(), Subscriber.PORTS, ports.first(), ports.last()));
  }
}
