package watari.lab.bench;

/// The Ethernet addresses at the two ends of a cable, each as the number its six bytes make.
record Cable(long source, long target) {
  private static final long SOMEBODY_ELSE = 0xff00;

  /// A cable to somebody who is not there: the host takes a packet in and drops it at once.
  Cable astray() {
    return new Cable(source, target ^ SOMEBODY_ELSE);
  }
}
