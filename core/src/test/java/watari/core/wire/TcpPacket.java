package watari.core.wire;

import java.nio.ByteBuffer;

/// A TCP packet of a test over IPv4 without options of its own; the bytes are made here and nowhere
/// else. Each `with` gives another packet that differs in one thing.
final class TcpPacket {
  static final int ACK = 0x10;
  static final int PSH = 0x08;
  static final int FIN = 0x01;
  static final int CWR = 0x80;

  private final int flow;
  private int sequence;
  private byte[] payload;
  private byte[] options = {};
  private int service;
  private int identification = 7;
  private boolean dontFragment = true;
  private int timeToLive = 64;
  private int acknowledged = 9;
  private int flags = ACK;
  private int window = 500;
  private int urgent;

  private TcpPacket(int flow, int sequence, byte[] payload) {
    this.flow = flow;
    this.sequence = sequence;
    this.payload = payload;
  }

  private TcpPacket(TcpPacket other) {
    this(other.flow, other.sequence, other.payload);
    options = other.options;
    service = other.service;
    identification = other.identification;
    dontFragment = other.dontFragment;
    timeToLive = other.timeToLive;
    acknowledged = other.acknowledged;
    flags = other.flags;
    window = other.window;
    urgent = other.urgent;
  }

  /// An ordinary one.
  ///
  /// @param flow 0 to 255: its source is 192.0.2.`flow`, with that number as its port
  static TcpPacket of(int flow, int sequence, byte[] payload) {
    return new TcpPacket(flow, sequence, payload);
  }

  /// The next of the flow, with a payload of its own and nothing but ACK.
  TcpPacket next(byte[] payload) {
    var next = new TcpPacket(this);
    next.sequence += this.payload.length;
    next.payload = payload;
    next.identification = (identification + 1) & 0xffff;
    next.flags = ACK;
    next.urgent = 0;
    return next;
  }

  TcpPacket withService(int service) {
    var other = new TcpPacket(this);
    other.service = service;
    return other;
  }

  TcpPacket withIdentification(int identification, boolean dontFragment) {
    var other = new TcpPacket(this);
    other.identification = identification;
    other.dontFragment = dontFragment;
    return other;
  }

  TcpPacket withTimeToLive(int timeToLive) {
    var other = new TcpPacket(this);
    other.timeToLive = timeToLive;
    return other;
  }

  TcpPacket withAcknowledged(int acknowledged) {
    var other = new TcpPacket(this);
    other.acknowledged = acknowledged;
    return other;
  }

  TcpPacket withFlags(int flags) {
    var other = new TcpPacket(this);
    other.flags = flags;
    return other;
  }

  TcpPacket withWindow(int window) {
    var other = new TcpPacket(this);
    other.window = window;
    return other;
  }

  TcpPacket withUrgent(int urgent) {
    var other = new TcpPacket(this);
    other.urgent = urgent;
    return other;
  }

  /// @param options a multiple of four bytes, at most forty
  TcpPacket withOptions(byte[] options) {
    var other = new TcpPacket(this);
    other.options = options;
    return other;
  }

  int acknowledged() {
    return acknowledged;
  }

  int payloadLength() {
    return payload.length;
  }

  /// The packet with right checksums.
  byte[] bytes() {
    var bytes = ByteBuffer.allocate(40 + options.length + payload.length);
    bytes.put((byte) 0x45).put((byte) service).putShort((short) bytes.capacity());
    bytes.putShort((short) identification).putShort((short) (dontFragment ? 0x4000 : 0));
    bytes.put((byte) timeToLive).put((byte) 6).putShort((short) 0);
    bytes.putInt(0xc000_0200 | flow).putInt(0xc0a8_0102);
    bytes.putShort((short) flow).putShort((short) 50_000);
    bytes.putInt(sequence).putInt(acknowledged);
    bytes.put((byte) ((5 + options.length / 4) << 4)).put((byte) flags).putShort((short) window);
    bytes.putShort((short) 0).putShort((short) urgent).put(options).put(payload);
    return SlowSegments.withChecksums(bytes.array());
  }
}
