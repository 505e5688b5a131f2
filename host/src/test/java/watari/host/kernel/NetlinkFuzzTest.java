package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import watari.fuzz.Mutations;

/// Any bytes as an answer of netlink: messages that each reader makes something of or nothing, or
/// the one refusal that there is for lengths that cannot be.
final class NetlinkFuzzTest {
  private static final int BYTES_MAX = 1 << 15;
  private static final byte[] ROOM = new byte[BYTES_MAX];

  static Stream<byte[]> seeds() {
    Stream<byte[]> written =
        Stream.of(
                new Request.AddAddress(
                    new DeviceAddress(2, new Cidr(true, 0x20010db8L << 32, 1, 64))),
                new Request.SetRoute(new Route(254, new Cidr(false, 0, 0, 0), 3, 100)),
                new Request.SetRoute(
                    new Route(254, new Cidr(true, 0x20010db8L << 32, 0, 32), 3, 0)),
                new Request.SizeLink(7, 1500))
            .map(NetlinkFuzzTest::written);
    Stream<byte[]> read =
        Stream.of(
                "2c000000140002000700000000000000"
                    + "0a40000002000000140001002001"
                    + "0db8"
                    + "000000000000000000000001",
                "2c0000001000000001000000000000000000010002000000010000000000000008000300656e3000"
                    + "08000400dc050000",
                "1400000003000200070000000000000000000000",
                "24000000020000000700000000000000ffffffff14000000100005000700000000000000")
            .map(HexFormat.of()::parseHex);
    return Stream.of(Stream.of(new byte[0], new byte[] {0}), written, read).flatMap(each -> each);
  }

  private static byte[] written(Request request) {
    var buffer = MemorySegment.ofArray(new long[128]);
    int bytes = new MessageWriter(buffer).write(request, 7);
    return buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @MethodSource("seeds")
  @FuzzTest
  void readsAnAnswerOrRefuses(byte[] input) {
    int bytes = Math.min(input.length, BYTES_MAX);
    Arrays.fill(ROOM, (byte) 0);
    System.arraycopy(input, 0, ROOM, 0, bytes);
    try {
      for (Message message : Message.parse(MemorySegment.ofArray(ROOM).asSlice(0, bytes))) {
        read(message);
      }
    } catch (KernelException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static void read(Message message) throws KernelException {
    List<Optional<?>> read =
        List.of(
            Netlink.link(message),
            Netlink.address(message),
            Netlink.route(message),
            Netlink.advertisedDefault(message),
            Netlink.foreignProxy(message),
            RuleMessage.ours(message));
    read.forEach(one -> assertThat(one.map(Object::toString)).isNotEqualTo(Optional.of("")));
    boolean _ = RuleMessage.isFirst(message) && RuleMessage.isLocal(message);
    Netlink.finish(new Request.ListLinks(), message);
  }

  @Test
  void readsAnAnswerOrRefusesNearTheSeeds() {
    Mutations.feed(seeds(), 100_000, this::readsAnAnswerOrRefuses);
  }
}
