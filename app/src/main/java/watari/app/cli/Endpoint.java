package watari.app.cli;

import watari.core.net.Ipv4Address;
import watari.core.net.Refused;

/// An IPv4 address with a port, `192.0.2.18:1232`, as one long: the address in bits 16 to 47, the
/// port in the lowest 16.
final class Endpoint {
  /// What [#scan] says of bytes that are none.
  static final long NONE = -1;

  private Endpoint() {}

  static int address(long endpoint) {
    return (int) (endpoint >>> 16);
  }

  static int port(long endpoint) {
    return (int) endpoint & 0xffff;
  }

  /// Reads bytes from `from` to before `to` without making an object, or says [#NONE].
  static long scan(byte[] bytes, int from, int to) {
    long address = 0;
    int at = from;
    for (int part = 0; part < 4; part++) {
      int end = digits(bytes, at, to, 3);
      int value = number(bytes, at, end);
      if (end == at || value > 255 || end == to || bytes[end] != (part < 3 ? '.' : ':')) {
        return NONE;
      }
      address = address << 8 | value;
      at = end + 1;
    }
    int end = digits(bytes, at, to, 5);
    int port = number(bytes, at, end);
    return end == at || end < to || port > 0xffff ? NONE : address << 16 | port;
  }

  /// Where the digits that begin at `at` end; there are none behind a leading zero, which other
  /// programs would read as octal.
  private static int digits(byte[] bytes, int at, int to, int most) {
    if (at < to && bytes[at] == '0') {
      return at + 1;
    }
    int end = at;
    while (end < to && end - at < most && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    return end;
  }

  private static int number(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + bytes[i] - '0';
    }
    return value;
  }

  /// Why a text is not an address with a port.
  static String fault(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || colon != text.lastIndexOf(':')) {
      return "'" + text + "' is not an IPv4 address and a port, as in 192.0.2.18:1232";
    }
    try {
      Ipv4Address.parse(text.substring(0, colon));
    } catch (Refused refused) {
      return refused.sentence();
    }
    return "'" + text + "': the port is a number from 0 to 65535, without a leading zero";
  }
}
