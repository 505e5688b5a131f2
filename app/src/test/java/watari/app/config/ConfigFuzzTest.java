package watari.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as the file of a gateway, of a relay, of rules, and any text as a rule: a value, or
/// every problem in a line that says where it is. All but the last go by [ConfigFile], [ConfigText]
/// and [YamlText].
final class ConfigFuzzTest {
  private static final String RULES =
      """
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          mesh: true
          psidOffset: 4
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
            - {ipv6: "2001:db9::/48", ipv4: 198.51.100.1/32, ea: 0, psid: 0x34/8, psidOffset: 6}
      """;

  private static final String GATEWAY =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500, interface: wan0, trafficClass: 32}
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      tun: watari7
      metric: 100
      socket: /run/watari/gateway.sock
      state: /var/lib/watari/watari7
      mapping: adaptive
      reservePercent: 20
      filtering: {tcp: address-dependent, udp: endpoint-independent}
      timers: {udpSeconds: 400, icmpSeconds: 60}
      hosts: {portsPercentMax: 50, sessionsMax: 4096, sessionsPerSecond: 500}
      sessionsMax: 65536
      portMapping: {pcp: true, natPmp: false, upnp: true, leasesPerHostMax: 32, sharePerHostMax: 25, leasesMax: 9}
      fragments: {memoryMiB: 4, idsInPortSet: true}
      pickup: never
      dmz: 192.168.1.9
      forwards:
        - {name: web, protocol: tcp, port: 4930, to: 192.168.1.20, toPort: 443}
        - {name: game, protocol: udp, ports: 9024-9031, to: 192.168.1.21}
        - {name: torrent, protocol: both, block: 15, to: 192.168.1.22}
      """;

  private static final String RELAY =
      """
      line: {mtu: 1500}
      address: 203.0.113.1
      tun: watari1
      socket: /run/watari/relay.sock
      door: tun
      """;

  @TempDir Path folder = Path.of("");

  static Stream<byte[]> files() {
    return Stream.of(
            "",
            "x",
            RULES,
            GATEWAY + RULES,
            GATEWAY + "service: ocn-virtual-connect",
            GATEWAY + "rules: rules.yaml",
            RELAY + RULES,
            "a: &x [1]\nb: *x",
            "? [a, {b: c}]\n: !!str d\n--- |\n  text\n...",
            "[".repeat(40))
        .map(text -> text.getBytes(UTF_8));
  }

  static Stream<byte[]> rules() {
    return Stream.of(
            "",
            "x",
            "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16 offset=6 layout=rfc7597"
                + " relay=2001:db8:ffff::1 psid=0x34/8",
            "ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("files")
  @FuzzTest
  void readsAFileOrSaysEveryProblem(byte[] input) {
    Path file = write(input);
    check(GatewayConfig.read(file, _ -> List.of()));
    check(RelayConfig.read(file));
    Checked<?> rules = RulesFile.read(file);
    check(rules);
    RulesLint lint = RulesLint.of(file);
    boolean isSilent = lint.problems().isEmpty() && lint.findings().isEmpty();
    assertThat(rules instanceof Checked.Invalid<?> && isSilent)
        .as("refused, and the lint has nothing to say")
        .isFalse();
  }

  private Path write(byte[] input) {
    try {
      return Files.write(folder.resolve("file.yaml"), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @MethodSource("rules")
  @FuzzTest
  void readsARuleOrSaysEveryProblem(byte[] input) {
    check(RuleText.parse(new String(input, UTF_8)));
  }

  private static void check(Checked<?> checked) {
    switch (checked) {
      case Checked.Valid<?>(var value) -> assertThat(value).isNotNull();
      case Checked.Invalid<?>(var problems) -> {
        assertThat(problems).isNotEmpty();
        problems.forEach(problem -> assertThat(problem.toString()).contains(": "));
      }
    }
  }

  @Test
  void readsAFileOrSaysEveryProblemNearTheSeeds() {
    Mutations.feed(files(), 1500, this::readsAFileOrSaysEveryProblem);
  }

  @Test
  void readsARuleOrSaysEveryProblemNearTheSeeds() {
    Mutations.feed(rules(), 50_000, this::readsARuleOrSaysEveryProblem);
  }
}
