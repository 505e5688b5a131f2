/// The ways of a packet: through the gateway, out and in, and through the relay, up and down.
///
/// The body of each way is the list of its hops; arithmetic sits in the rooms before. A packet
/// never throws and never allocates: it ends in a [watari.core.verdict.Verdict].
package watari.core.path;
