package watari.core.portmap.igd;

import java.util.Map;
import java.util.UUID;

/// What a subscriber is to be told.
///
/// @param subscription the SID, without `uuid:`
/// @param sequence the SEQ
/// @param callback where to
/// @param values the variables that have changed, by name; all of them in the first
public record Notification(
    UUID subscription, long sequence, String callback, Map<String, String> values) {}
