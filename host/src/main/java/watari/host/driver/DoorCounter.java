package watari.host.driver;

/// What a door counts.
public enum DoorCounter {
  /// Packets received, a super-packet as one.
  RECEIVED,
  /// Bytes of the packets received.
  RECEIVED_BYTES,
  /// Super-packets among those received.
  SUPER_RECEIVED,
  /// Packets sent, a super-packet as one.
  SENT,
  /// Bytes of the packets sent.
  SENT_BYTES,
  /// Super-packets among those sent.
  SUPER_SENT,
  /// Packets dropped because they were longer than a frame of the batch, or of the other side.
  TOO_LONG,
  /// Packets not sent because the queue behind the door was full.
  FULL,
  /// Packets not sent because the other side did not want them: the device is down, or the bytes
  /// are no IP packet. Or not received, because they are of a kind that was not asked for.
  REFUSED,
  /// Packets that came faster than they were taken, and had no place to wait.
  MISSED
}
