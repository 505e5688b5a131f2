package watari.core.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a network card does with a TCP super-packet, written down slowly; it shares no code with
/// [TcpCutter].
final class SlowSegments {
  private SlowSegments() {}

  /// The segments of a super-packet, each a packet with right checksums.
  static List<byte[]> of(byte[] whole, int segmentBytes) {
    int ipv4 = (whole[0] & 0xf) * 4;
    int headers = ipv4 + (whole[ipv4 + 12] >> 4 & 0xf) * 4;
    var segments = new ArrayList<byte[]>();
    for (int from = headers; from < whole.length; from += segmentBytes) {
      int to = Math.min(from + segmentBytes, whole.length);
      var segment = ByteBuffer.allocate(headers + to - from);
      segment.put(whole, 0, headers).put(whole, from, to - from);
      segment.putShort(2, (short) segment.capacity());
      segment.putShort(4, (short) (segment.getShort(4) + segments.size()));
      segment.putInt(ipv4 + 4, segment.getInt(ipv4 + 4) + from - headers);
      int flags = segment.get(ipv4 + 13);
      flags &= from == headers ? 0xff : 0x7f; // CWR
      flags &= to == whole.length ? 0xff : 0xf6; // PSH and FIN
      segment.put(ipv4 + 13, (byte) flags);
      segments.add(withChecksums(segment.array()));
    }
    return segments;
  }

  /// The packet with the checksums of IPv4 and TCP as they should be.
  static byte[] withChecksums(byte[] packet) {
    int ipv4 = (packet[0] & 0xf) * 4;
    put(packet, 10, 0);
    put(packet, 10, ~SlowChecksum.sum(packet, 0, ipv4, 0));
    put(packet, ipv4 + 16, 0);
    byte[] tcp = Arrays.copyOfRange(packet, ipv4, packet.length);
    put(packet, ipv4 + 16, ~SlowChecksum.sum(tcp, 0, tcp.length, pseudoHeader(packet)));
    return packet;
  }

  /// The sum of the pseudo-header.
  static int pseudoHeader(byte[] packet) {
    int length = packet.length - (packet[0] & 0xf) * 4;
    int sum = SlowChecksum.sum(packet, 12, 20, 0);
    byte[] rest = {0, 6, (byte) (length >> 8), (byte) length};
    return SlowChecksum.sum(rest, 0, 4, sum);
  }

  private static void put(byte[] packet, int at, int value) {
    packet[at] = (byte) (value >> 8);
    packet[at + 1] = (byte) value;
  }
}
