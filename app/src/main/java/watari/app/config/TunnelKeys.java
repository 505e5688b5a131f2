package watari.app.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import watari.core.net.Refused;
import watari.core.path.TunnelSettings;
import watari.core.path.TunnelSettings.CongestionMark;

/// The keys of a line that say what the outer headers of its tunnel are; a gateway and a relay have
/// the same.
final class TunnelKeys {
  static final List<String> KEYS = List.of("mtu", "hopLimit", "trafficClass", "congestionMark");

  private static final Kind<Integer> HOP_LIMIT = Kind.number(1, 255);

  private TunnelKeys() {}

  /// These keys and others.
  static List<String> with(String... others) {
    var keys = new ArrayList<>(List.of(others));
    keys.addAll(KEYS);
    return List.copyOf(keys);
  }

  static @Nullable TunnelSettings read(Form line, Problems problems) {
    Integer mtu = line.required("mtu", ConfigFile.MTU);
    int hopLimit = line.optional("hopLimit", TunnelSettings.HOP_LIMIT_DEFAULT, HOP_LIMIT);
    int trafficClass =
        line.optional("trafficClass", TunnelSettings.COPIED, TunnelKeys::trafficClass);
    CongestionMark mark =
        line.optional("congestionMark", CongestionMark.COPIED, Kind.of(TunnelKeys::mark));
    if (mtu == null) {
      return null;
    }
    try {
      return new TunnelSettings(mtu, hopLimit, trafficClass, mark);
    } catch (Refused refused) {
      problems.add(line.place("trafficClass"), refused.sentence());
      return null;
    }
  }

  private static @Nullable Integer trafficClass(Node node, String key, Problems problems) {
    if (node instanceof Node.Scalar scalar && scalar.text().equals("copy")) {
      return TunnelSettings.COPIED;
    }
    return Kind.number(0, 255).read(node, key, problems);
  }

  private static CongestionMark mark(String text) {
    return switch (text) {
      case "copy" -> CongestionMark.COPIED;
      case "clear" -> CongestionMark.CLEARED;
      default -> throw new Refused("it is copy or clear, not '" + text + "'");
    };
  }
}
