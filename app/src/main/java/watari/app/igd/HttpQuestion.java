package watari.app.igd;

import java.util.Optional;
import java.util.function.Function;
import watari.core.net.Ipv4Address;

/// A request as far as the device looks at it.
///
/// @param header the value of a header, whatever the case of its name
/// @param from the other end's address
/// @param port of this end
record HttpQuestion(
    String method,
    String path,
    Function<String, Optional<String>> header,
    Ipv4Address from,
    int port,
    Body body) {

  /// What follows the headers.
  @FunctionalInterface
  interface Body {
    byte[] bytes();
  }
}
