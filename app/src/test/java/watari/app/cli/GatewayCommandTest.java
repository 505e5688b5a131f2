package watari.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayCommandTest {
  private static final String FILE =
      """
      line: {endUserPrefix: 2001:db8:12:3400::/56, mtu: 1500}
      lan: {prefixes: [192.168.1.0/24], address: 192.168.1.1}
      domains:
        - name: example
          relay: 2001:db8:ffff::1
          layout: rfc7597
          rules:
            - {ipv6: 2001:db8::/40, ipv4: 192.0.2.0/24, ea: 16}
      """;

  @TempDir Path folder;

  private Run dryRun(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("gateway.yaml"), text);
    return Run.of("gateway", "--dry-run", "-c", file.toString());
  }

  @Test
  void saysWhatWouldBePutIntoTheKernel() throws IOException {
    Run run = dryRun(FILE);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("device watari0, MTU 65535\n")
        .contains("take packets from our own address 192.168.1.1 out of our device");
  }

  @Test
  void warnsWhereNobodyCanComputeTheMapAddress() throws IOException {
    Run run = dryRun(FILE.replace("12:3400", "12:3500").replace("ea: 16", "ea: 14"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .startsWith("watari: the relay cannot compute the MAP address")
        .hasLineCount(1);
  }

  @Test
  void saysInADryRunWhatTheStartWouldRefuse() throws IOException {
    Run run = dryRun(FILE.replace("192.168.1.0/24", "192.168.1.0/24, 192.0.0.0/16"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("gateway.yaml:2:6: the home's prefix 192.0.0.0/16")
        .hasLineCount(1);
  }
}
