package watari.lab.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// The JVM that runs the benchmarks and judges them; [CoreBench] starts it.
final class CoreSuite {
  private static final int WARMUPS = 3;
  private static final int ITERATIONS = 5;
  private static final TimeValue WARMUP = TimeValue.seconds(1);
  private static final TimeValue EACH = TimeValue.milliseconds(500);

  /// The collector is the product's.
  private static final List<String> JVM =
      List.of("--sun-misc-unsafe-memory-access=allow", "-XX:+UseZGC", "-Xms2g", "-Xmx2g");

  private CoreSuite() {}

  public static void main(String[] arguments) throws RunnerException {
    var wish = Wish.parse(List.of(arguments));
    var table = new Table(new Runner(options(wish)).run());
    table.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.exit(table.isClean() ? 0 : 1);
  }

  private static Options options(Wish wish) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(CoreSuite.class.getPackageName() + "\\." + wish.only())
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(wish.forks())
            .warmupIterations(WARMUPS)
            .warmupTime(WARMUP)
            .measurementIterations(ITERATIONS)
            .measurementTime(EACH)
            .shouldFailOnError(true)
            .jvmArgsAppend(JVM.toArray(String[]::new))
            .addProfiler(WorkerUse.class);
    wish.json()
        .ifPresent(file -> options.resultFormat(ResultFormatType.JSON).result(file.toString()));
    return options.build();
  }
}
