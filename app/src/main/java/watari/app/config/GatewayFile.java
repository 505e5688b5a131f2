package watari.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.path.GatewaySettings;
import watari.core.path.TunnelSettings;
import watari.core.rule.Identity;

/// The keys of a gateway's file.
final class GatewayFile {
  static final List<String> KEYS =
      List.of(
          "line",
          "rules",
          "service",
          "domains",
          "lan",
          "tun",
          "metric",
          "socket",
          "timers",
          "sessionsMax");

  private static final List<String> LINE_KEYS = TunnelKeys.with("endUserPrefix", "interface");
  private static final List<String> LAN_KEYS = List.of("prefixes", "address");
  private static final List<String> TIMER_KEYS =
      List.of(
          "udpSeconds",
          "udpDnsSeconds",
          "tcpEstablishedSeconds",
          "tcpOpeningSeconds",
          "tcpClosingSeconds",
          "tcpResetSeconds",
          "icmpSeconds");

  private static final Path SOCKET_DEFAULT = Path.of("/run/watari/gateway.sock");

  private static final int WEEK_SECONDS = 604_800;

  /// 64 bytes each, and about 12 more for the ways to find them.
  private static final int SESSIONS_DEFAULT = 262_144;

  private static final Kind<Integer> SESSIONS = Kind.number(GatewayConfig.SESSIONS_MIN, 16_777_216);
  private static final Kind<Integer> METRIC = Kind.number(0, 1_000_000);

  private final Form form;
  private final Problems problems;

  private GatewayFile(Form form, Problems problems) {
    this.form = form;
    this.problems = problems;
  }

  static @Nullable GatewayConfig config(Form form, Path file, Problems problems) {
    return new GatewayFile(form, problems).config(file);
  }

  private @Nullable GatewayConfig config(Path file) {
    Line line = form.required("line", (node, _, _) -> line(node));
    Services services = ConfigFile.services(form, file, problems);
    Lan lan = form.required("lan", (node, _, _) -> lan(node));
    String tun = form.optional("tun", "watari0", ConfigFile.INTERFACE);
    Path socket = form.optional("socket", SOCKET_DEFAULT, ConfigFile.SOCKET);
    Timers timers = form.optional("timers", Timers.DEFAULT, (node, _, _) -> timers(node));
    int sessionsMax = form.optional("sessionsMax", SESSIONS_DEFAULT, SESSIONS);
    int metric = form.optional("metric", 0, METRIC);
    if (line == null || services == null) {
      return null;
    }
    Match match = match(line.endUserPrefix(), services);
    Identity identity = match == null ? null : identity(line.endUserPrefix(), match);
    if (match != null && identity != null) {
      check("line", () -> GatewaySettings.checkEnds(identity, match.domain()));
    }
    if (lan != null && identity != null) {
      check("lan", () -> GatewaySettings.checkHome(lan.prefixes(), identity));
    }
    return match == null || identity == null || lan == null
        ? null
        : new GatewayConfig(
            line, services, match, identity, lan, tun, metric, socket, timers, sessionsMax);
  }

  /// What the gateway would refuse when it starts is said here, with its place.
  private void check(String key, Runnable check) {
    try {
      check.run();
    } catch (Refused refused) {
      problems.add(form.place(key), refused.sentence());
    }
  }

  private @Nullable Match match(Ipv6Prefix prefix, Services services) {
    Optional<Match> match = services.match(prefix);
    if (match.isEmpty()) {
      problems.add(
          form.place("line"),
          "the end-user prefix "
              + prefix
              + " matches none of the rules; 'watari check' shows where they differ");
    }
    return match.orElse(null);
  }

  private @Nullable Identity identity(Ipv6Prefix prefix, Match match) {
    try {
      return match.rule().identity(prefix);
    } catch (Refused refused) {
      problems.add(form.place("line"), refused.sentence());
      return null;
    }
  }

  private @Nullable Line line(Node node) {
    Form line = Form.open(node, "the line", LINE_KEYS, problems);
    if (line == null) {
      return null;
    }
    Ipv6Prefix prefix = line.required("endUserPrefix", Kind.of(Ipv6Prefix::parse));
    TunnelSettings tunnel = TunnelKeys.read(line, problems);
    String name = line.optional("interface", ConfigFile.INTERFACE);
    return prefix == null || tunnel == null
        ? null
        : new Line(prefix, tunnel, Optional.ofNullable(name));
  }

  private @Nullable Lan lan(Node node) {
    Form lan = Form.open(node, "the lan", LAN_KEYS, problems);
    if (lan == null) {
      return null;
    }
    List<Ipv4Prefix> prefixes = lan.required("prefixes", Kind.list(Kind.of(Unicast::ipv4Prefix)));
    Ipv4Address address = lan.required("address", Kind.of(Unicast::ipv4));
    if (prefixes == null || address == null) {
      return null;
    }
    if (prefixes.stream().noneMatch(prefix -> prefix.contains(address.bits()))) {
      problems.add(lan.place("address"), "'address': " + address + " lies in none of the prefixes");
    }
    return new Lan(List.copyOf(prefixes), address);
  }

  private @Nullable Timers timers(Node node) {
    Form timers = Form.open(node, "the timers", TIMER_KEYS, problems);
    Timers standard = Timers.DEFAULT;
    return timers == null
        ? null
        : new Timers(
            seconds(timers, "udpSeconds", standard.udpSeconds(), Timers.UDP_SECONDS_MIN),
            seconds(timers, "udpDnsSeconds", standard.udpDnsSeconds(), Timers.UDP_DNS_SECONDS_MIN),
            seconds(
                timers,
                "tcpEstablishedSeconds",
                standard.tcpEstablishedSeconds(),
                Timers.TCP_ESTABLISHED_SECONDS_MIN),
            transitory(timers, "tcpOpeningSeconds", standard.tcpOpeningSeconds()),
            transitory(timers, "tcpClosingSeconds", standard.tcpClosingSeconds()),
            transitory(timers, "tcpResetSeconds", standard.tcpResetSeconds()),
            seconds(timers, "icmpSeconds", standard.icmpSeconds(), Timers.ICMP_SECONDS_MIN));
  }

  private static int transitory(Form timers, String key, int standard) {
    return seconds(timers, key, standard, Timers.TCP_TRANSITORY_SECONDS_MIN);
  }

  private static int seconds(Form timers, String key, int standard, int least) {
    return timers.optional(key, standard, Kind.number(least, WEEK_SECONDS));
  }
}
