package watari.app.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;

/// Writes JSON into a buffer of bytes that is used again and again: answers come a million times a
/// second.
final class Json {
  /// More than any single number or address.
  private static final int ROOM = 64;

  private byte[] bytes = new byte[1 << 10];
  private int length;
  private boolean isFirst = true;

  /// A name as it stands in JSON, `"name":`, to be made once.
  static byte[] key(String name) {
    return ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
  }

  Json begin() {
    separate();
    put('{');
    isFirst = true;
    return this;
  }

  Json end() {
    put('}');
    isFirst = false;
    return this;
  }

  Json beginList() {
    separate();
    put('[');
    isFirst = true;
    return this;
  }

  Json endList() {
    put(']');
    isFirst = false;
    return this;
  }

  /// A name in an object; the value comes next.
  Json name(byte[] key) {
    separate();
    raw(key);
    isFirst = true;
    return this;
  }

  Json name(String name) {
    return name(key(name));
  }

  Json number(long value) {
    separate();
    room(ROOM);
    int at = length;
    long left = Math.abs(value);
    do {
      bytes[at++] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    if (value < 0) {
      bytes[at++] = '-';
    }
    for (int low = length, high = at - 1; low < high; low++, high--) {
      byte digit = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = digit;
    }
    length = at;
    return this;
  }

  Json yesNo(boolean value) {
    return raw(value ? "true" : "false");
  }

  Json nothing() {
    return raw("null");
  }

  /// An IPv4 address as text.
  Json ipv4(int bits) {
    separate();
    room(ROOM);
    bytes[length] = '"';
    length = Ipv4Address.print(bytes, length + 1, bits);
    bytes[length++] = '"';
    return this;
  }

  /// An IPv6 address as text.
  Json ipv6(long high, long low) {
    separate();
    room(ROOM);
    bytes[length] = '"';
    length = Ipv6Address.print(bytes, length + 1, high, low);
    bytes[length++] = '"';
    return this;
  }

  /// An IPv6 prefix as text.
  ///
  /// @param slash what stands behind the address, as in `/56`
  Json ipv6Prefix(long high, long low, byte[] slash) {
    ipv6(high, low);
    length--;
    raw(slash);
    put('"');
    return this;
  }

  Json text(String text) {
    separate();
    put('"');
    for (byte letter : text.getBytes(StandardCharsets.UTF_8)) {
      letter(letter);
    }
    put('"');
    return this;
  }

  private void letter(byte letter) {
    if (letter == '"' || letter == '\\') {
      put('\\');
      put(letter);
    } else if (letter >= 0 && letter < ' ') {
      raw("\\u00".getBytes(StandardCharsets.US_ASCII));
      put(Character.forDigit(letter >> 4, 16));
      put(Character.forDigit(letter & 0xf, 16));
    } else {
      put(letter);
    }
  }

  /// Bytes that are JSON already, with no comma before them.
  Json raw(byte[] json) {
    room(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    isFirst = false;
    return this;
  }

  /// Ends the line; what follows is another value.
  Json line() {
    put('\n');
    isFirst = true;
    return this;
  }

  /// Writes everything out and starts anew.
  void flush(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    length = 0;
  }

  /// What is written since the last [#flush].
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private Json raw(String word) {
    separate();
    return raw(word.getBytes(StandardCharsets.US_ASCII));
  }

  private void separate() {
    if (!isFirst) {
      put(',');
    }
    isFirst = false;
  }

  private void put(int letter) {
    room(1);
    bytes[length++] = (byte) letter;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
