package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import watari.core.net.Refused;
import watari.host.driver.Tun;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Sysctl;
import watari.lab.NeedsNamespaces;

/// The settings of a namespace of its own.
@NeedsNamespaces
final class SysctlTest {
  private static final InterfaceName NAME = new InterfaceName("watari0");

  @Test
  void writesAndReadsEverySetting() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var _ = Tun.open(NAME.text())) {
          check(Sysctl.ipv4Forwarding(), "ipv4/ip_forward", 0, 1);
          check(Sysctl.ipv6Forwarding(), "ipv6/conf/all/forwarding", 0, 1);
          check(Sysctl.proxyNdp(NAME), "ipv6/conf/watari0/proxy_ndp", 0, 1);
          check(Sysctl.acceptRa(NAME), "ipv6/conf/watari0/accept_ra", 0, 2);
          check(Sysctl.rpFilter(NAME), "ipv4/conf/watari0/rp_filter", 0, 2);
          check(Sysctl.disableIpv6(NAME), "ipv6/conf/watari0/disable_ipv6", 0, 1);
        }
      });
    }
  }

  private static void check(Sysctl setting, String file, int first, int last) throws Exception {
    for (int value = first; value <= last; value++) {
      setting.write(value);
      setting.write(value);
      assertThat(setting.read()).isEqualTo(value);
      assertThat(Files.readString(Path.of("/proc/sys/net", file)).strip()).isEqualTo("" + value);
    }
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> setting.write(last + 1));
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> setting.write(-1));
  }

  @Test
  void saysThatADeviceIsNotThere() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Sysctl.proxyNdp(new InterfaceName("elsewhere")).write(1))
        .matches(e -> e.is(Errno.ENOENT))
        .withMessageStartingWith("reading /proc/sys/net/ipv6/conf/elsewhere/proxy_ndp failed");
  }
}
