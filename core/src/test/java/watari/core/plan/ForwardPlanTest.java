package watari.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.event.Event;
import watari.core.nat.Forward;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

final class ForwardPlanTest {
  /// 4928-4943 9024-9039 ... 62272-62287
  private static final PortSet OLD = new PortSet(4, new Psid(0x34, 8));

  /// 6160-6175 10256-10271 ... 63504-63519
  private static final PortSet NEW = new PortSet(4, new Psid(0x81, 8));

  private static final Ipv4Address HOST = Ipv4Address.parse("192.168.1.20");
  private static final Ipv4Address OTHER = Ipv4Address.parse("192.168.1.30");

  private static ForwardWish tcp(String name, int first, int last) {
    return new ForwardWish(name, Transport.TCP, new Ports.Range(first, last), HOST, 0);
  }

  private static ForwardWish tcp(String name, int port) {
    return tcp(name, port, port);
  }

  private static ForwardPlan plan(PortSet set, ForwardWish... wishes) {
    return ForwardPlan.of(Arrays.asList(wishes), set, List.of());
  }

  private static List<String> outer(ForwardPlan plan) {
    return plan.forwards().stream().map(one -> one.name() + " " + one.outerPorts()).toList();
  }

  private static List<String> refusals(ForwardPlan plan) {
    return plan.refusals().stream().map(one -> one.wish() + " " + one.sentence()).toList();
  }

  /// MAPE-58
  @Test
  void placesWhatIsWrittenInTheSet() {
    ForwardPlan plan =
        plan(
            OLD,
            tcp("web", 4930),
            tcp("game", 9024, 9039),
            new ForwardWish("voice", Transport.UDP, new Ports.Range(4930, 4931), OTHER, 3478),
            new ForwardWish("torrent", Transport.BOTH, new Ports.Block(15), OTHER, 0));
    assertThat(plan.forwards())
        .containsExactly(
            new PlacedForward("web", Transport.TCP, 4930, 1, HOST, 4930),
            new PlacedForward("game", Transport.TCP, 9024, 16, HOST, 9024),
            new PlacedForward("voice", Transport.UDP, 4930, 2, OTHER, 3478),
            new PlacedForward("torrent", Transport.BOTH, 62272, 16, OTHER, 62272));
    assertThat(plan.events()).isEmpty();
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.memory())
        .extracting(RememberedForward::index, RememberedForward::port)
        .containsExactly(tuple(2, 4930), tuple(16, 9024), tuple(2, 4930), tuple(224, 62272));
  }

  /// MAPE-58, APP-06, SHR-04
  @Test
  void refusesAPortThatIsNotInTheSetWithPortsThatAre() {
    ForwardPlan plan = plan(OLD, tcp("web", 443), tcp("ssh", 5000), tcp("taken", 4928));
    assertThat(refusals(plan))
        .containsExactly(
            "0 port 443 is nobody's on a shared address; the nearest free ports of yours are 4929,"
                + " 4930 and 4931, the easiest to remember are 13131, 33600 and 37700",
            "1 port 5000 belongs to another home that shares your address; the nearest free ports"
                + " of yours are 4943, 4942 and 4941, the easiest to remember are 13131, 33600 and"
                + " 37700");
    assertThat(outer(plan)).containsExactly("taken 4928");
  }

  @Test
  void refusesARangeThatLeavesTheSetAtItsFirstPortOutside() {
    assertThat(refusals(plan(OLD, tcp("game", 4940, 4950))))
        .singleElement()
        .asString()
        .startsWith("0 port 4944 belongs to another home");
    assertThat(refusals(plan(OLD, tcp("game", 4940, 9024)))).hasSize(1);
  }

  /// VPN-11
  @ParameterizedTest
  @CsvSource({"500,UDP", "4500,UDP", "500,BOTH", "4500,BOTH"})
  void saysWhyAServerForIkeCannotBeReached(int port, Transport transport) {
    var ports = new Ports.Range(port, port);
    assertThat(refusals(plan(OLD, new ForwardWish("ike", transport, ports, HOST, 0))))
        .singleElement()
        .asString()
        .contains("an IKE server cannot be reached", "WireGuard", "IPv6", "ADDRESS:PORT", "4928");
    assertThat(refusals(plan(OLD, tcp("ike", port))).getFirst()).doesNotContain("IKE");
    assertThat(plan(PortSet.ALL, new ForwardWish("ike", transport, ports, HOST, 0)).refusals())
        .isEmpty();
  }

  @Test
  void explainsTwoForwardsOnOneOuterPort() {
    ForwardPlan plan = plan(OLD, tcp("web", 4930, 4933), tcp("ssh", 4933));
    assertThat(refusals(plan))
        .containsExactly(
            "1 port 4933 has the forward 'web' already; the nearest free ports of yours are 4934,"
                + " 4935 and 4936, the easiest to remember are 13131, 33600 and 37700");
    assertThat(outer(plan)).containsExactly("web 4930-4933");
    var udp = new ForwardWish("dns", Transport.UDP, new Ports.Range(4933, 4933), HOST, 0);
    assertThat(plan(OLD, tcp("web", 4930, 4933), udp).refusals()).isEmpty();
    var both = new ForwardWish("dns", Transport.BOTH, new Ports.Range(4933, 4933), OTHER, 0);
    assertThat(plan(OLD, tcp("web", 4930, 4933), both).refusals()).hasSize(1);
  }

  @Test
  void explainsTwoForwardsToOnePortOfAHost() {
    var web = new ForwardWish("web", Transport.TCP, new Ports.Range(4930, 4930), HOST, 80);
    var more = new ForwardWish("more", Transport.TCP, new Ports.Range(4931, 4932), HOST, 79);
    assertThat(refusals(plan(OLD, web, more)))
        .containsExactly(
            "1 the forward 'web' goes to port 80 of 192.168.1.20 already, and a port of a host has"
                + " one port outside; choose another toPort");
    var elsewhere = new ForwardWish("more", Transport.TCP, new Ports.Range(4931, 4932), OTHER, 79);
    assertThat(plan(OLD, web, elsewhere).refusals()).isEmpty();
  }

  @Test
  void refusesABlockThatTheSetHasNot() {
    assertThat(
            refusals(plan(OLD, new ForwardWish("x", Transport.TCP, new Ports.Block(16), HOST, 0))))
        .containsExactly("0 there is no block 16: the set has the blocks 1 to 15");
    assertThat(
            refusals(
                plan(OLD, new ForwardWish("x", Transport.TCP, new Ports.Block(1), HOST, 65521))))
        .containsExactly(
            "0 block 1 has 16 ports, which go beyond 65535 at the host; lower toPort to at most"
                + " 65520");
  }

  @Test
  void refusesPortsThatCannotBe() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new Ports.Range(10, 9))
        .withMessageContaining("the lower first");
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Ports.Range(0, 9));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Ports.Range(9, 65536));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> new Ports.Block(0));
    var ports = new Ports.Range(9024, 9039);
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> new ForwardWish("x", Transport.TCP, ports, HOST, 65521))
        .withMessageContaining("lower toPort to at most 65520");
  }

  @Test
  void movesToTheSameIndexInANewSetWhileTheProgramAtHomeStaysWhereItIs() {
    var wishes = List.of(tcp("web", 4930), tcp("game", 9024, 9027));
    ForwardPlan before = ForwardPlan.of(wishes, OLD, List.of());
    ForwardPlan after = ForwardPlan.of(wishes, NEW, before.memory());
    assertThat(after.forwards())
        .containsExactly(
            new PlacedForward("web", Transport.TCP, 6162, 1, HOST, 4930),
            new PlacedForward("game", Transport.TCP, 10256, 4, HOST, 9024));
    assertThat(after.events())
        .containsExactly(
            new Event.ForwardMoved("web", Protocol.TCP, 4930, 6162),
            new Event.ForwardMoved("game", Protocol.TCP, 9024, 10256));
    assertThat(ForwardPlan.of(wishes, NEW, after.memory()).events()).isEmpty();
    ForwardPlan back = ForwardPlan.of(wishes, OLD, after.memory());
    assertThat(back.forwards()).isEqualTo(before.forwards());
    assertThat(back.memory()).isEqualTo(before.memory());
    assertThat(back.events()).contains(new Event.ForwardMoved("web", Protocol.TCP, 6162, 4930));
  }

  @Test
  void aBlockFollowsTheSetAndTellsBothProtocols() {
    var wishes = List.of(new ForwardWish("pc", Transport.BOTH, new Ports.Block(2), HOST, 0));
    ForwardPlan before = ForwardPlan.of(wishes, OLD, List.of());
    ForwardPlan after = ForwardPlan.of(wishes, NEW, before.memory());
    assertThat(after.forwards())
        .containsExactly(new PlacedForward("pc", Transport.BOTH, 10256, 16, HOST, 10256));
    assertThat(after.events())
        .containsExactly(
            new Event.ForwardMoved("pc", Protocol.TCP, 9024, 10256),
            new Event.ForwardMoved("pc", Protocol.UDP, 9024, 10256));
  }

  /// Every place of every set, against the ports written out in a list.
  @Test
  void keepsEveryIndexFromAnySetToAnyOther() {
    var sets =
        List.of(
            OLD,
            NEW,
            new PortSet(6, new Psid(200, 8)),
            new PortSet(4, new Psid(3, 6)),
            new PortSet(0, new Psid(9, 4)),
            new PortSet(1, new Psid(0x1fff, 14)));
    for (PortSet from : sets) {
      for (PortSet to : sets) {
        List<Integer> toPorts = ports(to);
        for (int index = 0; index < from.size(); index++) {
          demandIndex(from, to, toPorts, index);
        }
      }
    }
  }

  private static void demandIndex(PortSet from, PortSet to, List<Integer> toPorts, int index) {
    int port = from.port(index);
    var wishes = List.of(tcp("one", port));
    ForwardPlan plain = ForwardPlan.of(wishes, PortSet.ALL, placed(wishes, from).memory());
    ForwardPlan next = ForwardPlan.of(wishes, to, plain.memory());
    List<String> expected =
        toPorts.contains(port)
            ? List.of("one " + port)
            : index < toPorts.size() ? List.of("one " + toPorts.get(index)) : List.of();
    if (!outer(next).equals(expected)) {
      assertThat(outer(next)).as("port %s of %s in %s", port, from, to).isEqualTo(expected);
    }
    ForwardPlan back = ForwardPlan.of(wishes, from, next.memory());
    if (!outer(back).equals(List.of("one " + port)) || !back.refusals().isEmpty()) {
      assertThat(outer(back)).as("port %s back in %s", port, from).containsExactly("one " + port);
    }
  }

  private static ForwardPlan placed(List<ForwardWish> wishes, PortSet set) {
    return ForwardPlan.of(wishes, set, List.of());
  }

  private static List<Integer> ports(PortSet set) {
    var ports = new ArrayList<Integer>();
    for (int range = 0; range < set.rangeCount(); range++) {
      for (int port = set.first(range); port <= set.last(range); port++) {
        ports.add(port);
      }
    }
    return ports;
  }

  @Test
  void isLostInASmallerSetAndComesBackInALargerOne() {
    var small = new PortSet(4, new Psid(0x340, 12)); // 15 ports
    var wishes = List.of(tcp("web", 9030));
    ForwardPlan before = ForwardPlan.of(wishes, OLD, List.of());
    ForwardPlan lost = ForwardPlan.of(wishes, small, before.memory());
    assertThat(lost.forwards()).isEmpty();
    assertThat(lost.refusals()).isEmpty();
    assertThat(lost.events()).containsExactly(new Event.ForwardLost("web", Protocol.TCP, 9030));
    ForwardPlan still = ForwardPlan.of(wishes, small, lost.memory());
    assertThat(still.events()).isEmpty();
    ForwardPlan back = ForwardPlan.of(wishes, NEW, still.memory());
    assertThat(outer(back)).containsExactly("web 10262");
    assertThat(back.events())
        .containsExactly(new Event.ForwardRestored("web", Protocol.TCP, 10262));
  }

  /// A line that may change begins on one side, and the operator has written for the other too.
  @Test
  void whatOnlyAnotherSetHasIsLostOrMovedAsIfItCameFromThere() {
    var wishes =
        List.of(
            tcp("web", 443),
            tcp("old", 20),
            tcp("game", 4930),
            new ForwardWish("torrent", Transport.UDP, new Ports.Block(15), OTHER, 0));
    List<RememberedForward> known = List.of();
    for (PortSet set : List.of(OLD, PortSet.ALL)) {
      known = ForwardPlan.remember(wishes, set, known);
    }
    ForwardPlan shared = ForwardPlan.of(wishes, OLD, known);
    assertThat(shared.refusals()).isEmpty();
    assertThat(outer(shared)).containsExactly("old 9028", "game 4930", "torrent 62272-62287");
    assertThat(shared.events())
        .containsExactly(
            new Event.ForwardLost("web", Protocol.TCP, 443),
            new Event.ForwardMoved("old", Protocol.TCP, 20, 9028));
    ForwardPlan whole = ForwardPlan.of(wishes, PortSet.ALL, known);
    assertThat(whole.refusals()).isEmpty();
    assertThat(outer(whole)).containsExactly("web 443", "old 20", "game 4930");
    assertThat(whole.events())
        .containsExactly(new Event.ForwardLost("torrent", Protocol.UDP, 62272));
  }

  @Test
  void remembersNothingAnewOfWhatItKnows() {
    var wishes = List.of(tcp("web", 4930), tcp("ssh", 4931));
    var known = placed(wishes.subList(0, 1), OLD).memory();
    assertThat(ForwardPlan.remember(wishes, PortSet.ALL, known))
        .startsWith(known.getFirst())
        .extracting(RememberedForward::name, RememberedForward::index)
        .containsExactly(tuple("web", 2), tuple("ssh", 4931));
  }

  @Test
  void cutsARangeWhereTheNewSetHasAGap() {
    var narrow = new PortSet(4, new Psid(0x68, 9)); // ranges of 8
    var wishes = List.of(tcp("game", 4932, 4941));
    ForwardPlan before = ForwardPlan.of(wishes, OLD, List.of());
    ForwardPlan after = ForwardPlan.of(wishes, narrow, before.memory());
    assertThat(after.forwards())
        .extracting(PlacedForward::outerPorts, PlacedForward::toPort)
        .containsExactly(tuple("4932-4935", 4932), tuple("9024-9029", 4936));
  }

  @Test
  void keepsThePortOfAForwardThatMovedWhenAnotherIsWrittenOntoIt() {
    var web = tcp("web", 4930);
    ForwardPlan moved = ForwardPlan.of(List.of(web), NEW, placed(List.of(web), OLD).memory());
    ForwardPlan both = ForwardPlan.of(List.of(tcp("ssh", 6162), web), NEW, moved.memory());
    assertThat(outer(both)).containsExactly("web 6162");
    assertThat(refusals(both))
        .singleElement()
        .asString()
        .startsWith(
            "0 port 6162 has the forward 'web', which moved there when the port set changed; ");
  }

  @Test
  void aMoveTakesNobodysPort() {
    // In the old set 'ssh' has 6162 only in its memory, from the new one.
    var web = tcp("web", 4930);
    var ssh = tcp("ssh", 6162);
    var memory = new ArrayList<>(placed(List.of(web), OLD).memory());
    memory.addAll(placed(List.of(ssh), NEW).memory());
    ForwardPlan plan = ForwardPlan.of(List.of(web, ssh), NEW, memory);
    assertThat(outer(plan)).containsExactly("ssh 6162");
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.events()).containsExactly(new Event.ForwardLost("web", Protocol.TCP, 4930));
  }

  @Test
  void forgetsWhatIsWrittenDifferentlyNow() {
    ForwardPlan before = plan(OLD, tcp("web", 4930));
    ForwardPlan after = ForwardPlan.of(List.of(tcp("web", 4931)), NEW, before.memory());
    assertThat(after.refusals()).hasSize(1);
    assertThat(after.memory()).isEmpty();
  }

  @Test
  void isAPortAndProtocolEachForTheTranslator() {
    var run = new PlacedForward("x", Transport.BOTH, 4930, 2, HOST, 80);
    assertThat(run.each())
        .containsExactly(
            new Forward(Protocol.TCP, 4930, HOST, 80),
            new Forward(Protocol.TCP, 4931, HOST, 81),
            new Forward(Protocol.UDP, 4930, HOST, 80),
            new Forward(Protocol.UDP, 4931, HOST, 81));
  }

  @Test
  void anAddressOfOnesOwnTakesEveryPort() {
    ForwardPlan plan = plan(PortSet.ALL, tcp("web", 80), tcp("tls", 443), tcp("last", 65535));
    assertThat(outer(plan)).containsExactly("web 80", "tls 443", "last 65535");
  }
}
