package watari.core.portmap.igd;

/// Ends the reading or doing of an action with an error. It never leaves this package, and knows no
/// stack: a bad question is nothing unusual.
final class Denied extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final UpnpError error;

  Denied(UpnpError error) {
    super(error.description(), null, false, false);
    this.error = error;
  }

  UpnpError error() {
    return error;
  }
}
