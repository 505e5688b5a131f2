/// The gateway's translation state: which inside endpoint has which port of the set, and with whom
/// it speaks.
///
/// An *inside endpoint* is an address and port at home; its *mapping* is the outer port it has for
/// all it speaks to (RFC 4787 §4.1); a *session* is a mapping together with one remote endpoint.
/// Times are milliseconds of a clock that only goes forward, and arrive as arguments.
package watari.core.nat;
