package watari.host.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The queues of a network card (`ETHTOOL_GCHANNELS`, `linux/ethtool.h`).
public final class Channels {
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final long SIOCETHTOOL = 0x8946;
  private static final int GET_CHANNELS = 0x3c;
  private static final int RECEIVING = 20;
  private static final int COMBINED = 32;
  private static final int CHANNELS_BYTES = 36;
  private static final int REQUEST_BYTES = 40;

  /// Where `struct ifreq` has the address of what is asked, behind the name.
  private static final int DATA = 16;

  private Channels() {}

  /// How many queues an interface receives by; 1 where its driver does not say.
  public static int receiving(Libc libc, InterfaceName name) throws KernelException {
    int socket = libc.socket(AF_INET, SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
    if (socket < 0) {
      throw new KernelException(-socket, "opening a socket to ask about " + name.text());
    }
    try (var arena = Arena.ofConfined()) {
      var channels = arena.allocate(CHANNELS_BYTES, 8);
      channels.set(JAVA_INT, 0, GET_CHANNELS);
      var request = arena.allocate(REQUEST_BYTES, 8);
      var text = MemorySegment.ofArray(name.text().getBytes(StandardCharsets.US_ASCII));
      MemorySegment.copy(text, JAVA_BYTE, 0, request, JAVA_BYTE, 0, text.byteSize());
      request.set(JAVA_LONG, DATA, channels.address());
      int result = libc.ioctl(socket, SIOCETHTOOL, request.address());
      int queues = channels.get(JAVA_INT, RECEIVING) + channels.get(JAVA_INT, COMBINED);
      return result < 0 ? 1 : Math.max(1, queues);
    } finally {
      int _ = libc.close(socket);
    }
  }
}
