package watari.app.igd;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import watari.core.net.Ipv4Address;

/// Where a subscriber wants to be told, as its CALLBACK header says (UPnP Device Architecture
/// §4.1.2).
final class Callback {
  private static final int LENGTH_MAX = 1024;
  private static final Pattern URL = Pattern.compile("<([^<>]*)>");

  private Callback() {}

  /// The first URL of a list that leads to the subscriber itself. Nobody is told at another's
  /// address, so the gateway cannot be made to call strangers, nor hosts by a name that leads
  /// elsewhere later.
  static Optional<URI> of(String header, Ipv4Address subscriber) {
    return header.length() > LENGTH_MAX
        ? Optional.empty()
        : URL.matcher(header)
            .results()
            .flatMap(url -> parse(url.group(1)).stream())
            .filter(url -> leadsTo(url, subscriber))
            .findFirst();
  }

  private static Optional<URI> parse(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean leadsTo(URI url, Ipv4Address subscriber) {
    return "http".equalsIgnoreCase(url.getScheme())
        && subscriber.toString().equals(url.getHost())
        && url.getUserInfo() == null
        && url.getPort() != 0
        && url.getPort() <= 65535;
  }
}
