package watari.lab.line;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;

/// Datagrams of one flow to a host that sends each back.
final class Echoes implements AutoCloseable {
  private static final int SILENCE_MILLIS = 1000;
  private static final int BYTES = 100;

  private final DatagramSocket client;
  private final DatagramSocket server;
  private final SocketAddress target;

  /// @param target the address of the host that sends back
  Echoes(Place from, Place to, String target) throws IOException {
    client = from.inside(() -> new DatagramSocket());
    server = to.inside(() -> new DatagramSocket(new InetSocketAddress(target, 0)));
    this.target = server.getLocalSocketAddress();
    client.setSoTimeout(SILENCE_MILLIS);
    Thread.ofVirtual().name("echoes").start(this::sendBack);
  }

  private void sendBack() {
    var packet = new DatagramPacket(new byte[BYTES], BYTES);
    try {
      while (true) {
        server.receive(packet);
        server.send(packet);
      }
    } catch (IOException closed) {
      // It is over.
    }
  }

  /// Sends some and waits until nothing comes any more.
  ///
  /// @return how many came back
  int returned(int count) throws IOException {
    var packet = new DatagramPacket(new byte[BYTES], BYTES);
    packet.setSocketAddress(target);
    for (int i = 0; i < count; i++) {
      client.send(packet);
    }
    int returned = 0;
    try {
      while (returned < count) {
        client.receive(packet);
        returned++;
      }
    } catch (SocketTimeoutException silence) {
      // No more came.
    }
    return returned;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
