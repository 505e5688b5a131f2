package watari.app.igd;

import java.util.List;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.RootDevice.Part;
import watari.core.portmap.igd.ServiceType;

/// The description of a root device (UPnP Device Architecture §2.3).
final class DeviceText {
  private DeviceText() {}

  /// @param version of the product
  static String of(RootDevice device, String version) {
    return Xml.document(xml ->
        xml.element(
            "root",
            root -> {
              root.element("specVersion", spec -> spec.element("major", "1").element("minor", "1"));
              part(root, device, List.of(Part.values()), version);
            },
            "xmlns",
            "urn:schemas-upnp-org:device-1-0"));
  }

  /// A device with those inside it.
  ///
  /// @param parts the device, and what is inside from the outside in
  private static void part(Xml xml, RootDevice root, List<Part> parts, String version) {
    Part part = parts.getFirst();
    List<Part> inner = parts.subList(1, parts.size());
    xml.element(
        "device",
        device -> {
          device
              .element("deviceType", root.type(part))
              .element("friendlyName", "Watari")
              .element("manufacturer", "Watari")
              .element("modelDescription", "MAP-E gateway (RFC 7597)")
              .element("modelName", part.label())
              .element("modelNumber", version)
              .element("UDN", root.name(part))
              .element("serviceList", list -> service(list, root, part.service()));
          if (!inner.isEmpty()) {
            device.element("deviceList", inside -> part(inside, root, inner, version));
          }
          if (part == Part.INTERNET_GATEWAY) {
            device.element("presentationURL", "/");
          }
        });
  }

  private static void service(Xml list, RootDevice root, IgdService service) {
    ServiceType type = service.type(root.version());
    list.element(
        "service",
        one ->
            one.element("serviceType", type.toString())
                .element("serviceId", service.id())
                .element("SCPDURL", Paths.description(type))
                .element("controlURL", Paths.control(root.version(), service))
                .element("eventSubURL", Paths.events(root.version(), service)));
  }
}
