/// The algebra and the packet ways of MAP-E: values in, values out, no thread, clock, file or
/// socket.
module watari.core {
  requires static org.jspecify;

  exports watari.core.event;
  exports watari.core.nat;
  exports watari.core.net;
  exports watari.core.path;
  exports watari.core.plan;
  exports watari.core.portmap;
  exports watari.core.portmap.igd;
  exports watari.core.provision;
  exports watari.core.rule;
  exports watari.core.verdict;
  exports watari.core.wire;
}
