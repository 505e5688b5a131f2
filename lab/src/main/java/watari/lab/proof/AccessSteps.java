package watari.lab.proof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import watari.core.net.Ipv6Address;
import watari.core.verdict.Drop;
import watari.lab.line.Finished;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What is shown on the access network.
final class AccessSteps {

  private static final Ipv6Address RELAY = Ipv6Address.parse(Topology.RELAY_IPV6);

  private static final Ipv6Address STRANGER = Forged.STRANGER;

  private AccessSteps() {}

  /// Forged packets go out at the first home's gateway, behind the gateway process; last an honest
  /// one, made in the same way, that must arrive.
  static Outcome forgeriesDoNotPass(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var place = stage.line().place(subscriber.gateway());
    var forgeries = Forged.of(subscriber);
    var before = Counters.parse(stage.line().relayCounters());
    for (var forged : forgeries) {
      forged.packet().send(place);
    }
    demandHonestArrives(stage, subscriber);
    for (var forged : forgeries) {
      Disproved.unless(
          !stage.internet().hasHeard(forged.packet().text()),
          "a packet with " + forged.what() + " passed the relay");
    }
    demandCounted("relay", due(forgeries), before, Counters.parse(stage.line().relayCounters()));
    return shown(forgeries);
  }

  private static void demandHonestArrives(Stage stage, Subscriber subscriber) throws IOException {
    var honest = Forged.honest(subscriber);
    long end = System.nanoTime() + 5_000_000_000L;
    honest.send(stage.line().place(subscriber.gateway()));
    while (!stage.internet().hasHeard(honest.text())) {
      Disproved.unless(
          System.nanoTime() < end, "an honest packet made by hand did not arrive either");
      Thread.onSpinWait();
    }
  }

  /// How often each counter must have moved.
  private static Map<String, Long> due(List<Forged> forgeries) {
    return forgeries.stream()
        .collect(
            Collectors.groupingBy(
                f -> path("upstream", f.counter()), TreeMap::new, Collectors.counting()));
  }

  /// Each of the counters, by its whole name, must have moved as often as it is due.
  private static void demandCounted(
      String who, Map<String, Long> due, Counters before, Counters after) throws Disproved {
    var grown = after.since(before);
    for (var counter : due.entrySet()) {
      Disproved.unless(
          counter.getValue().equals(grown.get(counter.getKey())),
          "the " + who + " should have counted " + due + ", but counted " + grown);
    }
  }

  /// Where a drop is in the JSON of `watari counters`.
  private static String path(String way, Drop drop) {
    return way + ".drops." + camelCase(drop.name());
  }

  private static String camelCase(String constant) {
    var words = constant.toLowerCase(Locale.ROOT).split("_", -1);
    var name = new StringBuilder(words[0]);
    for (int index = 1; index < words.length; index++) {
      name.append(Character.toUpperCase(words[index].charAt(0))).append(words[index].substring(1));
    }
    return name.toString();
  }

  private static Outcome shown(List<Forged> forgeries) {
    var evidence = new ArrayList<String>();
    forgeries.forEach(forged -> evidence.add("dropped: " + forged.what()));
    evidence.add("passed: an honest packet made the same way");
    evidence.add("the relay counted " + due(forgeries));
    return new Outcome.Shown(evidence);
  }

  /// Packets made by hand go to the first home's gateway, for a port that is open: one from
  /// somebody on the access network, which must not be heard, then the same one as if from the
  /// relay.
  static Outcome falseRelayIsNotHeard(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var access = stage.line().place(Topology.ACCESS);
    var before = Counters.parse(stage.line().gatewayCounters(subscriber));
    try (var home = stage.udp(subscriber)) {
      var echo = Internet.echo(0);
      var door = Endpoint.parse(home.ask("who am I?", echo).text()).demandOwnedBy(subscriber);
      var map = subscriber.mapAddress();
      var neighbour = stage.subscriber(subscriber.number() + 1).mapAddress();
      new Forgery(STRANGER, map, echo, door, "from a stranger").send(access);
      new Forgery(neighbour, map, echo, door, "from a neighbour").send(access);
      var elsewhere = Ipv6Address.parse(subscriber.gatewaySide());
      new Forgery(RELAY, elsewhere, echo, door, "to another address").send(access);
      new Forgery(RELAY, map, echo, door, "from the relay").send(access);
      var heard = home.hear();
      Disproved.unless(
          heard != null && heard.text().equals("from the relay"),
          "home should have heard only the relay, but heard " + heard);
      var after = Counters.parse(stage.line().gatewayCounters(subscriber));
      demandCounted(
          "gateway", Map.of(path("inbound", Drop.OUTER_SOURCE_UNKNOWN), 2L), before, after);
      return Outcome.shown(
          "dropped: outer source " + STRANGER + ", which is no relay",
          "dropped: outer source " + neighbour + ", a neighbour outside a mesh",
          "not opened: from the relay to " + elsewhere + ", which is no MAP address",
          "passed: the same packet from " + RELAY,
          "the gateway counted both as " + path("inbound", Drop.OUTER_SOURCE_UNKNOWN));
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
