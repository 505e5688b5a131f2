package watari.app.igd;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.igd.RootDevice;

/// The device's HTTP server, at one address of the home.
///
/// Connections, requests and their times have limits, so that whoever comes slowly or often takes
/// nothing from the gateway but this server.
public final class IgdServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 64;
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int HEADER_BYTES_MAX = 8 * 1024;
  private static final int FIRST_LINE_BYTES_MAX = 1024;
  private static final Duration IDLE_MAX = Duration.ofSeconds(10);

  /// The library says at each start that it starts; kept, since a logger that nobody holds forgets.
  private static final Logger LIBRARY = Logger.getLogger("io.helidon");

  private final WebServer server;
  private final Notifier notifier;

  private IgdServer(WebServer server, Notifier notifier) {
    this.server = server;
    this.notifier = notifier;
  }

  /// Where the server is and who may come.
  ///
  /// @param address an address of the gateway at home
  /// @param port of TCP; 0 for any that is free
  /// @param home whose hosts may come
  public record Place(Ipv4Address address, int port, List<Ipv4Prefix> home) {
    public Place {
      home = List.copyOf(home);
    }
  }

  /// Listens.
  ///
  /// @throws IOException when the port cannot be had, with what helps
  public static IgdServer open(Place place, List<RootDevice> devices, Visit visit)
      throws IOException {
    LIBRARY.setLevel(Level.WARNING);
    var site = new Site(place.address(), place.home(), devices, productVersion(), visit);
    InetAddress address = inetAddress(place.address());
    demandFree(address, place.port());
    WebServer server =
        WebServer.builder()
            .address(address)
            .port(place.port())
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .protocolsDiscoverServices(false)
            .addProtocol(http())
            .maxTcpConnections(CONNECTIONS_MAX)
            .maxPayloadSize(BODY_BYTES_MAX)
            .idleConnectionTimeout(IDLE_MAX)
            .idleConnectionPeriod(IDLE_MAX.dividedBy(2))
            .shutdownGracePeriod(Duration.ZERO)
            .routing(routing -> routing.any((request, response) -> handle(site, request, response)))
            .build();
    if (!server.start().isRunning()) {
      throw refusal(address, place.port(), "the server does not start");
    }
    return new IgdServer(server, new Notifier(address, visit));
  }

  private static Http1Config http() {
    return Http1Config.builder()
        .maxHeadersSize(HEADER_BYTES_MAX)
        .maxPrologueLength(FIRST_LINE_BYTES_MAX)
        .build();
  }

  /// The library only logs that it cannot listen, so it is tried before.
  private static void demandFree(InetAddress address, int port) throws IOException {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw refusal(address, port, e.getMessage());
    }
  }

  private static IOException refusal(InetAddress address, int port, @Nullable String why) {
    return new IOException(
        "cannot listen at "
            + address.getHostAddress()
            + ":"
            + port
            + " for UPnP: "
            + why
            + "; end the program that does, or set 'upnp: false' in 'portMapping'");
  }

  private static void handle(Site site, ServerRequest request, ServerResponse response) {
    HttpReply reply = reply(site, request);
    response.status(reply.status());
    reply.headers().forEach((name, value) -> response.header(name, value));
    response.header(HeaderValues.CONNECTION_CLOSE);
    response.send(reply.body().getBytes(StandardCharsets.UTF_8));
    reply.afterwards().run();
    // Else the library waits for another request on the connection, for as long as it is allowed.
    throw new CloseConnectionException("one request a connection");
  }

  private static HttpReply reply(Site site, ServerRequest request) {
    try {
      return request.remotePeer().address() instanceof InetSocketAddress peer
          ? site.answer(question(request, peer))
          : HttpReply.plain(403, "this is for hosts of the home");
    } catch (IOException e) {
      return HttpReply.plain(503, "the gateway does not answer now");
    }
  }

  private static HttpQuestion question(ServerRequest request, InetSocketAddress peer)
      throws IOException {
    // Also where nobody will look at it: what is left unread makes the kernel cut the reply off.
    byte[] body = body(request);
    return new HttpQuestion(
        request.prologue().method().text(),
        request.prologue().uriPath().path(),
        name -> request.headers().first(HeaderNames.create(name)),
        new Ipv4Address(ByteBuffer.wrap(peer.getAddress().getAddress()).getInt()),
        request.localPeer().port(),
        () -> body);
  }

  private static byte[] body(ServerRequest request) throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream stream = request.content().inputStream()) {
      return stream.readNBytes(BODY_BYTES_MAX);
    }
  }

  /// Where it listens.
  public int port() {
    return server.port();
  }

  /// Tells subscribers what has changed since they were told last; on the desk's thread.
  public void tellWhatIsDue(Desk desk) {
    desk.due().forEach(notifier::send);
  }

  @Override
  public void close() {
    notifier.close();
    server.stop();
  }

  static String productVersion() {
    return IgdServer.class.getModule().getDescriptor().rawVersion().orElse("");
  }

  static InetAddress inetAddress(Ipv4Address address) throws IOException {
    return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(address.bits()).array());
  }
}
