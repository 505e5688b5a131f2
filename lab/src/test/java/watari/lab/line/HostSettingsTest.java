package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv6Address;
import watari.core.wire.Checksum;
import watari.lab.NeedsNamespaces;

/// The machine was set up by somebody else: what works all the same, and what is left alone.
@NeedsNamespaces(programs = {"ping", "sysctl"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostSettingsTest {
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final String GATEWAY = "gateway1";
  private static final String MAP_ADDRESS = "2001:db8:12:3400:0:c000:212:34";
  private static final String WITH_LINK = "mtu: 1500, interface: wan0";

  private Workbench bench;
  private Running relay;

  @BeforeAll
  void build(@TempDir Path folder) throws IOException {
    bench = new Workbench(folder);
    relay = bench.relay();
  }

  @AfterAll
  void remove() throws IOException {
    relay.close();
    bench.close();
  }

  /// The kernel drops such a route when forwarding is switched on (`rt6_purge_dflt_routers`).
  @ParameterizedTest
  @ValueSource(strings = {"mtu: 1500", WITH_LINK})
  void theLinesDefaultRouteFromARouterAdvertisementStays(String line) throws IOException {
    String router = bench.at(GATEWAY, "ip", "-6", "route", "show", "default").strip();
    bench.at(GATEWAY, "ip", "-6", "route", "del", "default");
    set("net.ipv6.conf.all.forwarding=0", "net.ipv6.conf.wan0.accept_ra=1");
    try {
      advertise();
      awaitText("proto ra", GATEWAY, "ip", "-6", "route", "show", "default");
      try (var gateway = bench.gateway(bench.file("mtu: 1500", line))) {
        assertThat(bench.at(GATEWAY, "ip", "-6", "route", "show", "default"))
            .contains("proto ra", "dev wan0");
        bench.demandCrossing();
        demandGoodbye(gateway);
      }
      assertThat(value("net.ipv6.conf.all.forwarding")).isEqualTo("1");
      assertThat(bench.at(GATEWAY, "ip", "-6", "route", "show", "default")).contains("proto ra");
    } finally {
      set("net.ipv6.conf.wan0.accept_ra=0", "net.ipv6.conf.all.forwarding=1");
      bench.at(GATEWAY, "ip", "-6", "route", "flush", "default");
      bench.at(GATEWAY, ("ip -6 route replace " + router).split(" ", -1));
    }
  }

  /// The larger value of `all` and the device counts, so that ours alone is not enough.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ourIcmpErrorsArriveWhateverTheReversePathFilter(int filter) throws IOException {
    var setting = "net.ipv4.conf.all.rp_filter=" + filter;
    bench.at(Topology.RELAY, "sysctl", "-qw", setting);
    set(setting);
    try (var _ = bench.gateway(bench.file())) {
      bench.at("home1", "ip", "route", "flush", "cache");
      bench.demandCrossing();
      assertThat(bench.tried("home1", "ping", "-nc1", "-W5", "-Mdo", "-s1433", "203.0.113.80"))
          .contains("From 192.168.1.1 ", "mtu = 1460");
      bench.at(Topology.INTERNET, "ip", "route", "flush", "cache");
      // The identifier is the subscriber's, as a port would be.
      assertThat(
              bench.tried(
                  Topology.INTERNET,
                  "ping",
                  "-nc1",
                  "-W5",
                  "-Mdo",
                  "-s1433",
                  "-e4928",
                  "192.0.2.18"))
          .contains("From 203.0.113.1 ", "mtu = 1460");
    } finally {
      bench.at(Topology.RELAY, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
      set("net.ipv4.conf.all.rp_filter=0");
    }
  }

  @Test
  void whatTheOperatorHadSetStays() throws IOException {
    bench.at(GATEWAY, "ip", "-6", "neigh", "add", "proxy", MAP_ADDRESS, "dev", "wan0");
    try (var gateway = bench.gateway(bench.file("mtu: 1500", WITH_LINK))) {
      assertThat(value("net.ipv6.conf.wan0.proxy_ndp")).isEqualTo("1");
      assertThat(value("net.ipv6.conf.wan0.accept_ra")).isEqualTo("2");
      demandGoodbye(gateway);
      assertThat(value("net.ipv6.conf.wan0.proxy_ndp")).isEqualTo("0");
      assertThat(value("net.ipv6.conf.wan0.accept_ra")).isEqualTo("0");
      assertThat(bench.kernel(GATEWAY)).contains(MAP_ADDRESS + " dev wan0");
    } finally {
      bench.at(GATEWAY, "ip", "-6", "neigh", "del", "proxy", MAP_ADDRESS, "dev", "wan0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx48m", "-XX:MaxDirectMemorySize=16m"})
  void moreSessionsThanMemoryIsSaidWithANumberThatFits(String memory) throws IOException {
    var before = bench.kernel(GATEWAY);
    var file = bench.file("tun: watari0", "tun: watari0\nsessionsMax: 4000000");
    var refusal = bench.refusal(file, "env", "JAVA_TOOL_OPTIONS=" + memory);
    assertThat(refusal.output().lines().skip(1)) // the first is Java's, about the option
        .singleElement()
        .asString()
        .startsWith(
            "watari: there is not enough memory for 4000000 sessions; lower sessionsMax to ");
    assertThat(refusal.exit()).isEqualTo(2);
    assertThat(bench.kernel(GATEWAY)).isEqualTo(before);
  }

  private static void demandGoodbye(Running running) throws IOException {
    running.ask();
    assertThat(running.ended(FAREWELL)).isZero();
    assertThat(running.whole(FAREWELL)).hasSize(1);
  }

  private void set(String... settings) throws IOException {
    for (String setting : settings) {
      bench.at(GATEWAY, "sysctl", "-qw", setting);
    }
  }

  private String value(String setting) throws IOException {
    return bench.at(GATEWAY, "sysctl", "-n", setting).strip();
  }

  /// Asks until the answer has the text.
  private void awaitText(String text, String node, String... program) throws IOException {
    long end = System.nanoTime() + Workbench.PATIENCE.toNanos();
    String answer = bench.at(node, program);
    while (!answer.contains(text) && System.nanoTime() < end) {
      answer = bench.at(node, program);
    }
    assertThat(answer).contains(text);
  }

  /// What the provider's router says to all on the line: "I am a default router" (RFC 4861 §4.2).
  private void advertise() throws IOException {
    var device = bench.at(Topology.ACCESS, "ip", "-oneline", "link", "show", "dev", "home1");
    int index = Integer.parseInt(device.substring(0, device.indexOf(':')));
    var link =
        bench.at(
            Topology.ACCESS, "ip", "-oneline", "address", "show", "dev", "home1", "scope", "link");
    var router = Ipv6Address.parse(link.substring(link.indexOf("fe80"), link.indexOf("/64")));
    var everybody = Ipv6Address.parse("ff02::1");
    var packet = ByteBuffer.allocate(56);
    packet.putInt(6 << 28).putShort((short) 16).put((byte) 58).put((byte) 255);
    put(put(packet, router), everybody);
    packet.put((byte) 134).put((byte) 0).putShort((short) 0);
    packet.put((byte) 64).put((byte) 0).putShort((short) 1800).putLong(0);
    packet.putShort(42, checksum(packet));
    var target = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
    target.putShort((short) RawSocket.AF_INET6).putInt(24, index);
    put(target.order(ByteOrder.BIG_ENDIAN).position(8), everybody);
    try (var socket = RawSocket.sender(bench.place(Topology.ACCESS))) {
      socket.send(packet.array(), target.array());
    }
  }

  private static ByteBuffer put(ByteBuffer into, Ipv6Address address) {
    return into.putLong(address.high()).putLong(address.low());
  }

  /// RFC 4443 §2.3: over the addresses, the length, the next header and the message.
  private static short checksum(ByteBuffer packet) {
    long sum = 16 + 58;
    for (int at = 8; at < packet.limit(); at += 2) {
      sum += packet.getShort(at) & 0xffff;
    }
    return (short) Checksum.of(sum);
  }
}
