package watari.lab.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// What an operation costs the thread that does it: processor time and allocated bytes.
///
/// On a machine that others use too, the time on the clock says how busy they are; and counted over
/// all threads, JMH's own work would look like the packets'.
public final class WorkerUse implements InternalProfiler {
  static final String NANOS = "cpu";
  static final String BYTES = "allocated";

  private static final String WORKER = "-jmh-worker-";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long nanosBefore;
  private long bytesBefore;

  /// For JMH, which makes one in each fork.
  public WorkerUse() {}

  @Override
  public String getDescription() {
    return "processor time and allocated bytes of the worker";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    nanosBefore = sum(threads::getThreadCpuTime);
    bytesBefore = sum(threads::getThreadAllocatedBytes);
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double operations = result.getMetadata().getAllOps();
    double nanos = sum(threads::getThreadCpuTime) - nanosBefore;
    double bytes = sum(threads::getThreadAllocatedBytes) - bytesBefore;
    return List.of(
        new ScalarResult(NANOS, nanos / operations, "ns/op", AggregationPolicy.AVG),
        new ScalarResult(BYTES, bytes / operations, "B/op", AggregationPolicy.AVG));
  }

  private long sum(LongUnaryOperator quantity) {
    return workers().map(quantity).sum();
  }

  private LongStream workers() {
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .filter(thread -> thread.getThreadName().contains(WORKER))
        .mapToLong(ThreadInfo::getThreadId);
  }
}
