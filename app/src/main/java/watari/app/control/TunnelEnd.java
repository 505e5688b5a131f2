package watari.app.control;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.app.config.Checked;
import watari.core.event.Event;
import watari.core.event.EventLog;
import watari.core.net.Ipv4Address;
import watari.core.plan.Plan;
import watari.host.engine.Crossing;
import watari.host.engine.Workers;

/// One end of the tunnel, a gateway or a relay, as far as running it is the same. Unless it is
/// said, a method is for the thread of the first worker.
interface TunnelEnd extends AutoCloseable {
  /// What each worker does with packets; the same objects for ever.
  List<Crossing> crossings();

  /// What is, as names and values.
  Map<String, Object> status();

  /// What was counted.
  Map<String, Object> counters();

  /// What happened that a person should hear of.
  EventLog events();

  /// What a person should hear besides, to understand an event.
  Optional<Event> explanation(Event event);

  /// What the Internet calls the home, where there is a home and it is one address.
  Optional<Ipv4Address> address();

  /// What the ready message says; after [#serve], before the workers run.
  String summary();

  /// Begins what goes on beside the workers; for the thread that made it, when they are there.
  ///
  /// @throws IOException when something cannot begin without which there must be no start
  void serve(Workers workers) throws IOException;

  /// What the operator's file says now; for any other thread.
  Checked<Change> reread() throws IOException;

  /// What the line asks for, if it is another than when it was looked at last; for any other
  /// thread, one at a time with [#reread].
  ///
  /// @throws IOException when the kernel does not say
  Optional<Change> look() throws IOException;

  /// Tells a person that what the line asks for cannot be put in place; for any other thread.
  ///
  /// @param reason the end of a sentence
  void lag(String reason);

  /// What takes a while, now and then; for any other thread.
  void tidy();

  /// For the thread that made it, when the workers have ended.
  @Override
  void close();

  /// A wish that can be put in place while we run.
  interface Change {
    /// What has to be in the kernel for it.
    Plan plan();

    /// Makes ready for packets that come the new ways, before the kernel has these. Those that come
    /// the old ways are still carried.
    default void prepare() {}

    /// Takes back what [#prepare] did, if anything; the kernel has refused.
    default void cancel() {}

    /// Puts it in place.
    ///
    /// @return what a person may want to know of it
    Map<String, Object> apply(long now);

    /// What takes a while, after it is in place; for any other thread.
    void settle();
  }
}
