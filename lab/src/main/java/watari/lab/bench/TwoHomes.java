package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import watari.core.net.Ipv4Address;
import watari.lab.line.Finished;
import watari.lab.line.Layout;
import watari.lab.line.Line;
import watari.lab.line.Manner;
import watari.lab.line.Place;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// Two homes with the same cables and the same number of hops to the same Internet host. One has
/// Watari; the gateway of the other is the kernel alone, which forwards IPv4 and translates it by
/// `masquerade` of nftables. At the relay's place stands the kernel's own end of a tunnel, so that
/// only the gateways differ.
///
/// ```
/// home1 --- Watari       ---(4in6)---+                     +---(kernel's tunnel)---+
///                                  access ============= relay                  internet
/// home2 --- masquerade   ---(IPv4)---+                     +-----------------------+
/// ```
final class TwoHomes implements Closeable {
  /// What the kernel of the other home translates to (RFC 2544).
  static final int OUTER = Ipv4Address.parse("198.18.0.2").bits();

  private static final String MASQUERADE =
      """
      table ip watari_bench {
        chain leave {
          type nat hook postrouting priority srcnat;
          oifname "wan0" masquerade
        }
      }
      """;

  private final Line line;

  private TwoHomes(Line line) {
    this.line = line;
  }

  /// Builds all of it, and starts Watari.
  ///
  /// @param manner how Watari is run
  static TwoHomes open(Manner manner) throws IOException {
    return made(
        manner,
        homes -> {
          homes.tunnel();
          homes.forward();
          homes.line.start(List.of(homes.watari()));
        });
  }

  /// The hosts and their cables alone; the kernel of the other home translates, and its packets end
  /// in the access network.
  static TwoHomes bare() throws IOException {
    return made(Manner.SMALL, _ -> {});
  }

  /// What is done to homes once they stand.
  @FunctionalInterface
  private interface Furnishing {
    void furnish(TwoHomes homes) throws IOException;
  }

  private static TwoHomes made(Manner manner, Furnishing furnishing) throws IOException {
    var homes = new TwoHomes(Line.plan(new Topology(2, Layout.RFC7597), manner));
    Farewell.promise(homes);
    try {
      homes.line.build();
      homes.masquerade();
      furnishing.furnish(homes);
      return homes;
    } catch (IOException failed) {
      homes.close();
      throw failed;
    }
  }

  Subscriber watari() {
    return line.topology().subscriber(1);
  }

  Subscriber kernel() {
    return line.topology().subscriber(2);
  }

  Line line() {
    return line;
  }

  Place place(String node) {
    return line.place(node);
  }

  /// The far end of Watari's tunnel, by what kernels have for segment routing: with a single
  /// segment that is IPv4 in IPv6 and nothing else (RFC 8986 §4.5 and §5.2).
  private void tunnel() throws IOException {
    at(
        Topology.RELAY,
        """
        sr tunsrc set %1$s
        route add %4$s/32 encap seg6 mode encap.red segs %2$s dev %3$s
        route add %1$s/128 encap seg6local action End.DX4 nh4 %5$s dev net0
        """
            .formatted(
                Topology.RELAY_IPV6,
                watari().mapAddress(),
                Topology.RELAY_LINE,
                watari().ipv4(),
                Topology.INTERNET_IPV4));
  }

  /// The gateway of the other home, as an IPv4 router.
  private void masquerade() throws IOException {
    at(
        kernel().gateway(),
        """
        address add 198.18.0.2/30 dev wan0
        route add default via 198.18.0.1
        """);
    at(Topology.ACCESS, "address add 198.18.0.1/30 dev home2");
    var command = place(kernel().gateway()).command(List.of("nft", "-f", "-"));
    Finished.demand(command, MASQUERADE);
  }

  /// Access network and relay as IPv4 routers for the other home.
  private void forward() throws IOException {
    at(
        Topology.ACCESS,
        """
        address add 198.18.0.5/30 dev relay0
        route add default via 198.18.0.6
        """);
    at(
        Topology.RELAY,
        """
        address add 198.18.0.6/30 dev line0
        route add 198.18.0.0/30 via 198.18.0.5
        """);
    at(Topology.INTERNET, "route add 198.18.0.0/24 via " + Topology.RELAY_IPV4);
  }

  /// Tells the host of that name what `ip` shall do there.
  void at(String node, String batch) throws IOException {
    Finished.demand(List.of("ip", "-netns", place(node).namespace(), "-batch", "-"), batch + "\n");
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
