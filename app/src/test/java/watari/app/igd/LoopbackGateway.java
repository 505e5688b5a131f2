package watari.app.igd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import watari.core.event.EventLog;
import watari.core.nat.Filtering;
import watari.core.nat.HostLimits;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.LeaseLimits;
import watari.core.portmap.Leases;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.Uplink;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;

/// A device on the loopback interface, whose only host is its own control point.
final class LoopbackGateway implements AutoCloseable {
  /// 15 ranges of 16: 4928-4943 and so on, 62272-62287.
  static final PortSet PORTS = new PortSet(4, new Psid(0x34, 8));

  static final String HOST = "127.0.0.1";
  static final List<RootDevice> DEVICES = RootDevice.both("test");
  private static final Ipv4Address OUTER = Ipv4Address.parse("192.0.2.18");
  private static final int PATIENCE_MILLIS = 20_000;

  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Leases leases = leases();
  private final Desk desk;
  private final IgdServer server;
  private Optional<Ipv4Address> address = Optional.of(OUTER);

  LoopbackGateway(String home) throws IOException {
    desk = new Desk(leases, DEVICES, this::uplink, new Randomness(5, 6), () -> 10_000);
    var place = new IgdServer.Place(Ipv4Address.parse(HOST), 0, List.of(Ipv4Prefix.parse(home)));
    server = IgdServer.open(place, DEVICES, visit());
  }

  static Leases leases() {
    return new Leases(napt(), LeaseLimits.DEFAULT);
  }

  private static Napt napt() {
    var settings =
        new NatSettings(
            NatSettings.RESERVE_PERCENT_DEFAULT,
            Filtering.ADDRESS_DEPENDENT,
            Filtering.ADDRESS_DEPENDENT,
            true,
            NatSettings.HOLD_SECONDS_DEFAULT,
            Pickup.AFTER_START,
            Timers.DEFAULT,
            HostLimits.DEFAULT,
            DynamicPorts.of(PORTS),
            List.of(),
            Optional.empty(),
            1024);
    return new Napt(
        OUTER.bits(), PORTS, settings, Arena.ofAuto(), new Randomness(1, 2), new EventLog());
  }

  private Uplink uplink() {
    return new Uplink(address, 0, 0, new Uplink.Traffic(1, 2, 3, 4));
  }

  Visit visit() {
    return new Visit() {
      @Override
      public <T> T ask(Function<Desk, T> errand) throws IOException {
        try {
          return worker.submit(() -> errand.apply(desk)).get();
        } catch (ExecutionException | InterruptedException | RejectedExecutionException e) {
          throw new IOException(e);
        }
      }
    };
  }

  int port() {
    return server.port();
  }

  int leaseCount() throws IOException {
    return visit().ask(_ -> leases.all().size());
  }

  /// What the gateway does several times a second.
  void tick() throws IOException {
    visit()
        .ask(at -> {
          server.tellWhatIsDue(at);
          return true;
        });
  }

  void lineGoes() throws IOException {
    visit().ask(_ -> address = Optional.empty());
    tick();
  }

  Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /// Sends bytes as they are and reads all that comes back.
  String send(String request) throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// A request with the right Host.
  ///
  /// @param headers lines without their ends
  String request(String method, String path, String body, String... headers) throws IOException {
    return send(head(method, path, HOST + ":" + port(), body, headers) + body);
  }

  static String head(String method, String path, String host, String body, String... headers) {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return head + "Connection: close\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Override
  public void close() {
    server.close();
    worker.shutdownNow();
  }
}
