package watari.host.kernel;

import java.nio.charset.StandardCharsets;
import watari.core.net.Refused;

/// The name of a network device, as the kernel accepts it (`dev_valid_name` in `net/core/dev.c`).
///
/// A `%` is refused as well: the kernel would take it for a pattern and choose the name itself.
public record InterfaceName(String text) {
  /// `IFNAMSIZ` without the closing zero.
  public static final int BYTES_MAX = 15;

  public InterfaceName {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0) {
      throw new Refused("a network device needs a name, for example watari0");
    }
    if (bytes > BYTES_MAX) {
      throw new Refused(
          "the device name '"
              + text
              + "' has "
              + bytes
              + " bytes, the kernel takes at most "
              + BYTES_MAX
              + ": choose a shorter one, for example watari0 (ip link show lists those taken)");
    }
    if (text.equals(".") || text.equals("..") || !text.chars().allMatch(InterfaceName::isAllowed)) {
      throw new Refused(
          "the device name '"
              + text
              + "' must not have '/', ':', '%' or blanks: use letters and digits, for example"
              + " watari0");
    }
  }

  private static boolean isAllowed(int character) {
    return character > ' ' && character != 0x7f && "/:%".indexOf(character) < 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
