package watari.core.path;

import watari.core.event.EventLog;
import watari.core.verdict.Tally;

/// What a gateway writes down. It goes on when another takes its place: one with new settings, or
/// one for another kind of line.
///
/// @param events what happened that a person should hear of
/// @param portless packets of protocols without ports that could not cross
/// @param outbound how packets of the home ended
/// @param inbound how packets of the line ended
public record Books(EventLog events, PortlessCounts portless, Tally outbound, Tally inbound) {
  public Books() {
    this(new EventLog(), new PortlessCounts(), new Tally(), new Tally());
  }
}
