package watari.core.plan;

import java.util.List;
import java.util.stream.Stream;
import watari.core.event.Event;
import watari.core.rule.PortSet;

/// Where the forwards that an operator wrote lie in the port set of today.
///
/// A forward has the ports that are written where the set has them. Where it has not, because the
/// line has got another set since, the forward moves to the ports with the same index in the new
/// set. A port that was in no set of this line is refused.
///
/// @param forwards what is to be done, in the order of the wishes
/// @param memory what to remember of them
/// @param events what has changed since the memory was written
/// @param refusals which wishes cannot be, and why
public record ForwardPlan(
    List<PlacedForward> forwards,
    List<RememberedForward> memory,
    List<Event> events,
    List<Refusal> refusals) {

  /// A wish that cannot be.
  ///
  /// @param wish its index among the wishes
  public record Refusal(int wish, String sentence) {}

  public ForwardPlan {
    forwards = List.copyOf(forwards);
    memory = List.copyOf(memory);
    events = List.copyOf(events);
    refusals = List.copyOf(refusals);
  }

  /// Places the wishes in a set.
  ///
  /// @param memory of the plan before, which may be one of an earlier run
  public static ForwardPlan of(
      List<ForwardWish> wishes, PortSet set, List<RememberedForward> memory) {
    return new ForwardPlacement(wishes, set, memory).plan();
  }

  /// The memory, and where the wishes that it has nothing of would lie in a set.
  public static List<RememberedForward> remember(
      List<ForwardWish> wishes, PortSet set, List<RememberedForward> memory) {
    List<ForwardWish> unknown =
        wishes.stream().filter(wish -> memory.stream().noneMatch(one -> one.isOf(wish))).toList();
    return Stream.concat(memory.stream(), of(unknown, set, List.of()).memory().stream()).toList();
  }
}
