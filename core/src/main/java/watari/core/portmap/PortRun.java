package watari.core.portmap;

import java.util.Optional;
import java.util.function.Predicate;
import watari.core.rule.PortSet;

/// Outer ports in a row, all in one range of the set: behind the end of a range begin the ports of
/// another subscriber.
///
/// @param size at least 1
record PortRun(int first, int size) {
  /// Where the whole port space is ours, nobody is given a system port that did not name it.
  private static final int SYSTEM_PORTS = 1024;

  int last() {
    return first + size - 1;
  }

  /// The run that begins at a port.
  ///
  /// @param most how long it may be
  /// @param isFree whether the last port of a run is free
  /// @return empty where the first port is not free
  static Optional<PortRun> from(int first, int most, PortSet ports, Predicate<PortRun> isFree) {
    Optional<PortRun> run = Optional.empty();
    for (int size = 1; size <= most; size++) {
      var next = new PortRun(first, size);
      if (!next.isInside(ports) || !isFree.test(next)) {
        return run;
      }
      run = Optional.of(next);
    }
    return run;
  }

  private boolean isInside(PortSet ports) {
    int index = ports.index(first);
    return index >= 0 && last() <= 65535 && ports.index(last()) == index + size - 1;
  }

  /// The longest run of at most `most` ports; the lowest of equals.
  ///
  /// @param step 2 where only every second port may be the first, or 1
  /// @param parity of the first port where `step` is 2
  static Optional<PortRun> longest(
      int most, int step, int parity, PortSet ports, Predicate<PortRun> isFree) {
    int least = ports.isAll() ? SYSTEM_PORTS : 1;
    Optional<PortRun> best = Optional.empty();
    for (int index = 0; index < ports.size() && !isLong(best, most); index++) {
      int port = ports.port(index);
      if (port >= least && (port - parity) % step == 0) {
        best = longer(best, from(port, most, ports, isFree));
      }
    }
    return best;
  }

  private static boolean isLong(Optional<PortRun> run, int most) {
    return run.isPresent() && run.get().size == most;
  }

  private static Optional<PortRun> longer(Optional<PortRun> one, Optional<PortRun> other) {
    return one.map(PortRun::size).orElse(0) >= other.map(PortRun::size).orElse(0) ? one : other;
  }
}
