package watari.host.engine;

import java.util.ArrayList;
import java.util.List;
import watari.core.path.Relay;
import watari.core.wire.Ipv4;
import watari.core.wire.Ipv6;
import watari.core.wire.Protocol;

/// The relays of a node, one for each worker: each has what arrives at its own door. Only what is,
/// or may be, in fragments goes to the first, where all of one packet meet: the kernel tells flows
/// apart, and of a fragment it does not know the flow.
public final class RelayCrew implements AutoCloseable {
  private final List<Relay> relays;
  private final List<Handover> handovers = new ArrayList<>();

  /// @param relays one or more
  /// @param first the door of the first
  public RelayCrew(List<Relay> relays, Door first) {
    this.relays = List.copyOf(relays);
    for (int i = 1; i < relays.size(); i++) {
      handovers.add(new Handover(first));
    }
  }

  /// What each worker does with packets.
  public List<Crossing> crossings() {
    if (handovers.isEmpty()) {
      return List.of(Crossing.of(relays.getFirst()));
    }
    var crossings = new ArrayList<Crossing>();
    crossings.add(new First(relays.getFirst(), handovers));
    for (int i = 1; i < relays.size(); i++) {
      crossings.add(new Other(relays.get(i), handovers.get(i - 1)));
    }
    return List.copyOf(crossings);
  }

  /// Of the worker that has what is in fragments.
  private static final class First implements Crossing {
    private final Crossing own;
    private final Handover[] handovers;

    First(Relay relay, List<Handover> handovers) {
      own = Crossing.of(relay);
      this.handovers = handovers.toArray(Handover[]::new);
    }

    @Override
    public void cross(long at, int length, long now) {
      own.cross(at, length, now);
    }

    @Override
    public void tick(long now) {
      own.tick(now);
    }

    @Override
    public int takeOver(long now) {
      int packets = 0;
      for (var handover : handovers) {
        packets += handover.take(own, now);
      }
      return packets;
    }
  }

  /// Of a worker that hands over.
  private record Other(Relay relay, Handover first) implements Crossing {
    @Override
    public void cross(long at, int length, long now) {
      if (Crossing.isIpv6(at)) {
        crossUp(at, length, now);
      } else {
        crossDown(at, length, now);
      }
    }

    private void crossUp(long at, int length, long now) {
      if (!isInFragments(at, length)) {
        relay.upstream(at, length, now);
      } else if (!first.give(at, length)) {
        relay.loseUpstream(length);
      }
    }

    private void crossDown(long at, int length, long now) {
      if (!isFragment(at, length)) {
        relay.downstream(at, length, now);
      } else if (!first.give(at, length)) {
        relay.loseDownstream(length);
      }
    }

    @Override
    public void tick(long now) {
      relay.tick(now);
    }
  }

  /// Whether an IPv6 packet is a fragment, or one is in it. Before either there may be options,
  /// which are so seldom that it is not worth to look behind them here.
  static boolean isInFragments(long at, int length) {
    if (length < Ipv6.HEADER) {
      return false;
    }
    return switch (Ipv6.nextHeader(at)) {
      case Protocol.IPV4 -> isFragment(at + Ipv6.HEADER, length - Ipv6.HEADER);
      case Protocol.FRAGMENT, Protocol.HOP_BY_HOP, Protocol.DESTINATION_OPTIONS -> true;
      default -> false;
    };
  }

  /// Whether an IPv4 packet is a fragment.
  static boolean isFragment(long at, int length) {
    return length >= Ipv4.HEADER && (Ipv4.hasMoreFragments(at) || Ipv4.fragmentOffset(at) > 0);
  }

  /// Gives memory back, when the workers have ended; the relays are the caller's.
  @Override
  public void close() {
    handovers.forEach(Handover::close);
  }
}
