package watari.app.control;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import watari.app.config.Checked;
import watari.app.config.GatewayConfig;
import watari.app.config.MapE;
import watari.app.config.Problem;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.HostUse;
import watari.core.nat.Napt;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.path.FragmentSettings;
import watari.core.path.GatewaySettings;
import watari.core.plan.ForwardPlan;
import watari.core.plan.HostPorts;
import watari.core.plan.LineFacts;
import watari.core.plan.LineJudge;
import watari.core.plan.LineMode;
import watari.core.plan.LineWish;
import watari.core.plan.Plan;
import watari.core.rule.Identity;
import watari.core.wire.Protocol;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;
import watari.host.engine.Workers;

/// A gateway that runs.
final class GatewayEnd implements TunnelEnd {
  /// About what a session needs: the advice is a power of two, and no promise.
  private static final int SESSION_BYTES = 128;

  private final Supplier<Checked<GatewayConfig>> source;
  private final Door door;
  private final Keeping keeping;
  private final LeasedPorts leased;
  private final UpnpDevice upnp;
  private final CarriedSessions carried;

  /// What happens on other threads, until the worker's takes it.
  private final ConcurrentLinkedQueue<Event> news = new ConcurrentLinkedQueue<>();

  private final Ways ways;
  private volatile Wanted wanted;
  private ForwardPlan forwards;

  /// For whoever has the turn to change something.
  private LineJudge judge;

  /// @param start what to be until something changes
  /// @param source what the file says whenever it is read
  GatewayEnd(
      Start start, Supplier<Checked<GatewayConfig>> source, Door door, Randomness randomness) {
    this.source = source;
    this.door = door;
    wanted = start.wanted();
    judge = start.judge();
    GatewayConfig config = wanted.config();
    keeping = Keeping.open(config.state(), news::add);
    forwards = wanted.forwards(keeping.forwards());
    ways = new Ways(door, randomness);
    fragmentsTooLarge(config.fragments(), Runtime.getRuntime().maxMemory())
        .ifPresent(problem -> {
          throw new Refused(problem.sentence());
        });
    take(wanted, forwards, Worker.monotonicMillis());
    long now = Worker.monotonicMillis();
    leased = new LeasedPorts(config, ways.reservations(), keeping, now);
    say(leased.restore(now), now);
    upnp = new UpnpDevice(leased, ways, keeping.device(), randomness);
    carried =
        new CarriedSessions(
            config.offload(), tunnel(wanted, forwards), ways, randomness, news::add);
    remember(wanted, forwards);
    say(forwards.events(), now);
  }

  private static Optional<GatewaySettings> tunnel(Wanted wanted, ForwardPlan plan) {
    return wanted.mode() instanceof LineMode.MapE
        ? Optional.of(wanted.tunnelled(plan))
        : Optional.empty();
  }

  /// How a gateway starts: on the line as it is then.
  record Start(Wanted wanted, LineJudge judge) {
    /// @throws IOException when the kernel does not say what the line is
    static Start of(GatewayConfig config) throws IOException {
      var judge = new LineJudge(config.mode(), config.mapE().isPresent());
      LineMode mode = judge.receive(look(config), Worker.monotonicMillis());
      return new Start(new Wanted(config, mode, hostPorts(config)), judge);
    }

    /// Where the forwards lie in the state folder is not looked at: who asks for the plan only does
    /// not take the folder.
    Plan plan() {
      return wanted.plan(wanted.forwards(Keeping.look(wanted.config().state())));
    }
  }

  private static LineFacts look(GatewayConfig config) throws IOException {
    return config.mode() == LineWish.MAP_E
        ? LineFacts.NOTHING
        : LineSight.look(config.line().interfaceName().orElseThrow());
  }

  private static HostPorts hostPorts(GatewayConfig config) throws IOException {
    return config.mode() == LineWish.MAP_E ? HostPorts.DEFAULT : LineSight.hostPorts();
  }

  private void remember(Wanted wanted, ForwardPlan plan) {
    wanted.ports().ifPresent(ports -> keeping.keep(ports, plan.memory()));
  }

  private void say(List<Event> events, long now) {
    events.forEach(event -> ways.books().events().add(event, now));
  }

  private void take(Wanted next, ForwardPlan plan, long now) {
    try {
      ways.take(next, plan, now);
    } catch (OutOfMemoryError _) {
      int sessions = next.config().translation().sessionsMax();
      throw new Refused(
          "there is not enough memory for "
              + sessions
              + " sessions; lower sessionsMax to "
              + affordable(sessions, Runtime.getRuntime().maxMemory())
              + ", or give Java more with -Xmx");
    }
  }

  /// At most half of what was too many, and not more than a quarter of the memory holds.
  static int affordable(int sessions, long memoryBytes) {
    long most = Math.min(sessions / 2, memoryBytes / 4 / SESSION_BYTES);
    return (int) Math.max(GatewayConfig.SESSIONS_MIN, Long.highestOneBit(most));
  }

  @Override
  public List<Crossing> crossings() {
    return List.of(crossing());
  }

  /// The way of a packet has one hop more than [Crossing#of], so that a gateway can take the place
  /// of another between two packets.
  private Crossing crossing() {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        ways.crossing().cross(at, length, now);
      }

      @Override
      public void tick(long now) {
        ways.crossing().tick(now);
        leased.tick(now);
        upnp.tick();
        hear(now);
      }
    };
  }

  private void hear(long now) {
    Event event = news.poll();
    while (event != null) {
      ways.books().events().add(event, now);
      event = news.poll();
    }
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new GatewayStatus(wanted, ways, forwards, keeping).tree();
    status.put("offload", carried.status());
    status.put("portMappings", leased.tree(Worker.monotonicMillis()));
    List<String> troubles =
        Stream.of(leased.problem(), upnp.problem()).flatMap(Optional::stream).toList();
    if (!troubles.isEmpty()) {
      status.put("portMappingTrouble", troubles);
    }
    return status;
  }

  @Override
  public Map<String, Object> counters() {
    return GatewayStatus.counters(carried.whole(ways.books()), door);
  }

  @Override
  public EventLog events() {
    return ways.books().events();
  }

  /// Who holds most of the ports, where none was left.
  @Override
  public Optional<Event> explanation(Event event) {
    return event instanceof Event.PortsExhausted(int protocol, _)
        ? mostPorts(protocol)
        : Optional.empty();
  }

  private Optional<Event> mostPorts(int protocol) {
    ToIntFunction<HostUse> ports =
        switch (protocol) {
          case Protocol.TCP -> HostUse::tcpPorts;
          case Protocol.UDP -> HostUse::udpPorts;
          default -> HostUse::icmpPorts;
        };
    int portCount = wanted.portCount();
    return ways.napt().stream()
        .flatMap(napt -> napt.hosts().stream())
        .max(Comparator.comparingInt(ports))
        .map(most ->
            new Event.MostPortsHeld(protocol, most.address(), ports.applyAsInt(most), portCount));
  }

  @Override
  public Optional<Ipv4Address> address() {
    return wanted
        .address()
        .filter(ipv4 -> ipv4.length() == Integer.SIZE)
        .map(ipv4 -> new Ipv4Address(ipv4.bits()));
  }

  @Override
  public String summary() {
    return switch (wanted.mode()) {
      case LineMode.MapE _ -> summary(wanted.mapE()) + carried.summary();
      case LineMode.Native(var address, _) ->
          wanted.link() + " has " + address + ", which the home shares with this machine";
      case LineMode.None _ ->
          "IPv4 waits until "
              + wanted.link()
              + " has an address that the Internet can reach; 'ip address show "
              + wanted.link()
              + "' lists what it has";
    };
  }

  private static String summary(MapE mapE) {
    Identity identity = mapE.identity();
    return identity.endUserPrefix()
        + " is "
        + identity.ipv4()
        + " with "
        + identity.ports()
        + ", MAP address "
        + identity.mapAddress()
        + ", relay "
        + mapE.match().domain().relay();
  }

  @Override
  public Checked<Change> reread() throws IOException {
    return switch (source.get()) {
      case Checked.Invalid<GatewayConfig>(var problems) -> new Checked.Invalid<>(problems);
      case Checked.Valid<GatewayConfig>(var next) -> {
        List<Problem> fixed = fixed(wanted.config(), next);
        yield fixed.isEmpty() ? new Checked.Valid<>(reread(next)) : new Checked.Invalid<>(fixed);
      }
    };
  }

  /// A line that is looked at as before is judged by all that was seen of it.
  private Change reread(GatewayConfig next) throws IOException {
    GatewayConfig now = wanted.config();
    boolean isSame =
        next.mode() == now.mode()
            && next.mapE().isPresent() == now.mapE().isPresent()
            && next.line().interfaceName().equals(now.line().interfaceName());
    if (isSame) {
      return new Next(new Wanted(next, wanted.mode(), hostPorts(next)), judge);
    }
    var start = Start.of(next);
    return new Next(start.wanted(), start.judge());
  }

  @Override
  public Optional<Change> look() throws IOException {
    GatewayConfig config = wanted.config();
    if (config.mode() == LineWish.MAP_E) {
      return Optional.empty();
    }
    LineMode mode = judge.receive(look(config), Worker.monotonicMillis());
    return mode.equals(wanted.mode())
        ? Optional.empty()
        : Optional.of(new Next(new Wanted(config, mode, hostPorts(config)), judge));
  }

  /// What cannot change while a gateway runs.
  static List<Problem> fixed(GatewayConfig now, GatewayConfig next) {
    var fixed = new Fixed();
    fixed.demand("tun", now.tun(), next.tun());
    fixed.demand("socket", now.socket(), next.socket());
    fixed.demand("state", now.state(), next.state());
    fixed.offload("lan", now.offload(), next.offload());
    fixed.demand("sessionsMax", now.translation().sessionsMax(), next.translation().sessionsMax());
    fragmentsTooLarge(next.fragments(), Runtime.getRuntime().maxMemory())
        .ifPresent(problem -> fixed.add(problem.source(), problem.sentence()));
    return fixed.problems();
  }

  /// More than a quarter of the memory that Java may take is too much for fragments: while a file
  /// is read again there is that of before beside it.
  static Optional<Problem> fragmentsTooLarge(FragmentSettings fragments, long memoryBytes) {
    long most = Math.max(FragmentSettings.DEFAULT.memoryBytes(), memoryBytes / 4);
    int wanted = fragments.memoryBytes();
    return wanted <= most
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "fragments",
                0,
                0,
                "there is not enough memory for fragments of "
                    + (wanted >> 20)
                    + " MiB; lower memoryMiB to "
                    + (most >> 20)
                    + ", or give Java more with -Xmx"));
  }

  private final class Next implements Change {
    private final Wanted next;
    private final LineJudge nextJudge;
    private final ForwardPlan plan;

    Next(Wanted next, LineJudge nextJudge) {
      this.next = next;
      this.nextJudge = nextJudge;
      plan = next.forwards(keeping.forwards());
    }

    @Override
    public Plan plan() {
      return next.plan(plan);
    }

    @Override
    public void cancel() {
      carried.release(Worker.monotonicMillis());
    }

    @Override
    public Map<String, Object> apply(long now) {
      carried.hold(now);
      Optional<Napt> before = ways.napt();
      LineMode modeBefore = wanted.mode();
      take(next, plan, now);
      boolean isSame = ways.napt().equals(before);
      if (!isSame || !next.mode().isLike(modeBefore)) {
        say(List.of(next.change()), now);
      }
      forwards = plan;
      wanted = next;
      judge = nextJudge;
      say(plan.events(), now);
      say(leased.follow(next.config(), ways.reservations(), now), now);
      return Map.of("sessionsKept", isSame);
    }

    @Override
    public void settle() {
      carried.become(tunnel(next, plan));
      remember(next, plan);
      leased.write();
      leased.become(next.config());
      upnp.become(next.config());
    }
  }

  @Override
  public void serve(Workers workers) throws IOException {
    carried.start(workers.first());
    leased.serve(workers.first());
    // packets need not wait for a web server
    Thread.ofPlatform().name("upnp").daemon().start(() -> upnp.become(wanted.config()));
  }

  @Override
  public void lag(String reason) {
    news.add(new Event.LineNotFollowed(reason));
  }

  @Override
  public void tidy() {
    carried.follow();
    leased.forgetWhoLeft();
    leased.write();
    keeping.retry();
    upnp.become(wanted.config());
  }

  @Override
  public void close() {
    upnp.close();
    leased.close();
    carried.close();
    ways.close();
    keeping.close();
  }
}
