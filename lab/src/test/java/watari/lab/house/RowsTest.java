package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RowsTest {
  private static final Path LIST = House.home().resolve("docs/conformance-rows.csv");

  private static final String ROW =
      "[A-Z0-9]+-\\d\\d,TEXT,[MSOP](/[MSOP])?,(all|CE|BR|PS|\"[A-Z,]+\"),TEXT"
          .replace("TEXT", "([^,\"]+|\"[^\"]+\")");

  /// No row has the number 00, so that an example of a wrong citation can stand here: it is put
  /// together from two parts, for this file is looked at too.
  private static final String MISSING = "MAPE" + "-00";

  @Test
  void everyCitedRowExists() {
    var rows = Rows.read(LIST);
    var wrong =
        Stream.of("main", "test")
            .flatMap(part -> House.files(part, "").stream())
            .filter(file -> file.toString().matches(".*\\.(java|txt|ya?ml|csv)"))
            .flatMap(file -> rows.violations(file.toString(), House.text(file)).stream());
    assertThat(wrong).isEmpty();
  }

  @Test
  void findsARowThatDoesNotExist() {
    var rows = new Rows(List.of(new Rows.Row("MAPE-37", "7597 §8.1", "M", "CE", "spoofs")));
    assertThat(rows.violations("here", "/// MAPE-37, " + MISSING))
        .containsExactly(
            "here cites " + MISSING + ", which docs/conformance-rows.csv does not have");
  }

  @Test
  void theListNamesEachRowOnceAndHasFiveColumns() {
    var lines = House.text(LIST).lines().skip(1).toList();
    assertThat(lines).allMatch(line -> line.matches(ROW));
    var ids = Rows.read(LIST).all().stream().map(Rows.Row::id).toList();
    assertThat(ids).doesNotHaveDuplicates().contains("MAPE-01", "S46-23", "VPN-13");
    assertThat(Rows.cited(String.join(" ", ids))).isEqualTo(ids);
  }
}
