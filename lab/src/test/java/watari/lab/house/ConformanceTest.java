package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.lab.house.Reason.State;
import watari.lab.house.Rows.Row;

/// Every requirement row has a test or a reason, and `docs/conformance.md` says which. `-Dupdate`
/// writes it anew.
final class ConformanceTest {
  private static final Path DOCS = House.home().resolve("docs");
  private static final Path PAGE = DOCS.resolve("conformance.md");

  private static final Row SHOWN = new Row("UDP-01", "4787 REQ-1", "M", "CE", "one outer port");
  private static final Row GIVEN = new Row("UDP-02", "4787 REQ-2", "S", "CE", "one address");
  private static final Row LATER = new Row("DHC-01", "8415 §16", "M", "CE", "no harm");
  private static final Reason WHY = new Reason("UDP-02", State.DECLINED, "There is only one.");
  private static final Reason WHEN = new Reason("DHC", State.LATER, "Next year.");

  @TempDir Path folder;

  @Test
  void everyRowHasATestOrAReasonAndThePageSaysWhich() throws IOException {
    var conformance =
        Conformance.of(
            Rows.read(DOCS.resolve("conformance-rows.csv")),
            Reason.read(DOCS.resolve("conformance-reasons.csv")),
            Citations.ofTheHouse());
    assertThat(conformance.problems()).isEmpty();
    String page = ConformancePage.of(conformance);
    if (System.getProperty("update") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/conformance.md; -Dupdate -Dtest=ConformanceTest writes it anew")
        .isEqualTo(page);
  }

  @Test
  void findsARowThatNobodyAnswersFor() {
    assertThat(problems(List.of(WHEN), List.of(citation("UDP-01", "keeps"))))
        .containsExactly(
            "UDP-02 needs a test that cites it, or a line in docs/conformance-reasons.csv");
    assertThat(problems(List.of(WHY), List.of(citation("UDP-01", "keeps"))))
        .singleElement()
        .asString()
        .startsWith("DHC-01 needs");
  }

  @Test
  void findsAReasonThatIsOutOfDate() {
    var citations = List.of(citation("UDP-01", "keeps"), citation("UDP-02", "keeps"));
    assertThat(problems(List.of(WHY, WHEN), citations))
        .containsExactly("UDP-02 is shown by a test: docs/conformance-reasons.csv is out of date");
  }

  @Test
  void findsAReasonAndACitationOfNoRow() {
    var family = new Reason("UDP", State.LATER, "All of them at once.");
    var citations = List.of(citation("UDP-01", "keeps"), citation("UDP-03", "keeps"));
    assertThat(problems(List.of(WHY, WHEN, family), citations))
        .containsExactly(
            "UDP is no row of docs/conformance-rows.csv",
            "UDP-03 is no row of docs/conformance-rows.csv");
  }

  @Test
  void aFamilyThatComesLaterHasOneReasonAndTheRowsThatAreShown() {
    var citations = List.of(citation("UDP-01", "keeps"), citation("DHC-01", "does no harm"));
    assertThat(problems(List.of(WHY, WHEN), citations)).isEmpty();
  }

  @Test
  void thePageNamesThreeTestsThatClaimLeastAndCountsTheOthers() {
    var citations =
        Stream.of("d", "c", "b", "a", "a b c").map(test -> citation("UDP-01", test)).toList();
    var all = Stream.concat(citations.stream(), Stream.of(citation("UDP-04", "a"))).toList();
    assertThat(ConformancePage.of(conformance(List.of(WHY, WHEN), all)))
        .contains(
            """
            | [UDP](#udp) NAT for UDP | 2 | 1 | 0 | 0 | 1 |
            | [DHC](#dhc) DHCPv6 | 1 | 0 | 1 | 0 | 0 |
            | **All** | 3 | 1 | 1 | 0 | 1 |
            """)
        .endsWith(
            """

            ## UDP

            NAT for UDP.

            | row | from | asks | shown by, or why not |
            |---|---|---|---|
            | UDP-01 | 4787 REQ-1, M | one outer port | [nat.ATest] a b c; [nat.ATest] b; [nat.ATest] c; \
            and 2 more |
            | UDP-02 | 4787 REQ-2, S | one address | **declined**: There is only one. |

            ## DHC

            DHCPv6.

            All rows, **later**: Next year.

            [nat.ATest]: ../core/ATest.java
            """);
  }

  @Test
  void readsRowsAboveTestsAndNowhereElse() throws IOException {
    var file = Files.createDirectories(folder.resolve("nat")).resolve("ATest.java");
    Files.writeString(
        file,
        """
        class ATest {
          /// UDP-01, UDP-02: as it was.
          @Test
          void keepsAPortOf240TcpOrIpv6() {}

          /// UDP-04
          void check() {}
        }
        """);
    assertThat(Citations.of(List.of(file)))
        .extracting(Citation::row, Citation::test)
        .containsExactly(
            tuple("UDP-01", "[nat.ATest] keeps a port of 240 TCP or IPv6"),
            tuple("UDP-02", "[nat.ATest] keeps a port of 240 TCP or IPv6"));
  }

  @Test
  void refusesRowsAboveAClassOfTests() throws IOException {
    var file = Files.writeString(folder.resolve("ATest.java"), "/// UDP-03\nclass ATest {}\n");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Citations.of(List.of(file)))
        .withMessageContaining("cite them above a test");
  }

  @Test
  void readsTheRowsOfAScenario() throws IOException {
    var file = Files.createDirectories(folder.resolve("gateway")).resolve("keeps-a-port.txt");
    Files.writeString(file, "# The port stays, unlike in UDP-02\n# rows: UDP-01 UDP-16\n");
    assertThat(Citation.ofScenario(file))
        .extracting(Citation::row, Citation::test)
        .containsExactly(
            tuple("UDP-01", "[scenarios/gateway] keeps a port"),
            tuple("UDP-16", "[scenarios/gateway] keeps a port"));
  }

  private static List<String> problems(List<Reason> reasons, List<Citation> citations) {
    return conformance(reasons, citations).problems();
  }

  private static Conformance conformance(List<Reason> reasons, List<Citation> citations) {
    return Conformance.of(new Rows(List.of(SHOWN, GIVEN, LATER)), reasons, citations);
  }

  private static Citation citation(String row, String sentence) {
    return new Citation(row, "nat.ATest", sentence, "core/ATest.java");
  }
}
