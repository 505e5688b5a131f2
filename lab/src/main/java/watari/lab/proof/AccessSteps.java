package watari.lab.proof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.lab.line.Finished;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What is shown on the access network.
final class AccessSteps {

  private static final Ipv6Address RELAY = Ipv6Address.parse(Topology.RELAY_IPV6);

  /// Somebody on the access network, outside the rule.
  private static final Ipv6Address STRANGER = Ipv6Address.parse("2001:db8:fff0:1::2");

  private AccessSteps() {}

  /// Forged packets go out at the first home's gateway, behind the gateway process; last an honest
  /// one, made in the same way, that must arrive.
  static Outcome forgeriesDoNotPass(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var place = stage.line().place(subscriber.gateway());
    var forgeries = forgeries(subscriber);
    var before = Counters.parse(stage.line().relayCounters());
    for (var forgery : forgeries.values()) {
      forgery.send(place);
    }
    demandHonestArrives(stage, subscriber);
    for (var forgery : forgeries.entrySet()) {
      Disproved.unless(
          !stage.internet().hasHeard(forgery.getValue().text()),
          "a packet with " + forgery.getKey() + " passed the relay");
    }
    var grown = Counters.parse(stage.line().relayCounters()).since(before);
    return judge(forgeries, grown);
  }

  /// What is forged, and the packet.
  static Map<String, Forgery> forgeries(Subscriber subscriber) {
    var map = subscriber.mapAddress();
    var own = new Endpoint(subscriber.ipv4(), subscriber.ports().getLast());
    var foreignPort = new Endpoint(own.address(), own.port() + 1);
    var foreignAddress = new Endpoint(new Ipv4Address(own.address().bits() + 1), own.port());
    var outsider = new Endpoint(Ipv4Address.parse("198.51.100.7"), own.port());
    var forgeries = new LinkedHashMap<String, Forgery>();
    forgeries.put("inner source port " + foreignPort, from(map, foreignPort, "port"));
    forgeries.put("inner source address " + foreignAddress, from(map, foreignAddress, "address"));
    forgeries.put("inner source outside the rule " + outsider, from(map, outsider, "outside"));
    var identifier = new Ipv6Address(map.high(), map.low() ^ 0x100);
    forgeries.put("interface identifier of " + identifier, from(identifier, own, "identifier"));
    var subnet = new Ipv6Address(map.high() | 1, map.low());
    forgeries.put("subnet of " + subnet, from(subnet, own, "subnet"));
    forgeries.put("outer source outside the rule " + STRANGER, from(STRANGER, own, "stranger"));
    return forgeries;
  }

  private static Forgery from(Ipv6Address outer, Endpoint inner, String what) {
    return new Forgery(outer, RELAY, inner, Internet.echo(0), "forged " + what);
  }

  private static void demandHonestArrives(Stage stage, Subscriber subscriber) throws IOException {
    var own = new Endpoint(subscriber.ipv4(), subscriber.ports().getLast());
    var honest = from(subscriber.mapAddress(), own, "not at all");
    long end = System.nanoTime() + 5_000_000_000L;
    honest.send(stage.line().place(subscriber.gateway()));
    while (!stage.internet().hasHeard(honest.text())) {
      Disproved.unless(
          System.nanoTime() < end, "an honest packet made by hand did not arrive either");
      Thread.onSpinWait();
    }
  }

  private static Outcome judge(Map<String, Forgery> forgeries, Map<String, Long> grown)
      throws Disproved {
    var dropped = new LinkedHashMap<String, Long>();
    grown.forEach((name, count) -> {
      if (name.matches("(?i).*(drop|spoof|foreign).*")) {
        dropped.put(name, count);
      }
    });
    long counted = dropped.values().stream().mapToLong(Long::longValue).sum();
    Disproved.unless(
        counted >= forgeries.size(),
        forgeries.size() + " forged packets did not pass, but the relay counted " + grown);
    var evidence = new ArrayList<String>();
    forgeries.keySet().forEach(what -> evidence.add("dropped: " + what));
    evidence.add("passed: an honest packet made the same way");
    evidence.add("the relay counted " + dropped);
    return new Outcome.Shown(evidence);
  }

  /// Packets made by hand go to the first home's gateway, for a port that is open: one from
  /// somebody on the access network, which must not be heard, then the same one as if from the
  /// relay.
  static Outcome falseRelayIsNotHeard(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var access = stage.line().place(Topology.ACCESS);
    try (var home = stage.udp(subscriber)) {
      var echo = Internet.echo(0);
      var door = Endpoint.parse(home.ask("who am I?", echo).text()).demandOwnedBy(subscriber);
      var map = subscriber.mapAddress();
      var neighbour = stage.subscriber(subscriber.number() + 1).mapAddress();
      new Forgery(STRANGER, map, echo, door, "from a stranger").send(access);
      new Forgery(neighbour, map, echo, door, "from a neighbour").send(access);
      new Forgery(RELAY, map, echo, door, "from the relay").send(access);
      var heard = home.hear();
      Disproved.unless(
          heard != null && heard.text().equals("from the relay"),
          "home should have heard only the relay, but heard " + heard);
      return Outcome.shown(
          "dropped: outer source " + STRANGER + ", which is no relay",
          "dropped: outer source " + neighbour + ", a neighbour outside a mesh",
          "passed: the same packet from " + RELAY);
    }
  }

  /// No IPv4 address and no IPv4 frame, but IPv4 in IPv6 both ways for every home.
  static Outcome onlyIpv6(Stage stage) throws IOException {
    var access = stage.line().place(Topology.ACCESS);
    var addresses = Finished.run(access.command(List.of("ip", "-4", "-oneline", "address")));
    Disproved.unless(
        addresses.exit() == 0 && addresses.output().isBlank(),
        "the access network has IPv4: " + addresses.output().strip());
    Disproved.unless(
        stage.witness().ipv4Frames() == 0,
        stage.witness().ipv4Frames() + " IPv4 frames were seen on the access network");
    var evidence = new ArrayList<>(List.of("no IPv4 address, 0 IPv4 frames"));
    for (var subscriber : stage.topology().subscribers()) {
      evidence.add(tunnelled(stage, subscriber));
    }
    return new Outcome.Shown(evidence);
  }

  private static String tunnelled(Stage stage, Subscriber subscriber) throws Disproved {
    long up = stage.witness().tunnelled(subscriber.mapAddress(), RELAY);
    long down = stage.witness().tunnelled(RELAY, subscriber.mapAddress());
    Disproved.unless(
        up > 0 && down > 0,
        "no 4in6 packet of "
            + subscriber.mapAddress()
            + " was seen ("
            + up
            + " up, "
            + down
            + " down)");
    return "%s ⇄ %s: %d packets up, %d down".formatted(subscriber.mapAddress(), RELAY, up, down);
  }
}
