package watari.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.Psid;

/// The public rules of the Japanese services, a table beside this class.
///
/// The rows of one service and one relay are a domain. All of these services run hub-and-spoke.
final class BuiltInServices {
  private static final String TABLE = "jp-rules.csv";

  private BuiltInServices() {}

  /// What rows of one domain have in common.
  private record Key(String service, Ipv6Address relay, Confidence confidence) {
    MapDomain domain(List<MapRule> rules) {
      return new MapDomain(service, relay, false, confidence, rules);
    }
  }

  static Services load() {
    Map<Key, List<MapRule>> rules = new LinkedHashMap<>();
    table().lines().skip(1).forEach(line -> add(line.split(",", 9), rules));
    List<MapDomain> domains = new ArrayList<>();
    rules.forEach((key, list) -> domains.add(key.domain(list)));
    return new Services(
        List.of(
            service("nuro", "NURO Hikari", "NURO 光", domains),
            service("v6plus", "v6 plus by JPIX", "JPIX v6プラス", domains),
            service("biglobe", "BIGLOBE IPv6 Option", "BIGLOBE IPv6オプション", domains),
            service("ocn", "OCN Virtual Connect", "OCNバーチャルコネクト", domains)));
  }

  private static Service service(
      String name, String title, String titleJapanese, List<MapDomain> domains) {
    Optional<ReverseName> reverse =
        name.equals("nuro") ? Optional.of(new ReverseName("ma", ".ap.nuro.jp")) : Optional.empty();
    List<MapDomain> own = domains.stream().filter(domain -> domain.name().equals(name)).toList();
    return new Service(name, title, titleJapanese, reverse, own);
  }

  /// Columns: service, ipv6_prefix, ipv4_prefix, ea_length, psid_offset, relay, layout, confidence,
  /// source.
  private static void add(String[] row, Map<Key, List<MapRule>> rules) {
    var key = new Key(row[0], Ipv6Address.parse(row[5]), confidence(row[7]));
    var rule =
        new MapRule(
            Ipv6Prefix.parse(row[1]),
            Ipv4Prefix.parse(row[2]),
            Integer.parseInt(row[3]),
            Integer.parseInt(row[4]),
            Psid.NONE,
            Layout.parse(row[6]));
    rules.computeIfAbsent(key, _ -> new ArrayList<>()).add(rule);
  }

  private static Confidence confidence(String label) {
    for (Confidence confidence : Confidence.values()) {
      if (confidence.label().equals(label)) {
        return confidence;
      }
    }
    throw new Refused("'" + label + "' is not a confidence");
  }

  private static String table() {
    try (InputStream in = BuiltInServices.class.getResourceAsStream(TABLE)) {
      return new String(Objects.requireNonNull(in, TABLE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
