package watari.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.event.Event;
import watari.core.plan.ForwardPlan.Refusal;
import watari.core.plan.ForwardWish.Ports;
import watari.core.rule.PortSet;

/// The work on one [ForwardPlan]. Who has a port keeps it, then come those that the operator has
/// just written, then those that have to move: so a move never costs another forward its port.
final class ForwardPlacement {
  private final List<ForwardWish> wishes;
  private final PortSet set;
  private final @Nullable RememberedForward[] before;
  private final @Nullable Spot[] spots;
  private final List<Refusal> refusals = new ArrayList<>();

  /// Where a forward lies.
  ///
  /// @param index of its first port in the set
  private record Spot(int index, List<PlacedForward> runs, Claim claim) {
    int port() {
      return runs.getFirst().firstPort();
    }
  }

  /// Whose place is first.
  private enum Claim {
    HAS_IT,
    WRITTEN,
    HAS_TO_MOVE
  }

  ForwardPlacement(List<ForwardWish> wishes, PortSet set, List<RememberedForward> memory) {
    this.wishes = wishes;
    this.set = set;
    before = new RememberedForward[wishes.size()];
    spots = new Spot[wishes.size()];
    for (int i = 0; i < wishes.size(); i++) {
      ForwardWish wish = wishes.get(i);
      before[i] = memory.stream().filter(one -> one.isOf(wish)).findFirst().orElse(null);
    }
  }

  ForwardPlan plan() {
    @Nullable Spot[] wanted = new Spot[wishes.size()];
    for (int i = 0; i < wishes.size(); i++) {
      wanted[i] = spot(i);
    }
    for (Claim claim : Claim.values()) {
      for (int i = 0; i < wishes.size(); i++) {
        Spot spot = wanted[i];
        if (spot != null && spot.claim() == claim) {
          place(i, spot);
        }
      }
    }
    List<PlacedForward> forwards = new ArrayList<>();
    List<RememberedForward> memory = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      Spot spot = spots[i];
      forwards.addAll(spot == null ? List.of() : spot.runs());
      remember(i, memory, events);
    }
    return new ForwardPlan(forwards, memory, events, refusals);
  }

  private void refuse(int wish, String sentence) {
    refusals.add(new Refusal(wish, sentence));
  }

  /// Where a wish would like to be; null where that is nowhere.
  private @Nullable Spot spot(int i) {
    return switch (wishes.get(i).ports()) {
      case Ports.Range range -> spot(i, range);
      case Ports.Block block -> spot(i, block);
    };
  }

  private @Nullable Spot spot(int i, Ports.Range range) {
    RememberedForward old = before[i];
    if (isWhole(range)) {
      int index = set.index(range.first());
      // In a set of all ports every number has its place, which says nothing about other sets.
      int remembered = set.isAll() && old != null ? old.index() : index;
      return new Spot(remembered, runs(i, index, range.count()), claim(i, index, Claim.WRITTEN));
    }
    if (old == null) {
      refuse(i, new PortRefusal(set, wishes).outside(wishes.get(i), range));
      return null;
    }
    if (old.index() + range.count() > set.size()) {
      return null;
    }
    int index = old.index();
    return new Spot(index, runs(i, index, range.count()), claim(i, index, Claim.HAS_TO_MOVE));
  }

  private boolean isWhole(Ports.Range range) {
    int index = set.index(range.first());
    return index >= 0 && set.index(range.last()) == index + range.count() - 1;
  }

  private @Nullable Spot spot(int i, Ports.Block block) {
    if (block.number() > set.rangeCount()) {
      if (before[i] == null) {
        refuse(i, PortRefusal.noBlock(set, block));
      }
      return null;
    }
    if (wishes.get(i).toPort() + set.rangeSize() - 1 > 65535) {
      refuse(i, PortRefusal.beyond(set, block));
      return null;
    }
    int index = (block.number() - 1) * set.rangeSize();
    return new Spot(index, runs(i, index, set.rangeSize()), claim(i, index, Claim.WRITTEN));
  }

  private Claim claim(int i, int index, Claim otherwise) {
    RememberedForward old = before[i];
    return old != null && !old.isLost() && old.port() == set.port(index) ? Claim.HAS_IT : otherwise;
  }

  /// The ports from an index on, in runs of consecutive ones.
  private List<PlacedForward> runs(int i, int index, int count) {
    ForwardWish wish = wishes.get(i);
    int toPort = wish.firstInside(set.port(index));
    var runs = new ArrayList<PlacedForward>();
    int done = 0;
    while (done < count) {
      int at = index + done;
      int length = Math.min(count - done, set.rangeSize() - at % set.rangeSize());
      runs.add(
          new PlacedForward(
              wish.name(), wish.transport(), set.port(at), length, wish.to(), toPort + done));
      done += length;
    }
    return runs;
  }

  private void place(int i, Spot spot) {
    Optional<String> conflict = conflict(spot);
    if (conflict.isEmpty()) {
      spots[i] = spot;
    } else if (spot.claim() != Claim.HAS_TO_MOVE) {
      refuse(i, conflict.get());
    }
  }

  private Optional<String> conflict(Spot spot) {
    for (PlacedForward run : spot.runs()) {
      for (int j = 0; j < spots.length; j++) {
        Spot other = spots[j];
        for (PlacedForward there : other == null ? List.<PlacedForward>of() : other.runs()) {
          if (run.sharesOuterPort(there)) {
            return Optional.of(new PortRefusal(set, wishes).taken(run, there, wishes.get(j)));
          }
          if (run.sharesInsideEndpoint(there)) {
            return Optional.of(PortRefusal.twoOutside(run, there));
          }
        }
      }
    }
    return Optional.empty();
  }

  private void remember(int i, List<RememberedForward> memory, List<Event> events) {
    ForwardWish wish = wishes.get(i);
    RememberedForward old = before[i];
    Spot spot = spots[i];
    if (spot != null) {
      memory.add(wish.remembered(spot.index(), spot.port(), false));
    } else if (old != null) {
      memory.add(wish.remembered(old.index(), old.port(), true));
    }
    if (old != null) {
      for (int protocol : wish.transport().protocols()) {
        change(wish.name(), protocol, old, spot).ifPresent(events::add);
      }
    }
  }

  private static Optional<Event> change(
      String name, int protocol, RememberedForward old, @Nullable Spot spot) {
    if (spot == null) {
      return old.isLost()
          ? Optional.empty()
          : Optional.of(new Event.ForwardLost(name, protocol, old.port()));
    } else if (old.isLost()) {
      return Optional.of(new Event.ForwardRestored(name, protocol, spot.port()));
    }
    return spot.port() == old.port()
        ? Optional.empty()
        : Optional.of(new Event.ForwardMoved(name, protocol, old.port(), spot.port()));
  }
}
