package watari.lab.bench;

import java.io.IOException;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Line;
import watari.lab.line.Place;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// One way of packets over cables of its own, from the host that makes them through the one that
/// works to the host that counts them:
///
/// ```
/// start: source ---- inward | middle | ---- sink: end
/// ```
///
/// @param source the interface that packets leave the first host by; `inward` and `sink` follow
record Lane(Place start, String source, Place middle, String inward, Place end, String sink) {
  /// Through the relay, over the lab's own cables.
  static Lane own(Line line, boolean isUp) {
    return relay(line, isUp, "0");
  }

  /// Through the relay, over a second pair of cables between the same hosts.
  static Lane second(Line line, boolean isUp) {
    return relay(line, isUp, "1");
  }

  private static Lane relay(Line line, boolean isUp, String pair) {
    var access = line.place(Topology.ACCESS);
    var relay = line.place(Topology.RELAY);
    var internet = line.place(Topology.INTERNET);
    var net = "net" + pair;
    return isUp
        ? new Lane(access, "relay" + pair, relay, "line" + pair, internet, net)
        : new Lane(internet, net, relay, net, access, "relay" + pair);
  }

  /// Through the gateway of a home.
  static Lane home(Line line, Subscriber home, boolean isUp) {
    var inside = line.place(home.home());
    var gateway = line.place(home.gateway());
    var access = line.place(Topology.ACCESS);
    var port = "home" + home.number();
    return isUp
        ? new Lane(inside, Topology.LAN, gateway, Topology.LAN, access, port)
        : new Lane(access, port, gateway, "wan0", inside, Topology.LAN);
  }

  /// From the first host to the one that works.
  Cable cable() throws IOException {
    return new Cable(
        Attachment.of(start, source).ethernet(), Attachment.of(middle, inward).ethernet());
  }

  /// Without it, or a program of its own, the end of a cable takes no frame from a program.
  void takeFrames() throws IOException {
    Finished.demand(middle.command(List.of("ethtool", "-K", inward, "gro", "on")), "");
  }
}
