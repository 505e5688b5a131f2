/// Addresses and prefixes of both families: parse, print, compare.
///
/// IPv4 bits are an `int`, IPv6 bits two `long`s, both in network order: the first bit on the wire
/// is the highest bit of the number.
package watari.core.net;
