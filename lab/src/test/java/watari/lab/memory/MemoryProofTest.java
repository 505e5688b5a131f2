package watari.lab.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import watari.lab.line.Layout;
import watari.lab.line.Topology;
import watari.lab.proof.Outcome;

final class MemoryProofTest {

  static Stream<Topology> topologies() {
    return Stream.of(
        new Topology(2, Layout.RFC7597),
        new Topology(3, Layout.DRAFT03),
        new Topology(2, Layout.RFC7597, true),
        new Topology(Topology.SUBSCRIBERS_MAX, Layout.RFC7597));
  }

  /// MAPE-01, MAPE-09, MAPE-10, MAPE-37, MAPE-44, MAPE-47, MAPE-50
  @ParameterizedTest
  @MethodSource("topologies")
  void everyStepIsShown(Topology topology) {
    var outcomes = new ArrayList<Outcome>();
    try (var stage = MemoryStage.open(topology)) {
      assertThat(MemoryProof.of(topology).run(stage, (_, outcome) -> outcomes.add(outcome)))
          .as(outcomes::toString)
          .isTrue();
    }
    assertThat(outcomes).hasOnlyElementsOfType(Outcome.Shown.class);
    assertThat(outcomes).hasSize(12 + 2 * topology.count());
  }
}
