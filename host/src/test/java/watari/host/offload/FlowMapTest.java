package watari.host.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The table of flows, as a program sees it: by its bytes.
final class FlowMapTest {
  private static final int UDP = 17;
  private static final int INSIDE = 0xc0a80102;
  private static final int OUTER = 0xc6336401;
  private static final int REMOTE = 0xcb007101;

  private final FlowMap.Hash hash = FlowMap.Hash.of(64, 0x1234567890abcdefL, -3);
  private final MemorySegment values =
      Arena.ofAuto().allocate((long) hash.buckets() * FlowMap.BUCKET, 64);
  private final FlowMap flows = new FlowMap(values, hash);
  private final FlowRow row = new FlowRow();

  private FlowRow row(int insidePort, int remotePort) {
    row.fromHome(UDP, INSIDE, insidePort, OUTER, 40_000, REMOTE, remotePort);
    row.setFarEnd(0x2001_0db8_ffff_0000L, 1, 65_535);
    return row;
  }

  private int edition(int at) {
    return values.get(ValueLayout.JAVA_INT, (long) at * FlowMap.ROW);
  }

  /// What a program reads as bytes of a packet.
  private String bytes(int at, int field, int count) {
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      byte one = values.get(ValueLayout.JAVA_BYTE, (long) at * FlowMap.ROW + field + i);
      text.append("%02x".formatted(one & 0xff));
    }
    return text.toString();
  }

  @Test
  void aRowHasTheBytesOfItsPackets() {
    int at = flows.add(row(0x8001, 443), 7, 90);
    assertThat(bytes(at, FlowMap.KEY, 8)).isEqualTo("c0a80102" + "cb007101");
    assertThat(bytes(at, FlowMap.OTHER_KEY, 8)).isEqualTo("8001" + "01bb" + "11" + "00" + "0000");
    assertThat(bytes(at, FlowMap.REWRITE, 6)).isEqualTo("c6336401" + "9c40");
    assertThat(bytes(at, FlowMap.FAR_END, 16)).isEqualTo("20010db8ffff00000000000000000001");
    assertThat(bytes(at, FlowMap.WAY, 2)).isEqualTo("ffff");
    assertThat(flows.number(at)).isEqualTo(7);
    assertThat(flows.second(at)).isEqualTo(90);
    assertThat(flows.bytes(at)).isZero();
  }

  @Test
  void theOtherDirectionIsAnotherRow() {
    row.fromLine(UDP, INSIDE, 0x8001, OUTER, 40_000, REMOTE, 443);
    int at = flows.add(row, 0, 0);
    assertThat(bytes(at, FlowMap.KEY, 8)).isEqualTo("cb007101" + "c6336401");
    assertThat(bytes(at, FlowMap.OTHER_KEY, 6)).isEqualTo("01bb" + "9c40" + "11" + "01");
    assertThat(bytes(at, FlowMap.REWRITE, 6)).isEqualTo("c0a80102" + "8001");
  }

  @Test
  void eachChangeOfARowIsAnotherEdition() {
    int at = flows.add(row(1, 1), 0, 0);
    assertThat(edition(at)).isEqualTo(2);
    flows.remove(at);
    assertThat(edition(at)).isEqualTo(4);
    assertThat(bytes(at, FlowMap.KEY, 16)).matches("0+");
    assertThat(flows.add(row(1, 1), 0, 0)).isEqualTo(at);
    assertThat(edition(at)).isEqualTo(6);
  }

  @Test
  void aFullBucketTakesNoMoreAndTheOthersStay() {
    Map<Integer, Integer> rows = new HashMap<>();
    int refused = 0;
    for (int port = 1; port <= 2_000; port++) {
      int at = flows.add(row(port, port), port, 0);
      refused += at < 0 ? 1 : 0;
      if (at >= 0) {
        assertThat(rows.put(at, port)).as("a row that was free").isNull();
      }
    }
    assertThat(rows).hasSize(hash.buckets() * FlowMap.ROWS_EACH);
    assertThat(refused).isEqualTo(2_000 - rows.size());
    rows.forEach((at, port) -> assertThat(flows.number(at)).isEqualTo(port));
  }

  @Test
  void ofAsManyFlowsAsItIsForNearlyAllFindRoom() {
    var large = FlowMap.Hash.of(4096, 0x1234567890abcdefL, 0x2545f4914f6cdd1dL);
    long bytes = (long) large.buckets() * FlowMap.BUCKET;
    var table = new FlowMap(Arena.ofAuto().allocate(bytes, 64), large);
    int refused = 0;
    for (int port = 1; port <= 4096; port++) {
      refused += table.add(row(port, 443), 0, 0) < 0 ? 1 : 0;
      row.fromLine(UDP, INSIDE, port, OUTER, port, REMOTE, 443);
      refused += table.add(row, 0, 0) < 0 ? 1 : 0;
    }
    assertThat(refused).isLessThan(4096 * 2 * 2 / 100);
  }

  @Test
  void bucketsDependOnASecret() {
    var buckets = new HashSet<Integer>();
    for (int secret = 1; secret < 100; secret++) {
      buckets.add(FlowMap.Hash.of(1000, secret * 0x9e3779b97f4a7c15L, secret).bucket(5, 6));
    }
    assertThat(buckets).hasSizeGreaterThan(50);
  }

  @Test
  void clearedItIsEmpty() {
    int at = flows.add(row(1, 1), 0, 0);
    int other = flows.add(row(2, 1), 0, 0);
    flows.clear();
    assertThat(edition(at)).isEqualTo(4);
    assertThat(edition(other)).isEqualTo(4);
    assertThat(bytes(other, FlowMap.KEY, 16)).matches("0+");
  }
}
