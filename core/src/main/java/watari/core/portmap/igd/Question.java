package watari.core.portmap.igd;

import java.util.Map;
import watari.core.net.Ipv4Address;

/// An action as it came, not yet read.
///
/// @param device the root device that was asked
/// @param type the service with the version that the control point speaks
/// @param action its name
/// @param arguments by name
/// @param from the control point's address
public record Question(
    RootDevice device,
    ServiceType type,
    String action,
    Map<String, String> arguments,
    Ipv4Address from) {

  public Question {
    arguments = Map.copyOf(arguments);
  }
}
