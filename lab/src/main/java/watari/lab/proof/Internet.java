package watari.lab.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import watari.core.net.Ipv4Address;
import watari.lab.line.Place;
import watari.lab.line.Topology;

/// The host on the Internet: an HTTP server that answers with the address and port it saw the
/// client come from, and UDP ports that do the same.
public final class Internet implements AutoCloseable {

  /// The length of the body of `/large`.
  static final int LARGE = 2 << 20;

  public static final int HTTP_PORT = 80;
  public static final int ECHO_PORT = 9000;

  /// The first of more ports where the HTTP server listens.
  static final int HTTP_MORE_PORT = 8000;

  /// How many there are of each kind, so that many flows need not go to one endpoint.
  public static final int PORTS = 10;

  private static final int BACKLOG = 512;
  private static final long SEED = 7597;

  private final Place place;
  private final List<HttpServer> http = new ArrayList<>();
  private final List<Udp> echoes = new ArrayList<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

  private Internet(Place place) {
    this.place = place;
  }

  static Internet open(Place place) throws IOException {
    var internet = new Internet(place);
    internet.serve(HTTP_PORT);
    for (int index = 0; index < PORTS; index++) {
      internet.serve(HTTP_MORE_PORT + index);
      internet.echo(ECHO_PORT + index);
    }
    return internet;
  }

  Place place() {
    return place;
  }

  public static Endpoint http() {
    return at(HTTP_PORT);
  }

  /// One of several UDP ports that answer with the sender's address and port.
  public static Endpoint echo(long number) {
    return at(ECHO_PORT + (int) (number % PORTS));
  }

  private static Endpoint at(int port) {
    return new Endpoint(Ipv4Address.parse(Topology.INTERNET_IPV4), port);
  }

  /// What `/large` answers.
  static byte[] large() {
    var body = new byte[LARGE];
    new Random(SEED).nextBytes(body);
    return body;
  }

  static String digest(byte[] bytes) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(bytes));
    } catch (NoSuchAlgorithmException absent) {
      throw new AssertionError(absent);
    }
  }

  /// Whether a UDP text ever arrived.
  boolean hasHeard(String text) {
    return heard.contains(text);
  }

  @Override
  public void close() {
    http.forEach(server -> server.stop(0));
    echoes.forEach(Udp::close);
    workers.shutdown();
  }

  private void serve(int port) throws IOException {
    var address = new InetSocketAddress(Topology.INTERNET_IPV4, port);
    var server = place.inside(() -> HttpServer.create(address, BACKLOG));
    server.setExecutor(workers);
    server.createContext("/", Internet::answerWho);
    server.createContext("/large", Internet::answerLarge);
    server.start();
    http.add(server);
  }

  private void echo(int port) throws IOException {
    var socket = Udp.open(place, Topology.INTERNET_IPV4, port);
    echoes.add(socket);
    Thread.ofVirtual().name("echo-" + port).start(() -> answerAll(socket));
  }

  private void answerAll(Udp socket) {
    try {
      while (true) {
        answer(socket);
      }
    } catch (IOException closed) {
      // The Internet is closing, and this was its last packet.
    }
  }

  private void answer(Udp socket) throws IOException {
    var packet = socket.hear();
    if (packet != null) {
      heard.add(packet.text());
      reply(socket, packet.from());
    }
  }

  /// Somebody who forged his address may have no way back; that is no reason to stop.
  private static void reply(Udp socket, Endpoint to) {
    try {
      socket.say(to.toString(), to);
    } catch (IOException unreachable) {
      // Whoever it was waits for nothing.
    }
  }

  private static void answerWho(HttpExchange exchange) throws IOException {
    var who = Endpoint.of(exchange.getRemoteAddress()) + "\n";
    send(exchange, who.getBytes(StandardCharsets.US_ASCII));
  }

  private static void answerLarge(HttpExchange exchange) throws IOException {
    send(exchange, large());
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
