package watari.app.control;

import java.util.Map;
import watari.host.engine.Crossing;

/// One end of the tunnel, a gateway or a relay, as far as running it is the same.
interface TunnelEnd {
  /// What the worker does with packets.
  Crossing crossing();

  /// What is, as names and values; called on the worker's thread.
  Map<String, Object> status();

  /// What was counted; called on the worker's thread.
  Map<String, Object> counters();

  /// What the ready message says.
  String summary();
}
