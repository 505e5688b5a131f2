package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.path.TunnelSettings;
import watari.core.plan.LineWish;
import watari.core.plan.RememberedForward;

final class GatewayConfigTest {
  private static final String RULES =
      """
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  private static final String GATEWAY =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500, interface: wan0}
      rules: rules.yaml
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      tun: watari7
      socket: /run/watari/gateway.sock
      timers: {udpSeconds: 400, icmpSeconds: 60}
      """;

  @TempDir private Path folder = Path.of("");

  private List<RememberedForward> memory = List.of();

  @BeforeEach
  void writeRules() throws IOException {
    Files.writeString(folder.resolve("rules.yaml"), RULES);
  }

  private Checked<GatewayConfig> read(String text) throws IOException {
    return GatewayConfig.read(Files.writeString(folder.resolve("gateway.yaml"), text), _ -> memory);
  }

  private GatewayConfig valid(String text) throws IOException {
    return switch (read(text)) {
      case Checked.Valid<GatewayConfig>(var config) -> config;
      case Checked.Invalid<GatewayConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  private List<String> problems(String text) throws IOException {
    return ((Checked.Invalid<GatewayConfig>) read(text))
        .problems().stream().map(problem -> problem.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void readsEveryKey() throws IOException {
    GatewayConfig config = valid(GATEWAY);
    assertThat(config.mapE().orElseThrow().identity().ipv4())
        .isEqualTo(Ipv4Prefix.parse("192.0.2.18"));
    assertThat(config.mapE().orElseThrow().match().domain().name()).isEqualTo("example");
    assertThat(config.line().tunnel().lineMtu()).isEqualTo(1500);
    assertThat(config.line().interfaceName()).contains("wan0");
    assertThat(config.lan())
        .isEqualTo(
            new Lan(
                List.of(Ipv4Prefix.parse("192.168.1.0/24")),
                Ipv4Address.parse("192.168.1.1"),
                Optional.empty()));
    assertThat(config.tun()).isEqualTo("watari7");
    assertThat(config.socket()).isEqualTo(Path.of("/run/watari/gateway.sock"));
    assertThat(config.translation().timers().udpSeconds()).isEqualTo(400);
    assertThat(config.translation().timers().tcpEstablishedSeconds())
        .isEqualTo(Timers.DEFAULT.tcpEstablishedSeconds());
  }

  @Test
  void needsOnlyLineRulesAndLan() throws IOException {
    GatewayConfig config =
        valid(
            GATEWAY
                .replaceAll("(?m)^(tun|socket|timers).*\n", "")
                .replace(", interface: wan0", ""));
    assertThat(config.tun()).isEqualTo("watari0");
    assertThat(config.translation().timers()).isEqualTo(Timers.DEFAULT);
    assertThat(config.line().interfaceName()).isEmpty();
  }

  @Test
  void crossesByMapEUnlessToldOtherwise() throws IOException {
    assertThat(valid(GATEWAY).mode()).isEqualTo(LineWish.MAP_E);
    assertThat(valid(GATEWAY).metric()).isZero();
    assertThat(valid("mode: auto\n" + GATEWAY).mode()).isEqualTo(LineWish.AUTO);
    assertThat(valid("mode: auto\n" + GATEWAY).metric()).isEqualTo(4096);
    assertThat(problems("mode: both\n" + GATEWAY))
        .containsExactly("gateway.yaml:1:7: 'mode': it is auto, map-e or native, not 'both'");
  }

  @Test
  void aLineOfItsOwnNeedsNoRules() throws IOException {
    String plain = "mode: native\n" + GATEWAY.replace("rules: rules.yaml\n", "");
    assertThat(valid(plain).mapE()).isEmpty();
    var alone = valid(plain.replace("endUserPrefix: 2001:db8:12:3400::/56, ", ""));
    assertThat(alone.line().endUserPrefix()).isEmpty();
    assertThat(problems(plain.replace(", interface: wan0", "")))
        .containsExactly(
            "gateway.yaml:2:7: 'mode' is native, so the line needs 'interface', the name of the"
                + " device whose IPv4 address is looked at");
  }

  @Test
  void aPrefixOfNoRuleIsNoProblemWhereTheLineMayHaveAnAddress() throws IOException {
    String other = GATEWAY.replace("2001:db8:12:3400", "2001:1db8:12:3400");
    assertThat(valid("mode: auto\n" + other).mapE()).isEmpty();
    assertThat(problems(other)).hasSize(1);
  }

  @Test
  void takesRulesFromAServiceOrFromTheFileItself() throws IOException {
    String nuro =
        GATEWAY
            .replace("rules: rules.yaml", "service: nuro")
            .replace("2001:db8:12:3400", "240d:f:88c:8100");
    assertThat(valid(nuro).mapE().orElseThrow().identity().ipv4())
        .isEqualTo(Ipv4Prefix.parse("219.104.136.140"));
    assertThat(
            valid(GATEWAY.replace("rules: rules.yaml\n", RULES))
                .mapE()
                .orElseThrow()
                .match()
                .domain()
                .name())
        .isEqualTo("example");
  }

  /// TUN-08, TUN-09, ECN-05
  @Test
  void theOuterHeadersCanBeChosen() throws IOException {
    var line =
        valid(
                GATEWAY.replace(
                    "mtu: 1500",
                    "mtu: 1454, hopLimit: 9, trafficClass: 184, congestionMark: clear"))
            .line();
    assertThat(line.tunnel())
        .isEqualTo(new TunnelSettings(1454, 9, 184, TunnelSettings.CongestionMark.CLEARED));
    var copied = valid(GATEWAY.replace("mtu: 1500", "mtu: 1500, trafficClass: copy")).line();
    assertThat(copied.tunnel()).isEqualTo(new TunnelSettings(1500));
  }

  /// UDP-11: among them, that the home has the numbers of its own outer address.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mtu: 1500         | mtu: 1279        | gateway.yaml:1:51: 'mtu' is a number from 1280 to 65535, not 1279",
        "mtu: 1500 | 'mtu: 1500, hopLimit: 0' | gateway.yaml:1:67: 'hopLimit' is a number from 1 to 255, not 0",
        "mtu: 1500 | 'mtu: 1500, trafficClass: 7' | gateway.yaml:1:71: the last two bits of the traffic class 7",
        "mtu: 1500 | 'mtu: 1500, congestionMark: red' | gateway.yaml:1:73: 'congestionMark': it is copy or clear, not 'red'",
        "mtu: 1500, | '' | gateway.yaml:1:7: the key 'mtu' is missing",
        "wan0              | wan/0            | gateway.yaml:1:68: 'interface': the device name 'wan/0' must not have",
        "tun: watari7 | tun: 'a:b' | gateway.yaml:4:6: 'tun': the device name 'a:b' must not have",
        "tun: watari7 | tun: . | gateway.yaml:4:6: 'tun': the device name '.' must not have",
        "tun: watari7 | tun: .. | gateway.yaml:4:6: 'tun': the device name '..' must not have",
        "192.168.1.1 | 224.0.0.1 | gateway.yaml:3:44: 'address': 224.0.0.1 is not for hosts that can be reached through a router: 224.0.0.0/4 is not",
        "192.168.1.0/24 | 224.0.0.0/4 | gateway.yaml:3:18: 'prefixes': 224.0.0.0/4 is not for hosts",
        "192.168.1.0/24 | 127.0.0.0/8 | gateway.yaml:3:18: 'prefixes': 127.0.0.0/8 is not for hosts",
        "192.168.1.0/24 | 0.0.0.0/0 | gateway.yaml:3:18: 'prefixes': 0.0.0.0/0 is not for hosts",
        "192.168.1.0/24 | '192.168.1.0/24, 192.0.2.0/24' | gateway.yaml:3:6: the home's prefix 192.0.2.0/24 contains our own outer address 192.0.2.18/32",
        "rules: rules.yaml | rulez: rules.yaml| gateway.yaml:2:1: a gateway's file has no key 'rulez'; did you mean 'rules'?",
        "rules: rules.yaml | rules: none.yaml | none.yaml: there is no such file",
        "rules: rules.yaml | service: v6pls   | gateway.yaml:2:10: 'service': there is no service 'v6pls'; did you mean 'v6plus'?",
        "tun: watari7      | service: nuro    | gateway.yaml:1:1: the rules come from one of the keys rules (a file), service (a name) or domains; here are rules and service",
        "192.168.1.1       | 192.168.2.1      | gateway.yaml:3:44: 'address': 192.168.2.1 lies in none of the prefixes",
        "[192.168.1.0/24]  | []               | gateway.yaml:3:17: 'prefixes' is a list with at least one item",
        "udpSeconds: 400   | udpSeconds: 30   | gateway.yaml:6:22: 'udpSeconds' is a number from 120 to 604800, not 30",
        "db8:12:3400       | db9:12:3400      | gateway.yaml:1:7: the end-user prefix 2001:db9:12:3400::/56 matches none of the rules",
        "12:3400::/56      | 12::/48          | gateway.yaml:1:7: the end-user prefix 2001:db8:12::/48 is too short",
      })
  void namesLineAndColumnOfAProblem(String right, String wrong, String expected)
      throws IOException {
    assertThat(problems(GATEWAY.replace(right, wrong)))
        .anySatisfy(problem -> assertThat(problem).startsWith(expected));
  }

  @Test
  void namesProblemsOfTheRulesFileWithItsName() throws IOException {
    Files.writeString(folder.resolve("rules.yaml"), RULES.replace("ea: 16", "ea: 99"));
    assertThat(problems(GATEWAY))
        .containsExactly("rules.yaml:6:55: 'ea' is a number from 0 to 48, not 99");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff02::1", "::", "::1", "fe80::1"})
  void refusesARelayThatIsNoHost(String relay) throws IOException {
    Files.writeString(
        folder.resolve("rules.yaml"), RULES.replace("2001:db8:ffff::1", '"' + relay + '"'));
    assertThat(problems(GATEWAY))
        .singleElement()
        .asString()
        .startsWith("rules.yaml:3:12: 'relay': " + relay + " is not for hosts");
  }

  @Test
  void refusesATunnelToItself() throws IOException {
    String own = "2001:db8:12:3400:0:c000:212:34";
    Files.writeString(folder.resolve("rules.yaml"), RULES.replace("2001:db8:ffff::1", own));
    assertThat(problems(GATEWAY))
        .singleElement()
        .asString()
        .startsWith("gateway.yaml:1:7: the relay " + own + " is our own MAP address");
  }

  @Test
  void refusesARelaysAddressThatIsNoHost() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("relay.yaml"),
            "rules: rules.yaml\nline: {mtu: 1500}\naddress: 224.0.0.1\n");
    assertThat(((Checked.Invalid<RelayConfig>) RelayConfig.read(file)).problems())
        .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.sentence())
        .singleElement()
        .asString()
        .startsWith("3:10 'address': 224.0.0.1 is not for hosts");
  }

  @Test
  void readsARelay() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("relay.yaml"),
            """
            rules: rules.yaml
            line: {mtu: 1500}
            address: 203.0.113.1
            anycast: true
            tun: relay0
            socket: /run/watari/relay.sock
            """);
    var config = ((Checked.Valid<RelayConfig>) RelayConfig.read(file)).value();
    assertThat(config.tunnel().lineMtu()).isEqualTo(1500);
    assertThat(config.address()).isEqualTo(Ipv4Address.parse("203.0.113.1"));
    assertThat(config.anycast()).isTrue();
    assertThat(config.tun()).isEqualTo("relay0");
    assertThat(config.services().domains()).hasSize(1);
  }

  private Checked<RelayConfig> relay(String lines) throws IOException {
    var text = "service: nuro\nline: {mtu: 1500}\naddress: 203.0.113.1\n" + lines;
    return RelayConfig.read(Files.writeString(folder.resolve("relay.yaml"), text));
  }

  @Test
  void readsHowManyWorkersARelayHas() throws IOException {
    for (var silent : List.of("", "workers: auto\n")) {
      assertThat(((Checked.Valid<RelayConfig>) relay(silent)).value().workers()).isEmpty();
    }
    assertThat(((Checked.Valid<RelayConfig>) relay("workers: 8\n")).value().workers()).hasValue(8);
    for (var wrong : List.of("0", "9", "many", "1.5")) {
      assertThat(sentences(relay("workers: " + wrong + "\n")))
          .containsExactly("4:10 'workers' is auto or a number from 1 to 8, not " + wrong);
    }
  }

  @Test
  void readsHowFarTheKernelIsToCarryPackets() throws IOException {
    var silent = ((Checked.Valid<RelayConfig>) relay("")).value();
    assertThat(silent.offload())
        .isEqualTo(
            new OffloadWish(OffloadWish.Demand.AUTO, OffloadWish.Hook.AUTO, Optional.empty()));
    var wordy =
        ((Checked.Valid<RelayConfig>)
                relay(
                    """
                    offload: required
                    hook: xdp
                    interfaces: {internet: [eth0, eth1], line: eth2}
                    """))
            .value();
    assertThat(wordy.offload())
        .isEqualTo(
            new OffloadWish(
                OffloadWish.Demand.REQUIRED,
                OffloadWish.Hook.XDP,
                Optional.of(new OffloadWish.Interfaces(List.of("eth0", "eth1"), List.of("eth2")))));
    var off = ((Checked.Valid<RelayConfig>) relay("offload: off\nhook: tc\n")).value();
    assertThat(off.offload().demand()).isEqualTo(OffloadWish.Demand.OFF);
  }

  @Test
  void saysWhatIsWrongWithTheOffload() throws IOException {
    assertThat(sentences(relay("offload: required\n")))
        .containsExactly(
            "4:10 'offload: required' needs the interfaces whose packets the kernel is to carry, as"
                + " in interfaces: {internet: eth0, line: eth1}");
    assertThat(sentences(relay("hook: ebpf\ninterfaces: {internet: eth0, line: [eth0]}\n")))
        .containsExactly(
            "4:7 'hook': it is auto, xdp or tc, not 'ebpf'",
            "5:36 'eth0' is named for both sides; an interface has one of them");
    assertThat(sentences(relay("interfaces: {internet: [eth0, eth0], line: eth1}\n")))
        .containsExactly("4:24 'eth0' is named twice; once is enough");
    assertThat(sentences(relay("offload: yes\ninterfaces: {lan: eth0, line: eth1}\n")))
        .containsExactly(
            "4:10 'offload': it is auto, off or required, not 'yes'",
            "5:14 'interfaces' has no key 'lan'; did you mean 'line'?",
            "5:13 the key 'internet' is missing");
  }

  @Test
  void readsByWhichDoorPacketsCome() throws IOException {
    var interfaces = "interfaces: {internet: eth0, line: eth1}\n";
    var cards = relay("door: af_xdp\noffload: off\n" + interfaces);
    assertThat(((Checked.Valid<RelayConfig>) cards).value().door())
        .isEqualTo(RelayConfig.Door.AF_XDP);
    assertThat(((Checked.Valid<RelayConfig>) relay(interfaces)).value().door())
        .isEqualTo(RelayConfig.Door.TUN);
    assertThat(sentences(relay("door: af_xdp\noffload: off\n")))
        .containsExactly(
            "4:7 'door: af_xdp' needs the interfaces whose packets it takes, as in interfaces:"
                + " {internet: eth0, line: eth1}");
    assertThat(sentences(relay("door: af_xdp\n" + interfaces)))
        .containsExactly(
            "4:7 'door: af_xdp' takes the packets before the offload could; say 'offload: off' with"
                + " it, or 'door: tun'");
    assertThat(sentences(relay("door: xdp\n")))
        .containsExactly("4:7 'door': it is tun or af_xdp, not 'xdp'");
  }

  private static List<String> sentences(Checked<RelayConfig> checked) {
    return ((Checked.Invalid<RelayConfig>) checked)
        .problems().stream()
            .map(problem -> problem.line() + ":" + problem.column() + " " + problem.sentence())
            .toList();
  }

  @Test
  void saysWhatARelayMisses() throws IOException {
    Path file = Files.writeString(folder.resolve("relay.yaml"), "line: {mtu: x}\n");
    assertThat(((Checked.Invalid<RelayConfig>) RelayConfig.read(file)).problems())
        .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.sentence())
        .containsExactly(
            "1:1 the rules come from one of the keys rules (a file), service (a name) or domains;"
                + " here is none",
            "1:13 'mtu' is a number from 1280 to 65535, not text",
            "1:1 the key 'address' is missing");
  }
}
