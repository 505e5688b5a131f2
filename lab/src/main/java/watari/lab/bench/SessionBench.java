package watari.lab.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The live part of `watari bench gateway`: packets of sessions that are open, carried by the
/// gateway's programs in the kernel, and for contrast by way of the TUN device, beside the kernel's
/// own forwarding with masquerade.
final class SessionBench {
  /// Of the gateway's process: a host keeps its port, and nothing is said at home that the sink
  /// would count.
  static final String MANNERS =
      """
      mapping: strict
      portMapping: {pcp: false, natPmp: false, upnp: false}
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int[] SIZES = {64, 512, 1400};
  private static final int[] SESSIONS = {1000, 64_000, 1_000_000};
  private static final int[] SESSIONS_OF_PROCESS = {1000, 64_000};
  private static final int SMALL = 64;
  private static final double TARGET = 2;
  private static final int WARM = 100_000;
  private static final int WARM_OF_PROCESS = 400_000;
  private static final int PACKETS = 2_000_000;
  private static final int PACKETS_OF_KERNEL = 500_000;
  private static final int PACKETS_OF_PROCESS = 200_000;
  private static final int QUICK = 10;

  private final int rounds;
  private final boolean isQuick;
  private final Core core;
  private final Consumer<String> out;
  private final List<Result> rows = new ArrayList<>();

  /// @param isQuick whether few packets and the smallest rows do
  /// @param out takes the lines of the table
  SessionBench(int rounds, boolean isQuick, Core core, Consumer<String> out) {
    this.rounds = rounds;
    this.isQuick = isQuick;
    this.core = core;
    this.out = out;
  }

  List<String> conditions() {
    return List.of(
        "One core does everything, for both alike: it makes the packets, carries them and drops them at the sink.",
        "*programs*: the gateway's programs at the driver; Java has opened each session by three packets on its whole way.",
        "*TUN*: the gateway's process, its sessions opened by packets from the home and from the line.",
        "*kernel*: its own forwarding with `masquerade` of nftables, in a gateway of its own, holding as many flows, opened likewise;"
            + " its table has a bucket for each direction of a flow.",
        "240 hosts with a port each (all that a port set of 16 EA bits has) speak to ever more remote addresses;"
            + " a packet's session is one at random. No session grows old.",
        "Median (least to most) of %d rounds, taken by turns; bytes of the IPv4 packet; UDP without a checksum."
            .formatted(rounds));
  }

  /// Measures all rows.
  List<Result> measure() throws IOException {
    int most = counts()[counts().length - 1];
    try (var stage = SessionStage.open(most);
        var down = LaneSink.open(stage.second(false), false);
        var up = LaneSink.open(stage.second(true), true)) {
      for (int sessions : counts()) {
        stage.openOfKernel(sessions, core, up, down);
        programs(stage, sessions, down, up);
      }
    }
    if (!isQuick) {
      device();
    }
    return List.copyOf(rows);
  }

  private int[] counts() {
    return isQuick ? new int[] {SESSIONS[0]} : SESSIONS;
  }

  private int[] sizes() {
    return isQuick ? new int[] {SMALL} : SIZES;
  }

  private int packets(int packets) {
    return isQuick ? packets / QUICK : packets;
  }

  private void programs(SessionStage stage, int sessions, LaneSink... sinks) throws IOException {
    try (var home = CarriedHome.open(stage.own(true).middle(), sessions, SessionStage.PORTS)) {
      for (var there : sinks) {
        boolean isUp = there.isUp();
        for (int size : sizes()) {
          var traffic = stage.own(sessions, size, isUp, home.mapAddress(), home.ports());
          try (var ours = LiveCourse.ofPrograms(stage.own(isUp), traffic, core)) {
            compare(stage, ours, new Facets("programs", isUp, size, sessions), there);
          }
        }
      }
    }
  }

  /// The real gateway, for the smallest packets.
  private void device() throws IOException {
    try (var stage = SessionStage.open(SESSIONS_OF_PROCESS[1]);
        var down = LaneSink.open(stage.second(false), false);
        var up = LaneSink.open(stage.second(true), true);
        var gateway = GatewayProcess.start(stage.homes(), core.prefixOfEager(), MANNERS)) {
      gateway.await("watari gateway ready", PATIENCE);
      var hosts = Flow.fromHosts(SessionStage.HOME, SessionStage.PORTS);
      var outer = OuterPorts.learn(stage.own(true), hosts);
      try (var inward = LaneSink.open(stage.own(false), false);
          var outward = LaneSink.open(stage.own(true), true)) {
        for (int sessions : SESSIONS_OF_PROCESS) {
          stage.openOfKernel(sessions, core, up, down);
          var none = new Facets("TUN", true, SMALL, sessions);
          try (var first = process(stage, none, outer, outward, true)) {
            var _ = first.run(sessions);
          }
          device(stage, new Facets("TUN", false, SMALL, sessions), outer, inward, down);
          device(stage, none, outer, outward, up);
        }
      }
    }
  }

  private void device(
      SessionStage stage, Facets facets, List<Integer> outer, LaneSink own, LaneSink second)
      throws IOException {
    try (var ours = process(stage, facets, outer, own, false)) {
      compare(stage, ours, facets, second);
    }
  }

  private LiveCourse process(
      SessionStage stage, Facets facets, List<Integer> outer, LaneSink there, boolean isInOrder)
      throws IOException {
    var map = stage.homes().watari().mapAddress();
    var traffic = stage.own(facets.sessions, facets.size, facets.isUp, map, outer);
    return LiveCourse.ofProcess(
        stage.own(facets.isUp), isInOrder ? traffic.inOrder() : traffic, core, there.sink());
  }

  /// What tells a row from the others.
  private record Facets(String door, boolean isUp, int size, int sessions) {
    String direction() {
      return isUp ? "up" : "down";
    }

    String name() {
      return "%s %s, %d bytes, %,d sessions".formatted(door, direction(), size, sessions);
    }

    Map<String, Object> values() {
      var values = new LinkedHashMap<String, Object>();
      values.put("door", door);
      values.put("direction", direction());
      values.put("size", size);
      values.put("sessions", sessions);
      return values;
    }

    boolean isProcess() {
      return door.equals("TUN");
    }
  }

  private void compare(SessionStage stage, LiveCourse ours, Facets facets, LaneSink there)
      throws IOException {
    var versus = new Versus(facets.name(), "Mpps");
    var traffic = SessionStage.second(facets.sessions, facets.size, facets.isUp);
    try (var theirs = LiveCourse.ofKernel(stage.second(facets.isUp), traffic, core, there.sink())) {
      var _ = ours.run(facets.isProcess() ? WARM_OF_PROCESS : WARM);
      var _ = theirs.run(WARM);
      int packets = packets(facets.isProcess() ? PACKETS_OF_PROCESS : PACKETS);
      for (int round = 0; round < rounds; round++) {
        var kernel = theirs.run(packets(PACKETS_OF_KERNEL));
        versus.add(ours.run(packets), kernel);
      }
    }
    boolean hasTarget = facets.size == SMALL && !facets.isProcess();
    var row = new Result(facets.values(), versus, hasTarget ? TARGET : 0);
    out.accept(row.line());
    rows.add(row);
  }
}
