package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import watari.core.nat.Randomness;
import watari.core.net.Seed;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Ipv4;
import watari.core.wire.Packet;
import watari.core.wire.PacketText;
import watari.core.wire.Slab;
import watari.core.wire.SlowChecksum;

final class Ipv4IdsTest {
  private static final int ALL = 65_536;
  private static final PortSet PORTS = new PortSet(4, new Psid(0x34, 8));
  private static final PortSet NEIGHBOURS = new PortSet(4, new Psid(0x35, 8));

  private final SplittableRandom random = Seed.random();
  private final Ipv4Ids ids = of(PortSet.ALL);
  private final Packet packet = new Packet();
  private final long room = Slab.take(64);

  private Ipv4Ids of(PortSet allowed) {
    return new Ipv4Ids(allowed, new Randomness(random.nextLong(), random.nextLong()));
  }

  @AfterEach
  void giveBack() {
    Slab.give(room, 64);
  }

  /// The identification that a packet to a target gets, or -1.
  private int id(Ipv4Ids from, String target, boolean isCut, long now) {
    byte[] bytes = PacketText.bytes("IP 192.0.2.18.1232 > " + target + ".80, id 7: UDP, data 4");
    Slab.write(room, bytes, 0, bytes.length);
    packet.pull(room, bytes.length);
    return renewed(from, isCut, now);
  }

  private int renewed(Ipv4Ids from, boolean isCut, long now) {
    return from.renew(packet, isCut, now) ? Ipv4.identification(room) : -1;
  }

  /// ID4-03, ID4-05: every one once, and then none before the first is 120 s old.
  @Test
  void givesAllBeforeItGivesOneTwice() {
    Set<Integer> given = new HashSet<>();
    id(ids, "1.2.3.4", true, 0);
    given.add(Ipv4.identification(room));
    for (int i = 1; i < ALL; i++) {
      given.add(renewed(ids, true, i / 1000));
    }
    assertThat(given).hasSize(ALL).doesNotContain(-1);
    assertThat(renewed(ids, true, 100)).isEqualTo(-1);
    assertThat(renewed(ids, true, 119_999)).isEqualTo(-1);
    assertThat(renewed(ids, true, 121_000)).isNotEqualTo(-1);
    assertThat(id(ids, "1.2.3.5", true, 100)).as("to another target").isNotEqualTo(-1);
  }

  /// ID4-03, ID4-04: at any rate, against a slow twin that remembers when each was given.
  @Test
  void repeatsNoneWithin120SecondsOfWhatIsCut() {
    Map<Integer, Long> last = new HashMap<>();
    id(ids, "1.2.3.4", true, 0);
    long now = 0;
    int refused = 0;
    for (int i = 0; i < 1_000_000; i++) {
      now += random.nextInt(100) == 0 ? random.nextInt(200) : 0;
      int id = renewed(ids, true, now);
      if (id < 0) {
        refused++;
        continue;
      }
      Long before = last.put(id, now);
      assertThat(before == null || now - before >= 120_000).as("%d at %d", id, now).isTrue();
    }
    assertThat(refused).as("at a rate that is too high").isPositive();
    assertThat(last).hasSize(ALL);
  }

  /// ID4-03: short packets too, as long as there are few enough of them.
  @Test
  void repeatsNoneOfWhatIsShortAtAnOrdinaryRate() {
    Map<Integer, Long> last = new HashMap<>();
    id(ids, "1.2.3.4", false, 0);
    for (long now = 0; now < 1_000_000; now += 5) {
      Long before = last.put(renewed(ids, random.nextInt(4) == 0, now), now);
      assertThat(before == null || now - before >= 120_000).isTrue();
    }
    assertThat(last).doesNotContainKey(-1);
  }

  /// ID4-05: a fast stream of short packets never waits, and leaves half to what is cut.
  @Test
  void shortPacketsNeverWaitAndLeaveHalf() {
    id(ids, "1.2.3.4", false, 0);
    for (int i = 0; i < 1_000_000; i++) {
      assertThat(renewed(ids, false, i / 50)).isNotEqualTo(-1);
    }
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < ALL / 2; i++) {
      given.add(renewed(ids, true, 20_000));
    }
    assertThat(given).hasSize(ALL / 2).doesNotContain(-1);
  }

  /// ID4-09, MAPE-56: confined to their port sets, two homes behind one address never give the
  /// same; not confined, they do.
  @Test
  void neighboursNeverGiveTheSameWhenConfinedToTheirPortSets() {
    Set<Integer> ours = given(of(PORTS));
    Set<Integer> theirs = given(of(NEIGHBOURS));
    assertThat(ours).hasSize(PORTS.size()).allMatch(PORTS::contains);
    assertThat(theirs).hasSize(NEIGHBOURS.size()).allMatch(NEIGHBOURS::contains);
    assertThat(ours).doesNotContainAnyElementsOf(theirs);
    assertThat(given(of(PortSet.ALL))).containsAnyElementsOf(given(of(PortSet.ALL)));
  }

  private Set<Integer> given(Ipv4Ids from) {
    Set<Integer> given = new HashSet<>();
    id(from, "1.2.3.4", false, 0);
    for (int i = 0; i < 100_000; i++) {
      given.add(renewed(from, false, i));
    }
    return given;
  }

  /// ID4-03, FRG-09: who sees those of one target learns nothing of the next, nor of another's.
  @Test
  void noneSaysWhichIsNext() {
    Set<Integer> steps = new HashSet<>();
    int same = 0;
    int last = 0;
    for (int i = 0; i < 5000; i++) {
      int one = id(ids, "1.2.3.4", true, i);
      same += one == id(ids, "1.2.3.5", true, i) ? 1 : 0;
      steps.add(one - last);
      last = one;
    }
    assertThat(steps).hasSizeGreaterThan(4700);
    assertThat(same).isLessThan(5);
  }

  /// ID4-01, ID4-02
  @Test
  void leavesPacketsThatAreNeverCutAlone() {
    byte[] bytes = PacketText.bytes("IP 192.0.2.18.1232 > 1.2.3.4.80, DF, id 7: UDP, data 4");
    Slab.write(room, bytes, 0, bytes.length);
    packet.pull(room, bytes.length);
    assertThat(renewed(ids, true, 0)).isEqualTo(7);
    assertThat(Slab.copy(room, bytes.length)).isEqualTo(bytes);
  }

  @Test
  void theHeaderChecksumStaysRight() {
    for (int i = 0; i < 1000; i++) {
      id(ids, "1.2.3.4", false, i);
      assertThat(SlowChecksum.problem(Slab.copy(room, packet.length()))).isEmpty();
    }
  }

  /// MAPE-56: of sets of any size.
  @Test
  void givesEachOfASmallSetBeforeOneTwice() {
    for (int length = 0; length <= 12; length++) {
      var set = new PortSet(4, new Psid(0, length));
      var from = of(set);
      Set<Integer> given = new HashSet<>();
      id(from, "1.2.3.4", true, 0);
      given.add(Ipv4.identification(room));
      for (int i = 1; i < set.size(); i++) {
        given.add(renewed(from, true, 0));
      }
      assertThat(given).hasSize(set.size()).allMatch(set::contains);
      assertThat(renewed(from, true, 1000)).isEqualTo(-1);
    }
  }
}
