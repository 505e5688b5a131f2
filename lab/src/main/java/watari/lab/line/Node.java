package watari.lab.line;

import java.util.List;

/// One host of the lab.
///
/// @param name unique in the topology, such as `home1`
/// @param forwards whether it routes packets of others
/// @param attachments its interfaces
/// @param routes arguments of `ip route add`, in order
public record Node(
    String name, boolean forwards, List<Attachment> attachments, List<String> routes) {

  public Node {
    attachments = List.copyOf(attachments);
    routes = List.copyOf(routes);
  }

  /// An interface of a node.
  ///
  /// @param name of the interface, at most 15 characters
  /// @param addresses each with its prefix length
  /// @param ports the interfaces it joins as a bridge; none when it is the end of a cable itself
  public record Attachment(String name, List<String> addresses, List<String> ports) {
    public Attachment {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }

    static Attachment of(String name, String... addresses) {
      return new Attachment(name, List.of(addresses), List.of());
    }

    boolean isBridge() {
      return !ports.isEmpty();
    }

    /// The interfaces that cables are put into.
    List<String> plugs() {
      return isBridge() ? ports : List.of(name);
    }
  }

  /// Whether any interface has an IPv4 address. A node without one gets no loopback either, so that
  /// IPv4 does not exist on it.
  boolean hasIpv4() {
    return attachments.stream()
        .flatMap(attachment -> attachment.addresses().stream())
        .anyMatch(address -> !address.contains(":"));
  }
}
