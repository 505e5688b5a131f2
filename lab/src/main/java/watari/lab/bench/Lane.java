package watari.lab.bench;

import java.io.IOException;
import watari.lab.line.Line;
import watari.lab.line.Place;
import watari.lab.line.Topology;

/// One way of packets over cables of its own, from the host that makes them through the relay to
/// the host that counts them:
///
/// ```
/// source ---- inward | relay | outward ---- sink
/// ```
///
/// @param source the interface that packets leave the first host by; `inward`, `outward` and `sink`
///   follow
record Lane(Line line, boolean isUp, String source, String inward, String outward, String sink) {
  /// The lab's own cables.
  static Lane own(Line line, boolean isUp) {
    return isUp
        ? new Lane(line, true, "relay0", "line0", "net0", "net0")
        : new Lane(line, false, "net0", "net0", "line0", "relay0");
  }

  /// A second pair of cables between the same hosts.
  static Lane second(Line line, boolean isUp) {
    return isUp
        ? new Lane(line, true, "relay1", "line1", "net1", "net1")
        : new Lane(line, false, "net1", "net1", "line1", "relay1");
  }

  Place start() {
    return line.place(isUp ? Topology.ACCESS : Topology.INTERNET);
  }

  Place relay() {
    return line.place(Topology.RELAY);
  }

  Place end() {
    return line.place(isUp ? Topology.INTERNET : Topology.ACCESS);
  }

  /// From the first host to the relay.
  Cable cable() throws IOException {
    return new Cable(
        Attachment.of(start(), source).ethernet(), Attachment.of(relay(), inward).ethernet());
  }
}
