package watari.lab.memory;

import java.io.IOException;
import watari.lab.line.Topology;
import watari.lab.memory.Message.Echo;
import watari.lab.memory.Message.Failure;
import watari.lab.proof.Disproved;
import watari.lab.proof.Outcome;

/// How far packets come, by their size and by their time to live.
final class SizeSteps {

  private static final int TUNNEL_MTU = Topology.LINE_MTU - 40;
  private static final int PING_HEADERS = 28;
  private static final int LARGE = 4000;

  private SizeSteps() {}

  private static Echo echo(MemoryStage stage, int octets) {
    var home = MemoryStage.address(stage.subscriber(1));
    return new Echo(home, MemoryStage.FAR, false, 8, 1, octets - PING_HEADERS);
  }

  static Outcome largest(MemoryStage stage) throws IOException {
    var uncut = new Ipv4Writer(64, true);
    var one = stage.subscriber(1);
    var reply = stage.say(one, echo(stage, TUNNEL_MTU), uncut);
    Disproved.unless(MemoryStage.only(reply, Echo.class).isReply(), "no reply, but " + reply);
    var refused = stage.say(one, echo(stage, TUNNEL_MTU + 1), uncut);
    var failure = MemoryStage.only(refused, Failure.class);
    Disproved.unless(
        failure.type() == Failure.UNREACHABLE
            && failure.code() == Failure.FRAGMENTATION_NEEDED
            && failure.mtu() == TUNNEL_MTU,
        "one octet more was answered by " + failure);
    return Outcome.shown(
        TUNNEL_MTU + " octets with DF pass",
        (TUNNEL_MTU + 1) + " octets with DF: fragmentation needed, MTU " + TUNNEL_MTU);
  }

  static Outcome pieces(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    long before = stage.network().tunnelled(one.mapAddress(), MemoryStage.RELAY);
    var reply = MemoryStage.only(stage.say(one, echo(stage, LARGE)), Echo.class);
    long up = stage.network().tunnelled(one.mapAddress(), MemoryStage.RELAY) - before;
    Disproved.unless(
        reply.isReply() && reply.octets() == LARGE - PING_HEADERS && up > 1,
        LARGE + " octets in " + up + " pieces were answered by " + reply);
    return Outcome.shown(LARGE + " octets there and back, in " + up + " pieces in the tunnel");
  }

  /// Gateway and relay are a hop each, as both route here.
  static Outcome traceroute(MemoryStage stage) throws IOException {
    var one = stage.subscriber(1);
    var first = expired(stage, 1);
    var second = expired(stage, 2);
    Disproved.unless(
        first.source().toString().equals(one.gatewayLan())
            && second.source().toString().equals(Topology.RELAY_IPV4),
        "the hops were " + first.source() + " and " + second.source());
    var reply = stage.say(one, echo(stage, 60), new Ipv4Writer(3, false));
    Disproved.unless(MemoryStage.only(reply, Echo.class).isReply(), "no reply, but " + reply);
    return Outcome.shown(
        one.homeAddress()
            + " → "
            + first.source()
            + " → "
            + second.source()
            + " → "
            + MemoryStage.FAR);
  }

  private static Failure expired(MemoryStage stage, int timeToLive) throws IOException {
    var writer = new Ipv4Writer(timeToLive, false);
    var heard = stage.say(stage.subscriber(1), echo(stage, 60), writer);
    var failure = MemoryStage.only(heard, Failure.class);
    Disproved.unless(failure.type() == Failure.TIME_EXCEEDED, "hop " + timeToLive + ": " + failure);
    return failure;
  }
}
