package watari.core.portmap.igd;

/// What is subscribed to: a service of one of the root devices.
public record Topic(IgdVersion version, IgdService service) {

  /// The service as that device has it.
  public ServiceType type() {
    return service.type(version);
  }
}
