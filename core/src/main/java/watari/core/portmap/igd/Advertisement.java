package watari.core.portmap.igd;

import java.util.ArrayList;
import java.util.List;
import watari.core.portmap.igd.RootDevice.Part;

/// One of the things that a root device announces and that a search can be for.
///
/// @param target the type or name searched for (NT and ST)
/// @param name what makes it unique (USN)
/// @param path of the description
record Advertisement(String target, String name, String path) {
  private static final String ROOT = "upnp:rootdevice";

  /// All that a root device announces (UPnP Device Architecture §1.2.2).
  static List<Advertisement> of(RootDevice device) {
    var all = new ArrayList<Advertisement>();
    all.add(of(device, Part.INTERNET_GATEWAY, ROOT));
    for (Part part : Part.values()) {
      all.add(new Advertisement(device.name(part), device.name(part), device.path()));
      all.add(of(device, part, device.type(part)));
      all.add(of(device, part, part.service().type(device.version()).toString()));
    }
    return List.copyOf(all);
  }

  private static Advertisement of(RootDevice device, Part part, String target) {
    return new Advertisement(target, device.name(part) + "::" + target, device.path());
  }
}
