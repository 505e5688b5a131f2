package watari.app.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Randomness;
import watari.core.net.Ipv6Address;
import watari.core.path.Part;
import watari.core.path.PathNews;
import watari.core.path.Relay;
import watari.core.path.RelaySettings;
import watari.core.verdict.DomainTallies;
import watari.core.verdict.Tally;
import watari.host.driver.DoorCounters;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.RelayCrew;
import watari.host.engine.Workers;

/// The relays of one node, one for each of its workers, seen as one. They have the rules in common
/// and nothing else: what one learns of a path it tells the others, and what each counts is added
/// up when somebody asks.
///
/// Unless it is said, a method is for the thread of the first worker.
final class Relays implements AutoCloseable {
  /// The purpose of the [Randomness#branch] that all of them have.
  private static final int KEYS = 1;

  private final List<Door> doors;
  private final List<Relay> relays = new ArrayList<>();
  private final RelayCrew crew;
  private volatile @Nullable Workers workers;

  /// @param doors one for each worker
  Relays(RelaySettings settings, List<Door> doors, Randomness randomness) {
    this.doors = List.copyOf(doors);
    for (int i = 0; i < doors.size(); i++) {
      var door = doors.get(i);
      var part = new Part(i, doors.size(), tellerOf(i));
      relays.add(new Relay(settings, door, door, randomness.branch(KEYS), part));
    }
    crew = new RelayCrew(relays, doors.getFirst());
  }

  /// It has workers to tell, as it speaks on the thread of one.
  private PathNews tellerOf(int teller) {
    return (high, low, mtu, now) ->
        workers().tellOthers(teller, each -> () -> relays.get(each).hear(high, low, mtu, now));
  }

  /// How many workers there are; for any thread.
  int count() {
    return relays.size();
  }

  /// What each worker does with packets; for any thread.
  List<Crossing> crossings() {
    return crew.crossings();
  }

  /// The workers are there; for the thread that made it.
  void serve(Workers workers) {
    this.workers = workers;
  }

  private Workers workers() {
    return Objects.requireNonNull(workers, "not served");
  }

  /// Changes something in each relay: in the first at once, in the others soon.
  void change(Consumer<Relay> change) {
    change.accept(relays.getFirst());
    for (int i = 1; i < relays.size(); i++) {
      var relay = relays.get(i);
      var _ =
          workers()
              .get(i)
              .ask(() -> {
                change.accept(relay);
                return relay;
              });
    }
  }

  /// The subscribers whose paths carry less than the line; each relay knows them all.
  List<Ipv6Address> narrowPaths() {
    return relays.getFirst().narrowPaths();
  }

  /// What became of everything from the line until now.
  Tally upstream() {
    return sum(relays.stream().map(Relay::upstreamTally).toList());
  }

  /// What became of everything from the Internet until now.
  Tally downstream() {
    return sum(relays.stream().map(Relay::downstreamTally).toList());
  }

  /// What became of everything from the line until now, domain by domain.
  Map<String, Tally> upstreamByName() {
    return byName(Relay::upstreamTallies);
  }

  /// What became of everything from the Internet until now, domain by domain.
  Map<String, Tally> downstreamByName() {
    return byName(Relay::downstreamTallies);
  }

  private Map<String, Tally> byName(Function<Relay, DomainTallies> direction) {
    Map<String, Tally> sums = new LinkedHashMap<>();
    for (var relay : relays) {
      direction
          .apply(relay)
          .byName()
          .forEach((name, tally) -> sums.computeIfAbsent(name, _ -> new Tally()).addAll(tally));
    }
    return sums;
  }

  private static Tally sum(List<Tally> tallies) {
    var sum = new Tally();
    tallies.forEach(sum::addAll);
    return sum;
  }

  /// What passed the doors and what did not.
  DoorCounters device() {
    return DoorCounters.sum(doors.stream().map(Door::counters).toList());
  }

  /// Gives packet memory back; for the thread that made it, when the workers have ended.
  @Override
  public void close() {
    crew.close();
    relays.forEach(Relay::close);
  }
}
