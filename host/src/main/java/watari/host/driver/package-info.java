/// Doors for packets: the TUN device, network cards without the kernel's routing between, twins in
/// memory, faults and captures.
///
/// A door belongs to one thread. Packets lie in the slab of `watari.core.wire`; no door allocates
/// for a packet.
package watari.host.driver;
