package watari.host.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.portmap.igd.Datagram;
import watari.core.portmap.igd.Discovery;

/// The sockets and the thread of [Discovery], on one interface of the home.
///
/// One socket has the group's address and joins it on that interface only, so the kernel gives it
/// nothing that came another way; one has the gateway's own address there, from which everything is
/// sent.
public final class DiscoveryService implements AutoCloseable {
  private static final int MESSAGE_BYTES_MAX = 2048;

  /// Two hops, as UPnP wants it (UDA 1.1 §1.1), though nobody here routes the group.
  private static final int HOPS = 2;

  private static final long FAREWELL_MILLIS_MAX = 2000;

  private final Selector selector;
  private final DatagramChannel group;
  private final DatagramChannel own;
  private final Discovery discovery;
  private final LongSupplier millis;
  private final Ipv4Address address;
  private final NetworkInterface home;
  private final Thread thread;
  private volatile boolean isStopping;

  private DiscoveryService(
      Selector selector,
      DatagramChannel group,
      DatagramChannel own,
      Ipv4Address address,
      NetworkInterface home,
      Discovery discovery,
      LongSupplier millis) {
    this.selector = selector;
    this.group = group;
    this.own = own;
    this.address = address;
    this.home = home;
    this.discovery = discovery;
    this.millis = millis;
    thread = Thread.ofPlatform().daemon().name("discovery").unstarted(this::run);
  }

  /// Begins to announce and to answer.
  ///
  /// @param address of the gateway at home; its interface is the one that is served
  /// @param discovery makes the machine when the sockets are there, at a time of `millis`
  /// @param millis a clock that only goes forward
  /// @throws IOException when there is no such interface, or port 1900 cannot be had
  public static DiscoveryService open(
      Ipv4Address address, LongFunction<Discovery> discovery, LongSupplier millis)
      throws IOException {
    InetAddress local = inetAddress(address.bits());
    NetworkInterface home = interfaceOf(address);
    if (home == null) {
      throw new IOException(
          "no interface has the address " + address + ", so UPnP has none to answer on");
    }
    Selector selector = Selector.open();
    DatagramChannel group = DatagramChannel.open(StandardProtocolFamily.INET);
    DatagramChannel own = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      InetAddress target = inetAddress(Discovery.GROUP);
      bind(group, target);
      group.join(target, home);
      bind(own, local);
      own.setOption(StandardSocketOptions.IP_MULTICAST_IF, home);
      own.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
      group.register(selector, SelectionKey.OP_READ);
      own.register(selector, SelectionKey.OP_READ);
      var machine = discovery.apply(millis.getAsLong());
      var service = new DiscoveryService(selector, group, own, address, home, machine, millis);
      service.thread.start();
      return service;
    } catch (IOException e) {
      close(selector, group, own);
      throw new IOException("cannot answer searches of UPnP at " + address + ": " + e, e);
    }
  }

  /// Others on this machine may serve the group too.
  private static void bind(DatagramChannel channel, InetAddress address) throws IOException {
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.bind(new InetSocketAddress(address, Discovery.PORT));
  }

  private void run() {
    try {
      while (!isStopping) {
        send(discovery.due(millis.getAsLong()));
        long pause = discovery.wakeAt() - millis.getAsLong();
        if (pause > 0) {
          selector.select(pause);
        }
        selector.selectedKeys().clear();
        receive(group);
        receive(own);
      }
      send(discovery.farewell());
    } catch (IOException | ClosedSelectorException _) {
      // closed from outside, or the machine has no sockets any more; there is nobody to tell
    }
  }

  private void receive(DatagramChannel channel) throws IOException {
    var buffer = ByteBuffer.allocate(MESSAGE_BYTES_MAX);
    while (channel.receive(buffer) instanceof InetSocketAddress source) {
      buffer.flip();
      String message = StandardCharsets.ISO_8859_1.decode(buffer).toString();
      int address = ByteBuffer.wrap(source.getAddress().getAddress()).getInt();
      discovery.receive(message, address, source.getPort(), millis.getAsLong());
      buffer.clear();
    }
  }

  private void send(Iterable<Datagram> datagrams) {
    for (Datagram datagram : datagrams) {
      try {
        var target = new InetSocketAddress(inetAddress(datagram.address()), datagram.port());
        own.send(StandardCharsets.ISO_8859_1.encode(datagram.text()), target);
      } catch (IOException _) {
        // a host that has gone, or a link that is down: the next announcement may pass
      }
    }
  }

  private static InetAddress inetAddress(int bits) throws IOException {
    return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
  }

  private static void close(Selector selector, DatagramChannel group, DatagramChannel own)
      throws IOException {
    selector.close();
    group.close();
    own.close();
  }

  private static @Nullable NetworkInterface interfaceOf(Ipv4Address address) throws IOException {
    return NetworkInterface.getByInetAddress(inetAddress(address.bits()));
  }

  /// Whether it serves no more: its thread has ended, or the address is on another interface.
  public boolean isOver() throws IOException {
    return !thread.isAlive() || !home.equals(interfaceOf(address));
  }

  /// Takes back what was announced, and ends.
  @Override
  public void close() throws IOException {
    isStopping = true;
    selector.wakeup();
    try {
      thread.join(FAREWELL_MILLIS_MAX);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    close(selector, group, own);
  }
}
