/// The kernel and the threads: doors for packets, netlink, workers. The only floor with native
/// access.
module watari.host {
  requires static org.jspecify;
  requires transitive watari.core;
}
