package watari.lab.proof;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import watari.core.net.Ipv4Address;
import watari.lab.line.Line;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What is shown with a forward: a port of the set that always leads to a server at home.
public final class ForwardSteps {

  private static final int SERVER_PORT = 8081;

  private ForwardSteps() {}

  /// Adds the forward to the file of the first home's gateway, before that is started.
  public static void configure(Line line) throws IOException {
    var one = line.topology().subscriber(1);
    line.configure(
        one,
        """
        forwards:
          - {name: web, protocol: tcp, port: %d, to: %s, toPort: %d}
        """
            .formatted(door(one).port(), one.homeAddress(), SERVER_PORT));
  }

  private static Endpoint door(Subscriber one) {
    return new Endpoint(one.ipv4(), one.ports().getFirst());
  }

  /// Somebody to whom nobody at home has ever written.
  static Outcome strangerReachesIt(Stage stage) throws IOException {
    var one = stage.subscriber(1);
    var stranger = new Endpoint(Ipv4Address.parse(Topology.STRANGER_IPV4), 0);
    try (var server = serve(stage, one);
        var visitor = Http.connect(stage.internet().place(), stranger, door(one))) {
      var seen = visit(server, visitor);
      Disproved.unless(
          seen.address().equals(stranger.address()), "the server at home was visited by " + seen);
      return Outcome.shown(seen + " → " + door(one) + " → " + inside(one));
    }
  }

  /// A host at home uses the address that its owner gives to friends, and is seen as they would see
  /// it (RFC 4787 REQ-9).
  static Outcome homeReachesIt(Stage stage) throws IOException {
    var one = stage.subscriber(1);
    var here = new Endpoint(inside(one).address(), 0);
    try (var server = serve(stage, one);
        var visitor = Http.connect(stage.home(one), here, door(one))) {
      var seen = visit(server, visitor).demandOwnedBy(one);
      return Outcome.shown(
          Http.here(visitor) + " → " + seen + " → " + door(one) + " → " + inside(one));
    }
  }

  private static Endpoint inside(Subscriber one) {
    return new Endpoint(Ipv4Address.parse(one.homeAddress()), SERVER_PORT);
  }

  private static ServerSocket serve(Stage stage, Subscriber one) throws IOException {
    return Http.serve(stage.home(one), inside(one));
  }

  /// @return who the server at home says that its visitor was
  private static Endpoint visit(ServerSocket server, Socket visitor) throws IOException {
    var text = "hello from the forward";
    var answered = CompletableFuture.supplyAsync(() -> Http.tryAnswerOnce(server, text));
    var body = new String(Http.ask(visitor, "/"), StandardCharsets.UTF_8);
    Disproved.unless(body.equals(text), "the server at home said '" + body + "'");
    return answered.join();
  }
}
