package watari.lab.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.path.TunnelSettings;
import watari.core.rule.RuleTable;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.Errno;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.offload.Counts;
import watari.host.offload.RelayOffload;
import watari.lab.NeedsNamespaces;

/// Programs in place at interfaces, and what is said where they cannot be.
@NeedsNamespaces
final class AttachmentTest {
  private interface Step {
    void run(Namespace namespace, Link pair, Link loopback) throws Exception;
  }

  private static void withPair(Step step) throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        namespace.ip("link", "add", "pair0", "type", "veth", "peer", "pair1");
        try (var netlink = Netlink.open()) {
          step.run(namespace, link(netlink, "pair0"), link(netlink, "lo"));
        }
      });
    }
  }

  private static Link link(Netlink netlink, String name) throws IOException {
    return netlink.link(new InterfaceName(name)).orElseThrow();
  }

  private static RelayOffload loaded(Hook hook) throws KernelException {
    return RelayOffload.load(
        hook,
        new RuleTable(List.of()),
        new TunnelSettings(1500),
        new Counts("watari_down"),
        new Counts("watari_up"),
        1 << 16);
  }

  @Test
  void aProgramIsWhereItsHookIsBestAndGoesWithItsOwner() throws Exception {
    withPair((namespace, pair, loopback) -> {
      try (var offload = loaded(Hook.XDP)) {
        assertThat(offload.attach(List.of(pair), List.of(loopback)))
            .extracting(Object::toString)
            .containsExactly("pair0 (xdp native)", "lo (xdp generic)");
        assertThat(namespace.ip("link", "show", "pair0")).contains(" xdp ");
        assertThat(namespace.ip("link", "show", "lo")).contains(" xdpgeneric ");
      }
      assertThat(namespace.ip("link", "show")).doesNotContain(" xdp");
    });
  }

  @Test
  void programsAtTrafficControlHaveRoomForOthers() throws Exception {
    withPair((namespace, pair, _) -> {
      try (var first = loaded(Hook.TC);
          var second = loaded(Hook.TC)) {
        for (var offload : List.of(first, second)) {
          assertThat(offload.attach(List.of(pair), List.of()))
              .extracting(Object::toString)
              .containsExactly("pair0 (tc)");
        }
        assertThat(namespace.ip("link", "show")).doesNotContain(" xdp");
      }
    });
  }

  @Test
  void whereAnotherXdpProgramIsItStaysAndTheSentenceSaysSo() throws Exception {
    withPair((_, pair, loopback) -> {
      try (var first = loaded(Hook.XDP);
          var second = loaded(Hook.XDP)) {
        first.attach(List.of(pair), List.of(loopback));
        for (Link taken : List.of(pair, loopback)) {
          assertThatExceptionOfType(KernelException.class)
              .isThrownBy(() -> second.attach(List.of(taken), List.of()))
              .matches(e -> e.is(Errno.EBUSY) || e.is(Errno.EEXIST))
              .withMessageStartingWith("putting a program at %s failed: it ", taken.name())
              .withMessageEndingWith(
                  "; another XDP program is there, 'ip link show %s' has its number: end what put"
                      + " it there, or set 'hook: tc'",
                  taken.name());
        }
      }
    });
  }

  @Test
  void whereTheInterfaceHasGoneTheSentenceSaysSo() throws Exception {
    withPair((namespace, pair, _) -> {
      namespace.ip("link", "delete", "pair0");
      try (var offload = loaded(Hook.TC)) {
        assertThatExceptionOfType(KernelException.class)
            .isThrownBy(() -> offload.attach(List.of(pair), List.of()))
            .matches(e -> e.is(Errno.ENODEV))
            .withMessage(
                "putting a program at pair0 failed: there is no such device (ENODEV); it goes on"
                    + " when the interface is back");
      }
    });
  }
}
