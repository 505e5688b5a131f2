package watari.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import watari.core.net.Refused;
import watari.lab.bench.CarrierBench;
import watari.lab.bench.CoreBench;
import watari.lab.bench.HouseholdBench;
import watari.lab.bench.LatencyBench;
import watari.lab.bench.StreamBench;
import watari.lab.bench.TunBench;

/// The verbs that are not part of the product: `lab` and `bench`.
public final class Main {

  static final String LAB =
      "use: watari lab [--once] [--subscribers N] [--layout rfc7597|draft-03] [--mesh] [--memory]";

  private static final int FAILURE = 1;
  private static final int WRONG_USAGE = 2;

  private Main() {}

  /// Runs a verb and ends the JVM with its exit code.
  ///
  /// @param arguments a verb and its options
  public static void main(String[] arguments) {
    System.exit(run(Arrays.asList(arguments)));
  }

  private static int run(List<String> arguments) {
    var report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    try {
      return verb(arguments, report);
    } catch (Refused refused) {
      System.err.println("watari: " + refused.sentence());
      return WRONG_USAGE;
    } catch (IOException failed) {
      System.err.println("watari: " + failed.getMessage());
      return FAILURE;
    }
  }

  private static int verb(List<String> arguments, Report report) throws IOException {
    var verb = arguments.isEmpty() ? "nothing" : arguments.getFirst();
    var options = arguments.subList(Math.min(1, arguments.size()), arguments.size());
    if (options.contains("--help") || options.contains("-h")) {
      report.say(LAB);
      report.say(CoreBench.USE);
      report.say(TunBench.USE);
      report.say(HouseholdBench.USE);
      report.say(CarrierBench.USE);
      report.say(StreamBench.USE);
      report.say(LatencyBench.USE);
      return 0;
    }
    return switch (verb) {
      case "lab" -> new Lab(Wish.parse(options), report, options).run();
      case "bench" -> bench(options, report);
      default -> throw new Refused("the verbs here are lab and bench, not '" + verb + "'; " + LAB);
    };
  }

  private static int bench(List<String> options, Report report) throws IOException {
    var what = options.isEmpty() ? "nothing" : options.getFirst();
    return switch (what) {
      case "core" -> CoreBench.run(options.subList(1, options.size()));
      case "tun" -> TunBench.run(options.subList(1, options.size()), report::say);
      case "gateway" -> HouseholdBench.run(options.subList(1, options.size()), report::say);
      case "relay" -> CarrierBench.run(options.subList(1, options.size()), report::say);
      case "tcp" -> StreamBench.run(options.subList(1, options.size()), report::say);
      case "latency" -> LatencyBench.run(options.subList(1, options.size()), report::say);
      default ->
          throw new Refused(
              "the benchmarks are core, tun, gateway, relay, tcp and latency, not '"
                  + what
                  + "'; 'watari bench --help' says how they are called");
    };
  }
}
