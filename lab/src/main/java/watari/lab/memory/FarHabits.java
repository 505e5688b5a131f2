package watari.lab.memory;

import java.util.List;
import watari.lab.memory.Message.Echo;
import watari.lab.memory.Message.Failure;
import watari.lab.memory.Message.Tcp;
import watari.lab.memory.Message.Udp;
import watari.lab.proof.Internet;

/// How the host on the Internet answers: a ping by its reply, UDP and TCP by the address and port
/// it saw.
final class FarHabits implements Host.Habits {

  static final int SEGMENT_SIZE_MAX = 1460;
  private static final int INITIAL_SEQUENCE = 7597;

  @Override
  public List<Message> answers(Message message) {
    return switch (message) {
      case Echo echo -> echo.isReply() ? List.of() : List.of(reply(echo));
      case Udp udp -> isEcho(udp.to().port()) ? List.of(who(udp)) : List.of();
      case Tcp tcp -> tcp.to().port() == Internet.HTTP_PORT ? answers(tcp) : List.of();
      case Failure _ -> List.of();
    };
  }

  private static boolean isEcho(int port) {
    return port >= Internet.ECHO_PORT && port < Internet.ECHO_PORT + Internet.PORTS;
  }

  private static Message reply(Echo echo) {
    return new Echo(
        /* source= */ echo.target(),
        /* target= */ echo.source(),
        true,
        echo.identifier(),
        echo.sequence(),
        echo.octets());
  }

  private static Message who(Udp udp) {
    return new Udp(udp.to(), udp.from(), udp.from().toString());
  }

  /// A connection is opened, a question is answered by the last words; nothing is ever lost here.
  private static List<Message> answers(Tcp tcp) {
    if (tcp.has(Tcp.SYN)) {
      int flags = Tcp.SYN | Tcp.ACK;
      return List.of(segment(tcp, flags, INITIAL_SEQUENCE, 1, SEGMENT_SIZE_MAX, ""));
    }
    return tcp.text().isEmpty()
        ? List.of()
        : List.of(
            segment(
                tcp,
                Tcp.ACK | Tcp.FIN,
                tcp.acknowledgement(),
                tcp.text().length(),
                0,
                tcp.from().toString()));
  }

  private static Tcp segment(
      Tcp heard, int flags, int sequence, int taken, int segmentSizeMax, String text) {
    return new Tcp(
        heard.to(), heard.from(), flags, sequence, heard.sequence() + taken, segmentSizeMax, text);
  }
}
