package watari.app.control;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import watari.app.config.Checked;
import watari.app.config.Problem;
import watari.app.config.RelayConfig;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
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
import watari.host.offload.Counts;
import watari.host.offload.RelayOffload;

/// A relay that runs.
final class RelayEnd implements TunnelEnd {
  private static final int WORKERS_AUTO_MAX = 4;

  private final RelayConfig config;
  private final RuleTable rules;
  private final Relays relays;
  private final EventLog events = new EventLog();
  private final ConcurrentLinkedQueue<Event> news = new ConcurrentLinkedQueue<>();
  private final Counts carriedDown = new Counts("watari_down");
  private final Counts carriedUp = new Counts("watari_up");
  private final FastWay fastWay;
  private @Nullable Worker worker;

  RelayEnd(RelayConfig config, RuleTable rules, List<Door> doors, Randomness randomness) {
    this.config = config;
    this.rules = rules;
    var settings =
        new RelaySettings(
            rules, config.tunnel(), config.address(), Routing.KERNEL, config.anycast());
    relays = new Relays(settings, doors, randomness);
    fastWay =
        new FastWay(
            config.offload(),
            (hook, cells) ->
                RelayOffload.load(hook, rules, config.tunnel(), carriedDown, carriedUp, cells),
            news::add);
  }

  /// How many workers there are on a machine with so many cores. More than a few wait for each
  /// other in the kernel, and the machine has other things to do.
  static int workers(RelayConfig config, int cores) {
    return config.workers().orElse(Math.min(cores, WORKERS_AUTO_MAX));
  }

  static Plan plan(RelayConfig config) {
    return Plan.ofRelay(config.tun(), config.address(), config.services().domains());
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
    status.put("address", config.address().toString());
    status.put("anycast", config.anycast());
    status.put("tun", config.tun());
    status.put("workers", relays.count());
    status.put("lineMtu", config.tunnel().lineMtu());
    status.put("offload", fastWay.status());
    return status;
  }

  @Override
  public Map<String, Object> counters() {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("upstream", Descriptions.of(whole(relays.upstream(), carriedUp)));
    counters.put("downstream", Descriptions.of(whole(relays.downstream(), carriedDown)));
    counters.put("domains", domains());
    counters.put("device", Descriptions.of(relays.device()));
    return counters;
  }

  /// What Java has carried, domain by domain; the kernel counts for all together.
  private Map<String, Object> domains() {
    Map<String, Object> domains = new LinkedHashMap<>();
    Map<String, Tally> down = relays.downstreamByName();
    relays
        .upstreamByName()
        .forEach((name, up) -> {
          Map<String, Object> ways = new LinkedHashMap<>();
          ways.put("upstream", Descriptions.ofSome(up));
          ways.put("downstream", Descriptions.ofSome(Objects.requireNonNull(down.get(name))));
          domains.put(name, ways);
        });
    return domains;
  }

  /// What Java and the kernel have carried together.
  private static Tally whole(Tally ours, Counts carried) {
    var whole = new Tally();
    whole.addAll(ours);
    carried.addTo(whole);
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
    return new Checked.Invalid<>(
        List.of(
            new Problem(
                config.socket().toString(),
                0,
                0,
                "a relay reads its file only when it starts; it has no state, so start it again")));
  }

  @Override
  public void serve(Workers workers) throws IOException {
    worker = workers.first();
    relays.serve(workers);
    fastWay.start();
  }

  @Override
  public Optional<Change> look() {
    return Optional.empty();
  }

  @Override
  public void lag(String reason) {
    // its line asks for nothing
  }

  @Override
  public void tidy() {
    fastWay.follow(narrowPaths());
  }

  /// None while the worker is too busy to say, or ends: Java hears of them again.
  private List<Ipv6Address> narrowPaths() {
    try {
      return Questions.ask(Objects.requireNonNull(worker, "not served"), relays::narrowPaths);
    } catch (Questions.NoAnswer _) {
      return List.of();
    }
  }

  @Override
  public void close() {
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
        + fastWay.summary();
  }
}
