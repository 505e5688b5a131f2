package watari.lab.bench;

/// The Ethernet addresses at the two ends of a cable, each as the number its six bytes make.
record Cable(long source, long target) {}
