package watari.host.service;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Notice;
import watari.core.portmap.PortControl;

/// The socket and the thread of [PortControl], at one address of the home.
///
/// The socket has that address and no other, so that nothing to another address of the gateway
/// comes here and every answer comes from it. One request is in work at a time; when there are more
/// than the owner's thread can answer, the kernel drops them.
public final class PortControlService implements AutoCloseable {
  /// Beyond these the gateway's packets would feel it (RFC 6887 §8.2).
  private static final int REQUESTS_PER_SECOND_MAX = 5000;

  private static final int NOTICES_AT_ONCE_MAX = 32;
  private static final int RECEIVE_BUFFER_BYTES = 65_536;
  private static final int ANSWER_MILLIS_MAX = 1000;

  /// So soon something new to be said is found.
  private static final long IDLE_MILLIS_MAX = 250;

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// Computes something on the thread that owns the server, as [watari.host.engine.Worker#ask]
  /// does.
  @FunctionalInterface
  public interface Owner {
    /// Computes it soon, between other work.
    <T> CompletableFuture<T> ask(Supplier<T> question);
  }

  private final Ipv4Address address;
  private final PortControl server;
  private final Owner owner;
  private final LongSupplier millis;
  private final Thread thread;
  private volatile boolean isStopping;
  private volatile Optional<String> problem = Optional.empty();
  private long second;
  private int requests;

  private PortControlService(
      Ipv4Address address, PortControl server, Owner owner, LongSupplier millis) {
    this.address = address;
    this.server = server;
    this.owner = owner;
    this.millis = millis;
    thread = Thread.ofVirtual().name("port-control").unstarted(this::run);
  }

  /// Begins to answer, or to try until the address is there.
  ///
  /// @param address of the gateway at home
  /// @param server touched on the owner's thread only
  /// @param millis the clock of the server
  public static PortControlService start(
      Ipv4Address address, PortControl server, Owner owner, LongSupplier millis) {
    var service = new PortControlService(address, server, owner, millis);
    service.thread.start();
    return service;
  }

  /// Why nobody is answered now, as one sentence.
  public Optional<String> problem() {
    return problem;
  }

  private void run() {
    while (!isStopping) {
      try (var socket = open()) {
        problem = Optional.empty();
        serve(socket);
      } catch (IOException failed) {
        problem = Optional.of(sentence(failed));
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private String sentence(IOException failed) {
    return "PCP and NAT-PMP are not answered at "
        + address
        + " port "
        + PortControl.SERVER_PORT
        + ": "
        + failed.getMessage()
        + "; put the address on an interface of this machine, and stop what else answers there";
  }

  private DatagramSocket open() throws IOException {
    InetAddress local = inetAddress(address.bits());
    NetworkInterface home = interfaceOf(local);
    var socket = new DatagramSocket(new InetSocketAddress(local, PortControl.SERVER_PORT));
    socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, home);
    socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    return socket;
  }

  /// Every address of 127.0.0.0/8 is there, though the interface names only one.
  private static NetworkInterface interfaceOf(InetAddress local) throws IOException {
    InetAddress named = local.isLoopbackAddress() ? InetAddress.getLoopbackAddress() : local;
    NetworkInterface home = NetworkInterface.getByInetAddress(named);
    if (home == null) {
      throw new IOException("no interface has the address");
    }
    return home;
  }

  private void serve(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[PortControl.PACKET_BYTES_MAX], 0);
    long wakeAt = 0;
    while (!isStopping) {
      boolean isRequest = receive(socket, packet, wakeAt);
      if (isRequest && isTooMuch()) {
        continue;
      }
      Turn turn = ask(isRequest ? Optional.of(request(packet)) : Optional.empty());
      turn.replies.forEach(reply -> send(socket, reply, packet.getSocketAddress()));
      turn.notices.forEach(notice -> say(socket, notice));
      wakeAt = turn.wakeAt;
    }
  }

  private boolean receive(DatagramSocket socket, DatagramPacket packet, long wakeAt)
      throws IOException {
    long pause = Math.clamp(wakeAt - millis.getAsLong(), 1, IDLE_MILLIS_MAX);
    socket.setSoTimeout((int) pause);
    packet.setLength(PortControl.PACKET_BYTES_MAX);
    try {
      socket.receive(packet);
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private boolean isTooMuch() {
    long now = millis.getAsLong() / 1000;
    requests = now == second ? requests + 1 : 1;
    second = now;
    return requests > REQUESTS_PER_SECOND_MAX;
  }

  /// A datagram and the address it came from.
  private static final class Request {
    private final byte[] bytes;
    private final int source;

    Request(byte[] bytes, int source) {
      this.bytes = bytes;
      this.source = source;
    }
  }

  private static Request request(DatagramPacket packet) {
    byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
    return new Request(bytes, ByteBuffer.wrap(packet.getAddress().getAddress()).getInt());
  }

  /// What the owner's thread has made of a request, of the time, or of both.
  private record Turn(List<byte[]> replies, List<Notice> notices, long wakeAt) {

    /// The owner does not answer.
    static final Turn NOTHING = new Turn(List.of(), List.of(), Long.MAX_VALUE);
  }

  private Turn ask(Optional<Request> request) {
    try {
      return owner.ask(() -> turn(request)).get(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      isStopping = true;
    } catch (ExecutionException | TimeoutException _) {
      // whoever asked asks again
    }
    return Turn.NOTHING;
  }

  private Turn turn(Optional<Request> request) {
    long now = millis.getAsLong();
    List<byte[]> replies =
        request.map(it -> server.receive(it.bytes, it.source, now)).orElse(List.of());
    var notices = new ArrayList<Notice>();
    Optional<Notice> notice = server.next(now);
    while (notice.isPresent()) {
      notices.add(notice.get());
      notice = notices.size() < NOTICES_AT_ONCE_MAX ? server.next(now) : Optional.empty();
    }
    return new Turn(replies, notices, server.wakeAt());
  }

  private static void say(DatagramSocket socket, Notice notice) {
    try {
      var target = new InetSocketAddress(inetAddress(notice.target()), PortControl.CLIENT_PORT);
      send(socket, notice.bytes(), target);
    } catch (IOException _) {
      // four bytes are always an address
    }
  }

  private static void send(DatagramSocket socket, byte[] bytes, SocketAddress target) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, target));
    } catch (IOException _) {
      // a host that has gone, or a link that is down: it asks again
    }
  }

  private static InetAddress inetAddress(int bits) throws IOException {
    return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
  }

  /// Ends soon; nobody is told, as what has been given stays until its time is over.
  @Override
  public void close() {
    isStopping = true;
    thread.interrupt(); // it may wait for a datagram, for the owner, or for its next try
    try {
      thread.join(ANSWER_MILLIS_MAX);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
