package watari.core.plan;

import java.util.Locale;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.wire.Protocol;

/// A forward as the operator writes it: what comes for these ports from the Internet goes to that
/// host at home.
///
/// @param name what the operator calls it
/// @param ports the outer ports
/// @param to the host at home
/// @param toPort the host's port for the first of them, the others follow it; or [#SAME_PORT]
public record ForwardWish(
    String name, Transport transport, Ports ports, Ipv4Address to, int toPort) {

  /// The host's ports have the numbers that are written outside.
  public static final int SAME_PORT = 0;

  /// Which transport protocols a forward takes.
  public enum Transport {
    TCP,
    UDP,
    BOTH;

    public boolean overlaps(Transport other) {
      return this == other || this == BOTH || other == BOTH;
    }

    /// As IP protocol numbers.
    public int[] protocols() {
      return switch (this) {
        case TCP -> new int[] {Protocol.TCP};
        case UDP -> new int[] {Protocol.UDP};
        case BOTH -> new int[] {Protocol.TCP, Protocol.UDP};
      };
    }

    /// As in a file.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Outer ports as they are written.
  public sealed interface Ports {

    /// Ports by their numbers.
    record Range(int first, int last) implements Ports {
      public Range {
        if (first < 1 || last > 65535 || first > last) {
          throw new Refused(
              "ports are two numbers from 1 to 65535, the lower first, as in 5472-5479, not "
                  + first
                  + "-"
                  + last);
        }
      }

      public int count() {
        return last - first + 1;
      }

      boolean contains(int port) {
        return first <= port && port <= last;
      }

      @Override
      public String toString() {
        return first == last ? "port " + first : "ports " + first + "-" + last;
      }
    }

    /// A whole range of the set.
    ///
    /// @param number which one, counted from 1
    record Block(int number) implements Ports {
      public Block {
        if (number < 1) {
          throw new Refused("blocks are counted from 1");
        }
      }

      @Override
      public String toString() {
        return "block " + number;
      }
    }
  }

  public ForwardWish {
    if (ports instanceof Ports.Range range && toPort + range.count() - 1 > 65535) {
      throw new Refused(
          range
              + " from port "
              + toPort
              + " of the host on go beyond 65535; lower toPort to at most "
              + (65536 - range.count()));
    }
  }

  /// The host's port for the first outer port. The program at home stays where it is when the
  /// forward moves; only that of a block is told the ports by their numbers.
  int firstInside(int outerPort) {
    if (toPort != SAME_PORT) {
      return toPort;
    }
    return switch (ports) {
      case Ports.Range range -> range.first();
      case Ports.Block _ -> outerPort;
    };
  }

  RememberedForward remembered(int index, int port, boolean isLost) {
    return new RememberedForward(name, transport, ports, index, port, isLost);
  }
}
