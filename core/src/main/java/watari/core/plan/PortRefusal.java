package watari.core.plan;

import java.util.List;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.rule.PortAdvice;
import watari.core.rule.PortSet;

/// Why a forward cannot have what it wishes, with the way out.
///
/// @param wishes of all forwards: what one of them wishes is not offered to another
record PortRefusal(PortSet set, List<ForwardWish> wishes) {
  /// A responder of IKE listens here, and initiators call nothing else (RFC 7296 §2).
  private static final int IKE = 500;

  private static final int IKE_NAT_TRAVERSAL = 4500;

  String outside(ForwardWish wish, Ports.Range range) {
    int port = firstOutside(range);
    if (wish.transport() != Transport.TCP && (port == IKE || port == IKE_NAT_TRAVERSAL)) {
      return "port "
          + port
          + " is not one of yours: an IKE server cannot be reached on a shared address, since its"
          + " peers call ports 500 and 4500 only; use IPv6, or WireGuard on a port of yours, and"
          + " give its peers ADDRESS:PORT; "
          + advice(wish.transport(), port);
    }
    boolean isNobodys =
        PortSet.psidOf(set.psidOffset(), set.psid().length(), port) == PortSet.EXCLUDED;
    return "port "
        + port
        + (isNobodys
            ? " is nobody's on a shared address"
            : " belongs to another home that shares your address")
        + "; "
        + advice(wish.transport(), port);
  }

  private int firstOutside(Ports.Range range) {
    int port = range.first();
    while (set.contains(port)) {
      port++; // a port of the range is outside, so this ends
    }
    return port;
  }

  /// @param wish what the other forward wishes
  String taken(PlacedForward run, PlacedForward other, ForwardWish wish) {
    int port = Math.max(run.firstPort(), other.firstPort());
    boolean hasMoved =
        wish.ports() instanceof Ports.Range range && !range.contains(other.firstPort());
    return "port "
        + port
        + " has the forward '"
        + wish.name()
        + (hasMoved ? "', which moved there when the port set changed" : "' already")
        + "; "
        + advice(run.transport(), port);
  }

  static String twoOutside(PlacedForward run, PlacedForward other) {
    return "the forward '"
        + other.name()
        + "' goes to port "
        + Math.max(run.toPort(), other.toPort())
        + " of "
        + run.to()
        + " already, and a port of a host has one port outside; choose another toPort";
  }

  static String noBlock(PortSet set, Ports.Block block) {
    return "there is no "
        + block
        + (set.isAll()
            ? ": an address that is not shared has no blocks; write 'ports', as in 5472-5479"
            : ": the set has the blocks 1 to " + set.rangeCount());
  }

  static String beyond(PortSet set, Ports.Block block) {
    return block
        + " has "
        + set.rangeSize()
        + " ports, which go beyond 65535 at the host; lower toPort to at most "
        + (65536 - set.rangeSize());
  }

  private PortAdvice advice(Transport transport, int port) {
    return PortAdvice.of(set, port, other -> isFree(transport, other));
  }

  private boolean isFree(Transport transport, int port) {
    return wishes.stream()
        .noneMatch(wish -> wish.transport().overlaps(transport) && isWished(wish.ports(), port));
  }

  private boolean isWished(Ports ports, int port) {
    return switch (ports) {
      case Ports.Range range -> range.contains(port);
      case Ports.Block(int number) ->
          number <= set.rangeCount()
              && set.first(number - 1) <= port
              && port <= set.last(number - 1);
    };
  }
}
