package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import watari.core.net.Ipv4Address;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Nonce;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;

/// What a made-up household keeps after so many writes. Odd ones change the port set and the
/// forwards, even ones what hosts have asked for.
///
/// @param seed of all of it
/// @param step how many writes
record Household(long seed, int step) {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final int HOST = Ipv4Address.parse("192.168.1.2").bits();
  private static final int FORWARDS_MAX = 10;

  /// So many that a record is longer than a page of memory, at whose end a write can be torn, and
  /// that a few records are followed by a new file.
  private static final int LEASES_MAX = 240;

  private static final int OUTER_PORT = 60_000;

  Household next() {
    return new Household(seed, step + 1);
  }

  private Optional<PortSet> set() {
    int version = (step + 1) / 2;
    return version == 0
        ? Optional.empty()
        : Optional.of(new PortSet(4, new Psid(random(version).nextInt(256), 8)));
  }

  private List<RememberedForward> forwards() {
    var random = random((step + 1) / 2);
    var forwards = new ArrayList<RememberedForward>();
    for (int number = 0; step > 0 && number < FORWARDS_MAX; number++) {
      int index = random.nextInt(240);
      int port = random.nextInt(4096, 65_536);
      if (random.nextBoolean()) {
        var ports = new Ports.Range(port, port);
        var name = "forward " + number;
        forwards.add(new RememberedForward(name, Transport.BOTH, ports, index, port, false));
      }
    }
    return forwards;
  }

  private List<Lease> leases() {
    var random = random(-step / 2);
    var leases = new ArrayList<Lease>();
    for (int number = 0; step > 1 && number < LEASES_MAX; number++) {
      var inside = new Inside(Protocol.UDP, HOST, random.nextInt(1, 65_536));
      var asker = asker(random);
      long end = random.nextInt(3) == 0 ? Lease.FOREVER : random.nextInt(1, 86_400) * 1000L;
      if (random.nextInt(4) > 0) {
        leases.add(new Lease(inside, OUTER_PORT + number, 1, asker, end, List.of()));
      }
    }
    return leases;
  }

  private static Asker asker(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Asker.Pcp(new Nonce(random.nextLong(), random.nextInt()), false);
      case 1 -> new Asker.NatPmp();
      default -> new Asker.Upnp("渡り " + random.nextInt(), Optional.empty());
    };
  }

  private SplittableRandom random(int version) {
    return new SplittableRandom(seed * 1_000_003 + version);
  }

  /// Makes the last of the writes, where all before it are made.
  void keepIn(Keeping keeping) {
    if (step % 2 == 0) {
      keeping.keepLeases(leases(), 0, NOON);
    } else {
      keeping.keep(set().orElseThrow(), forwards());
    }
  }

  boolean isIn(Keeping keeping) {
    return keeping.set().equals(set())
        && List.copyOf(keeping.forwards()).equals(forwards())
        && List.copyOf(keeping.leases(0, NOON)).equals(leases());
  }

  void demandIn(Keeping keeping, String where) {
    assertThat(keeping.set()).as(where).isEqualTo(set());
    assertThat(keeping.forwards()).as(where).isEqualTo(forwards());
    assertThat(keeping.leases(0, NOON)).as(where).isEqualTo(leases());
  }
}
