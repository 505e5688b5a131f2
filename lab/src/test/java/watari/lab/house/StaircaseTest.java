package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.lab.house.fixture.lower.Lower;
import watari.lab.house.fixture.upper.Upper;

final class StaircaseTest {
  private static final JavaClasses HOUSE = House.classes();
  private static final String LOWER = "watari.lab.house.fixture.lower";
  private static final String UPPER = "watari.lab.house.fixture.upper";

  @Test
  void aRoomUsesOnlyRoomsBeforeIt() {
    assertThat(Staircase.OF_THE_HOUSE.violations(HOUSE)).isEmpty();
  }

  @Test
  void classesOfEveryFloorAreLookedAt() {
    var packages = HOUSE.stream().map(type -> type.getPackageName()).toList();
    assertThat(packages)
        .anyMatch(name -> name.startsWith("watari.core."))
        .anyMatch(name -> name.startsWith("watari.host."));
  }

  @Test
  void findsAUseOfALaterRoom() {
    var classes = House.importer().importClasses(Lower.class, Upper.class);
    assertThat(new Staircase(List.of(LOWER, UPPER)).violations(classes))
        .isNotEmpty()
        .allMatch(sentence -> sentence.startsWith("Lower in " + LOWER + " uses Upper"));
    assertThat(new Staircase(List.of(UPPER, LOWER)).violations(classes)).isEmpty();
  }

  @Test
  void findsAClassThatLiesInNoRoom() {
    var classes = House.importer().importClasses(Upper.class);
    assertThat(new Staircase(List.of(LOWER)).violations(classes))
        .containsExactly(Upper.class.getName() + " lies in no room of the staircase");
  }
}
