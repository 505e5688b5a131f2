package watari.app.control;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import watari.app.config.ProtocolName;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Refused;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Nonce;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

/// What a [Keeping] keeps, as JSON and back. What cannot be read, written by a newer version or by
/// hand, is nothing.
final class KeptTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private KeptTree() {}

  static JsonNode of(PortSet set) {
    return NODES
        .objectNode()
        .put("psidOffset", set.psidOffset())
        .put("psid", set.psid().value())
        .put("psidLength", set.psid().length());
  }

  static Optional<PortSet> set(JsonNode tree) {
    try {
      return tree.isObject()
          ? Optional.of(
              new PortSet(
                  number(tree, "psidOffset"),
                  new Psid(number(tree, "psid"), number(tree, "psidLength"))))
          : Optional.empty();
    } catch (Refused _) {
      return Optional.empty();
    }
  }

  static JsonNode of(RememberedForward forward) {
    ObjectNode tree = NODES.objectNode();
    tree.put("transport", forward.transport().word());
    switch (forward.ports()) {
      case Ports.Range(int first, int last) -> tree.put("first", first).put("last", last);
      case Ports.Block(int number) -> tree.put("block", number);
    }
    return tree.put("index", forward.index())
        .put("port", forward.port())
        .put("lost", forward.isLost());
  }

  static Optional<RememberedForward> forward(String name, JsonNode tree) {
    try {
      return Optional.of(
          new RememberedForward(
              name,
              transport(text(tree, "transport")),
              tree.has("block")
                  ? new Ports.Block(number(tree, "block"))
                  : new Ports.Range(number(tree, "first"), number(tree, "last")),
              number(tree, "index"),
              number(tree, "port"),
              tree.path("lost").asBoolean(false)));
    } catch (Refused _) {
      return Optional.empty();
    }
  }

  private static Transport transport(String name) {
    return switch (name) {
      case "tcp" -> Transport.TCP;
      case "udp" -> Transport.UDP;
      case "both" -> Transport.BOTH;
      default -> throw new Refused("there is no transport '" + name + "'");
    };
  }

  /// The key of a lease, by what it has outside.
  static String key(Lease lease) {
    return ProtocolName.of(lease.protocol()) + " " + lease.outerPort();
  }

  /// Nothing for a lease that is not worth keeping.
  ///
  /// @param now of the clock that only goes forward
  /// @param wallClock at the same time
  static Optional<JsonNode> of(Lease lease, long now, Instant wallClock) {
    Optional<JsonNode> asker = of(lease.asker());
    if (asker.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode tree = NODES.objectNode();
    tree.put("protocol", ProtocolName.of(lease.protocol()))
        .put("host", new Ipv4Address(lease.inside().address()).toString())
        .put("hostPort", lease.inside().port())
        .put("port", lease.outerPort())
        .put("size", lease.size())
        .set("asker", asker.get());
    if (lease.expiresAt() != Lease.FOREVER) {
      tree.put("expires", wallClock.plusMillis(lease.expiresAt() - now).toString())
          .put("seconds", lease.secondsLeft(now));
    }
    var filters = tree.putArray("filters");
    for (RemoteFilter filter : lease.filters()) {
      filters
          .addObject()
          .put("addresses", filter.addresses().toString())
          .put("port", filter.port());
    }
    return Optional.of(tree);
  }

  private static Optional<JsonNode> of(Asker asker) {
    ObjectNode tree = NODES.objectNode();
    return switch (asker) {
      case Asker.Pcp(Nonce nonce, boolean prefersFailure) ->
          Optional.of(
              tree.put("by", "pcp")
                  .put("nonce", nonce.toString())
                  .put("prefersFailure", prefersFailure));
      case Asker.NatPmp() -> Optional.of(tree.put("by", "natPmp"));
      case Asker.Upnp(String description, Optional<Ipv4Address> remoteHost) -> {
        tree.put("by", "upnp").put("description", description);
        remoteHost.ifPresent(host -> tree.put("remoteHost", host.toString()));
        yield Optional.of(tree);
      }
      case Asker.Peers _ -> Optional.empty(); // its flows do not outlive a restart either
    };
  }

  /// Nothing where the lease has ended meanwhile. The wall clock may have been wrong then or be
  /// wrong now, so what is left is never more than there was.
  static Optional<Lease> lease(JsonNode tree, long now, Instant wallClock) {
    try {
      long left = millisLeft(tree, wallClock);
      if (left <= 0) {
        return Optional.empty();
      }
      var inside =
          new Inside(
              ProtocolName.number(text(tree, "protocol")).orElse(0),
              Ipv4Address.parse(text(tree, "host")).bits(),
              number(tree, "hostPort"));
      return Optional.of(
          new Lease(
              inside,
              number(tree, "port"),
              number(tree, "size"),
              asker(tree.path("asker")),
              left == Lease.FOREVER ? left : now + left,
              filters(tree.path("filters"))));
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | DateTimeException
        | ArithmeticException _) {
      return Optional.empty();
    }
  }

  private static long millisLeft(JsonNode tree, Instant wallClock) {
    if (!tree.has("expires")) {
      return Lease.FOREVER;
    }
    long left = Instant.parse(text(tree, "expires")).toEpochMilli() - wallClock.toEpochMilli();
    return Math.min(left, tree.path("seconds").asLong(0) * 1000);
  }

  private static Asker asker(JsonNode tree) {
    return switch (text(tree, "by")) {
      case "pcp" ->
          new Asker.Pcp(
              Nonce.parse(text(tree, "nonce")), tree.path("prefersFailure").asBoolean(false));
      case "natPmp" -> new Asker.NatPmp();
      case "upnp" ->
          new Asker.Upnp(
              text(tree, "description"),
              Optional.ofNullable(tree.path("remoteHost").asString(null)).map(Ipv4Address::parse));
      default -> throw new Refused("nobody asks for ports by '" + text(tree, "by") + "'");
    };
  }

  private static List<RemoteFilter> filters(JsonNode tree) {
    var filters = new ArrayList<RemoteFilter>();
    for (JsonNode filter : tree) {
      filters.add(
          new RemoteFilter(Ipv4Prefix.parse(text(filter, "addresses")), number(filter, "port")));
    }
    return filters;
  }

  private static String text(JsonNode tree, String name) {
    return tree.path(name).asString("");
  }

  private static int number(JsonNode tree, String name) {
    return tree.path(name).asInt(0);
  }
}
