package watari.core.wire;

import watari.core.verdict.Drop;

/// A view of one IPv4 packet in the slab. One object serves all packets of a thread.
///
/// [#pull] reads and checks the headers once; after it said yes, no accessor can fail. What it
/// calls a port is the identifier of an ICMP query (RFC 7597 §8.2). In an ICMP error the ports are
/// those of the quoted packet, seen from the error's sender: its source port is the quote's target
/// port.
///
/// ```
/// at            transport                              at + length
/// | IPv4 header | TCP, UDP or ICMP header | payload |
///                              quote  quoteTransport
///               | ICMP error   | IPv4 header | 8 bytes or more |
/// ```
public final class Packet {
  /// Of every first fragment and of every quote we need this much transport.
  private static final int TRANSPORT_MIN = 8;

  private long at;
  private int length;
  private int headerLength;
  private int protocol;
  private int source;
  private int target;
  private int sourcePort;
  private int targetPort;
  private boolean hasPorts;
  private boolean isFragment;
  private boolean isError;
  private boolean isRequest;
  private int quoteProtocol;
  private long quoteTransport;
  private Drop flaw = Drop.NOT_IP;

  public Packet() {}

  /// Takes the packet apart.
  ///
  /// A fragment is pulled no further than its IPv4 header: it has no ports until it is whole.
  ///
  /// @param at where it begins
  /// @param available how many bytes are there; more than the packet's own length is padding
  /// @return whether it is well formed; if not, [#flaw] says why not
  public boolean pull(long at, int available) {
    this.at = at;
    isError = false;
    isRequest = false;
    return pullIpv4(at, available) && (isFragment || pullTransport());
  }

  /// Takes apart what an ICMPv6 error quotes of a packet that we tunnelled: headers and ports, of a
  /// packet that may be cut short and is no ICMP error itself.
  ///
  /// @return whether its ports could be read
  public boolean pullQuoted(long at, int available) {
    this.at = at;
    isError = false;
    isRequest = false;
    if (available < Ipv4.HEADER || Slab.byteAt(at) >>> 4 != 4) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    headerLength = Ipv4.headerLength(at);
    protocol = Ipv4.protocol(at);
    source = Ipv4.source(at);
    target = Ipv4.target(at);
    isFragment = Ipv4.fragmentOffset(at) != 0;
    if (headerLength < Ipv4.HEADER || available < headerLength + TRANSPORT_MIN || isFragment) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    if (!Ipv4.isChecksumRight(at, headerLength)) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    length = Math.min(available, Ipv4.totalLength(at));
    return length >= headerLength + TRANSPORT_MIN
        ? pullQuotedPorts()
        : refuse(Drop.QUOTE_MALFORMED);
  }

  private boolean pullQuotedPorts() {
    boolean isQuery = protocol == Protocol.ICMP && Icmp.isQuery(Slab.byteAt(transport()));
    boolean isTransport = protocol == Protocol.TCP || protocol == Protocol.UDP;
    hasPorts = isQuery || isTransport;
    if (protocol == Protocol.ICMP && !isQuery) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    sourcePort = hasPorts ? Slab.shortAt(transport() + (isQuery ? Icmp.IDENTIFIER : 0)) : 0;
    targetPort = isTransport ? Slab.shortAt(transport() + 2) : sourcePort;
    return true;
  }

  private boolean pullIpv4(long at, int available) {
    if (available < Ipv4.HEADER) {
      return refuse(Drop.IPV4_MALFORMED);
    }
    // three reads instead of a dozen: a way only runs fast while the compiler can inline all of it
    long first = Slab.longAt(at);
    if (first >>> 60 != 4) {
      return refuse(Drop.NOT_IP);
    }
    long second = Slab.longAt(at + 8);
    target = Slab.intAt(at + 16);
    headerLength = (int) (first >>> 56 & 0xf) << 2;
    length = (int) (first >>> 32) & 0xffff;
    if (headerLength < Ipv4.HEADER || headerLength > length || length > available) {
      return refuse(Drop.IPV4_MALFORMED);
    }
    if (!Ipv4.isChecksumRight(at, headerLength, first, second, target)) {
      return refuse(Drop.IPV4_CHECKSUM_WRONG);
    }
    if (headerLength > Ipv4.HEADER && Ipv4.isSourceRouted(at, headerLength)) {
      return refuse(Drop.IPV4_SOURCE_ROUTED);
    }
    protocol = (int) (second >>> 48) & 0xff;
    source = (int) second;
    isFragment = (first & (Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK)) != 0;
    return true;
  }

  private boolean pullTransport() {
    long transport = transport();
    int bytes = transportLength();
    hasPorts = true;
    if (protocol == Protocol.ICMP) {
      return bytes >= Icmp.HEADER ? pullIcmp(transport, bytes) : refuse(Drop.TRANSPORT_MALFORMED);
    }
    if (protocol != Protocol.UDP && protocol != Protocol.TCP) {
      hasPorts = false;
      sourcePort = 0;
      targetPort = 0;
      return true;
    }
    if (bytes < (protocol == Protocol.TCP ? Tcp.HEADER : TRANSPORT_MIN)) {
      return refuse(Drop.TRANSPORT_MALFORMED);
    }
    int ports = Slab.intAt(transport);
    sourcePort = ports >>> 16;
    targetPort = ports & 0xffff;
    return true;
  }

  private boolean pullIcmp(long transport, int bytes) {
    int type = Slab.byteAt(transport);
    if (Icmp.isQuery(type)) {
      isRequest = Icmp.isRequest(type);
      sourcePort = Slab.shortAt(transport + Icmp.IDENTIFIER);
      targetPort = sourcePort;
      return true;
    }
    if (!Icmp.isError(type)) {
      return refuse(Drop.ICMP_NOT_CARRIED);
    }
    if (Checksum.fold(Checksum.sum(transport, bytes)) != 0xffff) {
      return refuse(Drop.ICMP_CHECKSUM_WRONG);
    }
    isError = true;
    return pullQuote(transport + Icmp.HEADER, bytes - Icmp.HEADER);
  }

  private boolean pullQuote(long quote, int bytes) {
    if (bytes < Ipv4.HEADER || Slab.byteAt(quote) >>> 4 != 4) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    int quoteHeader = Ipv4.headerLength(quote);
    boolean isLaterFragment = (Ipv4.flags(quote) & Ipv4.OFFSET_MASK) != 0;
    if (quoteHeader < Ipv4.HEADER || bytes < quoteHeader + TRANSPORT_MIN || isLaterFragment) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    if (!Ipv4.isChecksumRight(quote, quoteHeader)) {
      return refuse(Drop.QUOTE_MALFORMED);
    }
    quoteProtocol = Ipv4.protocol(quote);
    quoteTransport = quote + quoteHeader;
    switch (quoteProtocol) {
      case Protocol.TCP, Protocol.UDP -> {
        targetPort = Slab.shortAt(quoteTransport);
        sourcePort = Slab.shortAt(quoteTransport + 2);
      }
      case Protocol.ICMP -> {
        if (!Icmp.isQuery(Slab.byteAt(quoteTransport))) {
          return refuse(Drop.QUOTE_MALFORMED);
        }
        targetPort = Slab.shortAt(quoteTransport + Icmp.IDENTIFIER);
        sourcePort = targetPort;
      }
      default -> {
        hasPorts = false;
        targetPort = 0;
        sourcePort = 0;
      }
    }
    return true;
  }

  private boolean refuse(Drop why) {
    flaw = why;
    return false;
  }

  /// Why [#pull] said no.
  public Drop flaw() {
    return flaw;
  }

  public long at() {
    return at;
  }

  /// The IPv4 total length.
  public int length() {
    return length;
  }

  public int headerLength() {
    return headerLength;
  }

  public long transport() {
    return at + headerLength;
  }

  public int transportLength() {
    return length - headerLength;
  }

  public int protocol() {
    return protocol;
  }

  /// Whether the packet, or the one that an ICMP error quotes, has ports or an identifier that
  /// stands for them. If not, both ports are 0.
  public boolean hasPorts() {
    return hasPorts;
  }

  public int source() {
    return source;
  }

  public int target() {
    return target;
  }

  public int sourcePort() {
    return sourcePort;
  }

  public int targetPort() {
    return targetPort;
  }

  public boolean isFragment() {
    return isFragment;
  }

  /// Whether it is an ICMP error, with a quote.
  public boolean isError() {
    return isError;
  }

  /// Whether it is an ICMP query that asks, not one that answers.
  public boolean isRequest() {
    return isRequest;
  }

  /// Whether it is an ICMP query or its answer: source and target port are one identifier.
  public boolean isQuery() {
    return protocol == Protocol.ICMP && !isError;
  }

  /// The protocol whose session it belongs to: its own, or that of the packet it quotes.
  public int sessionProtocol() {
    return isError ? quoteProtocol : protocol;
  }

  /// Whether the checksum of TCP, UDP or ICMP is right. One that is not there is not wrong.
  public boolean isTransportChecksumRight() {
    long transport = transport();
    return switch (protocol) {
      case Protocol.UDP ->
          Slab.shortAt(transport + 6) == 0 || isSumRight(Slab.shortAt(transport + 4));
      case Protocol.TCP -> isSumRight(transportLength());
      case Protocol.ICMP -> Checksum.fold(Checksum.sum(transport, transportLength())) == 0xffff;
      default -> true;
    };
  }

  private boolean isSumRight(int bytes) {
    long pseudo = Checksum.pseudoHeader(source, target, protocol, bytes);
    return bytes <= transportLength()
        && Checksum.fold(pseudo + Checksum.sum(transport(), bytes)) == 0xffff;
  }

  private long quote() {
    return transport() + Icmp.HEADER;
  }

  /// The source of the quoted packet.
  public int quoteSource() {
    return Ipv4.source(quote());
  }

  /// The target of the quoted packet.
  public int quoteTarget() {
    return Ipv4.target(quote());
  }

  /// Sets source address and port (or identifier); in an ICMP error also the quote's target, which
  /// is the same end of the session.
  public void rewriteSource(int address, int port) {
    if (isError) {
      rewriteQuote(16, quoteTarget(), address, 2, port);
    }
    rewrite(12, source, address, 0, sourcePort, port);
    source = address;
    sourcePort = port;
    targetPort = isQuery() ? port : targetPort;
  }

  /// Sets target address and port (or identifier); in an ICMP error also the quote's source.
  public void rewriteTarget(int address, int port) {
    if (isError) {
      rewriteQuote(12, quoteSource(), address, 0, port);
    }
    rewrite(16, target, address, 2, targetPort, port);
    target = address;
    targetPort = port;
    sourcePort = isQuery() ? port : sourcePort;
  }

  private void rewrite(int place, int from, int to, int portPlace, int fromPort, int toPort) {
    long addressChange = Checksum.change(from, to);
    Slab.putInt(at + place, to);
    Ipv4.updateChecksum(at, addressChange);
    long transport = transport();
    switch (protocol) {
      case Protocol.TCP -> {
        Slab.putShort(transport + portPlace, toPort);
        Checksum.updateAt(
            transport + Tcp.CHECKSUM, addressChange + Checksum.change(fromPort, toPort));
      }
      case Protocol.UDP -> {
        Slab.putShort(transport + portPlace, toPort);
        updateUdp(transport, addressChange + Checksum.change(fromPort, toPort));
      }
      case Protocol.ICMP -> rewriteIcmp(transport, fromPort, toPort);
      default -> {
        // no ports: full-address mode, the address alone changes
      }
    }
  }

  private void rewriteIcmp(long transport, int from, int to) {
    if (isError) {
      Slab.putShort(transport + 2, 0);
      Slab.putShort(transport + 2, Checksum.of(Checksum.sum(transport, transportLength())));
    } else {
      Slab.putShort(transport + Icmp.IDENTIFIER, to);
      Checksum.updateAt(transport + 2, Checksum.change(from, to));
    }
  }

  /// A UDP checksum of zero means none and stays; one that comes out as zero is sent as its other
  /// form (RFC 768).
  private static void updateUdp(long transport, long changes) {
    int before = Slab.shortAt(transport + 6);
    if (before != 0) {
      int after = Checksum.update(before, changes);
      Slab.putShort(transport + 6, after == 0 ? 0xffff : after);
    }
  }

  /// Changes one end of the quoted packet. The transport checksum of a quote is mended where it was
  /// quoted; nobody may rely on it (RFC 5508 REQ-3c).
  private void rewriteQuote(int place, int from, int to, int portPlace, int toPort) {
    long quote = quote();
    long addressChange = Checksum.change(from, to);
    Slab.putInt(quote + place, to);
    Checksum.updateAt(quote + 10, addressChange);
    int portAt = quoteProtocol == Protocol.ICMP ? Icmp.IDENTIFIER : portPlace;
    long changes = Checksum.change(Slab.shortAt(quoteTransport + portAt), toPort);
    Slab.putShort(quoteTransport + portAt, toPort);
    long end = at + length;
    switch (quoteProtocol) {
      case Protocol.UDP -> updateUdp(quoteTransport, addressChange + changes);
      case Protocol.ICMP -> Checksum.updateAt(quoteTransport + 2, changes);
      case Protocol.TCP -> {
        if (quoteTransport + Tcp.CHECKSUM + 2 <= end) {
          Checksum.updateAt(quoteTransport + Tcp.CHECKSUM, addressChange + changes);
        }
      }
      default -> {
        // pull lets no other protocol through
      }
    }
  }
}
