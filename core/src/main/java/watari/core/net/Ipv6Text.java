package watari.core.net;

import java.nio.charset.StandardCharsets;

/// The text forms of an IPv6 address: reading as RFC 4291 §2.2 allows, printing as RFC 5952 asks.
final class Ipv6Text {
  /// Of the longest text.
  static final int LENGTH_MAX = 39;

  private static final int GROUPS = 8;

  private final String text;
  private final int[] groups = new int[GROUPS];
  private int count;
  private int gap = -1;

  private Ipv6Text(String text) {
    this.text = text;
  }

  static Ipv6Address parse(String text) {
    return new Ipv6Text(text).read();
  }

  private Ipv6Address read() {
    if (text.indexOf(':') < 0) {
      throw refused("it has no ':', unlike 2001:db8::1");
    }
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      at = readGroup(at);
    }
    if (gap < 0 ? count != GROUPS : count > GROUPS - 1) {
      throw refused(
          gap < 0
              ? "it has " + count + " groups of 8; '::' stands for the missing ones"
              : "'::' leaves no room for a group of zeros");
    }
    spread();
    return new Ipv6Address(half(0), half(4));
  }

  /// Reads the group at `at` and the colon behind it; returns where the next one begins.
  private int readGroup(int at) {
    int end = text.indexOf(':', at);
    String group = text.substring(at, end < 0 ? text.length() : end);
    if (end < 0 && group.indexOf('.') >= 0) {
      int ipv4 = Ipv4Address.parseBits(group, wrong());
      add(ipv4 >>> 16);
      add(ipv4 & 0xffff);
      return text.length();
    }
    add(hex(group));
    if (end < 0) {
      return text.length();
    }
    if (end + 1 == text.length()) {
      throw refused("it ends with a single ':'");
    }
    if (text.charAt(end + 1) != ':') {
      return end + 1;
    }
    if (gap >= 0) {
      throw refused("'::' may stand only once");
    }
    gap = count;
    return end + 2;
  }

  private void add(int group) {
    if (count == GROUPS) {
      throw refused("it has more than 8 groups");
    }
    groups[count++] = group;
  }

  private int hex(String group) {
    if (group.isEmpty() || group.length() > 4) {
      throw refused("'" + group + "' is not a group of one to four hexadecimal digits");
    }
    int value = 0;
    for (int i = 0; i < group.length(); i++) {
      int digit = group.charAt(i) < 128 ? Character.digit(group.charAt(i), 16) : -1;
      if (digit < 0) {
        throw refused("'" + group.charAt(i) + "' is not a hexadecimal digit");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /// Moves the groups behind '::' to the end and fills the gap with zeros.
  private void spread() {
    if (gap < 0) {
      return;
    }
    int moved = count - gap;
    System.arraycopy(groups, gap, groups, GROUPS - moved, moved);
    for (int i = gap; i < GROUPS - moved; i++) {
      groups[i] = 0;
    }
  }

  private long half(int first) {
    long bits = 0;
    for (int i = first; i < first + 4; i++) {
      bits = bits << 16 | groups[i];
    }
    return bits;
  }

  private String wrong() {
    return "'" + text + "' is not an IPv6 address";
  }

  private Refused refused(String why) {
    return new Refused(wrong() + ": " + why);
  }

  static String print(long high, long low) {
    var out = new byte[LENGTH_MAX];
    return new String(out, 0, print(out, 0, high, low), StandardCharsets.ISO_8859_1);
  }

  /// Prints at `at` and returns where the text ends.
  static int print(byte[] out, int at, long high, long low) {
    int gapStart = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zerosFrom(high, low, i);
      if (zeros > gapLength) {
        gapStart = i;
        gapLength = zeros;
      }
      i += zeros;
    }
    int end = at;
    for (int i = 0; i < GROUPS; i++) {
      if (i == gapStart) {
        out[end++] = ':';
        i += gapLength - 1;
        if (i == GROUPS - 1) {
          out[end++] = ':';
        }
      } else {
        if (i > 0) {
          out[end++] = ':';
        }
        end = printGroup(out, end, group(high, low, i));
      }
    }
    return end;
  }

  private static int printGroup(byte[] out, int at, int group) {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(group)) >>> 2);
    for (int i = 0; i < digits; i++) {
      int digit = group >>> (4 * (digits - 1 - i)) & 0xf;
      out[at + i] = (byte) (digit < 10 ? '0' + digit : 'a' - 10 + digit);
    }
    return at + digits;
  }

  private static int zerosFrom(long high, long low, int first) {
    int i = first;
    while (i < GROUPS && group(high, low, i) == 0) {
      i++;
    }
    return i - first;
  }

  private static int group(long high, long low, int index) {
    return (int) ((index < 4 ? high >>> (48 - 16 * index) : low >>> (112 - 16 * index)) & 0xffff);
  }
}
