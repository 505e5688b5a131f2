package watari.host.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/// The processors that the machine has or may get while it runs.
public final class Processors {
  private static final String POSSIBLE = "/sys/devices/system/cpu/possible";
  private static final int TEXT_BYTES_MAX = 256;

  /// What a kernel can have at most, as distributions build it.
  private static final int MOST = 8192;

  private Processors() {}

  /// How many places a list needs that has one for each of their numbers.
  ///
  /// @throws KernelException when the kernel does not say
  public static int possible(Libc libc) throws KernelException {
    int descriptor = libc.open(POSSIBLE, Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (descriptor < 0) {
      throw new KernelException(-descriptor, "opening " + POSSIBLE);
    }
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(TEXT_BYTES_MAX);
      long bytes = libc.read(descriptor, text.address(), TEXT_BYTES_MAX);
      if (bytes < 0) {
        throw new KernelException((int) -bytes, "reading " + POSSIBLE);
      }
      byte[] read = text.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      return places(new String(read, US_ASCII));
    } finally {
      int _ = libc.close(descriptor);
    }
  }

  /// @param list such as `0-3` or `0,2-5`, in order
  static int places(String list) throws KernelException {
    String last = list.strip().replaceFirst(".*[,-]", "");
    if (last.matches("[0-9]{1,4}") && Integer.parseInt(last) < MOST) {
      return Integer.parseInt(last) + 1;
    }
    throw new KernelException(Errno.EBADMSG.number(), "reading " + POSSIBLE);
  }
}
