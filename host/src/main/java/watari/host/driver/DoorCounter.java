package watari.host.driver;

/// What a door counts.
public enum DoorCounter {
  /// Packets received.
  RECEIVED,
  /// Bytes of the packets received.
  RECEIVED_BYTES,
  /// Packets sent.
  SENT,
  /// Bytes of the packets sent.
  SENT_BYTES,
  /// Packets dropped because they were longer than a frame of the batch, or of the other side.
  TOO_LONG,
  /// Packets not sent because the queue behind the door was full.
  FULL,
  /// Packets not sent because the other side did not want them: the device is down, or the bytes
  /// are no IP packet.
  REFUSED
}
