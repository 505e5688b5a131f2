package watari.lab.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import watari.core.net.Ipv4Address;
import watari.lab.line.Subscriber;

/// What is shown with HTTP, and so with TCP.
final class HttpSteps {

  private static final int SERVER_PORT = 8080;

  private static final Endpoint ANY = new Endpoint(new Ipv4Address(0), 0);

  private HttpSteps() {}

  /// A page, fetched by `curl` if there is one, says where the request seemed to come from.
  static Outcome outwards(Stage stage, Subscriber subscriber) throws IOException {
    return Programs.has("curl") ? byCurl(stage, subscriber) : byHand(stage, subscriber);
  }

  private static Outcome byCurl(Stage stage, Subscriber subscriber) throws IOException {
    var finished =
        stage.run(
            subscriber,
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            "10",
            "--write-out",
            "%{local_ip}:%{local_port}",
            "http://" + Internet.http().address() + "/");
    Disproved.unless(finished.exit() == 0, finished.output().strip());
    var lines = finished.output().lines().toList();
    Disproved.unless(lines.size() == 2, "curl printed '" + finished.output().strip() + "'");
    return cross(Endpoint.parse(lines.get(1)), Endpoint.parse(lines.get(0)), subscriber, "curl");
  }

  private static Outcome byHand(Stage stage, Subscriber subscriber) throws IOException {
    try (var connection = Http.connect(stage.home(subscriber), ANY, Internet.http())) {
      var body = new String(Http.ask(connection, "/"), StandardCharsets.US_ASCII);
      return cross(Http.here(connection), Endpoint.parse(body), subscriber, "own client");
    }
  }

  private static Outcome cross(Endpoint here, Endpoint seen, Subscriber subscriber, String program)
      throws Disproved {
    seen.demandOwnedBy(subscriber);
    return Outcome.shown(here + " → " + seen + " → " + Internet.http() + " (" + program + ")");
  }

  /// Segments as large as the line carries, so the MSS must fit it.
  static Outcome large(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    try (var connection = Http.connect(stage.home(subscriber), ANY, Internet.http())) {
      var body = Http.ask(connection, "/large");
      Disproved.unless(
          Internet.digest(body).equals(Internet.digest(Internet.large())),
          "the " + body.length + " bytes that came are not the " + Internet.LARGE + " sent");
      return Outcome.shown(body.length + " bytes, the same SHA-256 at both ends");
    }
  }

  /// A home that has written to somebody holds a port, and this somebody may open a connection to
  /// it: the mapping is endpoint-independent, the filter address-dependent.
  static Outcome inwards(Stage stage) throws IOException {
    var subscriber = stage.subscriber(1);
    var home = stage.home(subscriber);
    var inside = new Endpoint(Ipv4Address.parse(subscriber.homeAddress()), SERVER_PORT);
    try (var server = Http.serve(home, inside);
        var holder = Http.connect(home, inside, Internet.http())) {
      var seen =
          Endpoint.parse(new String(Http.ask(holder, "/"), StandardCharsets.US_ASCII))
              .demandOwnedBy(subscriber);
      var text = "hello from " + subscriber.home();
      var answered = CompletableFuture.supplyAsync(() -> Http.tryAnswerOnce(server, text));
      try (var visitor = Http.connect(stage.internet().place(), ANY, seen)) {
        var body = new String(Http.ask(visitor, "/"), StandardCharsets.UTF_8);
        Disproved.unless(body.equals(text), "the server at home said '" + body + "'");
      }
      return Outcome.shown(answered.join() + " → " + seen + " → " + inside);
    } catch (CompletionException failed) {
      throw new IOException("the server at home saw nothing: " + failed.getCause(), failed);
    }
  }
}
