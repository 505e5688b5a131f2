package watari.core.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;

/// Reads a packet from the line that [Dump] prints, with right checksums unless the line says
/// otherwise. What is left out has its usual value. Payload of a given length is always the same
/// bytes.
public final class PacketText {
  private static final Map<String, Integer> LAYERS =
      Map.of(
          "hop-by-hop",
          0,
          "ICMP",
          1,
          "IP",
          4,
          "TCP",
          6,
          "UDP",
          17,
          "frag",
          44,
          "ICMP6",
          58,
          "options",
          60);

  private final String keyword;
  private final String head;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final String rest;

  /// One layer: `head, name value, name value: rest`.
  private PacketText(String text) {
    int colon = outside(text, ": ", 0);
    String layer = colon < 0 ? text : text.substring(0, colon);
    rest = colon < 0 ? "" : text.substring(colon + 2);
    List<String> parts = split(layer);
    head = parts.getFirst().strip();
    keyword = head.split(" ", 2)[0];
    for (String part : parts.subList(1, parts.size())) {
      if (part.startsWith("{")) {
        attributes.put("quote", part.substring(1, part.length() - 1));
      } else if (part.startsWith("no sum") || part.startsWith("bad sum")) {
        attributes.put(part, "");
      } else {
        String[] pair = part.split(" ", 2);
        attributes.put(pair[0], pair.length == 1 ? "" : pair[1]);
      }
    }
  }

  /// The bytes of the packet that a line describes.
  public static byte[] bytes(String line) {
    return new PacketText(line.strip()).packet();
  }

  private static int outside(String text, String sought, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0 && text.startsWith(sought, i)) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> split(String layer) {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int at = outside(layer, ", ", 0); at >= 0; at = outside(layer, ", ", from)) {
      parts.add(layer.substring(from, at));
      from = at + 2;
    }
    parts.add(layer.substring(from));
    return parts;
  }

  private int number(String name, int usual) {
    String value = attributes.get(name);
    return value == null ? usual : Long.decode(value.split(" ", -1)[0]).intValue();
  }

  private boolean has(String name) {
    return attributes.containsKey(name);
  }

  private byte[] packet() {
    return switch (keyword) {
      case "IP" -> ipv4();
      case "IP6" -> ipv6();
      case "no" -> data();
      default -> throw new IllegalArgumentException("no packet: " + head);
    };
  }

  private byte[] data() {
    int count = number("data", 0);
    var data = new byte[count];
    for (int i = 0; i < count; i++) {
      data[i] = (byte) (i * 37 + (i >> 8));
    }
    return data;
  }

  private static void put(byte[] bytes, int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (size - 1 - i)));
    }
  }

  private static byte[] join(byte[]... pieces) {
    var all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private byte[] ipv6() {
    String[] words = head.split(" ", -1);
    var source = Ipv6Address.parse(words[1]);
    var target = Ipv6Address.parse(words[3]);
    var header = new byte[40];
    put(header, 0, 4, 6L << 28 | (long) number("tc", 0) << 20 | number("flow", 0));
    put(header, 8, 8, source.high());
    put(header, 16, 8, source.low());
    put(header, 24, 8, target.high());
    put(header, 32, 8, target.low());
    var inside = new PacketText(rest);
    byte[] payload = inside.layer(header);
    put(header, 4, 2, number("length", payload.length));
    put(header, 6, 1, inside.protocol());
    put(header, 7, 1, number("hlim", 64));
    return join(header, payload, trailer());
  }

  private byte[] trailer() {
    return new byte[number("trailer", 0)];
  }

  private int protocol() {
    return keyword.equals("proto")
        ? Integer.parseInt(head.split(" ", -1)[1])
        : LAYERS.getOrDefault(keyword, 255);
  }

  /// A layer behind an IP header, whose addresses go into the checksum.
  private byte[] layer(byte[] header) {
    return switch (keyword) {
      case "IP" -> ipv4();
      case "options", "hop-by-hop" -> options(header);
      case "frag" -> fragment(header);
      case "ICMP6", "ICMP" -> icmp(header);
      case "TCP" -> tcp(header);
      case "UDP" -> udp(header);
      case "proto" -> data();
      default -> throw new IllegalArgumentException("no layer: " + head);
    };
  }

  private byte[] options(byte[] header) {
    byte[] options = HexFormat.of().parseHex(head.split(" ", -1)[1]);
    var inside = new PacketText(rest);
    byte[] start = {(byte) inside.protocol(), (byte) ((options.length + 2) / 8 - 1)};
    return join(start, options, inside.layer(header));
  }

  private byte[] fragment(byte[] header) {
    var inside = new PacketText(rest);
    var start = new byte[8];
    put(start, 0, 1, inside.protocol());
    put(start, 2, 2, number("offset", 0) | (has("more") ? 1 : 0));
    put(start, 4, 4, Long.decode(head.split(" ", -1)[1]));
    return join(start, inside.layer(header));
  }

  /// Address and port, the port -1 where there is none.
  private static int[] endpoint(String text) {
    String[] parts = text.split("\\.", -1);
    boolean hasPort = parts.length == 5;
    String address = String.join(".", Arrays.copyOf(parts, 4));
    return new int[] {Ipv4Address.parse(address).bits(), hasPort ? Integer.parseInt(parts[4]) : 0};
  }

  private byte[] ipv4() {
    String[] words = head.split(" ", -1);
    int[] source = endpoint(words[1]);
    int[] target = endpoint(words[3]);
    byte[] options =
        has("options") ? HexFormat.of().parseHex(attributes.get("options")) : new byte[0];
    var header = new byte[20];
    put(header, 12, 4, source[0]);
    put(header, 16, 4, target[0]);
    var inside = new PacketText(rest);
    inside.attributes.putIfAbsent("sourcePort", "" + source[1]);
    inside.attributes.putIfAbsent("targetPort", "" + target[1]);
    byte[] payload = inside.layer(header);
    int whole = 20 + options.length + payload.length;
    put(header, 0, 1, 0x40 | number("ihl", 5 + options.length / 4));
    put(header, 1, 1, number("tos", 0));
    put(header, 2, 2, number("length", whole));
    put(header, 4, 2, number("id", 0));
    put(
        header,
        6,
        2,
        number("offset", 0) / 8 | (has("DF") ? 0x4000 : 0) | (has("more") ? 0x2000 : 0));
    put(header, 8, 1, number("ttl", 64));
    put(header, 9, 1, inside.protocol());
    byte[] full = join(header, options);
    put(full, 10, 2, checksum(SlowChecksum.sum(full, 0, full.length, 0)));
    return join(full, payload, trailer());
  }

  private int checksum(int sum) {
    return (has("bad sum") ? ~sum ^ 0x1234 : ~sum) & 0xffff;
  }

  private static int pseudo(byte[] header, int protocol, int length) {
    boolean isSix = header.length == 40;
    int sum = SlowChecksum.sum(header, isSix ? 8 : 12, header.length, 0);
    var tail = new byte[4];
    put(tail, 0, 2, length);
    put(tail, 2, 2, protocol);
    return SlowChecksum.sum(tail, 0, 4, sum);
  }

  private byte[] udp(byte[] header) {
    var bytes = join(new byte[8], data());
    put(bytes, 0, 2, number("sourcePort", 0));
    put(bytes, 2, 2, number("targetPort", 0));
    int length = number("length", bytes.length);
    put(bytes, 4, 2, length);
    if (!has("no sum")) {
      int sum =
          checksum(SlowChecksum.sum(bytes, 0, bytes.length, pseudo(header, 17, bytes.length)));
      put(bytes, 6, 2, sum == 0 ? 0xffff : sum);
    }
    return Arrays.copyOf(bytes, number("cut", bytes.length));
  }

  private byte[] tcp(byte[] header) {
    byte[] options =
        has("mss")
            ? HexFormat.of().parseHex(String.format("0204%04x", number("mss", 0)))
            : HexFormat.of().parseHex(attributes.getOrDefault("options", ""));
    var bytes = join(new byte[20], options, data());
    put(bytes, 0, 2, number("sourcePort", 0));
    put(bytes, 2, 2, number("targetPort", 0));
    put(bytes, 4, 4, number("seq", 0));
    put(bytes, 8, 4, number("ack", 0));
    put(bytes, 12, 1, (number("header", 20 + options.length) / 4) << 4);
    int open = head.indexOf('[');
    int flags = 0;
    for (int i = open + 1; open >= 0 && head.charAt(i) != ']'; i++) {
      flags |= 1 << "FSRP.UEW".indexOf(head.charAt(i));
    }
    put(bytes, 13, 1, flags);
    put(bytes, 14, 2, number("win", 1024));
    put(
        bytes,
        16,
        2,
        checksum(SlowChecksum.sum(bytes, 0, bytes.length, pseudo(header, 6, bytes.length))));
    return Arrays.copyOf(bytes, number("cut", bytes.length));
  }

  /// `ICMP echo request 8/0, id 1, seq 2` or `ICMP unreachable 3/4, mtu 1240, {quote}`.
  private byte[] icmp(byte[] header) {
    String last = head.substring(head.lastIndexOf(' ') + 1);
    String[] typeAndCode = last.split("/", -1);
    String quote = attributes.get("quote");
    byte[] tail = quote == null ? data() : new PacketText(quote).packet();
    var bytes = join(new byte[8], tail, has("quote") ? trailer() : new byte[0]);
    put(bytes, 0, 1, Integer.parseInt(typeAndCode[0]));
    put(bytes, 1, 1, Integer.parseInt(typeAndCode[1]));
    put(bytes, 4, 4, number("word", number("mtu", 0)));
    if (has("id")) {
      put(bytes, 4, 2, number("id", 0));
      put(bytes, 6, 2, number("seq", 0));
    }
    int pseudo = keyword.equals("ICMP6") ? pseudo(header, 58, bytes.length) : 0;
    put(bytes, 2, 2, checksum(SlowChecksum.sum(bytes, 0, bytes.length, pseudo)));
    return Arrays.copyOf(bytes, number("cut", bytes.length));
  }
}
