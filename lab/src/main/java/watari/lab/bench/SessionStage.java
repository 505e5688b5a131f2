package watari.lab.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.lab.bench.Frames.Tunnel;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// [TwoHomes] with everybody's neighbours known from the start, and many sessions in both: who only
/// drops answers nobody.
///
/// ```
/// home1 lan0 ---- lan0 | gateway1, programs   | wan0 ---- home1 access
/// home2 lan0 ---- lan0 | gateway2, masquerade | wan0 ---- home2
/// ```
final class SessionStage implements Closeable {
  /// The first host of Watari's home.
  static final int HOME = Ipv4Address.parse("192.168.1.2").bits();

  private static final int HOME_OF_KERNEL = Ipv4Address.parse("192.168.2.2").bits();
  private static final int FIRST_PORT = 50_000;

  /// The port of each host at home, which the kernel leaves as it is.
  static final List<Integer> PORTS =
      IntStream.range(0, SessionTraffic.HOSTS).mapToObj(host -> FIRST_PORT + host).toList();

  private final TwoHomes homes;
  private final FlowRoom room;

  private SessionStage(TwoHomes homes, FlowRoom room) {
    this.homes = homes;
    this.room = room;
  }

  /// @param sessionsMax that the kernel will have
  static SessionStage open(int sessionsMax) throws IOException {
    var room = FlowRoom.open(sessionsMax);
    try {
      var stage = new SessionStage(TwoHomes.bare(), room);
      try {
        stage.prepare();
        return stage;
      } catch (IOException failed) {
        stage.close();
        throw failed;
      }
    } catch (IOException failed) {
      room.close();
      throw failed;
    }
  }

  /// With the few sessions that every machine has room for.
  static SessionStage open() throws IOException {
    return open(1);
  }

  private void prepare() throws IOException {
    FlowRoom.keep(homes.place(homes.kernel().gateway()));
    neighbours(homes.watari(), HOME, "2001:db8:fff0:1::1");
    neighbours(homes.kernel(), HOME_OF_KERNEL, "198.18.0.1");
    for (boolean isUp : new boolean[] {false, true}) {
      own(isUp).takeFrames();
      second(isUp).takeFrames();
    }
  }

  private void neighbours(Subscriber home, int first, String router) throws IOException {
    var batch = new StringBuilder();
    var inside = Attachment.of(homes.place(home.home()), Topology.LAN).ethernet();
    for (int host = 0; host < SessionTraffic.HOSTS; host++) {
      batch.append(
          "neighbour replace %s lladdr %s dev %s nud permanent%n"
              .formatted(new Ipv4Address(first + host), Yardstick.text(inside), Topology.LAN));
    }
    var access = Attachment.of(homes.place(Topology.ACCESS), "home" + home.number()).ethernet();
    batch.append(
        "neighbour replace %s lladdr %s dev wan0 nud permanent%n"
            .formatted(router, Yardstick.text(access)));
    homes.at(home.gateway(), batch.toString());
  }

  TwoHomes homes() {
    return homes;
  }

  /// Through Watari's gateway.
  Lane own(boolean isUp) {
    return Lane.home(homes.line(), homes.watari(), isUp);
  }

  /// Through the kernel's.
  Lane second(boolean isUp) {
    return Lane.home(homes.line(), homes.kernel(), isUp);
  }

  /// What Watari carries.
  ///
  /// @param mapAddress of Watari's gateway
  /// @param outer the outer port of each host
  SessionTraffic own(
      int sessions, int size, boolean isUp, Ipv6Address mapAddress, List<Integer> outer) {
    if (isUp) {
      return new SessionTraffic(sessions, false, size, true, Optional.empty(), HOME, PORTS);
    }
    var tunnel = new Tunnel(Ipv6Address.parse(Topology.RELAY_IPV6), mapAddress);
    int address = homes.watari().ipv4().bits();
    return new SessionTraffic(sessions, false, size, false, Optional.of(tunnel), address, outer);
  }

  /// The same packets, but out of any tunnel and with the addresses of the other home.
  static SessionTraffic second(int sessions, int size, boolean isUp) {
    int address = isUp ? HOME_OF_KERNEL : TwoHomes.OUTER;
    return new SessionTraffic(sessions, false, size, isUp, Optional.empty(), address, PORTS);
  }

  /// Lets the kernel have so many flows, each by a packet of the home and an answer.
  void openOfKernel(int sessions, Core core, LaneSink up, LaneSink down) throws IOException {
    for (var there : List.of(up, down)) {
      var traffic = second(sessions, 64, there.isUp()).inOrder();
      try (var course = LiveCourse.ofKernel(second(there.isUp()), traffic, core, there.sink())) {
        var _ = course.run(sessions);
      }
    }
    int count = FlowRoom.count(homes.place(homes.kernel().gateway()));
    if (count != sessions) {
      throw new IOException("the kernel holds %,d of %,d flows".formatted(count, sessions));
    }
  }

  @Override
  public void close() throws IOException {
    homes.close();
    room.close();
  }
}
