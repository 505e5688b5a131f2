package watari.core.plan;

import java.util.List;

/// What must change so that one plan becomes another. Between equal plans there is nothing.
///
/// @param removed what is no longer wanted, the last put in first
/// @param added what is newly wanted, in order
public record Difference(List<Item> removed, List<Item> added) {
  public Difference {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  public static Difference between(Plan now, Plan next) {
    return new Difference(
        now.items().reversed().stream().filter(item -> !next.items().contains(item)).toList(),
        next.items().stream().filter(item -> !now.items().contains(item)).toList());
  }

  public boolean isNothing() {
    return removed.isEmpty() && added.isEmpty();
  }
}
