package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import watari.core.verdict.Drop;
import watari.core.verdict.Pass;
import watari.core.verdict.Tally;
import watari.core.verdict.Verdict;
import watari.core.wire.Slab;

/// A gateway or a relay on the bench: packets go in by hand and come out as bytes. Memory around
/// each packet is watched.
abstract class Bench implements AutoCloseable {
  static final int BYTES_MAX = 65_600;
  private static final int HEADROOM = 64;
  private static final int GUARD = 256;
  private static final int GUARD_BYTE = 0xa5;

  /// A packet that came out.
  static final class Sent {
    private final String door;
    private final byte[] bytes;

    Sent(String door, byte[] bytes) {
      this.door = door;
      this.bytes = bytes;
    }

    String door() {
      return door;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  private static final int ROOM = GUARD + HEADROOM + BYTES_MAX + GUARD;

  private final long room = Slab.take(ROOM);
  private final Set<String> fullDoors = new HashSet<>();
  private final List<Sent> sent = new ArrayList<>();

  /// Sends a packet in by a door.
  final Verdict receive(String door, byte[] bytes, long now) {
    long at = room + GUARD + HEADROOM;
    Slab.fill(at - HEADROOM - GUARD, GUARD, GUARD_BYTE);
    Slab.fill(at + bytes.length, GUARD, GUARD_BYTE);
    Slab.write(at, bytes, 0, bytes.length);
    Verdict verdict = judge(door, at, bytes.length, now);
    assertGuard(at - HEADROOM - GUARD);
    assertGuard(at + bytes.length);
    return verdict;
  }

  private static void assertGuard(long at) {
    for (int i = 0; i < GUARD; i += 8) {
      if (Slab.longAt(at + i) != 0xa5a5a5a5a5a5a5a5L) {
        throw new AssertionError("a byte outside the packet was written");
      }
    }
  }

  @Override
  public void close() {
    Slab.give(room, ROOM);
  }

  abstract Verdict judge(String door, long at, int bytes, long now);

  abstract void tick(long now);

  /// The names of the ways, each with its tally.
  abstract List<Way> ways();

  record Way(String name, Tally tally) {}

  final Outbox outbox(String door) {
    return (at, length) -> {
      if (fullDoors.contains(door)) {
        return false;
      }
      sent.add(new Sent(door, Slab.copy(at, length)));
      return true;
    };
  }

  final void fill(String door) {
    fullDoors.add(door);
  }

  final void empty(String door) {
    fullDoors.remove(door);
  }

  /// What came out since the last call.
  final List<Sent> takeSent() {
    var taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /// Every counter that is not zero, a line each.
  final List<String> counts() {
    var lines = new ArrayList<String>();
    for (Way way : ways()) {
      for (Pass pass : Pass.values()) {
        addCount(lines, way, pass, pass.name());
      }
      for (Drop drop : Drop.values()) {
        addCount(lines, way, drop, drop.name());
      }
      if (way.tally().answers() > 0) {
        lines.add(way.name() + " answers " + way.tally().answers());
      }
    }
    return lines;
  }

  private static void addCount(List<String> lines, Way way, Verdict verdict, String name) {
    long packets = way.tally().packets(verdict);
    if (packets > 0) {
      lines.add(way.name() + " " + name + " " + packets);
    }
  }

  /// in = sent + answered + held + dropped.
  final void assertNothingLost(long in) {
    assertThat(ways().stream().mapToLong(way -> way.tally().received()).sum()).isEqualTo(in);
  }

  static final class OfGateway extends Bench {
    private final Gateway gateway;

    OfGateway(Scenario.Settings settings) {
      gateway = settings.gateway(outbox("home"), outbox("line"));
    }

    @Override
    Verdict judge(String door, long at, int bytes, long now) {
      return switch (door) {
        case "home" -> gateway.outbound(at, bytes, now);
        case "line" -> gateway.inbound(at, bytes, now);
        default -> throw new IllegalArgumentException("a gateway has no door " + door);
      };
    }

    @Override
    void tick(long now) {
      gateway.tick(now);
    }

    @Override
    public void close() {
      gateway.close();
      super.close();
    }

    @Override
    List<Way> ways() {
      return List.of(
          new Way("outbound", gateway.outboundTally()), new Way("inbound", gateway.inboundTally()));
    }
  }

  static final class OfRelay extends Bench {
    private final Relay relay;

    OfRelay(Scenario.Settings settings) {
      relay = settings.relay(outbox("internet"), outbox("line"));
    }

    @Override
    Verdict judge(String door, long at, int bytes, long now) {
      return switch (door) {
        case "line" -> relay.upstream(at, bytes, now);
        case "internet" -> relay.downstream(at, bytes, now);
        default -> throw new IllegalArgumentException("a relay has no door " + door);
      };
    }

    @Override
    void tick(long now) {
      relay.tick(now);
    }

    @Override
    public void close() {
      relay.close();
      super.close();
    }

    @Override
    List<Way> ways() {
      return List.of(
          new Way("upstream", relay.upstreamTally()),
          new Way("downstream", relay.downstreamTally()));
    }
  }
}
