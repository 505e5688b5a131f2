package watari.lab.line;

import java.util.List;

/// How a JVM is run.
///
/// @param before what stands before `java` on the command line, such as `taskset -c 1`
/// @param options of the JVM
public record Manner(List<String> before, List<String> options) {

  /// Many JVMs on few cores: the smallest collector, the quick compiler only.
  public static final Manner SMALL =
      new Manner(List.of(), List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

  public Manner {
    before = List.copyOf(before);
    options = List.copyOf(options);
  }
}
