package watari.core.portmap;

import java.util.List;
import java.util.Optional;

/// The server that hosts at home ask for ports, by PCP (RFC 6887) and NAT-PMP (RFC 6886): datagrams
/// in, datagrams out. It hears on UDP port 5351 and says unasked what changes, to port 5350.
///
/// One thread owns it, that of its [Leases]. Times are milliseconds of a clock that only goes
/// forward.
public final class PortControl {
  /// Where the server hears.
  public static final int SERVER_PORT = 5351;

  /// Where clients hear what is said unasked.
  public static final int CLIENT_PORT = 5350;

  /// A request of so many bytes or more is too long, however long it is.
  public static final int PACKET_BYTES_MAX = Pcp.MESSAGE_BYTES_MAX + 1;

  private static final int HEAD_BYTES = 2;

  private final Leases leases;
  private final PortControlSettings settings;
  private final Epoch epoch;
  private final PcpServer pcp;
  private final NatPmpServer natPmp;
  private final Announcements pcpAnnouncements;
  private final Announcements natPmpAnnouncements;
  private final MappingUpdates updates = new MappingUpdates();

  /// Begins at once to say that it is there.
  ///
  /// @param leases which may hold those of an earlier run
  public PortControl(Leases leases, PortControlSettings settings, long now) {
    this.leases = leases;
    this.settings = settings;
    epoch = new Epoch(now);
    pcp = new PcpServer(leases, settings, epoch, updates);
    natPmp = new NatPmpServer(leases, settings, epoch);
    pcpAnnouncements = new Announcements(settings.pcp(), now);
    natPmpAnnouncements = new Announcements(settings.natPmp(), now);
  }

  /// Takes a datagram.
  ///
  /// @param source the address that it came from, which is where the replies go, to its port
  /// @return mostly one reply; none for what is no request of a host at home
  public List<byte[]> receive(byte[] packet, int source, long now) {
    if (packet.length < HEAD_BYTES || isReply(packet) || !settings.isHome(source)) {
      return List.of();
    }
    leases.expire(now);
    int version = packet[0] & 0xff;
    if (version == Pcp.VERSION && settings.pcp()) {
      return pcp.receive(packet, source, now);
    }
    return version == NatPmpServer.VERSION && settings.natPmp()
        ? natPmp.receive(packet, source, now)
        : otherVersion(packet, now);
  }

  private static boolean isReply(byte[] packet) {
    return (packet[1] & Pcp.REPLY) != 0;
  }

  private List<byte[]> otherVersion(byte[] packet, long now) {
    if (settings.pcp()) {
      return List.of(pcp.otherVersion(packet, now));
    }
    return settings.natPmp() ? List.of(natPmp.otherVersion(now)) : List.of();
  }

  /// Address or port set have changed, and with them the leases: clients are told, and where any
  /// may have lost something all are told to look.
  ///
  /// @param before the outer address until now
  /// @param moves what [Leases#moveTo] said
  public void moved(int before, List<Move> moves, long now) {
    int after = leases.outerAddress();
    boolean isLoss = moves.stream().anyMatch(move -> move.after().isEmpty());
    if (before != after || isLoss) {
      epoch.restart(now);
      pcpAnnouncements.restart(now);
      natPmpAnnouncements.restart(now);
    }
    if (settings.pcp()) {
      moves.stream()
          .filter(move -> before != after || move.event().isPresent())
          .forEach(move -> updates.add(move, before, after, now));
    }
  }

  /// What is to be said unasked now; to be called until there is nothing more.
  public Optional<Notice> next(long now) {
    if (pcpAnnouncements.next(now)) {
      return Optional.of(new Notice(pcp.announcement(now), Notice.ALL_HOSTS));
    }
    if (natPmpAnnouncements.next(now)) {
      return Optional.of(new Notice(natPmp.externalAddress(now), Notice.ALL_HOSTS));
    }
    return updates.next(epoch, now);
  }

  /// When [#next] has something to say; [Lease#FOREVER] for never.
  public long wakeAt() {
    long announceAt = Math.min(pcpAnnouncements.wakeAt(), natPmpAnnouncements.wakeAt());
    return Math.min(announceAt, updates.wakeAt());
  }
}
