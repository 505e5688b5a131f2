/// The product: configuration, the controller, the command line.
module watari.app {
  requires static org.jspecify;
  requires watari.host;
}
