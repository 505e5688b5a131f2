package watari.core.portmap.igd;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// The gateway as one version of the Internet Gateway Device, with the two devices inside it.
///
/// ```
/// InternetGatewayDevice      Layer3Forwarding
///   WANDevice                WANCommonInterfaceConfig
///     WANConnectionDevice    WANIPConnection
/// ```
///
/// @param identity what the names of its devices are derived from; it outlives a restart, so that
///   control points know the gateway again
public record RootDevice(IgdVersion version, String identity) {

  /// Both versions of a gateway.
  public static List<RootDevice> both(String identity) {
    return List.of(
        new RootDevice(IgdVersion.V1, identity), new RootDevice(IgdVersion.V2, identity));
  }

  /// The devices, the root first; each is inside the one before.
  public enum Part {
    INTERNET_GATEWAY("InternetGatewayDevice", IgdService.LAYER3_FORWARDING),
    WAN("WANDevice", IgdService.WAN_COMMON_INTERFACE_CONFIG),
    WAN_CONNECTION("WANConnectionDevice", IgdService.WAN_IP_CONNECTION);

    private final String label;
    private final IgdService service;

    Part(String label, IgdService service) {
      this.label = label;
      this.service = service;
    }

    /// The name in its type.
    public String label() {
      return label;
    }

    /// The one service it has.
    public IgdService service() {
      return service;
    }
  }

  /// As in `urn:schemas-upnp-org:device:WANDevice:1`.
  public String type(Part part) {
    return "urn:schemas-upnp-org:device:" + part.label() + ":" + version.number();
  }

  /// The unique device name, as in `uuid:…`: a name-based UUID (RFC 9562 §5.3), the same for the
  /// same identity.
  public String name(Part part) {
    return "uuid:"
        + UUID.nameUUIDFromBytes(
            ("watari " + type(part) + " " + identity).getBytes(StandardCharsets.UTF_8));
  }

  /// Which connection is the one to the Internet, as Layer3Forwarding says it.
  public String defaultConnectionService() {
    return name(Part.WAN_CONNECTION)
        + ":"
        + Part.WAN_CONNECTION.label()
        + ":"
        + version.number()
        + ","
        + IgdService.WAN_IP_CONNECTION.id();
  }

  /// Where its description lies on the server.
  public String path() {
    return "/igd" + version.number() + ".xml";
  }
}
