package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.app.config.Problem;
import watari.core.path.Relay;

/// A relay whose file changes while it runs.
final class RelayEndTest {
  private static final String KEPT = "2001:db8::/40 192.0.2.0/24";
  private static final String COME = "2001:db8:100::/40 192.0.3.0/24";
  private static final String KEPT_HOST = "192.0.2.18";
  private static final String COME_HOST = "192.0.3.18";
  private static final String REFUSAL = " while it runs; stop it and start it again";

  @TempDir private Path folder = Path.of("");

  @Test
  void saysKeyByKeyWhatCannotChangeAsTheFileHasIt() throws IOException {
    try (var node = new RelayNode(folder, "", KEPT)) {
      var before = node.read();
      node.write(
          """
          line: {mtu: 1480, hopLimit: 63, trafficClass: 184, congestionMark: clear}
          anycast: true
          tun: other0
          socket: /run/other.sock
          workers: 1
          offload: off
          door: af_xdp
          hook: tc
          interfaces: {internet: [eth0, eth2], line: eth1}
          """,
          KEPT);
      assertThat(RelayEnd.fixed(before, node.read()).stream().map(Problem::toString))
          .containsExactly(
              "mtu: it cannot change from 1500 to 1480" + REFUSAL,
              "hopLimit: it cannot change from 64 to 63" + REFUSAL,
              "trafficClass: it cannot change from copy to 184" + REFUSAL,
              "congestionMark: it cannot change from copy to clear" + REFUSAL,
              "anycast: it cannot change from false to true" + REFUSAL,
              "tun: it cannot change from watari-relay0 to other0" + REFUSAL,
              "socket: it cannot change from /run/watari/relay.sock to /run/other.sock" + REFUSAL,
              "workers: it cannot change from auto to 1" + REFUSAL,
              "door: it cannot change from tun to af_xdp" + REFUSAL,
              "offload: it cannot change from auto to off" + REFUSAL,
              "hook: it cannot change from auto to tc" + REFUSAL,
              "interfaces: it cannot change from none to {internet: [eth0, eth2], line: eth1}"
                  + REFUSAL);
      assertThat(RelayEnd.fixed(before, before)).isEmpty();
    }
  }

  @Test
  void everyWorkerGoesByTheNewRules() throws IOException {
    try (var node = new RelayNode(folder, "", KEPT)) {
      assertThat(node.carries(0, COME_HOST, KEPT_HOST)).isFalse();
      assertThat(node.carries(1, COME_HOST, KEPT_HOST)).isFalse();
      node.write("", COME);
      assertThat(node.reload.run())
          .isEqualTo(Map.of("applied", true, "rulesChanged", true, "rules", 1));
      for (int worker = 0; worker < 2; worker++) {
        assertThat(node.carries(worker, KEPT_HOST, COME_HOST)).isTrue();
      }
    }
  }

  /// More often than there is room for rules of before.
  @Test
  void aKernelThatRefusesLeavesTheRulesOfBefore() throws IOException {
    try (var node = new RelayNode(folder, "", KEPT)) {
      var before = RelayEnd.plan(node.read());
      node.write("", COME);
      for (int i = 0; i <= Relay.FORMER_MAX; i++) {
        node.kernel =
            plan -> {
              if (!plan.equals(before)) {
                throw new IOException("no room for a route");
              }
            };
        assertThat(node.reload.run())
            .isEqualTo(Map.of("applied", false, "error", "no room for a route"));
        assertThat(node.plans.getLast()).isEqualTo(before);
        assertThat(node.status()).containsEntry("formerRules", List.of());
        assertThat(node.carries(0, COME_HOST, KEPT_HOST)).isFalse();
        assertThat(node.carries(1, COME_HOST, KEPT_HOST)).isFalse();
      }
    }
  }

  /// Whatever becomes of one half, the other is as before.
  @Test
  void theKernelIsAsBeforeAlthoughTheWorkerDoesNotAnswer() throws IOException {
    var busy = new CountDownLatch(1);
    try (var node = new RelayNode(folder, "", KEPT)) {
      var before = RelayEnd.plan(node.read());
      node.write("", COME);
      node.kernel =
          plan -> {
            if (!plan.equals(before)) {
              node.hold(busy);
              Thread.currentThread().interrupt(); // whoever waits for it does so no longer
              throw new IOException("no room for a route");
            }
          };
      assertThat(node.reload.run())
          .isEqualTo(
              Map.of(
                  "applied",
                  false,
                  "error",
                  "no room for a route; and it cannot be as before: interrupted; start it again"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(node.plans).containsExactly(before);
      busy.countDown();
      assertThat(node.status()).containsEntry("formerRules", List.of());
      // what was to be taken back is, however late
      assertThat(node.carries(0, COME_HOST, KEPT_HOST)).isFalse();
    }
  }

  @Test
  void saysWhenThereIsRoomForOtherRulesAgain() throws IOException {
    try (var node = new RelayNode(folder, "graceSeconds: 3600\n", KEPT)) {
      for (int i = 0; i < Relay.FORMER_MAX; i++) {
        node.write("graceSeconds: 3600\n", i % 2 == 0 ? COME : KEPT);
        assertThat(node.reload.run()).containsEntry("applied", true);
      }
      node.write("graceSeconds: 3600\n", COME);
      assertThat(String.valueOf(node.reload.run().get("error")))
          .matches(
              "the rules have changed 4 times, and those of before are still accepted; reload again"
                  + " in 3[56]\\d\\d s, or lower graceSeconds where rules change so often");
    }
  }

  /// The oldest would keep the newer ones waiting.
  @Test
  void aShorterGraceTimeIsThatOfOlderRulesToo() throws IOException {
    try (var node = new RelayNode(folder, "graceSeconds: 3600\n", KEPT)) {
      node.write("graceSeconds: 3600\n", KEPT, COME);
      assertThat(node.reload.run()).containsEntry("applied", true);
      node.write("graceSeconds: 0\n", COME);
      assertThat(node.reload.run()).containsEntry("applied", true);
      node.reload.follow();
      node.reload.follow();
      assertThat(node.status()).containsEntry("formerRules", List.of());
      assertThat(node.carries(0, KEPT_HOST, COME_HOST)).isFalse();
    }
  }

  @Test
  void aFileThatOnlyShortensTheGraceTimeDoesSo() throws IOException {
    try (var node = new RelayNode(folder, "graceSeconds: 3600\n", KEPT)) {
      node.write("graceSeconds: 3600\n", COME);
      assertThat(node.reload.run()).containsEntry("applied", true);
      node.write("graceSeconds: 0\n", COME);
      assertThat(node.reload.run()).containsEntry("rulesChanged", false);
      node.reload.follow();
      assertThat(node.status()).containsEntry("formerRules", List.of());
    }
  }
}
