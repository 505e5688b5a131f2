package watari.core.path;

import java.nio.ByteBuffer;
import java.util.Arrays;
import watari.core.wire.SlowChecksum;

/// Looks at what a node sends, the slow and obvious way, with the arithmetic of RFC 7597 written
/// down once more for the one rule of Appendix A, example 1: 2001:db8::/40, 192.0.2.0/24, 16 EA
/// bits, offset 6.
final class Inspector {
  static final int LINE_MTU = 1500;
  private static final long RELAY_HIGH = 0x20010db8ffff0000L;
  private static final long RELAY_LOW = 1;
  private static final int SHARED_PREFIX = 0xc0000200;
  private static final int LINE_ADDRESS = 0xc6336402;

  private Inspector() {}

  /// Bits 0 to 63 of the MAP address of an address and port of the domain.
  static long mapHigh(int address, int port) {
    return 0x20010db800000000L | (long) (address & 0xff) << 16 | (long) psid(port) << 8;
  }

  static long mapLow(int address, int port) {
    return 0xc000L << 32 | (0x200L | (address & 0xff)) << 16 | psid(port);
  }

  /// Digit by digit: six bits that are not all zero, eight of the PSID, two.
  static int psid(int port) {
    String bits = String.format("%16s", Integer.toBinaryString(port)).replace(' ', '0');
    return bits.startsWith("000000") ? -1 : Integer.parseInt(bits.substring(6, 14), 2);
  }

  static boolean isOfDomain(int address) {
    return (address & 0xffffff00) == SHARED_PREFIX;
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }

  /// A packet that a node sent because of another one.
  static void check(String node, Bench.Sent packet, byte[] received) {
    switch (node + " " + packet.door()) {
      case "gateway line" -> fromGatewayToLine(packet.bytes());
      case "gateway home" -> fromGatewayToHome(packet.bytes(), received);
      case "native line" -> fromNativeToLine(packet.bytes());
      case "native home" -> fromNativeToHome(packet.bytes());
      case "native machine" -> fromNativeToMachine(packet.bytes(), received);
      case "relay line" -> fromRelayToLine(packet.bytes());
      default -> fromRelayToInternet(packet.bytes(), received);
    }
  }

  /// Every checksum that the node answers for. Those of TCP, UDP and ICMP queries are the sender's,
  /// who may have got them wrong.
  static void checkChecksums(byte[] packet, boolean isSenderRight) {
    String problem = SlowChecksum.problem(packet);
    boolean isSenders = problem.startsWith("UDP") || problem.startsWith("TCP");
    boolean isExcused = !isSenderRight && (isSenders || problem.equals("ICMP checksum wrong"));
    check(problem.isEmpty() || isExcused, problem);
  }

  /// A packet of the gateway for the line (MAPE-01, MAPE-34, MAPE-35).
  static void fromGatewayToLine(byte[] packet) {
    var outer = ByteBuffer.wrap(packet);
    check(packet.length <= LINE_MTU, "longer than the line allows");
    check(outer.getShort(4) == packet.length - 40, "payload length");
    check(outer.get(7) == 64, "hop limit");
    int shared = 0xc0000212;
    boolean isFromUs = isFrom(packet, mapHigh(shared, 1232), mapLow(shared, 1232));
    check(isFromUs, "outer source is not the MAP address");
    if (isFirstOfTunnel(packet)) {
      byte[] inner = inner(packet);
      check(source(inner) == shared, "inner source is not ours");
      check(psid(sourcePort(inner)) == 0x34, "source port is not ours");
      int port = targetPort(inner);
      boolean isToPeer = isTo(packet, mapHigh(target(inner), port), mapLow(target(inner), port));
      boolean isPeer = isOfDomain(target(inner)) && psid(port) >= 0 && isToPeer;
      check(isPeer || isTo(packet, RELAY_HIGH, RELAY_LOW), "neither to the relay nor to a peer");
    }
  }

  /// A packet of the gateway for the home, which the relay sent, or a peer with a right to
  /// (MAPE-37, MAPE-40).
  static void fromGatewayToHome(byte[] packet, byte[] received) {
    check(packet[0] >> 4 == 4, "not IPv4");
    check((target(packet) & 0xffffff00) == 0xc0a80100, "not for the home");
    boolean isOurs = source(packet) == 0xc0a80101;
    if (received[0] >> 4 == 4) {
      boolean isTurned = source(packet) == SHARED_PREFIX + 0x12 && psid(sourcePort(packet)) == 0x34;
      check(isOurs || isTurned, "turned round and not from our own address and port");
      return;
    }
    if (!isOurs && !isFrom(received, RELAY_HIGH, RELAY_LOW)) {
      int port = sourcePort(packet);
      check(psid(port) >= 0 && isOfDomain(source(packet)), "from nobody");
      check(
          isFrom(received, mapHigh(source(packet), port), mapLow(source(packet), port)), "spoofed");
    }
  }

  /// A packet of the native gateway for the line.
  static void fromNativeToLine(byte[] packet) {
    check(source(packet) == LINE_ADDRESS, "source is not the line's address");
    boolean hasPort = packet[9] == 6 || packet[9] == 17;
    check(!hasPort || sourcePort(packet) >= 1024, "a system port");
  }

  /// A packet of the native gateway for the home.
  static void fromNativeToHome(byte[] packet) {
    check((target(packet) & 0xffffff00) == 0xc0a80100, "not for the home");
  }

  /// What is for the machine is as it came, or was put together.
  static void fromNativeToMachine(byte[] packet, byte[] received) {
    check(target(packet) == LINE_ADDRESS, "not for the machine");
    boolean isAsItCame = Arrays.equals(packet, Arrays.copyOf(received, packet.length));
    boolean cameInPieces = (received[6] & 0x3f) != 0 || received[7] != 0;
    check(isAsItCame || cameInPieces, "something was changed");
  }

  private static boolean isFrom(byte[] outer, long high, long low) {
    var bytes = ByteBuffer.wrap(outer);
    return bytes.getLong(8) == high && bytes.getLong(16) == low;
  }

  private static boolean isTo(byte[] outer, long high, long low) {
    var bytes = ByteBuffer.wrap(outer);
    return bytes.getLong(24) == high && bytes.getLong(32) == low;
  }

  /// A packet of the relay for the Internet, which came from `outerSource` (MAPE-37).
  static void fromRelayToInternet(byte[] packet, byte[] received) {
    if (source(packet) == 0xcb007101) {
      return;
    }
    int port = sourcePort(packet);
    check(isOfDomain(source(packet)), "source outside the domain");
    check(psid(port) >= 0, "a port of nobody");
    check(isFrom(received, mapHigh(source(packet), port), mapLow(source(packet), port)), "spoofed");
  }

  /// A packet of the relay for the line.
  static void fromRelayToLine(byte[] packet) {
    var outer = ByteBuffer.wrap(packet);
    check(packet.length <= LINE_MTU, "longer than the line allows");
    check(outer.getShort(4) == packet.length - 40, "payload length");
    check(isFrom(packet, RELAY_HIGH, RELAY_LOW), "not from the relay");
    if (isFirstOfTunnel(packet)) {
      byte[] inner = inner(packet);
      int port = targetPort(inner);
      check(isOfDomain(target(inner)) && psid(port) >= 0, "for nobody");
      boolean isToOwner = isTo(packet, mapHigh(target(inner), port), mapLow(target(inner), port));
      check(isToOwner, "to somebody else");
    }
  }

  private static boolean isFirstOfTunnel(byte[] packet) {
    boolean isFirstPiece = packet[6] == 44 && packet[42] == 0 && (packet[43] & 0xf8) == 0;
    return packet[6] == 4 || (isFirstPiece && packet[40] == 4);
  }

  private static byte[] inner(byte[] packet) {
    return Arrays.copyOfRange(packet, packet[6] == 44 ? 48 : 40, packet.length);
  }

  private static int source(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(12);
  }

  private static int target(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(16);
  }

  private static int sourcePort(byte[] packet) {
    return port(packet, true);
  }

  private static int targetPort(byte[] packet) {
    return port(packet, false);
  }

  private static int port(byte[] packet, boolean isSource) {
    int transport = (packet[0] & 0xf) * 4;
    if (packet[9] != 1) {
      return shortAt(packet, transport + (isSource ? 0 : 2));
    }
    int type = packet[transport];
    boolean isError = type == 3 || type == 11 || type == 12;
    if (!isError) {
      return shortAt(packet, transport + 4);
    }
    int quote = transport + 8;
    int quoted = quote + (packet[quote] & 0xf) * 4;
    return packet[quote + 9] == 1
        ? shortAt(packet, quoted + 4)
        : shortAt(packet, quoted + (isSource ? 2 : 0));
  }

  private static int shortAt(byte[] packet, int at) {
    return ByteBuffer.wrap(packet).getShort(at) & 0xffff;
  }
}
