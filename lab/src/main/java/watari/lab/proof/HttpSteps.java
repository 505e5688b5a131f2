package watari.lab.proof;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import watari.lab.line.Place;
import watari.lab.line.Subscriber;

/// What is shown with HTTP, and so with TCP.
final class HttpSteps {

  private static final int SERVER_PORT = 8080;
  private static final int CONNECT_MILLISECONDS = 10_000;

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
    try (var connection = connect(stage.home(subscriber), 0, Internet.http())) {
      var here = Endpoint.of((InetSocketAddress) connection.getLocalSocketAddress());
      var body = new String(Http.ask(connection, "/"), StandardCharsets.US_ASCII);
      return cross(here, Endpoint.parse(body), subscriber, "own client");
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
    try (var connection = connect(stage.home(subscriber), 0, Internet.http())) {
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
    try (var server = serve(home, subscriber.homeAddress());
        var holder = connect(home, SERVER_PORT, Internet.http())) {
      var seen =
          Endpoint.parse(new String(Http.ask(holder, "/"), StandardCharsets.US_ASCII))
              .demandOwnedBy(subscriber);
      var text = "hello from " + subscriber.home();
      var answered = CompletableFuture.supplyAsync(() -> answer(server, text));
      try (var visitor = connect(stage.internet().place(), 0, seen)) {
        var body = new String(Http.ask(visitor, "/"), StandardCharsets.UTF_8);
        Disproved.unless(body.equals(text), "the server at home said '" + body + "'");
      }
      return Outcome.shown(
          answered.join() + " → " + seen + " → " + subscriber.homeAddress() + ":" + SERVER_PORT);
    } catch (CompletionException failed) {
      throw new IOException("the server at home saw nothing: " + failed.getCause(), failed);
    }
  }

  private static Endpoint answer(ServerSocket server, String text) {
    try {
      return Http.answerOnce(server, text);
    } catch (IOException failed) {
      throw new CompletionException(failed);
    }
  }

  /// Server and client share the port, so that the mapping of one serves the other.
  private static ServerSocket serve(Place place, String address) throws IOException {
    return place.inside(() -> {
      var server = new ServerSocket();
      server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      server.bind(new InetSocketAddress(address, SERVER_PORT));
      return server;
    });
  }

  private static Socket connect(Place place, int port, Endpoint target) throws IOException {
    var socket =
        place.inside(() -> {
          var made = new Socket();
          made.setOption(StandardSocketOptions.SO_REUSEPORT, true);
          made.bind(new InetSocketAddress("0.0.0.0", port));
          return made;
        });
    try {
      socket.connect(target.socketAddress(), CONNECT_MILLISECONDS);
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw new IOException("no connection to " + target + ": " + failed.getMessage(), failed);
    }
  }
}
