package watari.core.wire;

import java.util.Arrays;

/// The Internet checksum, word by word with the carry brought round at once, and a walk over a
/// packet that computes every checksum in it anew. It shares no code with [Checksum].
public final class SlowChecksum {
  private SlowChecksum() {}

  /// The ones' complement sum of the bytes from `from` to `to`.
  public static int sum(byte[] bytes, int from, int to, int start) {
    int sum = start;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
      if (sum > 0xffff) {
        sum = (sum & 0xffff) + 1;
      }
    }
    return sum;
  }

  /// What is wrong with the checksums of a packet; empty when nothing is.
  public static String problem(byte[] packet) {
    return switch (packet.length == 0 ? 0 : packet[0] >> 4 & 0xf) {
      case 4 -> ipv4(packet);
      case 6 -> ipv6(packet);
      default -> "neither IPv4 nor IPv6";
    };
  }

  private static String ipv6(byte[] packet) {
    int next = packet[6];
    int at = 40;
    while (next == 0 || next == 60) {
      next = packet[at];
      at += ((packet[at + 1] & 0xff) + 1) * 8;
    }
    if (next == 44) {
      boolean isPiece = ((packet[at + 2] & 0xff) << 8 | (packet[at + 3] & 0xf9)) != 0;
      if (isPiece) {
        return "";
      }
      next = packet[at];
      at += 8;
    }
    byte[] payload = Arrays.copyOfRange(packet, at, packet.length);
    return switch (next) {
      case 4 -> problem(payload);
      case 58 -> {
        int pseudo = sum(packet, 8, 40, 0);
        pseudo =
            sum(
                new byte[] {(byte) (payload.length >> 8), (byte) payload.length, 0, 58},
                0,
                4,
                pseudo);
        yield sum(payload, 0, payload.length, pseudo) == 0xffff ? "" : "ICMPv6 checksum wrong";
      }
      default -> "";
    };
  }

  private static String ipv4(byte[] packet) {
    int header = (packet[0] & 0xf) * 4;
    if (sum(packet, 0, header, 0) != 0xffff) {
      return "IPv4 checksum wrong";
    }
    int length = (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
    boolean isPiece = ((packet[6] & 0x3f) << 8 | (packet[7] & 0xff)) != 0;
    if (isPiece || length > packet.length) {
      return "";
    }
    byte[] payload = Arrays.copyOfRange(packet, header, length);
    int pseudo = sum(packet, 12, 20, 0);
    pseudo =
        sum(
            new byte[] {0, packet[9], (byte) (payload.length >> 8), (byte) payload.length},
            0,
            4,
            pseudo);
    return switch (packet[9]) {
      case 1 -> icmp(payload);
      case 6 -> sum(payload, 0, payload.length, pseudo) == 0xffff ? "" : "TCP checksum wrong";
      case 17 -> {
        boolean isNone = payload[6] == 0 && payload[7] == 0;
        boolean isRight = sum(payload, 0, payload.length, pseudo) == 0xffff;
        yield isNone || isRight ? "" : "UDP checksum wrong";
      }
      default -> "";
    };
  }

  private static String icmp(byte[] message) {
    if (sum(message, 0, message.length, 0) != 0xffff) {
      return "ICMP checksum wrong";
    }
    boolean isError = message[0] == 3 || message[0] == 11 || message[0] == 12;
    if (!isError) {
      return "";
    }
    int header = (message[8] & 0xf) * 4;
    return sum(message, 8, 8 + header, 0) == 0xffff ? "" : "quoted IPv4 checksum wrong";
  }
}
