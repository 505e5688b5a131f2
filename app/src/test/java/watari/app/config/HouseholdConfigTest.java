package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Filtering;
import watari.core.nat.HostLimits;
import watari.core.nat.NatSettings;
import watari.core.nat.Pickup;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.path.FragmentSettings;
import watari.core.path.Manners;
import watari.core.plan.ForwardWish;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.portmap.LeaseLimits;

/// What a household writes into a gateway's file: forwards, sharing, limits.
final class HouseholdConfigTest {
  /// Nine lines; a test goes on with the tenth.
  private static final String HEAD =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500, interface: wan0}
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          psidOffset: 4
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  private static final Ipv4Address HOST = Ipv4Address.parse("192.168.1.20");

  @TempDir private Path folder = Path.of("");

  private List<RememberedForward> memory = List.of();

  private Checked<GatewayConfig> read(String more) throws IOException {
    Path file = Files.writeString(folder.resolve("gateway.yaml"), HEAD + more);
    return GatewayConfig.read(file, _ -> memory);
  }

  private GatewayConfig valid(String more) throws IOException {
    return switch (read(more)) {
      case Checked.Valid<GatewayConfig>(var config) -> config;
      case Checked.Invalid<GatewayConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  /// As in `10:5: sentence`.
  private List<String> problems(String more) throws IOException {
    return switch (read(more)) {
      case Checked.Valid<GatewayConfig> _ -> List.of();
      case Checked.Invalid<GatewayConfig>(var problems) ->
          problems.stream()
              .map(problem -> problem.line() + ":" + problem.column() + ": " + problem.sentence())
              .toList();
    };
  }

  @Test
  void sharesPortsAndKeepsStrangersOutUnlessToldOtherwise() throws IOException {
    GatewayConfig config = valid("");
    assertThat(config.translation())
        .isEqualTo(
            new Translation(
                NatSettings.RESERVE_PERCENT_DEFAULT,
                Filtering.ADDRESS_DEPENDENT,
                Filtering.ADDRESS_DEPENDENT,
                true,
                NatSettings.HOLD_SECONDS_DEFAULT,
                Pickup.AFTER_START,
                Timers.DEFAULT,
                HostLimits.DEFAULT,
                Manners.DEFAULT,
                262_144));
    assertThat(config.translation().mapping()).isEqualTo("adaptive");
    assertThat(config.forwards()).isEmpty();
    assertThat(config.dmz()).isEmpty();
    assertThat(config.portMapping()).isEqualTo(PortMapping.DEFAULT);
    assertThat(config.fragments()).isEqualTo(FragmentSettings.DEFAULT);
    assertThat(config.state()).isEqualTo(Path.of("/var/lib/watari/watari0"));
  }

  @Test
  void readsEveryKeyOfTheTranslation() throws IOException {
    GatewayConfig config =
        valid(
            """
            mapping: adaptive
            reservePercent: 35
            filtering: {tcp: address-dependent, udp: endpoint-independent}
            inboundRefresh: false
            holdSeconds: 60
            pickup: never
            timers: {tcpOpeningSeconds: 30, tcpClosingSeconds: 20, tcpResetSeconds: 10}
            hosts: {portsPercentMax: 70, sessionsMax: 900, sessionsPerSecond: 50}
            unsolicited: unreachable
            tellPortless: false
            sessionsMax: 2048
            portMapping: {pcp: false, natPmp: false, upnp: true, leasesPerHostMax: 8, sharePerHostMax: 10, leasesMax: 50}
            fragments: {memoryMiB: 16, idsInPortSet: true}
            state: /srv/watari
            """);
    assertThat(config.translation())
        .isEqualTo(
            new Translation(
                35,
                Filtering.ADDRESS_DEPENDENT,
                Filtering.ENDPOINT_INDEPENDENT,
                false,
                60,
                Pickup.NEVER,
                new Timers(300, 20, 7440, 30, 20, 10, 60),
                new HostLimits(70, 900, 50),
                new Manners(false, true),
                2048));
    assertThat(config.portMapping())
        .isEqualTo(new PortMapping(false, false, true, new LeaseLimits(8, 10, 50)));
    assertThat(config.fragments()).isEqualTo(new FragmentSettings(16 << 20, true));
    assertThat(config.state()).isEqualTo(Path.of("/srv/watari"));
    assertThat(valid("pickup: always\n").translation().pickup()).isEqualTo(Pickup.ALWAYS);
    assertThat(valid("fragments: {idsInPortSet: true}\n").fragments().memoryBytes())
        .isEqualTo(FragmentSettings.DEFAULT.memoryBytes());
    assertThat(valid("mapping: strict\n").translation().reservePercent()).isZero();
    assertThat(valid("mapping: strict\n").translation().mapping()).isEqualTo("strict");
    assertThat(valid("tun: watari7\n").state()).isEqualTo(Path.of("/var/lib/watari/watari7"));
  }

  @Test
  void readsEveryKindOfForward() throws IOException {
    GatewayConfig config =
        valid(
            """
            forwards:
              - {name: web, protocol: tcp, port: 4930, to: 192.168.1.20, toPort: 443}
              - {name: game, protocol: udp, ports: 9024-9031, to: 192.168.1.20}
              - {name: torrent, protocol: both, block: 15, to: 192.168.1.20}
            dmz: 192.168.1.30
            """);
    assertThat(config.forwards())
        .containsExactly(
            new ForwardWish("web", Transport.TCP, new Ports.Range(4930, 4930), HOST, 443),
            new ForwardWish("game", Transport.UDP, new Ports.Range(9024, 9031), HOST, 0),
            new ForwardWish("torrent", Transport.BOTH, new Ports.Block(15), HOST, 0));
    assertThat(config.dmz()).contains(Ipv4Address.parse("192.168.1.30"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mapping: shared | 10:10: 'mapping': it is adaptive or strict, not 'shared'",
        "reservePercent: 0 | 10:17: 'reservePercent' is a number from 1 to 90, not 0",
        "reservePercent: 91 | 10:17: 'reservePercent' is a number from 1 to 90, not 91",
        "holdSeconds: -1 | 10:14: 'holdSeconds' is a number from 0 to 3600, not -1",
        "inboundRefresh: 1 | 10:17: 'inboundRefresh' is true or false, not a number",
        "tellPortless: maybe | 10:15: 'tellPortless' is true or false, not text",
        "unsolicited: loud | 10:14: 'unsolicited': it is silent or unreachable, not 'loud'",
        "sessionsMax: 1000 | 10:14: 'sessionsMax' is a number from 1024 to 16777216, not 1000",
        "'filtering: {tcp: none}' | 10:18: 'tcp': it is address-dependent or endpoint-independent, not 'none'",
        "'filtering: {udp: 7}' | 10:18: 'udp' is text, not a number; write it in quotes: \"7\"",
        "'filtering: {icmp: x}' | 10:13: the filtering has no key 'icmp'; did you mean 'tcp'?",
        "filtering: strict | 10:12: the filtering is a group of the keys tcp, udp, not text",
        "'hosts: {portsPercentMax: 101}' | 10:26: 'portsPercentMax' is a number from 1 to 100, not 101",
        "'hosts: {sessionsMax: 0}' | 10:22: 'sessionsMax' is a number from 1 to 16777216, not 0",
        "'hosts: {sessionsPerSecond: 0}' | 10:28: 'sessionsPerSecond' is a number from 1 to 1000000, not 0",
        "'hosts: {ports: 3}' | 10:9: the hosts has no key 'ports'",
        "'timers: {tcpOpeningSeconds: 9}' | 10:29: 'tcpOpeningSeconds' is a number from 10 to 604800, not 9",
        "'timers: {tcpClosingSeconds: 9}' | 10:29: 'tcpClosingSeconds' is a number from 10 to 604800, not 9",
        "'timers: {tcpResetSeconds: 9}' | 10:27: 'tcpResetSeconds' is a number from 10 to 604800, not 9",
        "'timers: {tcpTransitorySeconds: 240}' | 10:10: the timers has no key 'tcpTransitorySeconds'; it may have udpSeconds",
        "'portMapping: {pcp: on}' | 10:20: 'pcp' is true or false, not text",
        "'portMapping: {natPmp: 1}' | 10:23: 'natPmp' is true or false, not a number",
        "'portMapping: {upnp: 1}' | 10:21: 'upnp' is true or false, not a number",
        "'portMapping: {leasesPerHostMax: 0}' | 10:33: 'leasesPerHostMax' is a number from 1 to 65535, not 0",
        "'portMapping: {sharePerHostMax: 101}' | 10:32: 'sharePerHostMax' is a number from 1 to 100, not 101",
        "'portMapping: {leasesMax: 0}' | 10:26: 'leasesMax' is a number from 1 to 65535, not 0",
        "pickup: sometimes | 10:9: 'pickup': it is never, after-start or always, not 'sometimes'",
        "'fragments: {memoryMiB: 1}' | 10:24: 'memoryMiB' is a number from 2 to 1024, not 1",
        "'fragments: {memoryMiB: 1025}' | 10:24: 'memoryMiB' is a number from 2 to 1024, not 1025",
        "'fragments: {idsInPortSet: 1}' | 10:27: 'idsInPortSet' is true or false, not a number",
        "'fragments: {memory: 4}' | 10:13: the fragments has no key 'memory'; did you mean 'memoryMiB'?",
        "fragments: 4 | 10:12: the fragments is a group of the keys memoryMiB, idsInPortSet, not a number",
        "'portMapping: {igd: true}' | 10:15: the portMapping has no key 'igd'; did you mean 'pcp'?",
        "state: var | 10:8: 'state': a folder is named from the root on, as in /var/lib/watari, not 'var'",
        "dmz: 10.0.0.1 | 10:6: 'dmz': 10.0.0.1 is not at home: it lies in none of the prefixes of the lan",
        "dmz: 192.168.1.1 | 10:6: 'dmz': 192.168.1.1 is the gateway itself; name the host at home",
        "forwards: none | 10:11: 'forwards' is a list with at least one item",
      })
  void namesThePlaceOfAProblem(String more, String expected) throws IOException {
    assertThat(problems(more + "\n")).singleElement().asString().startsWith(expected);
  }

  @Test
  void strictMappingHasNoReserve() throws IOException {
    assertThat(problems("mapping: strict\nreservePercent: 20\n"))
        .containsExactly(
            "11:17: 'reservePercent' is for 'mapping: adaptive'; strict mapping shares no ports, so"
                + " leave it out");
  }

  /// Each problem of a forward, with its place and the way out.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "protocol: tcp | protocol: icmp | 11:27: 'protocol': it is tcp, udp or both, not 'icmp'",
        "protocol: tcp | protocol: [tcp] | 11:27: 'protocol' is a single value, not a list",
        "'protocol: tcp, ' | '' | 11:5: the key 'protocol' is missing",
        "name: web | name: 80 | 11:12: 'name' is text, not a number; write it in quotes: \"80\"",
        "name: web | 'name: \"a\\nb\"' | 11:12: 'name': a name is one line of letters",
        "port: 4930 | port: 0 | 11:38: 'port' is a number from 1 to 65535, not 0",
        "port: 4930 | port: 65536 | 11:38: 'port' is a number from 1 to 65535, not 65536",
        "port: 4930 | ports: 4930 | 11:39: 'ports' is text, not a number; write it in quotes: \"4930\"",
        "port: 4930 | ports: 4930-4929 | 11:39: 'ports': ports are two numbers from 1 to 65535, the lower first",
        "port: 4930 | ports: 4930..4931 | 11:39: 'ports': it is two ports with a '-' between, as in 5472-5479, not '4930..4931'",
        "port: 4930 | ports: 4940-4950 | 11:39: port 4944 belongs to another home that shares your address; the nearest free ports of yours are 4939, 4938 and 4937,",
        "port: 4930 | block: 0 | 11:39: 'block' is a number from 1 to 32768, not 0",
        "port: 4930 | block: 16 | 11:39: there is no block 16: the set has the blocks 1 to 15",
        "port: 4930 | 'port: 4930, block: 1' | 11:5: a forward has one of the keys port (a number), ports (as in 5472-5479) or block (a whole range of the set, counted from 1); here are port and block",
        "'port: 4930, ' | '' | 11:5: a forward has one of the keys port (a number), ports (as in 5472-5479) or block (a whole range of the set, counted from 1); here is none",
        "to: 192.168.1.20 | to: 192.168.2.20 | 11:48: 'to': 192.168.2.20 is not at home: it lies in none of the prefixes of the lan",
        "to: 192.168.1.20 | to: pc | 11:48: 'to': 'pc' is not an IPv4 address: it needs four numbers with dots, as in 192.0.2.1",
        "', to: 192.168.1.20' | '' | 11:5: the key 'to' is missing",
        "toPort: 443 | toPort: 0 | 11:70: 'toPort' is a number from 1 to 65535, not 0",
        "'port: 4930, to: 192.168.1.20, toPort: 443' | 'ports: 4930-4932, to: 192.168.1.20, toPort: 65534' | 11:76: ports 4930-4932 from port 65534 of the host on go beyond 65535; lower toPort to at most 65533",
        "port: 4930 | port: 443 | 11:38: port 443 is nobody's on a shared address; the nearest free ports of yours are 4928, 4929 and 4930, the easiest to remember are 13131, 33600 and 37700",
        "port: 4930 | port: 6000 | 11:38: port 6000 belongs to another home that shares your address;",
        "name: web | label: web | 11:6: a forward has no key 'label'",
        "'{name: web, protocol: tcp, port: 4930, to: 192.168.1.20, toPort: 443}' | web | 11:5: a forward is a group of the keys name, protocol, port, ports, block, to, toPort, not text",
      })
  void namesThePlaceOfAProblemOfAForward(String right, String wrong, String expected)
      throws IOException {
    String forward = "- {name: web, protocol: tcp, port: 4930, to: 192.168.1.20, toPort: 443}";
    assertThat(forward).contains(right);
    assertThat(problems("forwards:\n  " + forward.replace(right, wrong) + "\n"))
        .anySatisfy(problem -> assertThat(problem).startsWith(expected));
  }

  /// VPN-11
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "protocol: esp, port: 4930 | 11:27: 'protocol': IPsec without UDP has no ports, so it cannot be forwarded on a shared address; let the VPN use IPv6, or run WireGuard: 'udp' and a port of yours, which its peers dial as ADDRESS:PORT",
        "protocol: 50, port: 4930 | 11:27: 'protocol': IPsec without UDP",
        "protocol: gre, port: 4930 | 11:27: 'protocol': GRE, which PPTP needs, has no ports",
        "protocol: udp, port: 500 | 11:38: port 500 is not one of yours: an IKE server cannot be reached on a shared address, since its peers call ports 500 and 4500 only; use IPv6, or WireGuard on a port of yours, and give its peers ADDRESS:PORT; the nearest",
        "protocol: udp, port: 4500 | 11:38: port 4500 is not one of yours: an IKE server cannot",
      })
  void saysWhyAVpnServerCannotBeReachedAndWhichCan(String keys, String expected)
      throws IOException {
    assertThat(problems("forwards:\n  - {name: vpn, " + keys + ", to: 192.168.1.20}\n"))
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  /// A port that no set of the line can have is wrong; one that another way has is only not there
  /// now.
  @Test
  void aLineThatMayChangeTakesForwardsOfEitherWay() throws IOException {
    assertThat(problems(onALineThatMayChange("auto"))).isEmpty();
    assertThat(problems(onALineThatMayChange("native")))
        .containsExactly(
            "13:43: there is no block 15: an address that is not shared has no blocks; write"
                + " 'ports', as in 5472-5479");
    assertThat(problems(onALineThatMayChange("map-e")))
        .singleElement()
        .asString()
        .startsWith("12:38: port 443 is nobody's on a shared address; ");
    String twice = "  - {name: mail, protocol: tcp, port: 443, to: 192.168.1.30}\n";
    assertThat(problems(onALineThatMayChange("auto") + twice))
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).startsWith("14:39: port 443 "))
        .anySatisfy(problem -> assertThat(problem).contains("has the forward 'web' already"));
  }

  private static String onALineThatMayChange(String mode) {
    return "mode: "
        + mode
        + """

        forwards:
          - {name: web, protocol: tcp, port: 443, to: 192.168.1.20}
          - {name: torrent, protocol: udp, block: 15, to: 192.168.1.20}
        """;
  }

  /// MAPE-58
  @Test
  void explainsForwardsThatAreInEachOthersWay() throws IOException {
    assertThat(
            problems(
                """
                forwards:
                  - {name: web, protocol: tcp, ports: 4930-4933, to: 192.168.1.20, toPort: 80}
                  - {name: web, protocol: udp, port: 4930, to: 192.168.1.20}
                  - {name: ssh, protocol: both, port: 4933, to: 192.168.1.30, toPort: 22}
                  - {name: proxy, protocol: tcp, port: 4940, to: 192.168.1.20, toPort: 81}
                dmz: 192.168.1.20
                """))
        .satisfiesExactly(
            name ->
                assertThat(name).isEqualTo("12:12: the forward on line 11 is called 'web' already"),
            outer ->
                assertThat(outer)
                    .startsWith(
                        "13:39: port 4933 has the forward 'web' already; the nearest free ports of"
                            + " yours are 4934, 4935 and 4936,"),
            inside ->
                assertThat(inside)
                    .isEqualTo(
                        "14:40: the forward 'web' goes to port 81 of 192.168.1.20 already, and a"
                            + " port of a host has one port outside; choose another toPort"));
  }

  /// 6160 was in the set of the line before, at index 0.
  @Test
  void aPortOfTheSetBeforeIsRightAsItMovesWithTheSet() throws IOException {
    String forwards =
        "forwards:\n  - {name: web, protocol: tcp, port: 6160, to: 192.168.1.20, toPort: 80}\n";
    assertThat(problems(forwards))
        .singleElement()
        .asString()
        .startsWith("11:38: port 6160 belongs to another home");
    memory =
        List.of(
            new RememberedForward(
                "web", Transport.TCP, new Ports.Range(6160, 6160), 0, 6160, false));
    assertThat(valid(forwards).forwards()).hasSize(1);
  }

  @Test
  void aWholeAddressTakesEveryPort() throws IOException {
    String whole = HEAD.replace("ea: 16", "ea: 8").replace("12:3400::/56", "12::/48");
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            whole
                + """
                forwards:
                  - {name: web, protocol: tcp, port: 443, to: 192.168.1.20}
                  - {name: ike, protocol: udp, port: 500, to: 192.168.1.20}
                """);
    assertThat(GatewayConfig.read(file, _ -> List.of()))
        .isInstanceOfSatisfying(
            Checked.Valid.class, valid -> assertThat(valid.value()).isNotNull());
  }

  @Test
  void findsEveryProblemAtOnce() throws IOException {
    String more =
        Stream.of(
                "mapping: x",
                "hosts: {sessionsMax: 0}",
                "dmz: 10.0.0.1",
                "forwards:",
                "  - {name: a, protocol: x, port: 0, to: x}",
                "  - {name: b, protocol: tcp, port: 443, to: 192.168.1.20}")
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(problems(more)).hasSize(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"filtering: [a]", "hosts: 1", "timers: 1", "portMapping: true"})
  void aGroupIsAGroup(String line) throws IOException {
    assertThat(problems(line + "\n"))
        .singleElement()
        .asString()
        .contains(" is a group of the keys ");
  }
}
