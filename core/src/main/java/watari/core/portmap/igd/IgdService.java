package watari.core.portmap.igd;

import java.util.List;

/// A service of the gateway.
public enum IgdService {
  LAYER3_FORWARDING("Layer3Forwarding", "L3Forwarding1", 1),
  WAN_COMMON_INTERFACE_CONFIG("WANCommonInterfaceConfig", "WANCommonIFC1", 1),
  WAN_IP_CONNECTION("WANIPConnection", "WANIPConn1", 2);

  private final String label;
  private final String idLabel;
  private final int versionMax;

  IgdService(String label, String idLabel, int versionMax) {
    this.label = label;
    this.idLabel = idLabel;
    this.versionMax = versionMax;
  }

  /// The name in its type, as in `WANIPConnection`.
  public String label() {
    return label;
  }

  /// As in `urn:upnp-org:serviceId:WANIPConn1`.
  public String id() {
    return "urn:upnp-org:serviceId:" + idLabel;
  }

  /// The type that a root device of a version has of it.
  public ServiceType type(IgdVersion version) {
    return new ServiceType(this, Math.min(version.number(), versionMax));
  }

  /// What its subscribers are told of, as its description says.
  ///
  /// @param version of the service
  public List<String> evented(int version) {
    return switch (this) {
      case LAYER3_FORWARDING -> List.of("DefaultConnectionService");
      case WAN_COMMON_INTERFACE_CONFIG -> List.of("PhysicalLinkStatus");
      case WAN_IP_CONNECTION -> version == 1 ? CONNECTION : CONNECTION_2;
    };
  }

  private static final List<String> CONNECTION =
      List.of(
          "PossibleConnectionTypes",
          "ConnectionStatus",
          "ExternalIPAddress",
          "PortMappingNumberOfEntries");

  private static final List<String> CONNECTION_2 =
      List.of(
          "PossibleConnectionTypes",
          "ConnectionStatus",
          "ExternalIPAddress",
          "PortMappingNumberOfEntries",
          "SystemUpdateID");
}
