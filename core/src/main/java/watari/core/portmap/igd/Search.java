package watari.core.portmap.igd;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What an M-SEARCH asks for (UPnP Device Architecture §1.3.2).
///
/// @param target a type or name, `upnp:rootdevice` or `ssdp:all`
/// @param secondsMax over how long the answers may be spread (MX)
record Search(String target, int secondsMax) {
  private static final String REQUEST = "M-SEARCH * HTTP/1.1";
  private static final String ALL = "ssdp:all";
  private static final int HEADERS_MAX = 32;

  /// More than this is not waited for, whatever MX says (UDA 1.1).
  private static final int SECONDS_MAX = 5;

  /// Reads a datagram; empty for all that is no search, such as the announcements of others.
  static Optional<Search> parse(String message) {
    List<String> lines = message.lines().limit(HEADERS_MAX).toList();
    if (lines.isEmpty() || !lines.getFirst().strip().equals(REQUEST)) {
      return Optional.empty();
    }
    Map<String, String> headers = headers(lines.subList(1, lines.size()));
    String target = headers.getOrDefault("ST", "");
    int seconds = seconds(headers.getOrDefault("MX", ""));
    boolean isDiscovery = headers.getOrDefault("MAN", "").equals("\"ssdp:discover\"");
    return isDiscovery && !target.isEmpty() && seconds >= 0
        ? Optional.of(new Search(target, Math.min(seconds, SECONDS_MAX)))
        : Optional.empty();
  }

  private static Map<String, String> headers(List<String> lines) {
    var headers = new HashMap<String, String>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.putIfAbsent(
            line.substring(0, colon).strip().toUpperCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  /// A number of at most nine digits, or -1.
  private static int seconds(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
  }

  boolean asksFor(Advertisement advertisement) {
    return target.equals(ALL) || target.equals(advertisement.target());
  }

  /// What the answer says was asked for (ST): of `ssdp:all`, what was found.
  String answered(Advertisement advertisement) {
    return target.equals(ALL) ? advertisement.target() : target;
  }
}
