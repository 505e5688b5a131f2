package watari.core.rule;

/// A rule as it was written: text that nobody has checked yet, for [RuleLint].
///
/// An empty text means that the value was not written.
///
/// @param place where it stands, in words for a person: `line 12`
/// @param ipv6 Rule IPv6 prefix, as in `2001:db8::/40`
/// @param ipv4 Rule IPv4 prefix, as in `192.0.2.0/24`
/// @param ea number of EA bits
/// @param offset PSID offset; empty is [MapRule#PSID_OFFSET_DEFAULT]
/// @param psid the PSID where the rule names it, as in `0x34/8`; empty is none
/// @param layout `rfc7597` or `draft-03`; empty is `rfc7597`
public record RawRule(
    String place, String ipv6, String ipv4, String ea, String offset, String psid, String layout) {}
