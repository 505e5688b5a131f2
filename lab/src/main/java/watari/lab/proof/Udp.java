package watari.lab.proof;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import watari.lab.line.Place;

/// A UDP socket of one host, speaking short texts.
public final class Udp implements AutoCloseable {

  private static final int TRIES = 4;
  private static final int PATIENCE_MILLISECONDS = 1_000;

  private final DatagramSocket socket;

  private Udp(DatagramSocket socket) {
    this.socket = socket;
  }

  /// Binds a socket at a host.
  ///
  /// @param port 0 for any
  public static Udp open(Place place, String address, int port) throws IOException {
    var socket =
        place.inside(
            () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port)));
    socket.setSoTimeout(PATIENCE_MILLISECONDS);
    return new Udp(socket);
  }

  /// A text and where it came from.
  public record Heard(String text, Endpoint from) {}

  public void say(String text, Endpoint target) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, target.socketAddress()));
  }

  /// The next text, or null when none comes within a second.
  public @Nullable Heard hear() throws IOException {
    var packet = new DatagramPacket(new byte[2048], 2048);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException silence) {
      return null;
    }
    var text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    return new Heard(text, Endpoint.of((InetSocketAddress) packet.getSocketAddress()));
  }

  /// Says something until an answer comes: UDP may lose the first packets of a flow.
  public Heard ask(String text, Endpoint target) throws IOException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      say(text, target);
      var heard = hear();
      if (heard != null) {
        return heard;
      }
    }
    Disproved.unless(false, "no answer came from " + target + " over UDP");
    throw new AssertionError();
  }

  /// Own address and port.
  public Endpoint here() {
    return Endpoint.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Override
  public void close() {
    socket.close();
  }
}
