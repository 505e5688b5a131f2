package watari.app.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Filtering;
import watari.core.nat.HostLimits;
import watari.core.nat.NatSettings;
import watari.core.nat.Pickup;
import watari.core.nat.Timers;
import watari.core.net.Refused;
import watari.core.path.Manners;

/// The keys of a gateway's file that say how it translates.
final class TranslationKeys {
  static final List<String> KEYS =
      List.of(
          "mapping",
          "reservePercent",
          "filtering",
          "inboundRefresh",
          "holdSeconds",
          "pickup",
          "timers",
          "hosts",
          "unsolicited",
          "tellPortless",
          "sessionsMax");

  private static final List<String> FILTERING_KEYS = List.of("tcp", "udp");
  private static final List<String> HOST_KEYS =
      List.of("portsPercentMax", "sessionsMax", "sessionsPerSecond");
  private static final List<String> TIMER_KEYS =
      List.of(
          "udpSeconds",
          "udpDnsSeconds",
          "tcpEstablishedSeconds",
          "tcpOpeningSeconds",
          "tcpClosingSeconds",
          "tcpResetSeconds",
          "icmpSeconds");

  private static final int WEEK_SECONDS = 604_800;
  private static final int HOUR_SECONDS = 3600;

  /// 64 bytes each, and about 12 more for the ways to find them.
  private static final int SESSIONS_DEFAULT = 262_144;

  private static final int SESSIONS_MAX = 16_777_216;
  private static final int SESSIONS_PER_SECOND_MAX = 1_000_000;

  private static final Kind<Filtering> FILTERING =
      Kind.of(text ->
          switch (text) {
            case "address-dependent" -> Filtering.ADDRESS_DEPENDENT;
            case "endpoint-independent" -> Filtering.ENDPOINT_INDEPENDENT;
            default ->
                throw new Refused(
                    "it is address-dependent or endpoint-independent, not '" + text + "'");
          });

  private final Form form;
  private final Problems problems;

  private TranslationKeys(Form form, Problems problems) {
    this.form = form;
    this.problems = problems;
  }

  /// The values; where a problem is said, some other that can be.
  static Translation read(Form form, Problems problems) {
    return new TranslationKeys(form, problems).read();
  }

  private Translation read() {
    Both filtering = form.optional("filtering", Both.DEFAULT, (node, _, _) -> filtering(node));
    return new Translation(
        reservePercent(),
        filtering.tcp(),
        filtering.udp(),
        form.optional("inboundRefresh", true, Kind.yesNo()),
        form.optional(
            "holdSeconds", NatSettings.HOLD_SECONDS_DEFAULT, Kind.number(0, HOUR_SECONDS)),
        form.optional("pickup", Pickup.AFTER_START, Kind.of(TranslationKeys::pickup)),
        form.optional("timers", Timers.DEFAULT, (node, _, _) -> timers(node)),
        form.optional("hosts", HostLimits.DEFAULT, (node, _, _) -> hosts(node)),
        manners(),
        form.optional(
            "sessionsMax",
            SESSIONS_DEFAULT,
            Kind.number(GatewayConfig.SESSIONS_MIN, SESSIONS_MAX)));
  }

  private int reservePercent() {
    boolean isStrict = form.optional("mapping", false, Kind.of(TranslationKeys::isStrict));
    if (isStrict && form.has("reservePercent")) {
      problems.add(
          form.place("reservePercent"),
          "'reservePercent' is for 'mapping: adaptive'; strict mapping shares no ports, so leave"
              + " it out");
    }
    int percent =
        form.optional("reservePercent", NatSettings.RESERVE_PERCENT_DEFAULT, Kind.number(1, 90));
    return isStrict ? 0 : percent;
  }

  private static boolean isStrict(String text) {
    return switch (text) {
      case "adaptive" -> false;
      case "strict" -> true;
      default -> throw new Refused("it is adaptive or strict, not '" + text + "'");
    };
  }

  private static Pickup pickup(String text) {
    return switch (text) {
      case "never" -> Pickup.NEVER;
      case "after-start" -> Pickup.AFTER_START;
      case "always" -> Pickup.ALWAYS;
      default -> throw new Refused("it is never, after-start or always, not '" + text + "'");
    };
  }

  private record Both(Filtering tcp, Filtering udp) {
    static final Both DEFAULT = new Both(Filtering.ADDRESS_DEPENDENT, Filtering.ADDRESS_DEPENDENT);
  }

  private @Nullable Both filtering(Node node) {
    Form filtering = Form.open(node, "the filtering", FILTERING_KEYS, problems);
    return filtering == null
        ? null
        : new Both(
            filtering.optional("tcp", Filtering.ADDRESS_DEPENDENT, FILTERING),
            filtering.optional("udp", Filtering.ADDRESS_DEPENDENT, FILTERING));
  }

  private Manners manners() {
    return new Manners(
        form.optional("tellPortless", Manners.DEFAULT.aboutProtocols(), Kind.yesNo()),
        form.optional(
            "unsolicited",
            Manners.DEFAULT.aboutUnsolicited(),
            Kind.of(TranslationKeys::isUnreachable)));
  }

  private static boolean isUnreachable(String text) {
    return switch (text) {
      case "silent" -> false;
      case "unreachable" -> true;
      default -> throw new Refused("it is silent or unreachable, not '" + text + "'");
    };
  }

  private @Nullable HostLimits hosts(Node node) {
    Form hosts = Form.open(node, "the hosts", HOST_KEYS, problems);
    HostLimits standard = HostLimits.DEFAULT;
    return hosts == null
        ? null
        : new HostLimits(
            hosts.optional("portsPercentMax", standard.portsPercentMax(), Kind.number(1, 100)),
            hosts.optional("sessionsMax", standard.sessionsMax(), Kind.number(1, SESSIONS_MAX)),
            hosts.optional(
                "sessionsPerSecond",
                standard.sessionsPerSecond(),
                Kind.number(1, SESSIONS_PER_SECOND_MAX)));
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
