package watari.core.provision;

import java.util.Optional;

/// What must and must not be in a container (RFC 7598 §5 and §6).
final class S46Containers {
  private S46Containers() {}

  static Optional<String> fault(S46Option.Container container) {
    return switch (container.code()) {
      case S46Option.MAP_E -> mapE(container);
      case S46Option.MAP_T -> mapT(container);
      default -> lightweight(container);
    };
  }

  private static Optional<String> mapE(S46Option.Container container) {
    if (holds(container, S46Option.DefaultMappingRule.class)) {
      return Optional.of("a MAP-E container may not hold a default mapping rule (91)");
    }
    if (holds(container, S46Option.Binding.class)) {
      return Optional.of("a MAP-E container may not hold a binding (92)");
    }
    if (!holds(container, S46Option.Rule.class)) {
      return Optional.of("a MAP-E container needs at least one rule (89)");
    }
    return needsRelay(container, "a MAP-E container");
  }

  private static Optional<String> mapT(S46Option.Container container) {
    if (!holds(container, S46Option.Rule.class)) {
      return Optional.of("a MAP-T container needs at least one rule (89)");
    }
    return count(container, S46Option.DefaultMappingRule.class) == 1
        ? Optional.empty()
        : Optional.of("a MAP-T container needs exactly one default mapping rule (91)");
  }

  private static Optional<String> lightweight(S46Option.Container container) {
    return count(container, S46Option.Binding.class) > 1
        ? Optional.of("a Lightweight 4over6 container may hold only one binding (92)")
        : needsRelay(container, "a Lightweight 4over6 container");
  }

  private static Optional<String> needsRelay(S46Option.Container container, String what) {
    return holds(container, S46Option.BorderRelay.class)
        ? Optional.empty()
        : Optional.of(what + " needs at least one border relay (90)");
  }

  private static boolean holds(S46Option.Container container, Class<? extends S46Option> kind) {
    return count(container, kind) > 0;
  }

  private static long count(S46Option.Container container, Class<? extends S46Option> kind) {
    return container.options().stream().filter(kind::isInstance).count();
  }
}
