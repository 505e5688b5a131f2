package watari.core.verdict;

/// Why a packet was dropped: at once the counter, the line in the documentation and the name of a
/// scenario.
public enum Drop implements Verdict {
  // the bytes
  NOT_IP("neither IPv4 nor IPv6, or not the one that belongs there"),
  IPV4_MALFORMED("an IPv4 header that is cut short or contradicts itself"),
  IPV4_CHECKSUM_WRONG("an IPv4 header whose checksum is wrong"),
  IPV4_SOURCE_ROUTED("an IPv4 packet with a source route"),
  IPV6_MALFORMED("an IPv6 header that is cut short or contradicts itself"),
  TRANSPORT_MALFORMED("a TCP, UDP or ICMP header that is cut short"),
  PROTOCOL_WITHOUT_PORT("a protocol without ports, such as ESP or GRE, on a shared address"),
  ICMP_CHECKSUM_WRONG("an ICMP message whose checksum is wrong"),
  ICMP_NOT_CARRIED("an ICMP type that crosses no translator"),
  QUOTE_MALFORMED("an ICMP error whose quote cannot be read"),

  // fragments
  FRAGMENT_MALFORMED("a fragment whose length or place is impossible"),
  FRAGMENT_TINY("a first fragment too short for its ports"),
  FRAGMENT_OVERLAPPING("a fragment that overlaps another; its whole packet is dropped"),
  FRAGMENTS_TOO_MANY("a packet in more than 64 fragments"),
  FRAGMENTS_MIXED("fragments that add up to a wrong checksum, as those of two packets do"),
  FRAGMENT_ECN_MIXED("a fragment marked congested among others that cannot carry the mark"),
  FRAGMENT_MEMORY_FULL("a fragment for which there was no memory"),
  FRAGMENT_IDS_EXHAUSTED(
      "a packet to be cut, after one of every identification to its target in 120 seconds"),
  FRAGMENT_TIMED_OUT("a packet whose fragments did not all come in time"),

  // the outer packet
  OUTER_TARGET_NOT_OURS("an outer target that is not our tunnel address"),
  OUTER_SOURCE_UNKNOWN("an outer source that is neither the relay nor a subscriber"),
  OUTER_PAYLOAD_NOT_IPV4("an outer packet that carries something other than IPv4"),
  OUTER_ECN_IMPOSSIBLE("congestion marked outside a packet that cannot carry the mark"),
  ICMPV6_FRAGMENTED("an ICMPv6 message in fragments; every one that matters fits into one packet"),
  ICMPV6_NOT_OURS("an ICMPv6 error about a packet that we did not send"),
  ICMPV6_NOT_RELAYED("an ICMPv6 message that has no meaning for the inner sender"),

  // the gateway
  SOURCE_NOT_OF_HOME("a source outside the home's prefixes"),
  TARGET_NOT_UNICAST("a target that is not one host on the Internet"),
  PORTS_EXHAUSTED("no free port in the port set"),
  SESSIONS_EXHAUSTED("no room for one more session"),
  HOST_PORTS_EXHAUSTED("a host that has its share of the port set already"),
  HOST_SESSIONS_EXHAUSTED("a host that has its share of the sessions already"),
  HOST_TOO_FAST("a host that begins more sessions a second than it may"),
  TCP_WITHOUT_SESSION("a TCP segment from the home that belongs to no connection and begins none"),
  PROTOCOL_TAKEN("a protocol without ports that another host uses with the same remote address"),
  EGRESS_GUARD("a translated packet outside the port set; this is a mistake of ours"),
  TO_OWN_PORT("a target that is our own address and port"),
  ERROR_WITHOUT_SESSION("an ICMP error about a session that does not exist"),
  SOURCE_NOT_OF_INTERNET("an inner source that is not one host on the Internet"),
  SPOOFED_SELF("a packet from the line that claims our own address and port"),
  INNER_TARGET_NOT_OURS("an inner target that is not our address"),
  PORT_NOT_OURS("an inner target port outside our port set"),
  NO_MAPPING("a port of ours that nobody at home uses"),
  FILTERED("a source that the host at home has not spoken to"),

  // the relay
  SUBSCRIBER_UNKNOWN("an inner source that no rule covers"),
  SUBSCRIBER_SPOOFED("an outer source that is not the subscriber of the inner source and port"),
  SOURCE_PORT_EXCLUDED("an inner source port that belongs to nobody"),
  SUBSCRIBER_FROM_OUTSIDE("a source from the Internet side that is a subscriber's address"),
  TARGET_UNKNOWN("an inner target that no rule covers"),
  TARGET_PORT_EXCLUDED("an inner target port that belongs to nobody"),
  TO_ITSELF("a subscriber's packet to itself by way of the relay"),

  // every way
  TTL_EXPIRED("a packet at the end of its time to live"),
  TOO_BIG("a packet that must not be fragmented and is too big for the tunnel"),
  DOOR_FULL("a packet that the device did not take");

  private final String sentence;

  Drop(String sentence) {
    this.sentence = sentence;
  }

  /// Whether what the host wanted is used up, by itself or by others (RFC 6888 REQ-11). It is no
  /// mistake of the host, and may be otherwise soon.
  public boolean isShortage() {
    return switch (this) {
      case PORTS_EXHAUSTED,
          SESSIONS_EXHAUSTED,
          HOST_PORTS_EXHAUSTED,
          HOST_SESSIONS_EXHAUSTED,
          HOST_TOO_FAST,
          PROTOCOL_TAKEN ->
          true;
      default -> false;
    };
  }

  /// Whether it follows from the relay's rules, and other rules could say otherwise.
  public boolean isByRules() {
    return switch (this) {
      case PROTOCOL_WITHOUT_PORT,
          OUTER_TARGET_NOT_OURS,
          OUTER_SOURCE_UNKNOWN,
          ICMPV6_NOT_OURS,
          TARGET_NOT_UNICAST,
          SOURCE_NOT_OF_INTERNET,
          SUBSCRIBER_UNKNOWN,
          SUBSCRIBER_SPOOFED,
          SOURCE_PORT_EXCLUDED,
          SUBSCRIBER_FROM_OUTSIDE,
          TARGET_UNKNOWN,
          TARGET_PORT_EXCLUDED ->
          true;
      default -> false;
    };
  }

  /// What happened, for people.
  public String sentence() {
    return sentence;
  }
}
