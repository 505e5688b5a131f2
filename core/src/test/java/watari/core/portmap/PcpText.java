package watari.core.portmap;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import watari.core.net.Ipv4Address;

/// PCP and NAT-PMP messages as hexadecimal digits, put together here and nowhere else, so that the
/// server's own reading and writing is not measured by itself.
final class PcpText {
  static final String NONCE = "a1a2a3a4a5a6a7a8a9aaabac";
  static final String OTHER_NONCE = "b1b2b3b4b5b6b7b8b9babbbc";
  static final String PREFER_FAILURE = "02000000";
  static final String NO_ADDRESS = "00000000000000000000ffff00000000";

  private static final String ZERO = "00".repeat(12);

  private PcpText() {}

  static byte[] bytes(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static List<String> texts(List<byte[]> messages) {
    return messages.stream().map(PcpText::text).toList();
  }

  static String octet(int value) {
    return HexFormat.of().toHexDigits((byte) value);
  }

  static String port(int value) {
    return HexFormat.of().toHexDigits((short) value);
  }

  static String word(long value) {
    return HexFormat.of().toHexDigits((int) value);
  }

  /// An IPv4 address in 128 bits.
  static String mapped(Ipv4Address address) {
    return "00000000000000000000ffff" + word(address.bits());
  }

  static String mapped(String address) {
    return mapped(Ipv4Address.parse(address));
  }

  /// A request's header.
  static String header(int opcode, long lifetime, Ipv4Address client) {
    return "02" + octet(opcode) + "0000" + word(lifetime) + mapped(client);
  }

  /// A reply's header.
  static String replyHeader(int opcode, int result, long lifetime, long epoch) {
    return "02" + octet(opcode | 0x80) + "00" + octet(result) + word(lifetime) + word(epoch) + ZERO;
  }

  static String map(
      String nonce, int protocol, int internalPort, int externalPort, String address) {
    return nonce + octet(protocol) + "000000" + port(internalPort) + port(externalPort) + address;
  }

  static String mapBody(String nonce, int protocol, int internalPort, int externalPort) {
    return map(nonce, protocol, internalPort, externalPort, NO_ADDRESS);
  }

  static String peerBody(
      String nonce, int protocol, int internalPort, int externalPort, String remote, int port) {
    return mapBody(nonce, protocol, internalPort, externalPort) + port(port) + "0000" + remote;
  }

  static String filter(int prefixLength, int port, String address) {
    return "03000014" + "00" + octet(prefixLength) + port(port) + mapped(address);
  }

  static String portSet(int size, int firstInternalPort, int parity) {
    return "82000005" + port(size) + port(firstInternalPort) + octet(parity) + "000000";
  }

  /// A refusal: the request with another header, in which the last 96 bits of the client's address
  /// stay where it could not be read.
  static String refusal(String request, int result, long lifetime, long epoch) {
    int opcode = Integer.parseInt(request.substring(2, 4), 16);
    String header = replyHeader(opcode, result, lifetime, epoch);
    return result == 1 || result == 3
        ? header.substring(0, 24) + request.substring(24)
        : header + request.substring(48);
  }

  static String join(String... parts) {
    return Arrays.stream(parts).collect(Collectors.joining());
  }
}
