package watari.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import watari.core.net.Refused;
import watari.lab.line.Finished;
import watari.lab.line.Place;

/// The core that does everything: makes the packets, receives, forwards and sends them, and drops
/// them at the sink. So nothing waits for another core, and no rate depends on how many there are.
///
/// @param number as the kernel counts
record Core(int number) {
  private static final String ALLOWED = "Cpus_allowed_list:";

  /// Before all that would like the core too, as long as it is busy (sched(7)). A mere nice value
  /// counts within a session or control group only.
  private static final String PRIORITY = "1";

  private static final String EAGER = "2";

  /// What stands before a command that shall run before all others, on whatever core.
  static final List<String> FIRST = List.of("chrt", "--rr", PRIORITY);

  /// The last core that this process may use; other programs often prefer the first.
  static Core find() throws IOException {
    var line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(row -> row.startsWith(ALLOWED))
            .findAny()
            .orElse(ALLOWED + " 0");
    return new Core(list(line.substring(ALLOWED.length()).strip()).getLast());
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

  /// What stands before a command that shall run here.
  List<String> prefix() {
    return List.of("chrt", "--rr", PRIORITY, "taskset", "--cpu-list", Integer.toString(number));
  }

  /// The same for one that shall have the core before generators, as soon as there is work for it.
  List<String> prefixOfEager() {
    return List.of("chrt", "--rr", EAGER, "taskset", "--cpu-list", Integer.toString(number));
  }

  /// Lets the thread of a place run here.
  void pin(Place place) throws IOException {
    var thread =
        place.inside(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
    demand("taskset", "--cpu-list", "--pid", Integer.toString(number), thread.toString());
    demand("chrt", "--rr", "--pid", PRIORITY, thread.toString());
  }

  private static void demand(String... command) throws IOException {
    Finished.demand(List.of(command), "");
  }
}
