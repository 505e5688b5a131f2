package watari.app.igd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import watari.core.portmap.igd.Notification;

/// Tells subscribers what has changed (UPnP Device Architecture §4.2). What they answer is not
/// read, and who takes too long is left.
final class Notifier implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int REPLY_BYTES_MAX = 4096;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private final Visit visit;

  /// @param address what the notifications come from
  Notifier(InetAddress address, Visit visit) {
    client =
        HttpClient.newBuilder()
            .localAddress(address)
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(PATIENCE)
            .build();
    this.visit = visit;
  }

  /// Tells on a thread of its own, and says at the desk how it went.
  void send(Notification notification) {
    threads.execute(() -> {
      boolean heard = tell(notification);
      try {
        boolean _ = visit.ask(desk -> desk.told(notification.subscription(), heard));
      } catch (IOException _) {
        // the gateway ends, and its subscriptions with it
      }
    });
  }

  private boolean tell(Notification notification) {
    CompletableFuture<HttpResponse<Void>> reply =
        client.sendAsync(
            request(notification),
            BodyHandlers.limiting(BodyHandlers.discarding(), REPLY_BYTES_MAX));
    try {
      return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode() == 200;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } finally {
      reply.cancel(true); // ends the connection of one that still goes on
    }
  }

  static HttpRequest request(Notification notification) {
    return HttpRequest.newBuilder(URI.create(notification.callback()))
        .timeout(PATIENCE)
        .method("NOTIFY", BodyPublishers.ofString(body(notification)))
        .header("Content-Type", "text/xml; charset=\"utf-8\"")
        .header("NT", "upnp:event")
        .header("NTS", "upnp:propchange")
        .header("SID", "uuid:" + notification.subscription())
        .header("SEQ", Long.toString(notification.sequence()))
        .build();
  }

  static String body(Notification notification) {
    return Xml.document(xml ->
        xml.element(
            "e:propertyset",
            set ->
                notification
                    .values()
                    .forEach((name, value) ->
                        set.element("e:property", one -> one.element(name, value))),
            "xmlns:e",
            "urn:schemas-upnp-org:event-1-0"));
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
