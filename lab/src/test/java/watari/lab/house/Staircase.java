package watari.lab.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;

/// The rooms from the lowest to the highest; a room uses only itself and rooms before it.
record Staircase(List<String> rooms) {
  /// The order is also the reading order for a newcomer. A room need not exist yet.
  static final Staircase OF_THE_HOUSE =
      new Staircase(
          List.of(
              "watari.core.net",
              "watari.core.verdict",
              "watari.core.event",
              "watari.core.wire",
              "watari.core.rule",
              "watari.core.nat",
              "watari.core.path",
              "watari.core.provision",
              "watari.core.portmap",
              "watari.core.plan",
              "watari.host.kernel",
              "watari.host.driver",
              "watari.host.offload",
              "watari.host.engine",
              "watari.host.service",
              "watari.app.config",
              "watari.app.igd",
              "watari.app.control",
              "watari.app.api",
              "watari.app.cli",
              "watari.lab"));

  Staircase {
    rooms = List.copyOf(rooms);
  }

  /// A sentence for each class that lies in no room, and each use of a later room.
  List<String> violations(JavaClasses classes) {
    return classes.stream().flatMap(this::violations).distinct().sorted().toList();
  }

  private Stream<String> violations(JavaClass type) {
    int room = roomOf(type);
    if (room < 0) {
      return Stream.of(type.getName() + " lies in no room of the staircase");
    }
    return type.getDirectDependenciesFromSelf().stream()
        .filter(use -> roomOf(use.getTargetClass()) > room)
        .map(this::sentence);
  }

  private String sentence(Dependency use) {
    return "%s in %s uses %s of a later room, %s"
        .formatted(
            use.getOriginClass().getSimpleName(),
            rooms.get(roomOf(use.getOriginClass())),
            use.getTargetClass().getSimpleName(),
            use.getSourceCodeLocation());
  }

  private int roomOf(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    for (int i = 0; i < rooms.size(); i++) {
      if (name.equals(rooms.get(i)) || name.startsWith(rooms.get(i) + ".")) {
        return i;
      }
    }
    return -1;
  }
}
