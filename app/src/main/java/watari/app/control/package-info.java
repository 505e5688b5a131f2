/// A running gateway or relay: what the operator wrote becomes a plan, the plan goes into the
/// kernel, a worker carries the packets, a socket says how it goes.
package watari.app.control;
