/// The algebra of RFC 7597: a rule and an end-user prefix make an IPv4 address, a port set and a
/// MAP address, and back.
///
/// Symbols in comments are the RFC's: n = length of the Rule IPv6 prefix, r = length of the Rule
/// IPv4 prefix, o = number of EA bits, p = IPv4 suffix bits among them, a = PSID offset, k = PSID
/// length, m = 16 - a - k.
package watari.core.rule;
