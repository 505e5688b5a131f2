package watari.lab.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Crossing;

/// What lies between gateways, relay and hosts: it takes each packet to the one whose address it
/// bears. One thread moves everything, in the same order each time.
final class MemoryNetwork implements AutoCloseable {

  /// Holds what the longest packet of a proof needs, and nobody sends more than a few at once.
  private static final int FRAME_BYTES = 4608;

  private static final int PACKETS_MAX = 16;

  private static final int IPV6_NEXT_HEADER_AT = 6;
  private static final int IPV6_SOURCE_AT = 8;
  private static final int IPV6_TARGET_AT = 24;
  private static final int IPV4_TARGET_AT = 16;
  private static final int IPV4_IN_IPV6 = 4;
  private static final int FRAGMENT = 44;

  private final Batch batch = new Batch(PACKETS_MAX, FRAME_BYTES, Batch.HEADROOM_DEFAULT);
  private final long outgoing = Slab.take(FRAME_BYTES);
  private final List<Processing> all = new ArrayList<>();
  private final Map<Ipv6Address, Processing> byTunnelEnd = new HashMap<>();
  private final Map<Ipv4Address, Host> hosts = new HashMap<>();
  private final Map<Ipv4Address, Processing> routers = new HashMap<>();
  private final Map<String, Long> tunnelled = new TreeMap<>();
  private final List<String> lost = new ArrayList<>();
  private long now;

  /// The doors of one gateway or relay.
  static Memory.Pair doors() {
    return Memory.pair(PACKETS_MAX, FRAME_BYTES);
  }

  /// Puts a gateway or relay on the access network.
  ///
  /// @param doors its own is the left one
  Processing add(Ipv6Address tunnelEnd, Memory.Pair doors, Crossing crossing) {
    var processing = new Processing(doors, crossing);
    all.add(processing);
    byTunnelEnd.put(tunnelEnd, processing);
    return processing;
  }

  /// Joins a host to the gateway or relay that is its router.
  void join(Ipv4Address address, Host host, Processing router) {
    hosts.put(address, host);
    routers.put(address, router);
  }

  /// A host sends a packet, and everything that follows from it happens.
  void send(Ipv4Address from, byte[] packet) throws IOException {
    var router = routers.get(from);
    if (router == null) {
      throw new IllegalArgumentException("there is no host " + from);
    }
    hand(router, packet);
    settle();
  }

  /// Somebody on the access network sends a packet.
  void sendOnAccess(byte[] packet) throws IOException {
    carryIpv6(packet);
    settle();
  }

  /// Packets in a tunnel, whole or in pieces, between two addresses so far.
  long tunnelled(Ipv6Address source, Ipv6Address target) {
    return tunnelled.getOrDefault(source + " → " + target, 0L);
  }

  /// What could not be taken anywhere, and what was no tunnel packet on the access network.
  List<String> lost() {
    return List.copyOf(lost);
  }

  private void settle() throws IOException {
    now++;
    boolean hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      for (var processing : all) {
        hasMoved |= processing.breathe(batch, now) > 0;
        hasMoved |= collect(processing) > 0;
      }
    }
  }

  private int collect(Processing processing) throws IOException {
    int count = processing.doors().right().receive(batch);
    var packets = new ArrayList<byte[]>();
    for (int index = 0; index < count; index++) {
      packets.add(Slab.copy(batch.at(index), batch.length(index)));
    }
    for (var packet : packets) {
      if (packet[0] >> 4 == 6) {
        carryIpv6(packet);
      } else {
        carryIpv4(packet);
      }
    }
    return count;
  }

  private void carryIpv6(byte[] packet) {
    var bytes = ByteBuffer.wrap(packet);
    var source = address(bytes, IPV6_SOURCE_AT);
    var target = address(bytes, IPV6_TARGET_AT);
    int next = bytes.get(IPV6_NEXT_HEADER_AT);
    var there = byTunnelEnd.get(target);
    if (there == null || (next != IPV4_IN_IPV6 && next != FRAGMENT)) {
      lost.add("next header " + next + " from " + source + " to " + target);
      return;
    }
    tunnelled.merge(source + " → " + target, 1L, Long::sum);
    hand(there, packet);
  }

  private static Ipv6Address address(ByteBuffer bytes, int at) {
    return new Ipv6Address(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
  }

  private void carryIpv4(byte[] packet) throws IOException {
    var target = new Ipv4Address(ByteBuffer.wrap(packet).getInt(IPV4_TARGET_AT));
    var host = hosts.get(target);
    var router = routers.get(target);
    if (host == null || router == null) {
      lost.add("an IPv4 packet to " + target);
      return;
    }
    for (var answer : host.hear(Ipv4Reader.read(packet))) {
      hand(router, Ipv4Writer.USUAL.bytes(answer));
    }
  }

  private void hand(Processing to, byte[] packet) {
    Slab.write(outgoing, packet, 0, packet.length);
    if (!to.doors().right().send(outgoing, packet.length)) {
      lost.add("a packet of " + packet.length + " octets that a door did not take");
    }
  }

  @Override
  public void close() {
    all.forEach(Processing::close);
    batch.close();
    Slab.give(outgoing, FRAME_BYTES);
  }
}
