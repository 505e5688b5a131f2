package watari.core.nat;

/// Somebody who carries the packets of settled sessions in the translator's place, such as the
/// kernel.
///
/// The translator says which sessions those are. Everything else comes to it as before: first
/// packets, those that change a connection's state, the first one after a silence of
/// [#SILENCE_SECONDS], and whatever else the carrier leaves. It alone decides when a session ends,
/// and asks for the last use before it ends one by its age.
///
/// The thread of the translator calls all of it. Times are those that the translator is told.
public interface Carrier {
  /// The number of no flow.
  long NONE = -1;

  /// A direction that was silent for so long is judged by the translator, whose timers are all
  /// longer: so it finds a session over at the same packet as without a carrier.
  int SILENCE_SECONDS = Timers.UDP_SECONDS_MIN / 2;

  /// Carries a session from now on.
  ///
  /// @param protocol TCP or UDP
  /// @param acknowledged the last number that the inside has acknowledged; of TCP
  /// @param nextIn the number that the remote end will use next; of TCP
  /// @param used when a packet of it last came
  /// @return the number of the flow, or [#NONE] where it stays with the translator
  long begin(
      int protocol,
      int insideAddress,
      int insidePort,
      int outerPort,
      int remoteAddress,
      int remotePort,
      int acknowledged,
      int nextIn,
      long used);

  /// Carries a flow no longer.
  void end(long flow);

  /// Carries none of them any longer; no number that it gave means anything then.
  void endAll();

  /// When a packet of either direction last came, whoever carried it: not before that, and not
  /// after `now`.
  long lastUse(long flow, long now);

  /// The last number that the inside has acknowledged, as far as the carrier knows.
  int acknowledged(long flow);

  /// The number that the remote end will use next, as far as the carrier knows.
  int nextIn(long flow);

  /// Hears how things are after a packet that it left to the translator.
  void learn(long flow, int acknowledged, int nextIn, long used);

  /// Lets time pass, several times a second.
  ///
  /// @return whether it goes on; if not, it carries nothing, and is not asked again
  boolean tick(long now);
}
