package watari.app.igd;

import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.IgdVersion;
import watari.core.portmap.igd.ServiceType;

/// Where things lie on the server.
final class Paths {
  private Paths() {}

  /// What a service can do.
  static String description(ServiceType type) {
    return "/" + type.service().label() + type.version() + ".xml";
  }

  static String control(IgdVersion version, IgdService service) {
    return "/igd" + version.number() + "/control/" + service.label();
  }

  static String events(IgdVersion version, IgdService service) {
    return "/igd" + version.number() + "/events/" + service.label();
  }
}
