package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.app.config.Checked;
import watari.app.config.Problem;
import watari.app.config.RelayConfig;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.event.Rest;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.path.Routing;
import watari.core.plan.Plan;
import watari.core.rule.MapDomain;
import watari.core.rule.RuleTable;
import watari.core.verdict.Tally;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;
import watari.host.engine.Workers;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.offload.Counts;
import watari.host.offload.RelayOffload;

/// A relay that runs.
final class RelayEnd implements TunnelEnd {
  private static final int WORKERS_AUTO_MAX = 4;

  private final Supplier<Checked<RelayConfig>> source;
  private final RelayCards cards;
  private final Relays relays;
  private final EventLog events = new EventLog();
  private final ConcurrentLinkedQueue<Event> news = new ConcurrentLinkedQueue<>();
  private final Counts carriedDown = new Counts("watari_down");
  private final Counts carriedUp = new Counts("watari_up");
  private final FastWay fastWay;
  private @Nullable Worker worker;

  /// What holds, and what held before and is still accepted, the newest first. The worker writes
  /// them, and others read.
  private volatile RelayConfig config;

  private volatile RuleTable rules;
  private volatile List<Former> former = List.of();

  /// @param source what its file says whenever it is read
  /// @param cards what of its doors it has to keep in place
  RelayEnd(
      RelayConfig config,
      RuleTable rules,
      Supplier<Checked<RelayConfig>> source,
      List<Door> doors,
      RelayCards cards,
      Randomness randomness) {
    this.config = config;
    this.rules = rules;
    this.source = source;
    this.cards = cards;
    var settings =
        new RelaySettings(
            rules, config.tunnel(), config.address(), Routing.KERNEL, config.anycast());
    relays = new Relays(settings, doors, randomness);
    fastWay = new FastWay(config.offload(), this::load, news::add);
  }

  private RelayOffload load(Bpf.Hook hook, int cells) throws KernelException {
    return RelayOffload.load(
        hook, rules, config.tunnel(), carriedDown, carriedUp, cells, () -> !former.isEmpty());
  }

  /// How many workers there are on a machine with so many cores. One core is the kernel's, which
  /// brings the packets, and more than a few workers wait for each other there. Cards have one.
  static int workers(RelayConfig config, int cores) {
    boolean isOfCards = config.door() == RelayConfig.Door.AF_XDP;
    int auto = isOfCards ? 1 : Math.clamp(cores - 1, 1, WORKERS_AUTO_MAX);
    return config.workers().orElse(auto);
  }

  static Plan plan(RelayConfig config) {
    return plan(config, List.of());
  }

  @Override
  public List<Crossing> crossings() {
    return relays.crossings();
  }

  @Override
  public Map<String, Object> status() {
    List<MapDomain> domains = config.services().domains();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "relay");
    status.put("state", "running");
    status.put("domains", domains.stream().map(MapDomain::name).toList());
    status.put(
        "relays", domains.stream().map(domain -> domain.relay().toString()).distinct().toList());
    status.put("rules", rules.size());
    status.put("formerRules", formerRules());
    status.put("address", config.address().toString());
    status.put("anycast", config.anycast());
    status.put("tun", config.tun());
    status.put("workers", relays.count());
    status.put("lineMtu", config.tunnel().lineMtu());
    status.put("door", cards.status());
    status.put("offload", fastWay.status());
    return status;
  }

  private List<Map<String, Object>> formerRules() {
    long now = Worker.monotonicMillis();
    return former.stream().map(each -> tree(each, now)).toList();
  }

  private static Map<String, Object> tree(Former former, long now) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("domains", former.domains().stream().map(MapDomain::name).toList());
    tree.put("acceptedSeconds", secondsLeft(former, now));
    return tree;
  }

  private static long secondsLeft(Former former, long now) {
    return Math.max(0, (former.until() - now + 999) / 1000);
  }

  @Override
  public Map<String, Object> counters() {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("upstream", Descriptions.of(carriedUp.with(relays.upstream())));
    counters.put("downstream", Descriptions.of(carriedDown.with(relays.downstream())));
    counters.put("domains", domains());
    counters.put("device", Descriptions.of(relays.device()));
    return counters;
  }

  /// What Java and the kernel have carried together, domain by domain.
  private Map<String, Object> domains() {
    Map<String, Object> domains = new LinkedHashMap<>();
    Map<String, Tally> down = relays.downstreamByName();
    Map<String, Tally> byKernelUp = carriedUp.byName();
    Map<String, Tally> byKernelDown = carriedDown.byName();
    relays
        .upstreamByName()
        .forEach((name, up) -> {
          Map<String, Object> ways = new LinkedHashMap<>();
          Tally ofJava = Objects.requireNonNull(down.get(name));
          ways.put("upstream", Descriptions.ofSome(whole(up, byKernelUp.get(name))));
          ways.put("downstream", Descriptions.ofSome(whole(ofJava, byKernelDown.get(name))));
          domains.put(name, ways);
        });
    return domains;
  }

  private static Tally whole(Tally ours, @Nullable Tally ofKernel) {
    var whole = new Tally();
    whole.addAll(ours);
    if (ofKernel != null) {
      whole.addAll(ofKernel);
    }
    return whole;
  }

  @Override
  public EventLog events() {
    for (Event event = news.poll(); event != null; event = news.poll()) {
      events.add(event, Worker.monotonicMillis());
    }
    return events;
  }

  @Override
  public Optional<Event> explanation(Event event) {
    return Optional.empty();
  }

  @Override
  public Checked<Change> reread() {
    return switch (source.get()) {
      case Checked.Invalid<RelayConfig>(var problems) -> new Checked.Invalid<>(problems);
      case Checked.Valid<RelayConfig>(var next) -> {
        List<Problem> fixed = fixed(config, next);
        yield fixed.isEmpty() ? new Checked.Valid<>(change(next)) : new Checked.Invalid<>(fixed);
      }
    };
  }

  /// What cannot change while a relay runs.
  static List<Problem> fixed(RelayConfig now, RelayConfig next) {
    var fixed = new Fixed();
    fixed.tunnel(now.tunnel(), next.tunnel());
    fixed.demand("address", now.address(), next.address());
    fixed.demand("anycast", now.anycast(), next.anycast());
    fixed.demand("tun", now.tun(), next.tun());
    fixed.demand("socket", now.socket(), next.socket());
    fixed.demand("workers", Fixed.auto(now.workers()), Fixed.auto(next.workers()));
    fixed.demand("door", Fixed.word(now.door()), Fixed.word(next.door()));
    fixed.offload("internet", now.offload(), next.offload());
    return fixed.problems();
  }

  private static boolean isOther(RelayConfig now, RelayConfig next) {
    return !now.services().domains().equals(next.services().domains());
  }

  /// The new rules are built here, on the thread that asks.
  ///
  /// @throws Refused when there is no room for the rules of before
  private Change change(RelayConfig next) {
    if (!isOther(config, next)) {
      return new Same(next);
    }
    if (former.size() == Relay.FORMER_MAX) {
      throw new Refused(
          "the rules have changed "
              + Relay.FORMER_MAX
              + " times, and those of before are still accepted; reload again in "
              + secondsLeft(former.getLast(), Worker.monotonicMillis())
              + " s, or lower graceSeconds where rules change so often");
    }
    RuleTable built = next.services().table();
    fastWay.pause(Rest.RULES_CHANGE);
    return new Next(next, built);
  }

  /// What is routed to the device: all that is accepted.
  private static Plan plan(RelayConfig config, List<Former> former) {
    List<MapDomain> all = new ArrayList<>(config.services().domains());
    former.forEach(each -> all.addAll(each.domains()));
    return Plan.ofRelay(config.tun(), config.address(), all);
  }

  /// Rules that no longer hold.
  ///
  /// @param until when they are forgotten, in milliseconds
  record Former(List<MapDomain> domains, long until) {}

  /// The rules of before with the grace time of a new file: none is accepted longer than those that
  /// end now, so the oldest is always the first to be forgotten.
  static List<Former> within(List<Former> former, long until) {
    return former.stream()
        .map(each -> new Former(each.domains(), Math.min(each.until(), until)))
        .toList();
  }

  private static long graceEnd(RelayConfig next) {
    return Worker.monotonicMillis() + TimeUnit.SECONDS.toMillis(next.graceSeconds());
  }

  /// The file says nothing new about the rules.
  private final class Same implements Change {
    private final RelayConfig next;

    Same(RelayConfig next) {
      this.next = next;
    }

    @Override
    public Plan plan() {
      return RelayEnd.plan(next, former);
    }

    @Override
    public Map<String, Object> apply(long now) {
      config = next;
      former = within(former, graceEnd(next));
      return Map.of("rulesChanged", false);
    }

    @Override
    public void settle() {
      // nothing takes a while
    }
  }

  /// Other rules. They hold before the kernel has routes for them, and those of before until it has
  /// none any more; so no packet comes that nobody knows.
  private final class Next implements Change {
    private final RelayConfig next;
    private final RuleTable built;
    private final List<Former> all = new ArrayList<>();
    private boolean isPrepared;

    Next(RelayConfig next, RuleTable built) {
      this.next = next;
      this.built = built;
      long until = graceEnd(next);
      all.add(new Former(config.services().domains(), until));
      all.addAll(within(former, until));
    }

    @Override
    public Plan plan() {
      return RelayEnd.plan(next, all);
    }

    @Override
    public void prepare() {
      relays.change(relay -> relay.become(built));
      isPrepared = true;
    }

    @Override
    public void cancel() {
      if (isPrepared) {
        relays.change(Relay::goBack);
      }
      fastWay.resume();
    }

    @Override
    public Map<String, Object> apply(long now) {
      config = next;
      rules = built;
      former = List.copyOf(all);
      return Map.of("rulesChanged", true, "rules", built.size());
    }

    /// The kernel carries by the new rules, and leaves us what they refuse.
    @Override
    public void settle() {
      fastWay.resume();
    }
  }

  /// Of all domains that are accepted.
  private Set<String> domainNames() {
    return Stream.concat(
            config.services().domains().stream(),
            former.stream().flatMap(each -> each.domains().stream()))
        .map(MapDomain::name)
        .collect(Collectors.toSet());
  }

  /// The time of the oldest of the rules before is over.
  private final class Forgotten implements Change {
    private final List<Former> left = former.subList(0, former.size() - 1);

    @Override
    public Plan plan() {
      return RelayEnd.plan(config, left);
    }

    @Override
    public Map<String, Object> apply(long now) {
      relays.change(Relay::forget);
      former = List.copyOf(left);
      Set<String> names = domainNames();
      carriedUp.keep(names);
      carriedDown.keep(names);
      return Map.of();
    }

    /// The kernel drops again what the rules refuse, from the next look on.
    @Override
    public void settle() {
      if (former.isEmpty()) {
        cards.become(rules);
      }
    }
  }

  @Override
  public void serve(Workers workers) throws IOException {
    worker = workers.first();
    relays.serve(workers);
    cards.attach(rules);
    fastWay.start();
  }

  @Override
  public Optional<Change> look() {
    boolean isOver = !former.isEmpty() && former.getLast().until() <= Worker.monotonicMillis();
    return isOver ? Optional.of(new Forgotten()) : Optional.empty();
  }

  @Override
  public void lag(String reason) {
    // rules whose time is over are accepted until the kernel lets their routes go
  }

  @Override
  public void tidy() {
    cards.follow();
    fastWay.follow(Objects.requireNonNull(worker, "not served"), relays::narrowPaths);
  }

  @Override
  public void close() {
    cards.close();
    fastWay.close();
    relays.close();
    carriedDown.close();
    carriedUp.close();
  }

  @Override
  public Optional<Ipv4Address> address() {
    return Optional.empty();
  }

  @Override
  public String summary() {
    return rules.size()
        + " rules, ICMP from "
        + config.address()
        + ", device "
        + config.tun()
        + cards.summary()
        + fastWay.summary();
  }
}
