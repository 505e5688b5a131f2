package watari.core.portmap.igd;

import java.util.Arrays;
import java.util.Optional;

/// A service with its version, as in `urn:schemas-upnp-org:service:WANIPConnection:2`.
public record ServiceType(IgdService service, int version) {
  private static final String BEGINNING = "urn:schemas-upnp-org:service:";

  /// Reads a type; empty for one that this gateway does not have in any version.
  public static Optional<ServiceType> parse(String text) {
    return Arrays.stream(IgdVersion.values())
        .flatMap(
            version -> Arrays.stream(IgdService.values()).map(service -> service.type(version)))
        .filter(type -> type.toString().equals(text))
        .findFirst();
  }

  @Override
  public String toString() {
    return BEGINNING + service.label() + ":" + version;
  }
}
