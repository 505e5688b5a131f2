package watari.app.control;

import java.util.ArrayList;
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
import watari.app.config.Problem;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.Forward;
import watari.core.nat.HostUse;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;
import watari.core.path.Books;
import watari.core.path.FragmentSettings;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Routing;
import watari.core.plan.ForwardPlan;
import watari.core.plan.Plan;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;

/// A gateway that runs.
final class GatewayEnd implements TunnelEnd {
  /// Of all that a session needs, rounded up.
  private static final int SESSION_BYTES = 128;

  private final Supplier<Checked<GatewayConfig>> source;
  private final Door door;
  private final Randomness randomness;
  private final Keeping keeping;
  private final LeasedPorts leased;
  private final UpnpDevice upnp;

  /// What [Keeping] says, on whatever thread, until the worker's thread takes it.
  private final ConcurrentLinkedQueue<Event> news = new ConcurrentLinkedQueue<>();

  private volatile GatewayConfig config;
  private ForwardPlan forwards;
  private Gateway gateway;
  private Crossing crossing;

  /// @param source what the file says whenever it is read
  GatewayEnd(
      GatewayConfig config,
      Supplier<Checked<GatewayConfig>> source,
      Door door,
      Randomness randomness) {
    this.config = config;
    this.source = source;
    this.door = door;
    this.randomness = randomness;
    keeping = Keeping.open(config.state(), news::add);
    forwards = forwards(config);
    gateway = gateway(config, forwards, door, randomness);
    crossing = Crossing.of(gateway);
    long now = Worker.monotonicMillis();
    leased = new LeasedPorts(config, gateway.napt(), keeping, now);
    say(leased.restore(keeping.set().orElse(config.identity().ports()), now), now);
    upnp = new UpnpDevice(leased, () -> gateway, keeping.device(), randomness);
    remember(config, forwards);
    say(forwards.events(), now);
  }

  private ForwardPlan forwards(GatewayConfig config) {
    return ForwardPlan.of(config.forwards(), config.identity().ports(), keeping.forwards());
  }

  private void remember(GatewayConfig config, ForwardPlan plan) {
    keeping.keep(config.identity().ports(), plan.memory());
  }

  private void say(List<Event> events, long now) {
    events.forEach(event -> gateway.events().add(event, now));
  }

  private static Gateway gateway(
      GatewayConfig config, ForwardPlan forwards, Door door, Randomness randomness) {
    GatewaySettings settings = settings(config, forwards);
    try {
      return new Gateway(settings, door, door, new Books(), randomness);
    } catch (OutOfMemoryError _) {
      int sessions = config.translation().sessionsMax();
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

  private static GatewaySettings settings(GatewayConfig config, ForwardPlan forwards) {
    return new GatewaySettings(
        config.identity(),
        config.match().domain(),
        config.line().tunnel(),
        config.lan().prefixes(),
        config.lan().address(),
        nat(config, forwards),
        config.translation().manners(),
        FragmentSettings.DEFAULT,
        Routing.KERNEL);
  }

  private static NatSettings nat(GatewayConfig config, ForwardPlan plan) {
    PortSet ports = config.identity().ports();
    List<Forward> forwards = plan.forwards().stream().flatMap(one -> one.each()).toList();
    return config.translation().settings(DynamicPorts.of(ports), forwards, config.dmz());
  }

  static Plan plan(GatewayConfig config) {
    return Plan.ofGateway(
        config.tun(),
        config.identity(),
        config.lan().address(),
        config.line().interfaceName().orElse(""),
        config.metric());
  }

  /// The way of a packet has one hop more than [Crossing#of], so that a gateway can take the place
  /// of another between two packets.
  @Override
  public Crossing crossing() {
    return new Crossing() {
      @Override
      public void cross(long at, int length, long now) {
        crossing.cross(at, length, now);
      }

      @Override
      public void tick(long now) {
        crossing.tick(now);
        leased.tick(now);
        upnp.tick();
        hear(now);
      }
    };
  }

  private void hear(long now) {
    Event event = news.poll();
    while (event != null) {
      gateway.events().add(event, now);
      event = news.poll();
    }
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new GatewayStatus(config, gateway, forwards, keeping).tree();
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
    return GatewayStatus.counters(gateway, door);
  }

  @Override
  public EventLog events() {
    return gateway.events();
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
    int portCount = config.identity().ports().size();
    return gateway.napt().hosts().stream()
        .max(Comparator.comparingInt(ports))
        .map(most ->
            new Event.MostPortsHeld(protocol, most.address(), ports.applyAsInt(most), portCount));
  }

  @Override
  public Optional<Ipv4Address> address() {
    Ipv4Prefix ipv4 = config.identity().ipv4();
    return ipv4.length() == Integer.SIZE
        ? Optional.of(new Ipv4Address(ipv4.bits()))
        : Optional.empty();
  }

  @Override
  public String summary() {
    Identity identity = config.identity();
    return identity.endUserPrefix()
        + " is "
        + identity.ipv4()
        + " with "
        + identity.ports()
        + ", MAP address "
        + identity.mapAddress()
        + ", relay "
        + config.match().domain().relay();
  }

  @Override
  public Checked<Change> reread() {
    return switch (source.get()) {
      case Checked.Invalid<GatewayConfig>(var problems) -> new Checked.Invalid<>(problems);
      case Checked.Valid<GatewayConfig>(var next) -> {
        List<Problem> fixed = fixed(config, next);
        yield fixed.isEmpty()
            ? new Checked.Valid<>(new Next(next, forwards(next)))
            : new Checked.Invalid<>(fixed);
      }
    };
  }

  /// What cannot change while a gateway runs.
  static List<Problem> fixed(GatewayConfig now, GatewayConfig next) {
    List<Problem> problems = new ArrayList<>();
    demandSame("tun", now.tun(), next.tun(), problems);
    demandSame("socket", now.socket(), next.socket(), problems);
    demandSame("state", now.state(), next.state(), problems);
    demandSame(
        "sessionsMax", now.translation().sessionsMax(), next.translation().sessionsMax(), problems);
    return problems;
  }

  private static void demandSame(String key, Object now, Object next, List<Problem> problems) {
    if (!now.equals(next)) {
      problems.add(
          new Problem(
              key,
              0,
              0,
              "it cannot change from "
                  + now
                  + " to "
                  + next
                  + " while the gateway runs; stop it and start it again"));
    }
  }

  private final class Next implements Change {
    private final GatewayConfig next;
    private final ForwardPlan plan;

    Next(GatewayConfig next, ForwardPlan plan) {
      this.next = next;
      this.plan = plan;
    }

    @Override
    public Plan plan() {
      return GatewayEnd.plan(next);
    }

    @Override
    public Map<String, Object> apply(long now) {
      Gateway before = gateway;
      gateway = before.next(settings(next, plan), randomness, now);
      boolean isSame = gateway.napt() == before.napt();
      crossing = Crossing.of(gateway);
      if (!isSame) {
        Identity identity = next.identity();
        say(List.of(new Event.LineChanged("map-e", identity.ipv4(), identity.ports().size())), now);
      }
      forwards = plan;
      config = next;
      say(plan.events(), now);
      say(leased.follow(next, gateway.napt(), now), now);
      return Map.of("sessionsKept", isSame);
    }

    @Override
    public void settle() {
      remember(next, plan);
      leased.write();
      leased.become(next);
      upnp.become(next);
    }
  }

  @Override
  public void serve(Worker worker) {
    leased.serve(worker);
    upnp.become(config);
  }

  @Override
  public void tidy() {
    leased.forgetWhoLeft();
    leased.write();
    keeping.retry();
    upnp.become(config);
  }

  @Override
  public void close() {
    upnp.close();
    leased.close();
    keeping.close();
  }
}
