package watari.app.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.net.Refused;

/// The keys that say how far the kernel is to carry usual packets itself.
final class OffloadKeys {
  static final List<String> KEYS = List.of("offload", "hook", "interfaces");

  private static final Kind<List<String>> INTERFACES = Kind.oneOrMore(ConfigFile.INTERFACE);

  private OffloadKeys() {}

  /// The values; where a problem is said, some other that can be.
  ///
  /// @param ipv4 what the side is called that IPv4 comes from
  static OffloadWish read(Form form, String ipv4, Problems problems) {
    var demand = form.optional("offload", OffloadWish.Demand.AUTO, Kind.of(OffloadKeys::demand));
    if (demand == OffloadWish.Demand.REQUIRED && !form.has("interfaces")) {
      problems.add(
          form.place("offload"),
          "'offload: required' needs the interfaces whose packets the kernel is to carry, as in"
              + " interfaces: {"
              + ipv4
              + ": eth0, line: eth1}");
    }
    return new OffloadWish(
        demand,
        form.optional("hook", OffloadWish.Hook.AUTO, Kind.of(OffloadKeys::hook)),
        Optional.ofNullable(
            form.optional("interfaces", (node, _, _) -> interfaces(node, ipv4, problems))));
  }

  private static OffloadWish.@Nullable Interfaces interfaces(
      Node node, String ipv4, Problems problems) {
    Form form = Form.open(node, "'interfaces'", List.of(ipv4, "line"), problems);
    if (form == null) {
      return null;
    }
    List<String> inner = form.required(ipv4, INTERFACES);
    List<String> line = form.required("line", INTERFACES);
    if (inner == null || line == null) {
      return null;
    }
    demandOnce(form.place(ipv4), inner, problems);
    demandOnce(form.place("line"), line, problems);
    for (String name : line) {
      if (inner.contains(name)) {
        problems.add(
            form.place("line"),
            "'" + name + "' is named for both sides; an interface has one of them");
      }
    }
    return new OffloadWish.Interfaces(inner, line);
  }

  private static void demandOnce(Place place, List<String> names, Problems problems) {
    var seen = new HashSet<String>();
    for (String name : names) {
      if (!seen.add(name)) {
        problems.add(place, "'" + name + "' is named twice; once is enough");
      }
    }
  }

  private static OffloadWish.Demand demand(String text) {
    return switch (text) {
      case "auto" -> OffloadWish.Demand.AUTO;
      case "off" -> OffloadWish.Demand.OFF;
      case "required" -> OffloadWish.Demand.REQUIRED;
      default -> throw new Refused("it is auto, off or required, not '" + text + "'");
    };
  }

  private static OffloadWish.Hook hook(String text) {
    return switch (text) {
      case "auto" -> OffloadWish.Hook.AUTO;
      case "xdp" -> OffloadWish.Hook.XDP;
      case "tc" -> OffloadWish.Hook.TC;
      default -> throw new Refused("it is auto, xdp or tc, not '" + text + "'");
    };
  }
}
