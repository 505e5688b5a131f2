package watari.lab.bench;

import java.io.IOException;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Line;
import watari.lab.line.Topology;

/// A second pair of cables from the access network over the relay to the Internet host, so that the
/// kernel's packets meet nothing of Watari's:
///
/// ```
/// access relay0 ==== line0 | relay | net0 ---- net0 internet     the lab's own
///        relay1 ---- line1 |       | net1 ---- net1
/// ```
final class SecondCables {
  private SecondCables() {}

  static void lay(Line line) throws IOException {
    cable(line, Topology.ACCESS, "relay1", "line1");
    cable(line, Topology.INTERNET, "net1", "net1");
  }

  private static void cable(Line line, String node, String there, String here) throws IOException {
    var far = line.place(node).namespace();
    var near = line.place(Topology.RELAY).namespace();
    var batch =
        "link add name %s netns %s mtu %d up type veth peer name %s netns %s%n"
            .formatted(there, far, Topology.LINE_MTU, here, near);
    Finished.demand(List.of("ip", "-batch", "-"), batch);
    up(near, here);
    up(far, there);
  }

  private static void up(String namespace, String device) throws IOException {
    var batch = "link set %s mtu %d up%n".formatted(device, Topology.LINE_MTU);
    Finished.demand(List.of("ip", "-netns", namespace, "-batch", "-"), batch);
  }
}
