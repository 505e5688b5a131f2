package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import watari.core.nat.Filtering;
import watari.core.nat.Forward;
import watari.core.nat.Holding;
import watari.core.nat.HostLimits;
import watari.core.nat.HostUse;
import watari.core.nat.NatDraft;
import watari.core.nat.NatSettings;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.path.FragmentSettings;
import watari.core.path.Gateway;
import watari.core.path.GatewaySettings;
import watari.core.path.Manners;
import watari.core.path.Outbox;
import watari.core.path.Routing;
import watari.core.path.TunnelSettings;
import watari.core.rule.Confidence;
import watari.core.rule.Identity;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;
import watari.core.rule.MapRule;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.verdict.Drop;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;

/// A gateway with all that hosts can ask of it, whose every step is looked at: nothing leaves that
/// is not from an address and port of the home, and no table grows beyond its bound.
final class Household implements AutoCloseable {
  static final int HOSTS = 4;

  private static final int SESSIONS_MAX = 64;
  private static final int HOST_SESSIONS_MAX = 24;
  private static final int HOSTS_SEEN_MAX = 1025;
  private static final int EVENTS_MAX = 4096;
  private static final int BYTES_MAX = 65_600;
  private static final int HEADROOM = 64;
  private static final long ROOM = Slab.take(HEADROOM + BYTES_MAX) + HEADROOM;
  private static final Ipv4Prefix HOME = Ipv4Prefix.parse("192.168.1.0/24");
  private static final Ipv4Address ADDRESS = Ipv4Address.parse("192.168.1.1");
  private static final Ipv6Address RELAY = Ipv6Address.parse("2001:db8:ffff::1");
  private static final Randomness RANDOMNESS = new Randomness(1, 2);

  private final List<byte[]> toLine = new ArrayList<>();
  private final List<byte[]> toHome = new ArrayList<>();
  private final Leases leases;
  private final PortControl server;
  private Identity identity;
  private Gateway gateway;
  private long now = 1_000_000;
  private long in;
  private int sent;
  private byte[] lastToLine = new byte[0];

  /// @param octet how much of an address the home has, mostly a set of ports: a whole address takes
  ///   much longer to make
  /// @param manners bits of what the translator is told
  Household(int octet, int manners) {
    int mode = mode(octet);
    identity = identity(mode);
    gateway =
        new Gateway(
            settings(mode, manners), keep(toHome), keep(toLine), Arena.ofAuto(), RANDOMNESS);
    leases = new Leases(gateway.napt(), LeaseLimits.DEFAULT);
    server = new PortControl(leases, new PortControlSettings(true, true, List.of(HOME)), now);
  }

  private static int mode(int octet) {
    return octet % 16 < 14 ? octet % 2 : octet % 4;
  }

  private static Outbox keep(List<byte[]> place) {
    return (at, length) -> place.add(Slab.copy(at, length));
  }

  @Override
  public void close() {
    gateway.close();
  }

  PortSet ports() {
    return identity.ports();
  }

  /// Packets that left, either way.
  int sent() {
    return sent;
  }

  /// Leases that there are now.
  int leased() {
    return leases.all().size();
  }

  /// The IPv4 packet that left last; empty where none has.
  byte[] lastToLine() {
    return lastToLine;
  }

  static Ipv4Address host(int number) {
    return new Ipv4Address(Home.ANNA.bits() + number % HOSTS);
  }

  /// A shared address, the same with another set and mesh peers, an address and a prefix of its
  /// own.
  private static MapDomain domain(int mode) {
    var rule =
        new MapRule(
            Ipv6Prefix.parse("2001:db8::/40"),
            Ipv4Prefix.parse("192.0.2.0/24"),
            List.of(16, 16, 8, 4).get(mode),
            6,
            Psid.NONE,
            Layout.RFC7597);
    return new MapDomain("household", RELAY, mode == 1, Confidence.SEEN, List.of(rule));
  }

  private static Identity identity(int mode) {
    var prefix =
        Ipv6Prefix.parse(
            List.of(
                    "2001:db8:12:3400::/56",
                    "2001:db8:12:3500::/56",
                    "2001:db8:12::/48",
                    "2001:db8:10::/44")
                .get(mode));
    return domain(mode).basicRule(prefix).orElseThrow().identity(prefix);
  }

  private static GatewaySettings settings(int mode, int manners) {
    Identity identity = identity(mode);
    return new GatewaySettings(
        identity,
        domain(mode),
        new TunnelSettings(1500),
        List.of(HOME),
        ADDRESS,
        nat(identity.ports(), manners),
        Manners.DEFAULT,
        new FragmentSettings(2 << 20, (manners & 1) != 0),
        (manners & 2) != 0 ? Routing.OURS : Routing.KERNEL);
  }

  private static NatSettings nat(PortSet ports, int manners) {
    var nat = new NatDraft(NatSettings.adaptive(ports, SESSIONS_MAX));
    nat.reservePercent = (manners & 4) != 0 ? 0 : 90;
    nat.hosts = new HostLimits(50, HOST_SESSIONS_MAX, 1000);
    nat.udpFiltering = filtering((manners & 8) != 0);
    nat.tcpFiltering = filtering((manners & 16) != 0);
    nat.pickup = (manners & 128) != 0 ? Pickup.ALWAYS : Pickup.AFTER_START;
    if ((manners & 32) != 0) {
      int outer = ports.port(5);
      nat.forwards = List.of(new Forward(Protocol.TCP, outer, host(0), 8080));
    }
    nat.dmz = (manners & 64) != 0 ? Optional.of(host(1)) : Optional.empty();
    return nat.settings();
  }

  private static Filtering filtering(boolean isOpen) {
    return isOpen ? Filtering.ENDPOINT_INDEPENDENT : Filtering.ADDRESS_DEPENDENT;
  }

  void fromHome(byte[] packet) {
    gateway.outbound(write(packet), packet.length, now);
    in++;
    inspect();
  }

  void fromLine(byte[] packet) {
    gateway.inbound(write(packet), packet.length, now);
    in++;
    inspect();
  }

  /// An IPv4 packet that the relay has put into the tunnel.
  void fromRelay(byte[] inner) {
    var outer = ByteBuffer.allocate(40 + inner.length);
    outer.putInt(0x6000_0000).putShort((short) inner.length).put((byte) 4).put((byte) 64);
    outer.putLong(RELAY.high()).putLong(RELAY.low());
    outer.putLong(identity.mapAddress().high()).putLong(identity.mapAddress().low());
    fromLine(outer.put(inner).array());
  }

  private static long write(byte[] packet) {
    Slab.write(ROOM, packet, 0, Math.min(packet.length, BYTES_MAX));
    return ROOM;
  }

  void pass(int seconds) {
    now += 1000L * seconds;
    gateway.tick(now);
    leases.expire(now);
    inspect();
  }

  /// As the product does on `reload`.
  void become(int octet, int manners) {
    int mode = mode(octet);
    int before = leases.outerAddress();
    gateway = gateway.next(settings(mode, manners), RANDOMNESS, now);
    identity = identity(mode);
    server.moved(before, leases.moveTo(gateway.napt(), now), now);
    inspect();
  }

  /// A datagram of a host to the port of PCP and NAT-PMP.
  void ask(int host, byte[] request) {
    int address = host(host).bits();
    int had = leased(address);
    server.receive(request, address, now);
    int mayHave = LeaseLimits.DEFAULT.portsPerHost(ports());
    assertThat(leased(address))
        .as("leased by one host")
        .isLessThanOrEqualTo(Math.max(had, mayHave));
    inspect();
  }

  private int leased(int address) {
    return leases.ofHost(address).stream().mapToInt(Lease::size).sum();
  }

  void isGone(int host) {
    leases.deleteHost(host(host).bits(), now);
    inspect();
  }

  private void inspect() {
    sent += toLine.size() + toHome.size();
    toLine.forEach(this::inspectToLine);
    toHome.forEach(this::inspectToHome);
    toLine.clear();
    toHome.clear();
    inspectTables();
    inspectLeases();
  }

  private void inspectToLine(byte[] packet) {
    var outer = ByteBuffer.wrap(packet);
    var source = new Ipv6Address(outer.getLong(8), outer.getLong(16));
    assertThat(source).as("the outer source").isEqualTo(identity.mapAddress());
    boolean isFirst = packet[6] == 44 && (outer.getShort(42) & 0xfff8) == 0;
    if (packet[6] == 4 || (isFirst && packet[40] == 4)) {
      byte[] inner = Arrays.copyOfRange(packet, packet[6] == 4 ? 40 : 48, packet.length);
      inspectInner(inner);
      lastToLine = inner;
    }
  }

  private void inspectInner(byte[] inner) {
    var address = new Ipv4Address(ByteBuffer.wrap(inner).getInt(12));
    assertThat(identity.ipv4().contains(address.bits())).as("from %s", address).isTrue();
    int port = sourcePort(inner);
    if (identity.isShared() || port >= 0) {
      assertThat(ports().contains(port)).as("from port %d", port).isTrue();
    }
  }

  /// Also of a query, and of what an error is about; -1 where there is none.
  private static int sourcePort(byte[] packet) {
    int transport = (packet[0] & 0xf) * 4;
    return switch (packet[9]) {
      case Protocol.TCP, Protocol.UDP -> number(packet, transport);
      case Protocol.ICMP -> icmpPort(packet, transport);
      default -> -1;
    };
  }

  private static int icmpPort(byte[] packet, int icmp) {
    int type = packet[icmp];
    if (type != 3 && type != 11 && type != 12) {
      return number(packet, icmp + 4);
    }
    int quote = icmp + 8;
    int quoted = quote + (packet[quote] & 0xf) * 4;
    return switch (packet[quote + 9]) {
      case Protocol.TCP, Protocol.UDP -> number(packet, quoted + 2);
      case Protocol.ICMP -> number(packet, quoted + 4);
      default -> -1;
    };
  }

  private static int number(byte[] packet, int at) {
    return ByteBuffer.wrap(packet).getShort(at) & 0xffff;
  }

  private void inspectToHome(byte[] packet) {
    var bytes = ByteBuffer.wrap(packet);
    assertThat(packet[0] >> 4).as("IPv4").isEqualTo(4);
    var target = new Ipv4Address(bytes.getInt(16));
    boolean isHome = HOME.contains(target.bits());
    boolean isRouted = !identity.isShared() && identity.ipv4().contains(target.bits());
    assertThat(isHome || isRouted).as("to %s", target).isTrue();
  }

  private void inspectTables() {
    var napt = gateway.napt();
    assertThat(gateway.outboundTally().received() + gateway.inboundTally().received())
        .isEqualTo(in);
    assertThat(gateway.outboundTally().packets(Drop.EGRESS_GUARD))
        .as("what only the guard kept from leaving")
        .isZero();
    assertThat(napt.sessions()).isBetween(0, SESSIONS_MAX);
    assertThat(gateway.events().entries().size()).isLessThanOrEqualTo(EVENTS_MAX);
    List<HostUse> hosts = napt.hosts();
    assertThat(hosts.size()).isLessThanOrEqualTo(HOSTS_SEEN_MAX);
    for (HostUse host : hosts) {
      assertThat(host.begun()).as("begun by %s", host).isBetween(0, HOST_SESSIONS_MAX);
      assertThat(host.heard()).as("heard by %s", host).isBetween(0, HOST_SESSIONS_MAX);
    }
    for (int protocol : new int[] {Protocol.TCP, Protocol.UDP, Protocol.ICMP}) {
      int held = napt.heldPorts(protocol);
      assertThat(napt.freePorts(protocol) + held + napt.sharedPorts(protocol))
          .isBetween(0, ports().size());
      assertThat(held).as("ports that rest").isLessThanOrEqualTo(ports().size() / 4);
    }
  }

  private void inspectLeases() {
    assertThat(leases.all().size()).isLessThanOrEqualTo(LeaseLimits.DEFAULT.leasesMax());
    Set<Integer> taken = new HashSet<>();
    for (Lease lease : leases.all()) {
      for (int i = 0; i < lease.size(); i++) {
        int port = lease.outerPort() + i;
        assertThat(ports().contains(port)).as("leased %d", port).isTrue();
        assertThat(taken.add(lease.protocol() << 16 | port)).as("leased once %d", port).isTrue();
        Optional<Holding> holder = leases.holder(lease.protocol(), port, now);
        assertThat(holder.map(Holding::insideAddress)).contains(lease.inside().address());
        assertThat(holder.map(Holding::insidePort)).contains(lease.inside().port() + i);
      }
    }
  }
}
