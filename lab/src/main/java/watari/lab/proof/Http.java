package watari.lab.proof;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import watari.lab.line.Place;

/// As much of HTTP/1.0 as two of our own ends need; bodies are short or known in length.
final class Http {

  private static final int PATIENCE_MILLISECONDS = 10_000;

  private Http() {}

  /// Asks for a path over a connection that is open, and gives back the body.
  static byte[] ask(Socket connection, String path) throws IOException {
    connection.setSoTimeout(PATIENCE_MILLISECONDS);
    var request = "GET " + path + " HTTP/1.0\r\nHost: lab\r\n\r\n";
    connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
    var answer = connection.getInputStream().readAllBytes();
    var head = new String(answer, StandardCharsets.ISO_8859_1);
    int body = head.indexOf("\r\n\r\n");
    Disproved.unless(
        head.startsWith("HTTP/1.") && head.contains(" 200 ") && body > 0,
        "no HTTP answer came, but '" + head.lines().findFirst().orElse("nothing") + "'");
    return Arrays.copyOfRange(answer, body + 4, answer.length);
  }

  /// Waits for one request and answers with the body.
  ///
  /// @return where the request came from
  static Endpoint answerOnce(ServerSocket server, String body) throws IOException {
    server.setSoTimeout(PATIENCE_MILLISECONDS);
    try (var connection = server.accept()) {
      connection.setSoTimeout(PATIENCE_MILLISECONDS);
      var request = connection.getInputStream();
      var seen = new StringBuilder();
      while (seen.indexOf("\r\n\r\n") < 0) {
        int next = request.read();
        if (next < 0) {
          break;
        }
        seen.append((char) next);
      }
      var answer = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body;
      connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      return Endpoint.of((InetSocketAddress) connection.getRemoteSocketAddress());
    }
  }

  /// The same where no checked failure may pass.
  static Endpoint tryAnswerOnce(ServerSocket server, String body) {
    try {
      return answerOnce(server, body);
    } catch (IOException failed) {
      throw new CompletionException(failed);
    }
  }

  /// A server that may share its port with a client.
  static ServerSocket serve(Place place, Endpoint here) throws IOException {
    return place.inside(() -> {
      var server = new ServerSocket();
      server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      server.bind(here.socketAddress());
      return server;
    });
  }

  /// Opens a connection.
  ///
  /// @param here where from; a port of 0 is any
  static Socket connect(Place place, Endpoint here, Endpoint target) throws IOException {
    var socket =
        place.inside(() -> {
          var made = new Socket();
          made.setOption(StandardSocketOptions.SO_REUSEPORT, true);
          made.bind(here.socketAddress());
          return made;
        });
    try {
      socket.connect(target.socketAddress(), PATIENCE_MILLISECONDS);
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw new IOException("no connection to " + target + ": " + failed.getMessage(), failed);
    }
  }

  static Endpoint here(Socket connection) {
    return Endpoint.of((InetSocketAddress) connection.getLocalSocketAddress());
  }
}
