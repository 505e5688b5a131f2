package watari.lab.bench;

/// Measurements made one after another, to be compared: other work on the machine comes and goes.
///
/// @param arrival making packets and bringing them to the host, which drops them
/// @param kernel the same, and the kernel forwards them to the sink
/// @param watari the same, and Watari forwards them to the sink
record Round(Measurement arrival, Measurement kernel, Measurement watari) {

  /// Watari's rate as a share of the kernel's, end to end.
  double ratio() {
    return watari.mpps() / kernel.mpps();
  }

  /// The same for forwarding alone: without the time that making and bringing the packets took.
  double forwardingRatio() {
    return (micros(kernel) - micros(arrival)) / (micros(watari) - micros(arrival));
  }

  /// Microseconds a packet.
  private static double micros(Measurement measurement) {
    return 1 / measurement.mpps();
  }
}
