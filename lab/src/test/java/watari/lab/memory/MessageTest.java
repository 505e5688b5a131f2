package watari.lab.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import watari.core.net.Ipv4Address;
import watari.lab.memory.Message.Echo;
import watari.lab.memory.Message.Tcp;
import watari.lab.memory.Message.Udp;
import watari.lab.proof.Disproved;
import watari.lab.proof.Endpoint;

final class MessageTest {

  private static final Endpoint HERE = new Endpoint(Ipv4Address.parse("192.168.1.2"), 40_000);
  private static final Endpoint THERE = new Endpoint(Ipv4Address.parse("203.0.113.80"), 80);

  static Stream<Message> messages() {
    return Stream.of(
        new Udp(HERE, THERE, "odd"),
        new Tcp(HERE, THERE, Tcp.SYN, -1, 0, 1460, ""),
        new Tcp(HERE, THERE, Tcp.ACK | Tcp.FIN, 5, 7, 0, "渡る"),
        new Echo(HERE.address(), THERE.address(), true, 0xffff, 3, 11));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void whatIsWrittenIsReadAgain(Message message) throws IOException {
    assertThat(Ipv4Reader.read(Ipv4Writer.USUAL.bytes(message))).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aHostBelievesNoPacketWithOneWrongBit(Message message) {
    var right = Ipv4Writer.USUAL.bytes(message);
    for (int bit = 0; bit < right.length * 8; bit++) {
      var wrong = right.clone();
      wrong[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Ipv4Reader.read(wrong)).isInstanceOf(Disproved.class);
    }
  }
}
