package watari.lab.bench;

/// One round of one row.
///
/// @param sent packets
/// @param arrived of them, at the sink
/// @param nanos that the sending took
record Measurement(long sent, long arrived, long nanos) {

  /// Million packets a second, at the sink.
  double mpps() {
    return arrived * 1e3 / nanos;
  }

  long lost() {
    return Math.max(0, sent - arrived);
  }
}
