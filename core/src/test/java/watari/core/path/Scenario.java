package watari.core.path;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import watari.core.event.EventLog;
import watari.core.nat.Filtering;
import watari.core.nat.Forward;
import watari.core.nat.HostLimits;
import watari.core.nat.Napt;
import watari.core.nat.NatDraft;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;
import watari.core.verdict.Verdict;
import watari.core.wire.Dump;
import watari.core.wire.PacketText;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.SlowChecksum;

/// One text file: settings, packets in, and, indented, what must come of them.
///
/// ```
/// # A sentence that says what happens
/// # rows: MAPE-10 MAPE-11
/// set offset 6                        settings, before the first packet; see Settings
/// P = IP 192.168.1.2.1232 > ...       a name for a packet
/// home < P                            a packet comes in by a door
///   line > IP6 ...                    what was sent, by which door, and that its checksums are right
///   = SENT                            the verdict
/// line < P[8..24] id 7                a fragment: bytes 8 to 23 of what the first IP header carries
/// line < IP6 ... > ...: P[8..24]      such a fragment of an IPv4 packet in an outer packet
/// line < P with 6=ff cut 30           byte 6 changed; only 30 bytes arrive
/// 20 times line < P[0..8] id 1+       many packets, here with the identifications 1 to 20
/// 20 times line < P[0+8] id 1         or with one piece of 8 bytes behind the other
/// full line / empty line              from now on a door takes nothing / takes all again
/// at 60.1 s / tick                    the clock moves / time is let pass
/// counts                              every counter that is not zero
///   outbound SENT 1
/// ```
///
/// Random fragment identifiers are printed as `A`, `B` and so on, in the order they appear; random
/// identifications of IPv4 packets are only after `set ids shown` or `set ids of the port set`.
final class Scenario {
  private static final Pattern PIECE =
      Pattern.compile("(\\w+)\\[(\\d+)\\.\\.(\\d*)](?: id (\\w+))?");
  private static final Pattern COUNTING = Pattern.compile("id (\\d+)\\+");
  private static final Pattern MOVING = Pattern.compile("\\[(\\d+)\\+(\\d+)]");
  private static final Pattern TUNNELLED = Pattern.compile("(IP6 [^{]*): (\\w+\\[.*)");
  private static final Pattern FRAGMENT_ID = Pattern.compile("frag (0x[0-9a-f]{8})");

  private static final Pattern IPV4_ID = Pattern.compile("(IP [^:{]*), id (\\d+)");

  private final String text;
  private final Map<String, byte[]> named = new HashMap<>();
  private final Map<String, String> idNames = new HashMap<>();
  private final Settings settings;
  private final List<String> out = new ArrayList<>();
  private @Nullable Bench bench;
  private long now;

  private Scenario(String node, String text) {
    this.text = text;
    settings = new Settings(node);
  }

  /// Reads `gateway/NAME.txt`, `native/NAME.txt` or `relay/NAME.txt`.
  static Scenario read(Path file) throws IOException {
    String node = file.getName(file.getNameCount() - 2).toString();
    return new Scenario(node, Files.readString(file));
  }

  String text() {
    return text;
  }

  /// Runs it; returns the text with what came of it now.
  String run() {
    for (String line : text.lines().toList()) {
      if (line.startsWith("  ") || line.equals("counts")) {
        continue;
      }
      out.add(line);
      if (!line.isBlank() && !line.startsWith("#")) {
        obey(line.strip());
      }
    }
    while (out.getLast().isBlank()) {
      out.removeLast();
    }
    out.add("");
    out.add("counts");
    bench().counts().forEach(count -> out.add("  " + count));
    bench().close();
    return String.join("\n", out) + "\n";
  }

  private void obey(String line) {
    String[] words = line.split(" ", 3);
    switch (words[0]) {
      case "set" -> settings.set(words[1], words.length > 2 ? words[2] : "");
      case "at" -> now = Math.round(Double.parseDouble(words[1]) * 1000);
      case "tick" -> bench().tick(now);
      case "full" -> bench().fill(words[1]);
      case "empty" -> bench().empty(words[1]);
      default -> {
        if (words[1].equals("times")) {
          repeat(Integer.parseInt(words[0]), words[2]);
        } else if (words[1].equals("=")) {
          named.put(words[0], bytes(words[2]));
        } else {
          receive(words[0], bytes(words[2]), words[2].contains("bad sum"));
        }
      }
    }
  }

  /// The same packet many times, with the sum of what came of it; `id N+` counts up.
  private void repeat(int times, String line) {
    String[] words = line.split(" ", 3);
    Matcher counting = COUNTING.matcher(words[2]);
    Map<Verdict, Integer> verdicts = new LinkedHashMap<>();
    int first = counting.find() ? Integer.parseInt(counting.group(1)) : 0;
    for (int i = 0; i < times; i++) {
      byte[] packet = bytes(moved(counting.replaceFirst("id " + (first + i)), i));
      verdicts.merge(bench().receive(words[0], packet, now), 1, Integer::sum);
    }
    out.add("  sent " + bench().takeSent().size());
    verdicts.forEach((verdict, count) -> out.add("  = " + verdict + " " + count));
  }

  private static String moved(String text, int times) {
    Matcher moving = MOVING.matcher(text);
    if (!moving.find()) {
      return text;
    }
    int bytes = Integer.parseInt(moving.group(2));
    int from = Integer.parseInt(moving.group(1)) + times * bytes;
    return moving.replaceFirst("[" + from + ".." + (from + bytes) + "]");
  }

  private Bench bench() {
    if (bench == null) {
      bench = settings.bench();
    }
    return bench;
  }

  private void receive(String door, byte[] packet, boolean isWrongAlready) {
    Verdict verdict = bench().receive(door, packet, now);
    for (Bench.Sent sent : bench().takeSent()) {
      out.add("  " + sent.door() + " > " + print(sent.bytes()));
      String problem = SlowChecksum.problem(sent.bytes());
      String asBefore = isWrongAlready ? "checksum as wrong as it came" : problem;
      out.add("    " + (problem.isEmpty() ? "checksums ok" : asBefore));
    }
    out.add("  = " + verdict);
  }

  private String print(byte[] packet) {
    long at = Slab.take(packet.length);
    Slab.write(at, packet, 0, packet.length);
    String line = Dump.of(at, packet.length);
    Slab.give(at, packet.length);
    String named = FRAGMENT_ID.matcher(line).replaceAll(match -> "frag " + nameOf(match.group(1)));
    return IPV4_ID.matcher(named).replaceAll(match -> match.group(1) + ipv4Id(match.group(2)));
  }

  private String ipv4Id(String id) {
    if (text.matches("(?s).*\\bid " + id + "\\b.*")) {
      return ", id " + id;
    }
    return settings.has("ids") ? ", id " + nameOf(id) : "";
  }

  /// A fragment id that a packet of the scenario has keeps its number; a random one gets a letter.
  private String nameOf(String id) {
    return text.contains(id)
        ? id
        : idNames.computeIfAbsent(id, _ -> String.valueOf((char) ('A' + idNames.size())));
  }

  /// A packet in words, a name, a piece of one, and the changes behind ` with `.
  private byte[] bytes(String text) {
    String[] parts = text.split(" with ", 2);
    byte[] bytes = source(parts[0].strip());
    return parts.length == 1 ? bytes : changed(bytes, parts[1].split(" "));
  }

  private byte[] source(String text) {
    Matcher piece = PIECE.matcher(text);
    if (piece.matches()) {
      byte[] whole = source(piece.group(1));
      int from = Integer.parseInt(piece.group(2));
      int to = piece.group(3).isEmpty() ? -1 : Integer.parseInt(piece.group(3));
      return Pieces.cut(whole, from, to, piece.group(4) == null ? -1 : Long.decode(piece.group(4)));
    }
    Matcher tunnelled = TUNNELLED.matcher(text);
    if (tunnelled.matches()) {
      byte[] inner = source(tunnelled.group(2));
      byte[] outer = PacketText.bytes(tunnelled.group(1) + ": proto 4, data " + inner.length);
      System.arraycopy(inner, 0, outer, outer.length - inner.length, inner.length);
      return outer;
    }
    byte[] known = named.get(text);
    if (known != null) {
      return known.clone();
    }
    return text.startsWith("hex ")
        ? HexFormat.of().parseHex(text.substring(4).replace(" ", ""))
        : PacketText.bytes(text);
  }

  private static byte[] changed(byte[] bytes, String[] changes) {
    byte[] changed = bytes;
    for (int i = 0; i < changes.length; i++) {
      String[] pair = changes[i].split("=", 2);
      if (changes[i].equals("cut")) {
        changed = Arrays.copyOf(changed, Integer.parseInt(changes[++i]));
      } else {
        changed[Integer.parseInt(pair[0])] = (byte) Integer.parseInt(pair[1], 16);
      }
    }
    return changed;
  }

  /// Who is on the bench: by default the subscriber of RFC 7597 Appendix A, example 1, and its
  /// relay.
  static final class Settings {
    private final String node;
    private final List<MapRule> rules = new ArrayList<>();
    private final Map<String, String> values =
        new HashMap<>(
            Map.of(
                "prefix", "2001:db8:12:3400::/56",
                "offset", "6",
                "layout", "rfc7597",
                "relay", "2001:db8:ffff::1",
                "mtu", "1500",
                "hops", "64",
                "home", "192.168.1.0/24",
                "routing", "KERNEL",
                "sessions", "1000"));

    Settings(String node) {
      this.node = node;
    }

    /// Settings: `rule IPV6 IPV4 EA [PSID]` (may be repeated), `prefix`, `offset`, `layout`,
    /// `relay`, `anycast`, `mesh`, `mtu`, `hops`, `class`, `compatible`, `home`, `routing`,
    /// `sessions`, `ids` (of IPv4 packets are printed), and `translator PREFIX`: the fault that the
    /// translator works for another subscriber.
    Settings set(String name, String value) {
      if (name.equals("rule")) {
        rules.add(rule(value.split(" ")));
      } else {
        values.put(name, value);
      }
      return this;
    }

    private MapRule rule(String[] words) {
      return new MapRule(
          Ipv6Prefix.parse(words[0]),
          Ipv4Prefix.parse(words[1]),
          Integer.parseInt(words[2]),
          Integer.parseInt(value("offset")),
          words.length > 3 ? Psid.parse(words[3]) : Psid.NONE,
          Layout.parse(value("layout")));
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    private String value(String name) {
      return values.getOrDefault(name, "");
    }

    private List<Ipv4Prefix> homes() {
      return Arrays.stream(value("home").split(" ", -1)).map(Ipv4Prefix::parse).toList();
    }

    MapDomain domain() {
      if (rules.isEmpty()) {
        rules.add(rule(new String[] {"2001:db8::/40", "192.0.2.0/24", "16"}));
      }
      return new MapDomain(
          "scenario",
          Ipv6Address.parse(value("relay")),
          values.containsKey("mesh"),
          Confidence.SEEN,
          rules);
    }

    Identity identity(String prefix) {
      var endUser = Ipv6Prefix.parse(prefix);
      return domain().basicRule(endUser).orElseThrow().identity(endUser);
    }

    Identity identity() {
      return identity(value("prefix"));
    }

    Bench bench() {
      return switch (node) {
        case "gateway" -> new Bench.OfGateway(this);
        case "native" -> new NativeBench(this);
        default -> new Bench.OfRelay(this);
      };
    }

    GatewaySettings gatewaySettings() {
      return new GatewaySettings(
          identity(),
          domain(),
          tunnel(),
          homes(),
          Ipv4Address.parse("192.168.1.1"),
          nat(identity().ports()),
          manners(),
          new FragmentSettings(
              FragmentSettings.DEFAULT.memoryBytes(), value("ids").equals("of the port set")),
          Routing.valueOf(value("routing")));
    }

    Gateway gateway(Outbox home, Outbox line) {
      GatewaySettings settings = gatewaySettings();
      var randomness = new Randomness(1, 2);
      String other = value("translator");
      return other.isEmpty()
          ? new Gateway(settings, home, line, Arena.ofAuto(), randomness)
          : new Gateway(settings, home, line, translator(identity(other), randomness), randomness);
    }

    /// `adaptive`, `reserve PERCENT`, `forward PROTOCOL PORT ADDRESS PORT` (several apart by `;`),
    /// `dmz ADDRESS`, `ports FIRST LAST` (of flows), `filter open`, `hosts PORTS% SESSIONS RATE`,
    /// `pickup always`.
    private NatSettings nat(PortSet ports) {
      int sessions = Integer.parseInt(value("sessions"));
      var nat =
          new NatDraft(
              values.containsKey("adaptive")
                  ? NatSettings.adaptive(ports, sessions)
                  : NatSettings.strict(ports, Timers.DEFAULT, sessions));
      if (!value("forward").isEmpty()) {
        nat.forwards = Arrays.stream(value("forward").split("; ")).map(Settings::forward).toList();
      }
      if (!value("dmz").isEmpty()) {
        nat.dmz = Optional.of(Ipv4Address.parse(value("dmz")));
      }
      if (!value("ports").isEmpty()) {
        String[] ends = value("ports").split(" ", -1);
        nat.dynamicPorts = new DynamicPorts(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
      }
      if (!value("filter").isEmpty()) {
        nat.tcpFiltering = Filtering.ENDPOINT_INDEPENDENT;
        nat.udpFiltering = Filtering.ENDPOINT_INDEPENDENT;
      }
      if (!value("hosts").isEmpty()) {
        int[] limits =
            Arrays.stream(value("hosts").split(" ")).mapToInt(Integer::parseInt).toArray();
        nat.hosts = new HostLimits(limits[0], limits[1], limits[2]);
      }
      if (!value("pickup").isEmpty()) {
        nat.pickup = Pickup.valueOf(value("pickup").toUpperCase(Locale.ROOT));
      }
      return nat.settings();
    }

    private static Forward forward(String text) {
      String[] words = text.split(" ", -1);
      return new Forward(
          words[0].equals("tcp") ? Protocol.TCP : Protocol.UDP,
          Integer.parseInt(words[1]),
          Ipv4Address.parse(words[2]),
          Integer.parseInt(words[3]));
    }

    private Manners manners() {
      return new Manners(
          !values.containsKey("silentProtocols"), values.containsKey("answerUnsolicited"));
    }

    private TunnelSettings tunnel() {
      String trafficClass = value("class");
      return new TunnelSettings(
          Integer.parseInt(value("mtu")),
          Integer.parseInt(value("hops")),
          trafficClass.isEmpty() ? TunnelSettings.COPIED : Integer.decode(trafficClass),
          values.containsKey("compatible")
              ? TunnelSettings.CongestionMark.CLEARED
              : TunnelSettings.CongestionMark.COPIED);
    }

    private Napt translator(Identity identity, Randomness randomness) {
      return new Napt(
          identity.ipv4().bits(),
          identity.ports(),
          NatSettings.strict(identity.ports(), Timers.DEFAULT, 1000),
          Arena.ofAuto(),
          randomness,
          new EventLog());
    }

    /// With `address ADDRESS`, the line's own, and its `mtu`; `translator ADDRESS` is the fault.
    Native plain(Outbox home, Outbox line, Outbox machine) {
      var address = Ipv4Address.parse(values.getOrDefault("address", "198.51.100.2"));
      var nat = new NatDraft(nat(PortSet.ALL));
      nat.dynamicPorts = new DynamicPorts(1024, 32_767);
      var settings =
          new NativeSettings(
              address,
              Integer.parseInt(value("mtu")),
              homes(),
              Ipv4Address.parse("192.168.1.1"),
              nat.settings(),
              manners(),
              FragmentSettings.DEFAULT);
      var randomness = new Randomness(1, 2);
      var books = new Books();
      var other = value("translator").isEmpty() ? address : Ipv4Address.parse(value("translator"));
      var napt = Native.translator(settings, other, books, randomness);
      return new Native(settings, home, line, machine, napt, books, randomness);
    }

    Relay relay(Outbox internet, Outbox line) {
      return new Relay(
          new RelaySettings(
              new RuleTable(List.of(domain())),
              tunnel(),
              Ipv4Address.parse("203.0.113.1"),
              Routing.valueOf(value("routing")),
              values.containsKey("anycast")),
          internet,
          line,
          new Randomness(3, 4));
    }
  }
}
