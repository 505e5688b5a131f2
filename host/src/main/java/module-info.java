/// The kernel and the threads: doors for packets, netlink, workers. The only floor with native
/// access.
@SuppressWarnings("module") // app and lab are compiled after this module
module watari.host {
  requires static org.jspecify;
  requires transitive watari.core;

  exports watari.host.driver;
  exports watari.host.engine;
  exports watari.host.service;
  exports watari.host.kernel to
      watari.app,
      watari.lab;
  exports watari.host.offload to
      watari.app,
      watari.lab;
}
