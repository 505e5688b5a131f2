package watari.lab.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What one benchmark measured several times: the median of each fork, or each round.
final class Figures {
  private final double[] sorted;

  private Figures(double[] sorted) {
    this.sorted = sorted;
  }

  /// @param samples one or more
  static Figures ofSamples(double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return new Figures(sorted);
  }

  static Figures ofClock(RunResult run) {
    return of(run, iteration -> iteration.getPrimaryResult().getScore());
  }

  static Figures of(RunResult run, String name) {
    return of(run, iteration -> score(iteration, name));
  }

  private static double score(IterationResult iteration, String name) {
    Result<?> result = iteration.getSecondaryResults().get(name);
    if (result == null) {
      throw new IllegalStateException("JMH has measured no '" + name + "'");
    }
    return result.getScore();
  }

  private static Figures of(RunResult run, ToDoubleFunction<IterationResult> score) {
    return new Figures(
        run.getBenchmarkResults().stream()
            .mapToDouble(fork -> median(fork, score))
            .sorted()
            .toArray());
  }

  private static double median(BenchmarkResult fork, ToDoubleFunction<IterationResult> score) {
    Collection<IterationResult> iterations = fork.getIterationResults();
    return middle(iterations.stream().mapToDouble(score).sorted().toArray());
  }

  private static double middle(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  double median() {
    return middle(sorted);
  }

  double least() {
    return sorted[0];
  }

  double most() {
    return sorted[sorted.length - 1];
  }
}
