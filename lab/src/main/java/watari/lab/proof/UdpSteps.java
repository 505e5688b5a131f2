package watari.lab.proof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What is shown with UDP.
final class UdpSteps {

  private static final int FLOWS = 300;

  /// Towards one server each socket needs a port of its own, and of the 240 a tenth is kept for
  /// hosts that ask for ports and for games; earlier steps hold some, later ones want some. So
  /// flows beyond this number come from sockets that speak to a second server.
  private static final int SOCKETS = 190;

  private static final int PORTS_EXPECTED = 190;
  private static final int TURNS = 10;
  private static final String RELAYED = "upstream.passed.sent";

  private UdpSteps() {}

  static Outcome bothWays(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    try (var socket = stage.udp(subscriber)) {
      var first = seen(socket, subscriber, 0);
      var second = seen(socket, subscriber, 1);
      Disproved.unless(
          first.equals(second),
          "one socket was seen as " + first + " by one server and as " + second + " by another");
      return Outcome.shown(
          socket.here() + " → " + first + " → " + Internet.echo(0) + " and back",
          "the same port towards " + Internet.echo(1));
    }
  }

  /// A stranger knocks first, then somebody the home has written to: only the second is heard.
  static Outcome strangerStaysOutside(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var place = stage.internet().place();
    try (var home = stage.udp(subscriber);
        var stranger = Udp.open(place, Topology.STRANGER_IPV4, 0);
        var friend = Udp.open(place, Topology.INTERNET_IPV4, 0)) {
      var door = seen(home, subscriber, 0);
      stranger.say("from a stranger", door);
      for (int turn = 0; turn < TURNS; turn++) {
        friend.say("from a friend", door);
        var heard = home.hear();
        if (heard != null) {
          Disproved.unless(heard.text().equals("from a friend"), "home heard " + heard);
          return Outcome.shown(
              friend.here() + " → " + door + " passes: the home has written to this address",
              stranger.here() + " → " + door + " does not");
        }
      }
      throw new IOException("home heard nobody on " + door);
    }
  }

  /// More flows than the household has ports, all at the same time.
  static Outcome manyFlows(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var sockets = new ArrayList<Udp>();
    try {
      for (int socket = 0; socket < SOCKETS; socket++) {
        sockets.add(stage.udp(subscriber));
      }
      return judge(subscriber, sockets);
    } finally {
      sockets.forEach(Udp::close);
    }
  }

  private static Outcome judge(Subscriber subscriber, List<Udp> sockets) throws IOException {
    var ports = new TreeSet<Integer>();
    for (int flow = 0; flow < FLOWS; flow++) {
      ports.add(seen(sockets.get(flow % SOCKETS), subscriber, flow / SOCKETS).port());
    }
    Disproved.unless(
        ports.size() >= PORTS_EXPECTED,
        FLOWS + " flows used only " + ports.size() + " ports of " + Subscriber.PORTS);
    return Outcome.shown(
        "%d flows answered, %d different ports of %d, %d to %d, none of them foreign"
            .formatted(FLOWS, ports.size(), Subscriber.PORTS, ports.first(), ports.last()));
  }

  /// Two households behind one IPv4 address. Each gateway hears only whom its home has written to,
  /// so both write until both have heard.
  static Outcome neighbours(Stage stage) throws IOException {
    if (stage.topology().count() < 2) {
      return new Outcome.Skipped("one subscriber has no neighbour; try --subscribers 2");
    }
    var one = stage.subscriber(1);
    var two = stage.subscriber(2);
    try (var first = stage.udp(one);
        var second = stage.udp(two)) {
      var firstDoor = seen(first, one, 0);
      var secondDoor = seen(second, two, 0);
      var before = Counters.parse(stage.line().relayCounters());
      demandHeard(first, second, firstDoor, secondDoor);
      var grown = Counters.parse(stage.line().relayCounters()).since(before);
      return Outcome.shown(
          one.homeAddress() + " → " + firstDoor + " → " + secondDoor + " → " + two.homeAddress(),
          stage.topology().mesh() ? direct(stage, one, two, grown) : turnedRound(grown));
    }
  }

  private static void demandHeard(Udp first, Udp second, Endpoint firstDoor, Endpoint secondDoor)
      throws IOException {
    boolean firstHeard = false;
    boolean secondHeard = false;
    for (int turn = 0; turn < TURNS && !(firstHeard && secondHeard); turn++) {
      first.say("from " + firstDoor, secondDoor);
      second.say("from " + secondDoor, firstDoor);
      firstHeard |= hears(first, secondDoor);
      secondHeard |= hears(second, firstDoor);
    }
    Disproved.unless(
        firstHeard && secondHeard,
        "of the two neighbours "
            + (firstHeard ? "only the first" : secondHeard ? "only the second" : "neither")
            + " heard the other");
  }

  private static boolean hears(Udp socket, Endpoint neighbour) throws IOException {
    var heard = socket.hear();
    return heard != null
        && heard.from().equals(neighbour)
        && heard.text().equals("from " + neighbour);
  }

  private static String turnedRound(Map<String, Long> grown) throws Disproved {
    Disproved.unless(
        grown.getOrDefault(RELAYED, 0L) >= 2,
        "the packets did not go by the relay; it counted " + grown);
    return "and back; turned round in the relay " + Topology.RELAY_IPV6;
  }

  private static String direct(Stage stage, Subscriber one, Subscriber two, Map<String, Long> grown)
      throws Disproved {
    Disproved.unless(!grown.containsKey(RELAYED), "the relay was in the way; it counted " + grown);
    var witness = stage.witness();
    Disproved.unless(
        witness.tunnelled(one.mapAddress(), two.mapAddress()) > 0
            && witness.tunnelled(two.mapAddress(), one.mapAddress()) > 0,
        "no packet from gateway to gateway was seen, but " + witness.tunnelled());
    return "and back; " + one.mapAddress() + " ⇄ " + two.mapAddress() + ", not by way of the relay";
  }

  private static Endpoint seen(Udp socket, Subscriber subscriber, int echo) throws IOException {
    var answer = socket.ask("who am I?", Internet.echo(echo));
    return Endpoint.parse(answer.text()).demandOwnedBy(subscriber);
  }
}
