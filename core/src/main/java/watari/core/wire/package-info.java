/// The bytes of IPv4, IPv6, TCP, UDP, ICMP and fragments: taking them apart, changing them with
/// their checksums, printing them the way tcpdump does.
package watari.core.wire;
