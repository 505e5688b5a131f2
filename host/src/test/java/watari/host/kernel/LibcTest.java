package watari.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class LibcTest {
  private final Libc libc = new Libc();

  @Test
  void knowsTheNumberOfThisProcess() {
    assertThat(libc.getpid()).isEqualTo((int) ProcessHandle.current().pid());
  }

  @Test
  void givesTheErrorNumberOfAFailedCall() {
    assertThat(libc.open("/nowhere/at/all", Libc.O_RDONLY)).isEqualTo(-Errno.ENOENT.number());
    assertThat(libc.close(-1)).isEqualTo(-Errno.EBADF.number());
    assertThat(libc.read(-1, 0, 0)).isEqualTo(-Errno.EBADF.number());
    assertThat(libc.ioctl(-1, 0, 0)).isEqualTo(-Errno.EBADF.number());
    assertThat(libc.socket(-1, 0, 0)).isEqualTo(-Errno.EAFNOSUPPORT.number());
    assertThat(libc.sendmmsg(-1, 0, 0, 0)).isEqualTo(-Errno.EBADF.number());
    assertThat(libc.setns(-1, Libc.CLONE_NEWNET)).isEqualTo(-Errno.EBADF.number());
  }

  @Test
  void aTriedCallTellsThatItFailedButNotWhy() {
    assertThat(libc.tryRead(-1, 0, 0)).isEqualTo(-1);
    assertThat(libc.tryWrite(-1, 0, 0)).isEqualTo(-1);
    assertThat(libc.tryPoll(0, 1, 0)).isEqualTo(-1);
    assertThat(libc.tryPoll(0, 0, 0)).isZero();
  }

  @Test
  void readsAndWritesAtAnAddress() {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(ValueLayout.JAVA_LONG);
      number.set(ValueLayout.JAVA_LONG, 0, 7);
      int event = libc.eventfd(35, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
      assertThat(libc.write(event, number.address(), Long.BYTES)).isEqualTo(Long.BYTES);
      assertThat(libc.read(event, number.address(), Long.BYTES)).isEqualTo(Long.BYTES);
      assertThat(number.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
      assertThat(Errno.EAGAIN.is(libc.read(event, number.address(), Long.BYTES))).isTrue();
      assertThat(libc.close(event)).isZero();
    }
  }

  @Test
  void aRungBellEndsAWaitUntilItIsSilenced() throws Exception {
    try (var bell = Bell.open();
        var other = Bell.open()) {
      var poll = new Poll(libc, other.descriptor(), bell.descriptor());
      bell.ring();
      bell.ring();
      poll.await(-1);
      assertThat(poll.isReady(0)).isFalse();
      assertThat(poll.isReady(1)).isTrue();
      bell.silence();
      poll.await(0);
      assertThat(poll.isReady(1)).isFalse();
    }
  }

  @Test
  void aClosedBellMayBeRung() throws Exception {
    var bell = Bell.open();
    bell.close();
    bell.ring();
    assertThat(Errno.EBADF.is(libc.read(bell.descriptor(), 0, Long.BYTES))).isTrue();
  }
}
