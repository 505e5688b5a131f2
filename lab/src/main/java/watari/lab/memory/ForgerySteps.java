package watari.lab.memory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.function.Supplier;
import watari.core.verdict.Drop;
import watari.core.verdict.Tally;
import watari.lab.line.Subscriber;
import watari.lab.memory.Message.Udp;
import watari.lab.proof.Disproved;
import watari.lab.proof.Endpoint;
import watari.lab.proof.Forged;
import watari.lab.proof.Forgery;
import watari.lab.proof.Internet;
import watari.lab.proof.Outcome;

/// What is shown on the access network.
final class ForgerySteps {

  private static final int FORGER_PORT = 39_999;

  private ForgerySteps() {}

  static Outcome forgeriesDoNotPass(MemoryStage stage) throws IOException {
    Supplier<Tally> tally = stage.relay()::upstreamTally;
    var evidence = new ArrayList<String>();
    stage.far().taken();
    for (var forged : Forged.of(stage.subscriber(1))) {
      demandDropped(stage, forged.packet(), tally, forged.counter());
      evidence.add("dropped as " + forged.counter() + ": " + forged.what());
    }
    var passed = stage.far().taken();
    Disproved.unless(passed.isEmpty(), "a forged packet passed the relay: " + passed);
    var honest = Forged.honest(stage.subscriber(1));
    stage.network().sendOnAccess(honest.bytes());
    var heard = MemoryStage.only(stage.far().taken(), Udp.class);
    Disproved.unless(heard.text().equals(honest.text()), "the far host heard " + heard);
    evidence.add("passed: an honest packet made the same way");
    return new Outcome.Shown(evidence);
  }

  private static void demandDropped(
      MemoryStage stage, Forgery forgery, Supplier<Tally> tally, Drop due) throws IOException {
    long before = tally.get().packets(due);
    stage.network().sendOnAccess(forgery.bytes());
    Disproved.unless(
        tally.get().packets(due) == before + 1,
        "'" + forgery.text() + "' was not counted as " + due);
  }

  static Outcome falseRelayIsNotHeard(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var map = one.mapAddress();
    var echo = Internet.echo(0);
    var neighbour = stage.subscriber(one.number() + 1).mapAddress();
    var here = new Endpoint(MemoryStage.address(one), FORGER_PORT);
    var answer = MemoryStage.only(stage.say(one, new Udp(here, echo, "who am I?")), Udp.class);
    var door = Endpoint.parse(answer.text()).demandOwnedBy(one);
    Supplier<Tally> tally = stage.gateway(one)::inboundTally;
    var due = Drop.OUTER_SOURCE_UNKNOWN;
    demandDropped(stage, new Forgery(Forged.STRANGER, map, echo, door, "stranger"), tally, due);
    demandDropped(stage, new Forgery(neighbour, map, echo, door, "neighbour"), tally, due);
    var relayed = new Forgery(MemoryStage.RELAY, map, echo, door, "from the relay");
    stage.network().sendOnAccess(relayed.bytes());
    var heard = MemoryStage.only(stage.home(one).taken(), Udp.class);
    Disproved.unless(heard.text().equals("from the relay"), "home heard " + heard);
    return Outcome.shown(
        "dropped as " + due + ": outer source " + Forged.STRANGER + ", which is no relay",
        "dropped as " + due + ": outer source " + neighbour + ", a neighbour",
        "passed: the same packet from " + MemoryStage.RELAY);
  }

  static Outcome onlyIpv6(MemoryStage stage) throws IOException {
    Disproved.unless(stage.network().lost().isEmpty(), "astray: " + stage.network().lost());
    var evidence = new ArrayList<String>();
    for (var one : stage.topology().subscribers()) {
      evidence.add(tunnelled(stage, one));
    }
    return new Outcome.Shown(evidence);
  }

  private static String tunnelled(MemoryStage stage, Subscriber one) throws Disproved {
    long up = stage.network().tunnelled(one.mapAddress(), MemoryStage.RELAY);
    long down = stage.network().tunnelled(MemoryStage.RELAY, one.mapAddress());
    Disproved.unless(up > 0 && down > 0, "no 4in6 packet of " + one.mapAddress() + " was seen");
    return "%s ⇄ %s: %d packets up, %d down"
        .formatted(one.mapAddress(), MemoryStage.RELAY, up, down);
  }
}
