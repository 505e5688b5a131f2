package watari.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.core.net.Ipv4Address;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.portmap.Asker;
import watari.core.portmap.Inside;
import watari.core.portmap.Lease;
import watari.core.portmap.Nonce;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.core.wire.Protocol;
import watari.fuzz.Mutations;

/// Any bytes as a journal, and any JSON as what it keeps: what is whole is read, the rest is
/// nothing, and on what was found it can be written on.
final class StateFuzzTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final long NOW = 1_000_000;
  private static final Lease LEASE =
      new Lease(
          new Inside(Protocol.UDP, Ipv4Address.parse("192.168.1.2").bits(), 51820),
          62273,
          2,
          new Asker.Pcp(new Nonce(-2, -3), true),
          3_600_000,
          List.of());

  static Stream<byte[]> journals() {
    var entries = new TreeMap<String, JsonNode>();
    trees().forEach(tree -> entries.put("lease " + entries.size(), tree));
    byte[] snapshot = LedgerText.snapshot(entries);
    byte[] record = LedgerText.record(entries);
    return Stream.of(
        new byte[0],
        "w".getBytes(UTF_8),
        snapshot,
        join(snapshot, record),
        join(snapshot, snapshot));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  static Stream<byte[]> texts() {
    return Stream.concat(
        Stream.of("", "x", "{\"expires\":\"+1000000000-12-31T23:59:59Z\"}")
            .map(text -> text.getBytes(UTF_8)),
        trees().map(tree -> tree.toString().getBytes(UTF_8)));
  }

  private static Stream<JsonNode> trees() {
    var forward =
        new RememberedForward("web", Transport.TCP, new Ports.Range(4930, 4930), 2, 4930, false);
    var block =
        new RememberedForward("game", Transport.BOTH, new Ports.Block(15), 224, 62272, true);
    return Stream.of(
        KeptTree.of(new PortSet(4, new Psid(0x34, 8))),
        KeptTree.of(forward),
        KeptTree.of(block),
        KeptTree.of(LEASE, NOW, NOON).orElseThrow());
  }

  @MethodSource("journals")
  @FuzzTest
  void readsWhatIsWholeAndGoesOn(byte[] input) throws IOException {
    LedgerText.Reading reading = LedgerText.read(input);
    assertThat(reading.length()).isBetween(0, input.length);
    assertThat(reading.snapshotLength()).isBetween(0, reading.length());
    var disk = new CrashingDisk();
    try (var file = disk.create(Ledger.FILE)) {
      file.append(input);
    }
    JsonNode set = KeptTree.of(PortSet.ALL);
    try (var ledger = Ledger.open(disk)) {
      ledger.write(new TreeMap<>(Map.of("set", set)));
    }
    Optional<byte[]> bytes = disk.read(Ledger.FILE);
    assertThat(Ledger.entries(bytes.orElseThrow())).containsEntry("set", set);
  }

  @MethodSource("texts")
  @FuzzTest
  void makesSomethingOfATreeOrNothing(byte[] input) {
    JsonNode tree;
    try {
      tree = JsonMapper.shared().readTree(input);
    } catch (JacksonException _) {
      return;
    }
    KeptTree.set(tree).ifPresent(set -> assertThat(KeptTree.set(KeptTree.of(set))).contains(set));
    KeptTree.forward("web", tree)
        .ifPresent(one -> assertThat(KeptTree.forward("web", KeptTree.of(one))).contains(one));
    KeptTree.lease(tree, NOW, NOON).ifPresent(StateFuzzTest::checkLease);
  }

  private static void checkLease(Lease lease) {
    assertThat(lease.expiresAt()).isGreaterThan(NOW);
    assertThat(lease.outerPort() + lease.size()).isLessThanOrEqualTo(1 << 16);
    assertThat(KeptTree.of(lease, NOW, NOON)).isPresent();
  }

  @Test
  void readsWhatIsWholeAndGoesOnNearTheSeeds() {
    Mutations.feed(
        journals(),
        5000,
        input -> {
          try {
            readsWhatIsWholeAndGoesOn(input);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void makesSomethingOfATreeNearTheSeeds() {
    Mutations.feed(texts(), 50_000, this::makesSomethingOfATreeOrNothing);
  }
}
