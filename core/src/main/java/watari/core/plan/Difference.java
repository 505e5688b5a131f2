package watari.core.plan;

import java.util.List;
import java.util.stream.Stream;

/// What must change so that one plan becomes another. Between equal plans there is nothing.
///
/// @param routes what of the newly wanted comes before anything goes: while a route takes the place
///   of another that is wider, narrower or beside it, no packet finds none
/// @param removed what is no longer wanted, the last put in first
/// @param added the others that are newly wanted, in order
public record Difference(List<Item> routes, List<Item> removed, List<Item> added) {
  public Difference {
    routes = List.copyOf(routes);
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  public static Difference between(Plan now, Plan next) {
    List<Item> removed =
        now.items().reversed().stream().filter(item -> !next.items().contains(item)).toList();
    boolean isExchange = !removed.isEmpty();
    return new Difference(
        news(now, next).filter(item -> isExchange && isRoute(item)).toList(),
        removed,
        news(now, next).filter(item -> !(isExchange && isRoute(item))).toList());
  }

  private static Stream<Item> news(Plan now, Plan next) {
    return next.items().stream().filter(item -> !now.items().contains(item));
  }

  private static boolean isRoute(Item item) {
    return switch (item) {
      case Item.Ipv4Route _, Item.Ipv6Route _ -> true;
      case Item.Forwarding _,
          Item.OwnSource _,
          Item.RouterAdvertisements _,
          Item.ProxyNeighbour _,
          Item.AnySource _,
          Item.EveryWayLookedUp _,
          Item.SparedPorts _,
          Item.OwnTable _,
          Item.Ipv4Rule _ ->
          false;
    };
  }

  public boolean isNothing() {
    return routes.isEmpty() && removed.isEmpty() && added.isEmpty();
  }
}
