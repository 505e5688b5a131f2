package watari.host.driver;

import java.io.IOException;

/// A door for packets: whole IP packets come in and go out, without a header before them.
///
/// Some doors also carry TCP super-packets: many segments of a flow as one IPv4 packet, which
/// somebody has still to cut ([watari.core.wire.TcpCutter]). What is received tells by
/// [Batch#segmentBytes].
///
/// One thread calls all methods but `wake`.
public interface Driver extends AutoCloseable {

  /// Empties the batch and fills it with what is there, without waiting.
  ///
  /// @return how many packets the batch now has; 0 when nothing is there
  /// @throws IOException when the door is broken, for example its device was removed
  int receive(Batch batch) throws IOException;

  /// Hands over the packet of `length` bytes at offset `at` of the slab. The bytes are the caller's
  /// again when the call returns; the [watari.core.path.Outbox#HEADROOM] bytes before them are the
  /// door's until then, and may be different after it.
  ///
  /// @return false when the packet was not taken; `counters` says why
  /// @throws IOException when the door is broken
  boolean send(long at, int length) throws IOException;

  /// Whether super-packets can be sent.
  boolean carriesSuperPackets();

  /// Hands over a TCP super-packet over IPv4 in which the sum of the pseudo-header stands for the
  /// checksum of TCP, in the same way.
  ///
  /// @param segmentBytes the payload of each segment but the last
  /// @return false when the packet was not taken; `counters` says why
  /// @throws IOException when the door is broken
  boolean sendSuper(long at, int length, int segmentBytes) throws IOException;

  /// Waits until something can be received, `wake` is called or `millis` ms have passed; -1 waits
  /// for ever. A `wake` before the wait ends it at once; a signal may end it early.
  ///
  /// @return whether something can be received
  /// @throws IOException when the door is broken
  boolean await(int millis) throws IOException;

  /// Ends the wait of the owner, from any thread.
  void wake();

  /// What passed and what did not; any thread may read it.
  DoorCounters counters();

  /// Closes the door; more than once is fine.
  @Override
  void close() throws IOException;
}
