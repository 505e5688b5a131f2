package watari.core.wire;

import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;

/// A packet as one line of text, much as `tcpdump -v` prints it, the outer header first.
///
/// ```
/// IP6 2001:db8::1 > 2001:db8:ffff::1, hlim 64, length 28: IP 192.0.2.18.1232 > 1.2.3.4.80, ttl 64, length 28: UDP, data 0
/// ```
///
/// What has its usual value is left out: a traffic class, identification or offset of zero, a
/// length that agrees with the header before it, a checksum that is right. Payload is printed as
/// its number of bytes and a hash. No bytes make it fail.
public final class Dump {
  private static final String[] TCP_FLAGS = {"F", "S", "R", "P", ".", "U", "E", "W"};

  private final StringBuilder line = new StringBuilder();

  private Dump() {}

  /// Prints the packet of `bytes` bytes at `at`.
  public static String of(long at, int bytes) {
    var dump = new Dump();
    dump.packet(at, bytes);
    return dump.line.toString();
  }

  private void packet(long at, int bytes) {
    int version = bytes == 0 ? 0 : Slab.byteAt(at) >>> 4;
    switch (version) {
      case 4 -> ipv4(at, bytes);
      case 6 -> ipv6(at, bytes);
      default -> data("no IP", at, bytes);
    }
  }

  private void ipv6(long at, int bytes) {
    if (bytes < Ipv6.HEADER) {
      data("IP6 cut", at, bytes);
      return;
    }
    line.append("IP6 ");
    addresses6(at);
    attribute("tc", Ipv6.trafficClass(at), 0, "0x%02x");
    attribute("flow", Slab.intAt(at) & 0xfffff, 0, "0x%05x");
    line.append(", hlim ").append(Ipv6.hopLimit(at));
    line.append(", length ").append(Ipv6.payloadLength(at)).append(": ");
    int there = Math.min(bytes - Ipv6.HEADER, Ipv6.payloadLength(at));
    payload6(at, Ipv6.nextHeader(at), at + Ipv6.HEADER, there);
    trailer(at + Ipv6.HEADER + there, bytes - Ipv6.HEADER - there);
  }

  private void addresses6(long at) {
    line.append(new Ipv6Address(Ipv6.sourceHigh(at), Ipv6.sourceLow(at)));
    line.append(" > ");
    line.append(new Ipv6Address(Ipv6.targetHigh(at), Ipv6.targetLow(at)));
  }

  private void payload6(long header, int next, long at, int bytes) {
    switch (next) {
      case Protocol.HOP_BY_HOP -> options(header, "hop-by-hop", at, bytes);
      case Protocol.DESTINATION_OPTIONS -> options(header, "options", at, bytes);
      case Protocol.FRAGMENT -> fragment(header, at, bytes);
      case Protocol.IPV4 -> packet(at, bytes);
      case Protocol.ICMPV6 -> icmp("ICMP6", at, bytes, pseudoHeader6(header, bytes));
      default -> data("proto " + next, at, bytes);
    }
  }

  private static long pseudoHeader6(long header, int bytes) {
    return Checksum.pseudoHeader(
        Ipv6.sourceHigh(header),
        Ipv6.sourceLow(header),
        Ipv6.targetHigh(header),
        Ipv6.targetLow(header),
        Protocol.ICMPV6,
        bytes);
  }

  private void options(long header, String name, long at, int bytes) {
    int length = bytes < 8 ? 8 : (Slab.byteAt(at + 1) + 1) << 3;
    if (length > bytes) {
      data(name + " cut", at, bytes);
      return;
    }
    line.append(name).append(' ');
    hex(at + 2, length - 2);
    line.append(": ");
    payload6(header, Slab.byteAt(at), at + length, bytes - length);
  }

  private void fragment(long header, long at, int bytes) {
    if (bytes < Ipv6.FRAGMENT_HEADER) {
      data("frag cut", at, bytes);
      return;
    }
    int place = Slab.shortAt(at + 2);
    line.append(String.format("frag 0x%08x", Slab.intAt(at + 4)));
    line.append(", offset ").append(place & ~7);
    line.append((place & 1) == 0 ? ": " : ", more: ");
    long payload = at + Ipv6.FRAGMENT_HEADER;
    if ((place & ~6) == 0) {
      payload6(header, Slab.byteAt(at), payload, bytes - Ipv6.FRAGMENT_HEADER);
    } else {
      data("proto " + Slab.byteAt(at), payload, bytes - Ipv6.FRAGMENT_HEADER);
    }
  }

  private void ipv4(long at, int bytes) {
    int header = bytes < Ipv4.HEADER ? 0 : Ipv4.headerLength(at);
    if (header < Ipv4.HEADER || header > bytes) {
      data("IP cut", at, bytes);
      return;
    }
    int there = Math.max(header, Math.min(bytes, Ipv4.totalLength(at)));
    line.append("IP ");
    addresses4(at, header, there);
    attribute("tos", Ipv4.trafficClass(at), 0, "0x%02x");
    line.append(", ttl ").append(Ipv4.timeToLive(at));
    attribute("id", Ipv4.identification(at), 0, "%d");
    attribute("offset", Ipv4.fragmentOffset(at), 0, "%d");
    line.append(Ipv4.dontFragment(at) ? ", DF" : "");
    line.append(Ipv4.hasMoreFragments(at) ? ", more" : "");
    if (header > Ipv4.HEADER) {
      line.append(", options ");
      hex(at + Ipv4.HEADER, header - Ipv4.HEADER);
    }
    line.append(", length ").append(Ipv4.totalLength(at));
    line.append(Ipv4.isChecksumRight(at, header) ? ": " : ", bad sum: ");
    payload4(at, at + header, there - header);
    trailer(at + there, bytes - there);
  }

  private void addresses4(long at, int header, int bytes) {
    boolean hasPorts = showsPorts(Ipv4.protocol(at)) && Ipv4.fragmentOffset(at) == 0;
    boolean isShown = hasPorts && bytes >= header + 4;
    Ipv4Address.print(line, Ipv4.source(at));
    line.append(isShown ? "." + Slab.shortAt(at + header) : "").append(" > ");
    Ipv4Address.print(line, Ipv4.target(at));
    line.append(isShown ? "." + Slab.shortAt(at + header + 2) : "");
  }

  private static boolean showsPorts(int protocol) {
    return protocol == Protocol.TCP || protocol == Protocol.UDP;
  }

  private void payload4(long header, long at, int bytes) {
    boolean isPiece = Ipv4.fragmentOffset(header) != 0 || Ipv4.hasMoreFragments(header);
    boolean isCut = bytes != Ipv4.totalLength(header) - Ipv4.headerLength(header);
    boolean isSummed = !isPiece && !isCut;
    int protocol = Ipv4.protocol(header);
    long pseudo = Checksum.pseudoHeader(Ipv4.source(header), Ipv4.target(header), protocol, bytes);
    if (Ipv4.fragmentOffset(header) != 0) {
      data("proto " + protocol, at, bytes);
      return;
    }
    switch (protocol) {
      case Protocol.TCP -> tcp(at, bytes, isSummed, pseudo);
      case Protocol.UDP -> udp(at, bytes, isSummed, pseudo);
      case Protocol.ICMP -> icmp("ICMP", at, bytes, isSummed ? 0 : -1);
      default -> data("proto " + protocol, at, bytes);
    }
  }

  private void udp(long at, int bytes, boolean isSummed, long pseudo) {
    if (bytes < 8) {
      data("UDP cut", at, bytes);
      return;
    }
    line.append("UDP");
    if (isSummed) {
      attribute("length", Slab.shortAt(at + 4), bytes, "%d");
    }
    int sum = Slab.shortAt(at + 6);
    line.append(sum == 0 ? ", no sum" : "");
    line.append(isSummed && sum != 0 && isWrong(pseudo, at, bytes) ? ", bad sum" : "");
    data("", at + 8, bytes - 8);
  }

  private static boolean isWrong(long pseudo, long at, int bytes) {
    return Checksum.fold(pseudo + Checksum.sum(at, bytes)) != 0xffff;
  }

  private void tcp(long at, int bytes, boolean isSummed, long pseudo) {
    if (bytes < 8) {
      data("TCP cut", at, bytes);
      return;
    }
    long sequence = Slab.intAt(at + 4) & 0xffffffffL;
    if (bytes < Tcp.HEADER) {
      line.append("TCP, seq ").append(sequence).append(", cut ").append(bytes);
      return;
    }
    line.append("TCP [");
    int flags = Tcp.flags(at);
    for (int i = 0; i < TCP_FLAGS.length; i++) {
      line.append((flags >>> i & 1) == 1 ? TCP_FLAGS[i] : "");
    }
    line.append("], seq ").append(sequence);
    line.append(", ack ").append(Slab.intAt(at + 8) & 0xffffffffL);
    line.append(", win ").append(Slab.shortAt(at + 14));
    int header = (Slab.byteAt(at + 12) >>> 4) << 2;
    int shown = Math.max(Tcp.HEADER, Math.min(header, bytes));
    attribute("header", header, shown, "%d");
    tcpOptions(at + Tcp.HEADER, shown - Tcp.HEADER);
    line.append(isSummed && isWrong(pseudo, at, bytes) ? ", bad sum" : "");
    data("", at + shown, bytes - shown);
  }

  private void tcpOptions(long at, int bytes) {
    if (bytes == 4 && Slab.shortAt(at) == 0x0204) {
      line.append(", mss ").append(Slab.shortAt(at + 2));
    } else if (bytes > 0) {
      line.append(", options ");
      hex(at, bytes);
    }
  }

  /// @param pseudo the sum of the pseudo-header, negative when the checksum cannot be verified
  private void icmp(String name, long at, int bytes, long pseudo) {
    if (bytes < Icmp.HEADER) {
      data(name + " cut", at, bytes);
      return;
    }
    int type = Slab.byteAt(at);
    int code = Slab.byteAt(at + 1);
    boolean isSix = name.equals("ICMP6");
    line.append(name).append(isSix ? icmpv6Name(type) : icmpName(type));
    line.append(' ').append(type).append('/').append(code);
    boolean isQuery = isSix ? type == Icmpv6.ECHO || type == Icmpv6.ECHO_REPLY : Icmp.isQuery(type);
    boolean isTooBig = isSix ? type == Icmpv6.PACKET_TOO_BIG : type == 3 && code == 4;
    if (isQuery) {
      line.append(", id ").append(Slab.shortAt(at + 4));
      line.append(", seq ").append(Slab.shortAt(at + 6));
    } else if (isTooBig) {
      line.append(", mtu ").append(Slab.intAt(at + 4) & 0xffffffffL);
    } else {
      attribute("word", Slab.intAt(at + 4), 0, "0x%08x");
    }
    line.append(pseudo >= 0 && isWrong(pseudo, at, bytes) ? ", bad sum" : "");
    boolean isError = isSix ? type < Icmpv6.ECHO : Icmp.isError(type);
    if (isError) {
      line.append(", {");
      packet(at + Icmp.HEADER, bytes - Icmp.HEADER);
      line.append('}');
    } else {
      data("", at + Icmp.HEADER, bytes - Icmp.HEADER);
    }
  }

  private static String icmpName(int type) {
    return switch (type) {
      case Icmp.ECHO -> " echo request";
      case Icmp.ECHO_REPLY -> " echo reply";
      case Icmp.UNREACHABLE -> " unreachable";
      case Icmp.TIME_EXCEEDED -> " time exceeded";
      case Icmp.PARAMETER_PROBLEM -> " parameter problem";
      default -> "";
    };
  }

  private static String icmpv6Name(int type) {
    return switch (type) {
      case Icmpv6.ECHO -> " echo request";
      case Icmpv6.ECHO_REPLY -> " echo reply";
      case Icmpv6.UNREACHABLE -> " unreachable";
      case Icmpv6.PACKET_TOO_BIG -> " too big";
      case Icmpv6.TIME_EXCEEDED -> " time exceeded";
      case Icmpv6.PARAMETER_PROBLEM -> " parameter problem";
      default -> "";
    };
  }

  private void attribute(String name, int value, int usual, String form) {
    if (value != usual) {
      line.append(", ").append(name).append(' ').append(String.format(form, value));
    }
  }

  private void data(String name, long at, int bytes) {
    line.append(name).append(", data ").append(bytes);
    hash(at, bytes);
  }

  private void trailer(long at, int bytes) {
    if (bytes > 0) {
      line.append(", trailer ").append(bytes);
      hash(at, bytes);
    }
  }

  /// Fowler, Noll and Vo's hash, 32 bits: enough to see that bytes are the same.
  private void hash(long at, int bytes) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < bytes; i++) {
      hash = (hash ^ Slab.byteAt(at + i)) * 0x01000193;
    }
    line.append(bytes == 0 ? "" : String.format(" #%08x", hash));
  }

  private void hex(long at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      line.append(String.format("%02x", Slab.byteAt(at + i)));
    }
  }
}
