package watari.core.portmap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.wire.Protocol;

/// The NAT-PMP server: requests of version 0 in, replies out (RFC 6886 §3).
///
/// ```
/// request | 0 | op | reserved, 16 | internal port, 16 | wished port, 16 | lifetime, 32 |
/// reply   | 0 | 128 + op | result, 16 | epoch, 32 | internal port, 16 | port, 16 | lifetime, 32 |
/// ```
final class NatPmpServer {
  static final int VERSION = 0;

  private static final int EXTERNAL_ADDRESS = 0;
  private static final int MAP_UDP = 1;
  private static final int MAP_TCP = 2;

  private static final int SUCCESS = 0;
  private static final int UNSUPPORTED_VERSION = 1;
  private static final int NOT_AUTHORIZED = 2;
  private static final int NETWORK_FAILURE = 3;
  private static final int OUT_OF_RESOURCES = 4;
  private static final int UNSUPPORTED_OPCODE = 5;

  private static final int REQUEST_BYTES = 12;
  private static final int REPLY_BYTES = 16;
  private static final int ADDRESS_REPLY_BYTES = 12;
  private static final int HEADER_BYTES = 8;

  private final Leases leases;
  private final PortControlSettings settings;
  private final Epoch epoch;

  NatPmpServer(Leases leases, PortControlSettings settings, Epoch epoch) {
    this.leases = leases;
    this.settings = settings;
    this.epoch = epoch;
  }

  /// @param packet of at least two bytes, with this version and no reply
  /// @param source the host that sent it, and the only one that it can ask for
  List<byte[]> receive(byte[] packet, int source, long now) {
    return switch (packet[1]) {
      case EXTERNAL_ADDRESS -> List.of(externalAddress(now));
      case MAP_UDP, MAP_TCP ->
          packet.length < REQUEST_BYTES ? List.of() : List.of(map(packet, source, now));
      default -> List.of(unsupportedOpcode(packet, now));
    };
  }

  /// The answer to the first question, which is also said to all when it changes (§3.2.1).
  byte[] externalAddress(long now) {
    int result = leases.outerAddress() == 0 ? NETWORK_FAILURE : SUCCESS;
    return header(EXTERNAL_ADDRESS, result, ADDRESS_REPLY_BYTES, now)
        .putInt(leases.outerAddress())
        .array();
  }

  /// What another version of the protocol is answered (§3.5).
  byte[] otherVersion(long now) {
    byte[] reply = header(0, UNSUPPORTED_VERSION, HEADER_BYTES, now).array();
    reply[1] = 0; // as the figure there has it
    return reply;
  }

  private byte[] unsupportedOpcode(byte[] packet, long now) {
    int length = Math.clamp(packet.length, HEADER_BYTES, Pcp.MESSAGE_BYTES_MAX);
    byte[] reply = Arrays.copyOf(packet, length);
    byte[] header = header(packet[1], UNSUPPORTED_OPCODE, HEADER_BYTES, now).array();
    System.arraycopy(header, 0, reply, 0, HEADER_BYTES);
    return reply;
  }

  private ByteBuffer header(int opcode, int result, int length, long now) {
    return ByteBuffer.allocate(length)
        .put((byte) VERSION)
        .put((byte) (opcode | 0x80))
        .putShort((short) result)
        .putInt((int) epoch.seconds(now));
  }

  private byte[] map(byte[] packet, int source, long now) {
    var in = ByteBuffer.wrap(packet);
    int internalPort = in.getShort(4) & 0xffff;
    int wantedPort = in.getShort(6) & 0xffff;
    long lifetime = Integer.toUnsignedLong(in.getInt(8));
    int protocol = packet[1] == MAP_TCP ? Protocol.TCP : Protocol.UDP;
    Mapped mapped = map(protocol, source, internalPort, wantedPort, lifetime, now);
    return header(packet[1], mapped.result, REPLY_BYTES, now)
        .putShort((short) internalPort)
        .putShort((short) mapped.externalPort)
        .putInt((int) mapped.lifetimeSeconds)
        .array();
  }

  /// What a reply says of a mapping.
  private record Mapped(int result, int externalPort, long lifetimeSeconds) {

    /// There is none.
    static Mapped none(int result) {
      return new Mapped(result, 0, 0);
    }
  }

  private Mapped map(
      int protocol, int source, int internalPort, int wantedPort, long lifetime, long now) {
    if (lifetime == 0) {
      return internalPort == 0
          ? deleteAll(protocol, source, now)
          : delete(new Inside(protocol, source, internalPort), now);
    }
    if (internalPort == 0) {
      return Mapped.none(NOT_AUTHORIZED);
    }
    return leases.outerAddress() == 0
        ? Mapped.none(NETWORK_FAILURE)
        : grant(new Inside(protocol, source, internalPort), wantedPort, lifetime, now);
  }

  /// A wish is shortened, never lengthened (§3.3).
  private Mapped grant(Inside inside, int wantedPort, long lifetime, long now) {
    long seconds = Math.min(lifetime, settings.lifetimeSecondsMax());
    long end = now + seconds * 1000;
    Optional<Lease> had = leases.ofInside(inside);
    if (had.isPresent()) {
      return had(had.get(), inside, end, now);
    }
    var ask = Ask.one(inside, wantedPort, false, new Asker.NatPmp(), end);
    return switch (leases.add(ask, now)) {
      case Outcome.Leased leased -> new Mapped(SUCCESS, leased.lease().outerPort(), seconds);
      case Outcome.Forwarded forwarded -> new Mapped(SUCCESS, forwarded.outerPort(), seconds);
      case Outcome.Denied denied -> Mapped.none(result(denied.why()));
    };
  }

  /// A lease of this protocol is asked for anew. One that another has made is told as it is: of the
  /// same host, and a PCP client alone has the nonce to change its own.
  private Mapped had(Lease lease, Inside inside, long end, long now) {
    int port = lease.outerPort() + inside.port() - lease.inside().port();
    long kept =
        switch (lease.asker()) {
          case Asker.NatPmp natPmp -> leases.renew(lease, natPmp, end, lease.filters()).expiresAt();
          case Asker.Peers _ -> leases.renew(lease, new Asker.NatPmp(), end, List.of()).expiresAt();
          case Asker.Pcp _, Asker.Upnp _ -> Math.min(lease.expiresAt(), end);
        };
    return new Mapped(SUCCESS, port, Lease.seconds(kept, now));
  }

  private static int result(Grant.Refusal why) {
    return switch (why) {
      case HOST_LIMIT, NONE_FREE, TAKEN, NOT_IN_SET, KEPT_BACK -> OUT_OF_RESOURCES;
    };
  }

  private Mapped delete(Inside inside, long now) {
    Optional<Lease> had = leases.ofInside(inside);
    if (had.isEmpty()) {
      return Mapped.none(isForwarded(inside, now) ? NOT_AUTHORIZED : SUCCESS);
    }
    if (!(had.get().asker() instanceof Asker.NatPmp)) {
      return Mapped.none(NOT_AUTHORIZED);
    }
    leases.delete(had.get(), now);
    return Mapped.none(SUCCESS);
  }

  private boolean isForwarded(Inside inside, long now) {
    return leases
        .holding(inside, now)
        .filter(holding -> holding.claim() == Holding.Claim.FORWARD)
        .isPresent();
  }

  /// All that this protocol has made for the host; the rest is not its to end (§3.4).
  private Mapped deleteAll(int protocol, int source, long now) {
    List<Lease> all =
        leases.ofHost(source).stream().filter(lease -> lease.protocol() == protocol).toList();
    List<Lease> own = all.stream().filter(lease -> lease.asker() instanceof Asker.NatPmp).toList();
    own.forEach(lease -> leases.delete(lease, now));
    return Mapped.none(own.size() == all.size() ? SUCCESS : NOT_AUTHORIZED);
  }
}
