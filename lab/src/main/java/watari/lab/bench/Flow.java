package watari.lab.bench;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import watari.core.net.Ipv4Address;
import watari.lab.line.Topology;

/// A flow of UDP datagrams in one direction. Flow number `n` of each direction speaks to port 20000
/// + `n` of the Internet host, or comes from there: so its number can be read from any packet.
///
/// @param source an IPv4 address as a number, as is `target`
record Flow(int source, int sourcePort, int target, int targetPort) {
  static final int COUNT = 64;

  private static final int REMOTE = Ipv4Address.parse(Topology.INTERNET_IPV4).bits();
  private static final int REMOTE_PORT = 20_000;
  private static final int HOST = Ipv4Address.parse(Direction.home().homeAddress()).bits();
  private static final int HOST_PORT = 50_000;
  private static final int OUTER = Direction.home().ipv4().bits();

  /// Flows from the home before the gateway translates them.
  static List<Flow> fromHost() {
    return each(n -> new Flow(HOST, HOST_PORT + n, REMOTE, REMOTE_PORT + n));
  }

  /// A flow of each of several hosts at home, the first of which has the address `first`.
  ///
  /// @param ports of each host
  static List<Flow> fromHosts(int first, List<Integer> ports) {
    return IntStream.range(0, ports.size())
        .mapToObj(n -> new Flow(first + n, ports.get(n), REMOTE, REMOTE_PORT + n))
        .toList();
  }

  /// Flows from the home as the line sees them.
  ///
  /// @param ports the outer port of each flow
  static List<Flow> fromHome(List<Integer> ports) {
    return each(n -> new Flow(OUTER, ports.get(n), REMOTE, REMOTE_PORT + n));
  }

  /// Flows from the Internet to the home.
  ///
  /// @param ports the outer port of each flow
  static List<Flow> fromInternet(List<Integer> ports) {
    return each(n -> new Flow(REMOTE, REMOTE_PORT + n, OUTER, ports.get(n)));
  }

  /// The number of the flow from the home that has this target port.
  static int number(int targetPort) {
    return targetPort - REMOTE_PORT;
  }

  /// The same flow to another address.
  Flow to(int address) {
    return new Flow(source, sourcePort, address, targetPort);
  }

  /// The same flow from another address.
  Flow from(int address) {
    return new Flow(address, sourcePort, target, targetPort);
  }

  /// The flow back.
  Flow answer() {
    return new Flow(
        /* source= */ target,
        /* sourcePort= */ targetPort,
        /* target= */ source,
        /* targetPort= */ sourcePort);
  }

  private static List<Flow> each(IntFunction<Flow> flow) {
    return IntStream.range(0, COUNT).mapToObj(flow).toList();
  }
}
