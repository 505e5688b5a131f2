package watari.lab.household;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import watari.lab.line.Place;

/// An HTTP server that answers nobody before a whole crowd has asked, so that all its connections
/// are open at the same time. It says where it saw each come from.
final class CrowdServer implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch missing;

  private CrowdServer(int crowd) {
    missing = new CountDownLatch(crowd);
  }

  /// Listens at every address of a host.
  static CrowdServer open(Place place, int crowd, List<Integer> ports) throws IOException {
    var crowdServer = new CrowdServer(crowd);
    for (int port : ports) {
      var address = new InetSocketAddress(port);
      var server = place.inside(() -> HttpServer.create(address, BACKLOG));
      server.setExecutor(crowdServer.workers);
      server.createContext("/", crowdServer::answer);
      server.start();
      crowdServer.servers.add(server);
    }
    return crowdServer;
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    workers.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      missing.countDown();
      boolean together = missing.await(Neighbourhood.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      var who = exchange.getRemoteAddress();
      var answer = "<" + who.getAddress().getHostAddress() + ":" + who.getPort() + ">";
      var body = answer.getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(together ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }
}
