/// How hosts at home ask for ports: PCP, NAT-PMP and UPnP IGD, as messages in, messages out.
///
/// What they are given is in one table, [Leases], which lies on the one allocator of the port set
/// ([watari.core.nat.Reservations]). Nothing here has a socket or a clock; times are milliseconds
/// of a clock that only goes forward, and arrive as arguments.
package watari.core.portmap;
