package watari.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.path.FragmentSettings;
import watari.core.path.GatewaySettings;
import watari.core.path.TunnelSettings;
import watari.core.plan.LineWish;
import watari.core.plan.RememberedForward;
import watari.core.portmap.LeaseLimits;
import watari.core.rule.Identity;
import watari.core.rule.PortSet;

/// The keys of a gateway's file.
final class GatewayFile {
  static final List<String> KEYS =
      Stream.of(
              List.of(
                  "mode", "line", "rules", "service", "domains", "lan", "tun", "metric", "socket",
                  "state"),
              List.of("forwards", "dmz", "portMapping", "fragments"),
              TranslationKeys.KEYS,
              OffloadKeys.KEYS)
          .flatMap(List::stream)
          .toList();

  private static final List<String> LINE_KEYS = TunnelKeys.with("endUserPrefix", "interface");
  private static final List<String> LAN_KEYS = List.of("prefixes", "address", "dhcpLeases");
  private static final List<String> PORT_MAPPING_KEYS =
      List.of("pcp", "natPmp", "upnp", "leasesPerHostMax", "sharePerHostMax", "leasesMax");
  private static final List<String> FRAGMENT_KEYS = List.of("memoryMiB", "idsInPortSet");

  private static final Path SOCKET_DEFAULT = Path.of("/run/watari/gateway.sock");

  /// Below it each gateway has a folder of its own, called like its device.
  private static final Path STATE_DEFAULT = Path.of("/var/lib/watari");

  /// Behind the default route of whatever sets the address of the line.
  private static final int METRIC_OF_AUTO = 4096;

  private static final Kind<Integer> MEMORY_MIB =
      Kind.number(FragmentSettings.MEMORY_MIN >> 20, FragmentSettings.MEMORY_MAX >> 20);

  private static final Kind<Integer> METRIC = Kind.number(0, 1_000_000);

  private final Form form;
  private final Problems problems;

  private GatewayFile(Form form, Problems problems) {
    this.form = form;
    this.problems = problems;
  }

  /// @param past where the forwards of the gateway with this folder were in the port sets before
  static ConfigFile.Reader<GatewayConfig> reader(Function<Path, List<RememberedForward>> past) {
    return (form, file, problems) -> new GatewayFile(form, problems).config(file, past);
  }

  private @Nullable GatewayConfig config(Path file, Function<Path, List<RememberedForward>> past) {
    LineWish mode = form.optional("mode", LineWish.MAP_E, Kind.of(GatewayFile::mode));
    boolean isTunnelled = mode != LineWish.NATIVE;
    Line line = form.required("line", (node, _, _) -> line(node, isTunnelled));
    Services services = isTunnelled ? ConfigFile.services(form, file, problems) : null;
    Lan lan = form.required("lan", (node, _, _) -> lan(node));
    String tun = form.optional("tun", "watari0", ConfigFile.INTERFACE);
    Path socket = form.optional("socket", SOCKET_DEFAULT, ConfigFile.SOCKET);
    Path state = form.optional("state", STATE_DEFAULT.resolve(tun), ConfigFile.FOLDER);
    int metric = form.optional("metric", mode == LineWish.AUTO ? METRIC_OF_AUTO : 0, METRIC);
    Translation translation = TranslationKeys.read(form, problems);
    PortMapping portMapping =
        form.optional("portMapping", PortMapping.DEFAULT, (node, _, _) -> portMapping(node));
    FragmentSettings fragments =
        form.optional("fragments", FragmentSettings.DEFAULT, (node, _, _) -> fragments(node));
    if (line == null || lan == null || (isTunnelled && services == null)) {
      return null;
    }
    ForwardKeys forwards = ForwardKeys.read(form, lan, problems);
    Optional<Ipv4Address> dmz = dmz(lan);
    if (mode != LineWish.MAP_E && line.interfaceName().isEmpty()) {
      problems.add(
          form.place("line"),
          "'mode' is "
              + (mode == LineWish.AUTO ? "auto" : "native")
              + ", so the line needs 'interface', the name of the device whose IPv4 address is"
              + " looked at");
    }
    Optional<MapE> mapE = services == null ? Optional.empty() : mapE(mode, line, lan, services);
    List<PortSet> sets = GatewayConfig.portSets(mode, mapE);
    forwards.check(sets.isEmpty() ? List.of(PortSet.ALL) : sets, past.apply(state));
    return new GatewayConfig(
        line,
        mode,
        mapE,
        lan,
        tun,
        metric,
        socket,
        state,
        translation,
        forwards.wishes(),
        dmz,
        portMapping,
        fragments,
        OffloadKeys.read(form, "lan", problems));
  }

  /// What the gateway would refuse when it starts is said here, with its place.
  private void check(String key, Runnable check) {
    try {
      check.run();
    } catch (Refused refused) {
      problems.add(form.place(key), refused.sentence());
    }
  }

  private static LineWish mode(String text) {
    return switch (text) {
      case "auto" -> LineWish.AUTO;
      case "map-e" -> LineWish.MAP_E;
      case "native" -> LineWish.NATIVE;
      default -> throw new Refused("it is auto, map-e or native, not '" + text + "'");
    };
  }

  /// A prefix that matches no rule is a problem only where nothing but MAP-E is wanted.
  private Optional<MapE> mapE(LineWish mode, Line line, Lan lan, Services services) {
    Ipv6Prefix prefix = line.endUserPrefix().orElseThrow();
    Optional<Match> match = services.match(prefix);
    if (match.isEmpty()) {
      demandMatch(mode, prefix);
      return Optional.empty();
    }
    Identity identity = identity(prefix, match.get());
    if (identity == null) {
      return Optional.empty();
    }
    check("line", () -> GatewaySettings.checkEnds(identity, match.get().domain()));
    check("lan", () -> GatewaySettings.checkHome(lan.prefixes(), identity));
    return Optional.of(new MapE(services, match.get(), identity));
  }

  private void demandMatch(LineWish mode, Ipv6Prefix prefix) {
    if (mode == LineWish.MAP_E) {
      problems.add(
          form.place("line"),
          "the end-user prefix "
              + prefix
              + " matches none of the rules; 'watari check' shows where they differ");
    }
  }

  private @Nullable Identity identity(Ipv6Prefix prefix, Match match) {
    try {
      return match.rule().identity(prefix);
    } catch (Refused refused) {
      problems.add(form.place("line"), refused.sentence());
      return null;
    }
  }

  private @Nullable Line line(Node node, boolean isTunnelled) {
    Form line = Form.open(node, "the line", LINE_KEYS, problems);
    if (line == null) {
      return null;
    }
    Kind<Ipv6Prefix> kind = Kind.of(Ipv6Prefix::parse);
    Ipv6Prefix prefix =
        isTunnelled ? line.required("endUserPrefix", kind) : line.optional("endUserPrefix", kind);
    TunnelSettings tunnel = TunnelKeys.read(line, problems);
    String name = line.optional("interface", ConfigFile.INTERFACE);
    return tunnel == null || (isTunnelled && prefix == null)
        ? null
        : new Line(Optional.ofNullable(prefix), tunnel, Optional.ofNullable(name));
  }

  private @Nullable Lan lan(Node node) {
    Form lan = Form.open(node, "the lan", LAN_KEYS, problems);
    if (lan == null) {
      return null;
    }
    List<Ipv4Prefix> prefixes = lan.required("prefixes", Kind.list(Kind.of(Unicast::ipv4Prefix)));
    Ipv4Address address = lan.required("address", Kind.of(Unicast::ipv4));
    Path dhcpLeases = lan.optional("dhcpLeases", ConfigFile.FILE);
    if (prefixes == null || address == null) {
      return null;
    }
    if (prefixes.stream().noneMatch(prefix -> prefix.contains(address.bits()))) {
      problems.add(lan.place("address"), "'address': " + address + " lies in none of the prefixes");
    }
    return new Lan(List.copyOf(prefixes), address, Optional.ofNullable(dhcpLeases));
  }

  private @Nullable PortMapping portMapping(Node node) {
    Form form = Form.open(node, "the portMapping", PORT_MAPPING_KEYS, problems);
    LeaseLimits standard = LeaseLimits.DEFAULT;
    return form == null
        ? null
        : new PortMapping(
            form.optional("pcp", true, Kind.yesNo()),
            form.optional("natPmp", true, Kind.yesNo()),
            form.optional("upnp", true, Kind.yesNo()),
            new LeaseLimits(
                form.optional(
                    "leasesPerHostMax", standard.portsPerHostMax(), Kind.number(1, 65535)),
                form.optional("sharePerHostMax", standard.sharePerHostMax(), Kind.number(1, 100)),
                form.optional("leasesMax", standard.leasesMax(), Kind.number(1, 65535))));
  }

  private @Nullable FragmentSettings fragments(Node node) {
    Form form = Form.open(node, "the fragments", FRAGMENT_KEYS, problems);
    FragmentSettings standard = FragmentSettings.DEFAULT;
    return form == null
        ? null
        : new FragmentSettings(
            form.optional("memoryMiB", standard.memoryBytes() >> 20, MEMORY_MIB) << 20,
            form.optional("idsInPortSet", standard.idsInPortSet(), Kind.yesNo()));
  }

  private Optional<Ipv4Address> dmz(Lan lan) {
    Ipv4Address host = form.optional("dmz", ForwardKeys.host(lan));
    if (lan.address().equals(host)) {
      problems.add(
          form.place("dmz"),
          "'dmz': "
              + host
              + " is the gateway itself; name the host at home that gets what is for"
              + " nobody else");
    }
    return Optional.ofNullable(host);
  }
}
