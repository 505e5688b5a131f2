package watari.app.config;

import java.util.Map;
import java.util.Optional;

/// The names of IP protocols as they stand in files and answers: `tcp`; a protocol that has none of
/// these is its number.
public final class ProtocolName {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "icmp"),
          Map.entry(4, "ipip"),
          Map.entry(6, "tcp"),
          Map.entry(17, "udp"),
          Map.entry(33, "dccp"),
          Map.entry(41, "ipv6"),
          Map.entry(47, "gre"),
          Map.entry(50, "esp"),
          Map.entry(51, "ah"),
          Map.entry(115, "l2tp"),
          Map.entry(132, "sctp"),
          Map.entry(136, "udplite"));

  private ProtocolName() {}

  public static String of(int protocol) {
    return NAMES.getOrDefault(protocol, String.valueOf(protocol));
  }

  /// The number of a name or of a number that is written.
  public static Optional<Integer> number(String name) {
    if (name.matches("\\d{1,3}") && Integer.parseInt(name) <= 255) {
      return Optional.of(Integer.valueOf(name));
    }
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
