/// The UPnP Internet Gateway Device, versions 1 and 2: what a control point may ask and what it is
/// answered, who is told of changes, and how the device is found.
///
/// There are two root devices, one of each version, so that a control point that knows only the
/// first never reads of the second. Actions, subscriptions and searches come in as values; HTTP and
/// XML are the application's, sockets the host's. A control point has the mappings of its own
/// address and sees no other's.
package watari.core.portmap.igd;
