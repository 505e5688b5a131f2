package watari.lab;

import java.io.IOException;
import watari.lab.line.Topology;

/// The same homes, gateways, relay and Internet host without namespaces: every node is an object in
/// this process and every cable a queue.
interface MemoryLab {

  /// Builds the nodes of a topology in memory, sends the packets of the proof through them and
  /// prints what was shown.
  ///
  /// @return whether all of it was
  boolean prove(Topology topology, Report report) throws IOException;

  /// The lab of a build whose nodes cannot run in memory.
  static MemoryLab absent() {
    return (_, _) -> {
      throw new IOException("this build cannot run the lab's nodes in memory");
    };
  }
}
