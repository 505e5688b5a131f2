package watari.app.cli;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import watari.app.config.Match;
import watari.app.config.Services;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapRule;
import watari.core.rule.PortSet;

/// Takes a value apart, whatever of MAP-E it is.
final class Explain {
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  // Possessive: a repetition that could be taken back costs stack for each time.
  private static final Pattern HEX = Pattern.compile("(0x)?[0-9A-Fa-f]{2}( ?[0-9A-Fa-f]{2})*+");
  private static final Pattern HEX_WITH_COLONS =
      Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})++");

  /// Two digits each: these may be an address.
  private static final int GROUPS_OF_ADDRESS = 8;

  private final Services services;
  private final Optional<PortCut> cut;
  private final boolean hasColours;

  /// How a port is cut into A, PSID and j.
  ///
  /// @param offset a
  /// @param psidLength k
  /// @param origin who says so
  /// @param confidence how far a rule that says so can be believed
  record PortCut(int offset, int psidLength, String origin, Optional<Confidence> confidence) {}

  /// @param cut for ports, where it is known
  Explain(Services services, Optional<PortCut> cut, boolean hasColours) {
    this.services = services;
    this.cut = cut;
    this.hasColours = hasColours;
  }

  /// The value in its parts.
  ///
  /// @throws Refused when it is nothing of MAP-E
  String explain(String value) {
    if (PORT.matcher(value).matches()) {
      return port(value).print(hasColours);
    }
    if (value.indexOf('.') > 0 && value.indexOf(':') == value.lastIndexOf(':')) {
      return ipv4(value);
    }
    if (value.indexOf('/') > 0) {
      return prefix(Ipv6Prefix.parse(value)).print(hasColours);
    }
    return isS46(value) ? ExplainS46.print(hex(value), hasColours) : ipv6(value).print(hasColours);
  }

  private static boolean isS46(String value) {
    return HEX.matcher(value).matches()
        || (HEX_WITH_COLONS.matcher(value).matches() && hex(value).length != GROUPS_OF_ADDRESS);
  }

  private static byte[] hex(String value) {
    return HexFormat.of().parseHex(value.replaceFirst("^0x", "").replaceAll("[ :]", ""));
  }

  private Anatomy port(String text) {
    int port = Integer.parseInt(text);
    if (port > 0xffff) {
      throw new Refused("'" + text + "': a port is a number from 0 to 65535");
    }
    PortCut known =
        cut.orElseThrow(() ->
            new Refused(
                "a port says nothing without its rule; give --psid-length and --offset, or"
                    + " --service or --rule"));
    return port(port, known);
  }

  private static Anatomy port(int port, PortCut cut) {
    int a = cut.offset;
    int k = cut.psidLength;
    int m = 16 - a - k;
    int psid = PortSet.psidOf(a, k, port);
    var anatomy =
        new Anatomy("Port " + port + ", cut by " + cut.origin, (long) port << 48, 0, 16)
            .field(a, "A: the range, " + (port >>> (16 - a)))
            .field(k, "PSID: " + (port >>> m & ((1 << k) - 1)))
            .field(m, "j: the place in the range, " + (port & ((1 << m) - 1)));
    cut.confidence.ifPresent(known -> anatomy.note("Confidence: " + known.sentence()));
    return anatomy.note(
        k == 0
            ? "The address is not shared: every port is its subscriber's."
            : psid == PortSet.EXCLUDED
                ? "A is 0: the PSID offset excludes the port, nobody has it."
                : "The port belongs to PSID " + psid + " (0x" + Integer.toHexString(psid) + ").");
  }

  private String ipv4(String value) {
    int colon = value.indexOf(':');
    if (colon < 0) {
      Ipv4Prefix prefix = Ipv4Prefix.parse(value);
      return ipv4(prefix).print(hasColours);
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    long endpoint = Endpoint.scan(bytes, 0, bytes.length);
    if (endpoint == Endpoint.NONE) {
      throw new Refused(Endpoint.fault(value));
    }
    var address = new Ipv4Prefix(Endpoint.address(endpoint), 32);
    String parts = ipv4(address).print(hasColours);
    return match(address)
        .map(match -> parts + "\n" + port(Endpoint.port(endpoint), cut(match)).print(hasColours))
        .orElse(parts);
  }

  static PortCut cut(Match match) {
    MapRule rule = match.rule();
    return new PortCut(
        rule.psidOffset(),
        rule.psidLength(),
        "the rule " + rule.ipv6() + " of " + match.service().name(),
        Optional.of(match.domain().confidence()));
  }

  /// The rule with the longest IPv4 prefix around a prefix.
  private Optional<Match> match(Ipv4Prefix prefix) {
    return services
        .matches()
        .filter(match -> match.rule().ipv4().length() <= prefix.length())
        .filter(match -> match.rule().ipv4().contains(prefix.bits()))
        .max(Comparator.comparingInt(match -> match.rule().ipv4().length()));
  }

  private Anatomy ipv4(Ipv4Prefix prefix) {
    var anatomy = new Anatomy("IPv4 " + shown(prefix), (long) prefix.bits() << 32, 0, 32);
    Optional<Match> found = match(prefix);
    if (found.isEmpty()) {
      return anatomy
          .field(prefix.length(), prefix.length() == 32 ? "address" : "prefix")
          .filler(32 - prefix.length(), "host")
          .note("No rule gives out this address.");
    }
    MapRule rule = found.get().rule();
    anatomy
        .field(rule.ipv4().length(), "Rule IPv4 prefix " + rule.ipv4())
        .field(rule.suffixLength(), "IPv4 suffix, from the first EA bits")
        .filler(32 - rule.ipv4Length(), "the subscriber's own")
        .note("Rule: " + rule + ", of " + found.get().service().name())
        .note("Confidence: " + found.get().domain().confidence().sentence());
    return rule.isShared()
        ? anatomy.note(
            "The address has "
                + (1 << rule.psidLength())
                + " subscribers; the port says which: watari who "
                + new Ipv4Address(prefix.bits())
                + ":PORT")
        : anatomy.note("The address is not shared.");
  }

  /// An address without its length of 32 bits.
  private static String shown(Ipv4Prefix prefix) {
    return prefix.length() == 32 ? new Ipv4Address(prefix.bits()).toString() : prefix.toString();
  }

  private Anatomy prefix(Ipv6Prefix prefix) {
    var anatomy = new Anatomy("IPv6 prefix " + prefix, prefix.high(), prefix.low(), 128);
    return services
        .match(prefix)
        .map(match -> prefix(anatomy, prefix, match))
        .orElseGet(() ->
            anatomy
                .field(prefix.length(), "prefix")
                .filler(128 - prefix.length(), "behind the prefix")
                .note("No rule matches; 'watari check " + prefix + "' shows where."));
  }

  private static Anatomy prefix(Anatomy anatomy, Ipv6Prefix prefix, Match match) {
    MapRule rule = match.rule();
    if (prefix.length() < rule.endUserLength()) {
      return anatomy
          .field(rule.ipv6().length(), "Rule IPv6 prefix " + rule.ipv6())
          .filler(128 - rule.ipv6().length(), "not enough for the EA bits")
          .note("The rule needs " + rule.endUserLength() + " bits: " + rule);
    }
    Identity identity = rule.identity(prefix);
    head(anatomy, identity);
    anatomy
        .field(prefix.length() - rule.endUserLength(), "delegated too, not used by MAP-E")
        .filler(128 - prefix.length(), "behind the prefix");
    return noted(anatomy, match, identity);
  }

  /// Rule IPv6 prefix and EA bits.
  private static Anatomy head(Anatomy anatomy, Identity identity) {
    MapRule rule = identity.rule();
    int embedded = rule.eaLength() - rule.suffixLength();
    return anatomy
        .field(rule.ipv6().length(), "Rule IPv6 prefix " + rule.ipv6())
        .field(rule.suffixLength(), "EA bits: IPv4 suffix of " + shown(identity.ipv4()))
        .field(embedded, "EA bits: PSID " + identity.ports().psid());
  }

  private static Anatomy noted(Anatomy anatomy, Match match, Identity identity) {
    return anatomy
        .note("Rule: " + match.rule() + ", of " + match.service().name())
        .note("Confidence: " + match.domain().confidence().sentence())
        .note("IPv4 " + shown(identity.ipv4()) + ", ports " + identity.ports())
        .note("MAP address " + identity.mapAddress());
  }

  private Anatomy ipv6(String text) {
    Ipv6Address address = Ipv6Address.parse(text);
    var anatomy = new Anatomy("IPv6 address " + address, address.high(), address.low(), 128);
    Optional<Match> match = services.match(new Ipv6Prefix(address.high(), address.low(), 128));
    if (match.isEmpty()) {
      return anatomy
          .field(64, "prefix")
          .field(64, "interface identifier")
          .note("No rule matches; 'watari check " + address + "' shows where.");
    }
    MapRule rule = match.get().rule();
    Identity identity =
        rule.identity(Ipv6Prefix.of(address.high(), address.low(), rule.endUserLength()));
    head(anatomy, identity);
    if (!identity.mapAddress().equals(address)) {
      return noted(
          anatomy
              .field(128 - rule.endUserLength(), "not what MAP-E puts here")
              .note("This is not the MAP address of its subscriber."),
          match.get(),
          identity);
    }
    return noted(tail(anatomy, identity), match.get(), identity);
  }

  /// Subnet and interface identifier of a MAP address; a prefix longer than 64 bits overwrites the
  /// top of the latter.
  private static Anatomy tail(Anatomy anatomy, Identity identity) {
    MapRule rule = identity.rule();
    int end = rule.endUserLength();
    int ipv4 = rule.layout() == Layout.RFC7597 ? 80 : 72;
    return anatomy
        .filler(left(end, 0, 64), "subnet: always zero")
        .filler(left(end, 64, ipv4), "zero")
        .field(left(end, ipv4, ipv4 + 32), "IPv4 address " + shown(identity.ipv4()))
        .field(left(end, ipv4 + 32, ipv4 + 48), "PSID " + identity.ports().psid())
        .filler(left(end, ipv4 + 48, 128), "zero");
  }

  /// How many bits of a field lie behind the end-user prefix.
  private static int left(int endUserLength, int from, int to) {
    return Math.max(0, to - Math.max(from, endUserLength));
  }
}
