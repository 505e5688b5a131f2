package watari.lab.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.core.net.Refused;

/// The hosts of a [Topology] as network namespaces of this machine.
public final class Namespaces implements AutoCloseable {

  private static final Path SYSCTL = Path.of("/proc/sys/net");

  private final long pid;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private boolean closed;

  /// Nothing is made yet.
  ///
  /// @param pid the process that the names shall carry
  Namespaces(long pid) {
    this.pid = pid;
  }

  /// Makes the hosts and joins them. What was made before a failure goes with [#close].
  synchronized void build(Topology topology) throws IOException {
    if (closed) {
      throw new IOException("the lab was ended while it was being built");
    }
    Finished.demand(List.of("ip", "-batch", "-"), hosts(topology));
    for (var node : topology.nodes()) {
      var place = Place.enter(name(node.name()));
      places.put(node.name(), place);
      prepare(place, node);
    }
    Finished.demand(List.of("ip", "-batch", "-"), cables(topology));
    for (var node : topology.nodes()) {
      Finished.demand(List.of("ip", "-netns", name(node.name()), "-batch", "-"), addresses(node));
    }
  }

  /// The host of that name in the topology.
  public synchronized Place place(String node) {
    var place = places.get(node);
    if (place == null) {
      throw new Refused(
          "the lab has no host '" + node + "'; it has " + String.join(", ", places.keySet()));
    }
    return place;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    places.values().forEach(Place::close);
    Leftovers.removeOf(pid);
  }

  private String name(String node) {
    return Leftovers.prefix(pid) + node;
  }

  private String hosts(Topology topology) {
    var batch = new StringBuilder();
    for (var node : topology.nodes()) {
      batch.append("netns add ").append(name(node.name())).append('\n');
    }
    return batch.toString();
  }

  private String cables(Topology topology) {
    var batch = new StringBuilder();
    for (var node : topology.nodes()) {
      for (var attachment : node.attachments()) {
        if (attachment.isBridge()) {
          batch.append(
              "link add name %s netns %s type bridge%n"
                  .formatted(attachment.name(), name(node.name())));
        }
      }
    }
    for (var link : topology.links()) {
      batch.append(
          "link add name %s netns %s type veth peer name %s netns %s%n"
              .formatted(
                  link.leftInterface(),
                  name(link.left()),
                  link.rightInterface(),
                  name(link.right())));
    }
    return batch.toString();
  }

  /// Addresses count at once (no duplicate detection), so that nothing has to wait for them.
  private static String addresses(Node node) {
    var batch = new StringBuilder(node.hasIpv4() ? "link set lo up\n" : "");
    for (var attachment : node.attachments()) {
      attachment.ports().forEach(port -> batch.append(joined(port, attachment.name())));
      for (var address : attachment.addresses()) {
        batch.append("address add %s dev %s%n".formatted(address, attachment.name()));
      }
      batch.append("link set %s mtu %d up%n".formatted(attachment.name(), Topology.LINE_MTU));
    }
    node.routes().forEach(route -> batch.append("route add ").append(route).append('\n'));
    return batch.toString();
  }

  private static String joined(String port, String bridge) {
    return "link set %s mtu %d master %s up%n".formatted(port, Topology.LINE_MTU, bridge);
  }

  private static void prepare(Place place, Node node) throws IOException {
    var forwarding = node.forwards() ? "1" : "0";
    var wishes =
        Map.of(
            "ipv4/ip_forward", forwarding,
            "ipv6/conf/all/forwarding", forwarding,
            "ipv6/conf/default/accept_dad", "0",
            "ipv6/conf/default/accept_ra", "0",
            "ipv4/conf/default/rp_filter", "0");
    place.inside(() -> {
      for (var wish : wishes.entrySet()) {
        Files.writeString(SYSCTL.resolve(wish.getKey()), wish.getValue());
      }
      return wishes;
    });
  }
}
