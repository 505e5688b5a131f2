package watari.core.portmap.igd;

import java.util.List;
import java.util.Map;

/// What a control point is told.
public sealed interface Answer {

  /// The action is done.
  ///
  /// @param values the out-arguments by name, in the order of the service's description
  record Done(Map<String, String> values) implements Answer {}

  /// The port mappings that GetListOfPortMappings asked for; at least one.
  record Listing(List<PortMapping> mappings) implements Answer {
    public Listing {
      mappings = List.copyOf(mappings);
    }
  }

  /// It is not done, and nothing has changed.
  record Failed(UpnpError error) implements Answer {}
}
