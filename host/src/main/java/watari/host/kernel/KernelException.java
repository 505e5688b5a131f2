package watari.host.kernel;

import java.io.IOException;

/// The kernel refused. The message is one sentence for a person: what failed, why, what helps.
public final class KernelException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /// A failure that only the kernel's reason explains.
  ///
  /// @param errno the positive error number
  /// @param failed what failed, such as `opening /dev/net/tun`
  public KernelException(int errno, String failed) {
    super(failed + " failed: " + Errno.describe(errno));
    this.errno = errno;
  }

  /// A failure that a person can do something about.
  ///
  /// @param helps what a person can do, such as a command
  public KernelException(int errno, String failed, String helps) {
    super(failed + " failed: " + Errno.describe(errno) + "; " + helps);
    this.errno = errno;
  }

  /// The positive error number.
  public int errno() {
    return errno;
  }

  public boolean is(Errno other) {
    return errno == other.number();
  }

  /// The message, never absent.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
