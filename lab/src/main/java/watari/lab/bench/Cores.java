package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import watari.core.net.Refused;
import watari.lab.line.Finished;
import watari.lab.line.Place;

/// Which core does what. With one core only, it does everything.
///
/// @param generator makes the packets and watches the sink
/// @param host receives, forwards and sends, and drops at the sink
record Cores(int generator, int host) {
  private static final String ALLOWED = "Cpus_allowed_list:";

  /// The first two cores that this process may use.
  static Cores find() throws IOException {
    var line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(row -> row.startsWith(ALLOWED))
            .findAny()
            .orElse(ALLOWED + " 0");
    var cores = list(line.substring(ALLOWED.length()).strip());
    return new Cores(cores.getFirst(), cores.get(Math.min(1, cores.size() - 1)));
  }

  /// Reads a list such as `0-3,8` (cpuset(7)).
  static List<Integer> list(String text) {
    if (!text.matches("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*")) {
      throw new Refused("'" + text + "' is no list of cores such as 0-3,8");
    }
    var cores = new ArrayList<Integer>();
    for (var range : text.split(",", -1)) {
      var ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
        cores.add(core);
      }
    }
    return cores;
  }

  /// What stands before a command that shall run on the host's core.
  List<String> onHost() {
    return List.of("taskset", "--cpu-list", Integer.toString(host));
  }

  /// Ties the thread of a place to the generator's core.
  void pin(Place place) throws IOException {
    var thread =
        place.inside(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
    Finished.demand(
        List.of("taskset", "--cpu-list", "--pid", Integer.toString(generator), thread.toString()),
        "");
  }

  /// Lets what arrives at an interface be received on the host's core, whoever sent it
  /// (Documentation/networking/scaling.rst, RPS).
  void steer(Place place, String name) throws IOException {
    var mask = mask(host);
    var file = "/sys/class/net/" + name + "/queues/rx-0/rps_cpus";
    // ip netns exec shows the /sys of the namespace.
    Finished.demand(place.command(List.of("sh", "-c", "echo " + mask + " >" + file)), "");
  }

  /// Groups of eight hexadecimal digits with commas between, as the kernel reads a set of cores.
  static String mask(int core) {
    return Long.toHexString(1L << core % 32) + ",00000000".repeat(core / 32);
  }
}
