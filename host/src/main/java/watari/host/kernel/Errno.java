package watari.host.kernel;

/// The error numbers of Linux that we have a sentence for (`errno(3)`; asm-generic, so equal on
/// x86-64, AArch64 and RISC-V).
public enum Errno {
  EPERM(1, "this process does not have the right"),
  ENOENT(2, "it does not exist"),
  ESRCH(3, "there is no such entry"),
  EINTR(4, "a signal interrupted the call"),
  EIO(5, "input or output failed; a network device may be down"),
  ENXIO(6, "there is no such device"),
  EBADF(9, "the descriptor is not open"),
  EAGAIN(11, "there is nothing now"),
  ENOMEM(12, "the kernel has no memory for it"),
  EACCES(13, "the permissions do not allow it"),
  EFAULT(14, "the memory address is wrong"),
  EBUSY(16, "it is in use"),
  EEXIST(17, "it exists already"),
  ENODEV(19, "there is no such device"),
  EINVAL(22, "the kernel does not accept the value"),
  ENFILE(23, "the machine has too many open files"),
  EMFILE(24, "this process has too many open files"),
  ENOSPC(28, "there is no space left"),
  EROFS(30, "it is read-only here"),
  EBADMSG(74, "the answer cannot be read"),
  EBADFD(77, "the device behind the descriptor was removed"),
  EMSGSIZE(90, "the message is too long"),
  EPROTONOSUPPORT(93, "the kernel does not know the protocol"),
  EOPNOTSUPP(95, "the kernel does not support it"),
  EAFNOSUPPORT(97, "the kernel does not support the address family"),
  EADDRINUSE(98, "the address is in use"),
  EADDRNOTAVAIL(99, "the address is not there"),
  ENETDOWN(100, "the network device is down"),
  ENETUNREACH(101, "the network cannot be reached"),
  ENOBUFS(105, "the queue is full"),
  ETIMEDOUT(110, "no answer came in time"),
  EHOSTUNREACH(113, "the host cannot be reached");

  private final int number;
  private final String sentence;

  Errno(int number, String sentence) {
    this.number = number;
    this.sentence = sentence;
  }

  /// The positive number, as in `errno.h`.
  public int number() {
    return number;
  }

  public String sentence() {
    return sentence;
  }

  /// Whether a call that gives `-errno` failed with this error.
  public boolean is(long result) {
    return result == -number;
  }

  /// The name and the sentence of `number`, or the bare number where we have none.
  public static String describe(int number) {
    for (var errno : values()) {
      if (errno.number == number) {
        return errno.sentence + " (" + errno + ")";
      }
    }
    return "the kernel answered with error " + number;
  }
}
