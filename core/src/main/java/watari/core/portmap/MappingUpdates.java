package watari.core.portmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import watari.core.net.Ipv6Address;

/// What PCP clients are told when address or ports of their mappings have changed: three times
/// each, 250 ms and 500 ms apart, until they ask anew (RFC 6887 §14.2).
final class MappingUpdates {
  private static final int COUNT = 3;
  private static final long FIRST_GAP_MILLIS = 250;

  /// One update, as often as it is still to be said.
  ///
  /// @param inside whose it is
  /// @param expiresAt the end of the lease, or of the flow; it is not told later
  /// @param order in which they came, so that what is due at once has an order
  private record Pending(
      Inside inside, PcpReply reply, long expiresAt, long order, int said, long dueAt)
      implements Comparable<Pending> {

    @Override
    public int compareTo(Pending other) {
      int first = Long.compare(dueAt, other.dueAt);
      return first != 0 ? first : Long.compare(order, other.order);
    }

    /// A port or protocol of 0 stands for all.
    boolean isAbout(PcpBody.Map map, int host) {
      return inside.address() == host
          && (map.protocol() == 0 || map.protocol() == inside.protocol())
          && (map.internalPort() == 0 || map.internalPort() == inside.port());
    }

    Pending again(long now) {
      return new Pending(
          inside, reply, expiresAt, order, said + 1, now + (FIRST_GAP_MILLIS << said));
    }
  }

  private final PriorityQueue<Pending> pending = new PriorityQueue<>();
  private long order;

  /// When the next is due; [Lease#FOREVER] for never.
  long wakeAt() {
    return pending.isEmpty() ? Lease.FOREVER : pending.peek().dueAt;
  }

  /// A host has had a reply about this.
  void cancel(PcpBody body, int host) {
    switch (body) {
      case PcpBody.Announce _ -> {}
      case PcpBody.Map map -> pending.removeIf(update -> update.isAbout(map, host));
      case PcpBody.Peer peer -> pending.removeIf(update -> update.isAbout(peer.map(), host));
    }
  }

  /// What is due, if anything.
  Optional<Notice> next(Epoch epoch, long now) {
    if (wakeAt() > now) {
      return Optional.empty();
    }
    Pending update = pending.remove();
    Pending again = update.again(now);
    if (again.said < COUNT) {
      pending.add(again);
    }
    PcpReply reply = update.reply;
    long seconds =
        reply.result() == PcpResult.SUCCESS
            ? Math.min(Lease.seconds(update.expiresAt, now), Pcp.ENDLESS_SECONDS)
            : reply.lifetimeSeconds();
    byte[] bytes =
        new PcpReply(reply.result(), seconds, reply.body(), reply.options())
            .bytes(epoch.seconds(now));
    return Optional.of(new Notice(bytes, update.inside.address()));
  }

  /// Tells of what the change made of a lease of PCP; other leases are none of its clients'.
  ///
  /// @param before the outer address that the lease had
  /// @param after the outer address now
  void add(Move move, int before, int after, long now) {
    Lease lease = move.before();
    pending.removeIf(update -> update.inside.equals(lease.inside()));
    switch (lease.asker()) {
      case Asker.Pcp pcp -> add(lease, mapUpdate(move, pcp, before, after), lease.expiresAt(), now);
      case Asker.Peers peers ->
          peers
              .peers()
              .forEach(
                  peer -> add(lease, peerUpdate(move, peer, before, after), peer.expiresAt(), now));
      case Asker.NatPmp _, Asker.Upnp _ -> {}
    }
  }

  private void add(Lease lease, PcpReply reply, long expiresAt, long now) {
    pending.add(new Pending(lease.inside(), reply, expiresAt, order++, 0, now));
  }

  private static PcpReply mapUpdate(Move move, Asker.Pcp pcp, int before, int after) {
    Lease shown = move.after().orElse(move.before());
    var options = new ArrayList<PcpOption>();
    if (pcp.prefersFailure()) {
      options.add(new PcpOption.PreferFailure());
    }
    options.addAll(PcpFilters.options(shown.filters()));
    if (shown.size() > 1) {
      options.add(new PcpOption.PortSet(shown.size(), shown.inside().port(), false));
    }
    return reply(move, pcp.prefersFailure(), map(move, pcp.nonce(), before, after), options);
  }

  private static PcpReply peerUpdate(Move move, Asker.Peer peer, int before, int after) {
    PcpBody.Map map = map(move, peer.nonce(), before, after);
    var body = new PcpBody.Peer(map, peer.port(), Pcp.mapped(peer.address()));
    return reply(move, false, body, List.of());
  }

  /// What there is now, or what there was where nothing is now.
  private static PcpBody.Map map(Move move, Nonce nonce, int before, int after) {
    Lease shown = move.after().orElse(move.before());
    Ipv6Address address = Pcp.mapped(move.after().isPresent() ? after : before);
    Inside inside = shown.inside();
    return new PcpBody.Map(nonce, inside.protocol(), inside.port(), shown.outerPort(), address);
  }

  private static PcpReply reply(
      Move move, boolean prefersFailure, PcpBody body, List<PcpOption> options) {
    PcpResult result =
        move.after().isPresent()
            ? PcpResult.SUCCESS
            : prefersFailure ? PcpResult.CANNOT_PROVIDE_EXTERNAL : PcpResult.NO_RESOURCES;
    return new PcpReply(result, result.lifetimeSeconds(), body, options);
  }
}
