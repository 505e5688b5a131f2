package watari.lab.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import watari.core.net.Refused;
import watari.core.wire.Slab;
import watari.host.driver.Batch;
import watari.host.driver.DoorCounter;
import watari.host.driver.Tun;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.lab.NeedsNamespaces;

/// The TUN door against the kernel, each test in a namespace of its own.
@NeedsNamespaces
final class TunTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int PORT = 9999;
  private static final int SUPER_BYTES = 40_040;

  @Test
  void theDeviceLivesAsLongAsTheDoor() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0")) {
          assertThat(tun.name()).isEqualTo("watari0");
          assertThat(namespace.ip("-j", "-d", "link", "show", "watari0"))
              .contains("\"type\":\"tun\"", "\"pi\":false", "\"persist\":false");
        }
        assertThat(namespace.ip("-j", "link")).doesNotContain("watari0");
      });
    }
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1/24, 192.0.2.2", "2001:db8::1/64, 2001:db8::2"})
  void packetsCrossBothWays(String own, String other) throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = up(namespace, own);
            var batch = Batch.ofMtu(1500);
            var socket = new DatagramSocket()) {
          ask(socket, other, "over the water".getBytes(UTF_8));
          answer(tun, batch);
          var reply = new DatagramPacket(new byte[100], 100);
          socket.setSoTimeout(PATIENCE_MILLIS);
          socket.receive(reply);
          assertThat(new String(reply.getData(), 0, reply.getLength(), UTF_8))
              .isEqualTo("over the water");
          assertThat(reply.getSocketAddress()).isEqualTo(new InetSocketAddress(other, PORT));
          assertThat(tun.counters().of(DoorCounter.SENT)).isOne();
        }
      });
    }
  }

  @Test
  void dropsAndCountsWhatIsLongerThanAFrame() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = up(namespace, "192.0.2.1/24");
            var batch = new Batch(8, 100, 64);
            var socket = new DatagramSocket()) {
          ask(socket, "192.0.2.2", new byte[100 - 28 + 1]);
          ask(socket, "192.0.2.2", new byte[100 - 28]);
          int found = find(tun, batch);
          assertThat(batch.length(found)).isEqualTo(100);
          assertThat(tun.counters().of(DoorCounter.TOO_LONG)).isOne();
        }
      });
    }
  }

  @Test
  void carriesAPacketOfTheLargestMtu() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = up(namespace, "192.0.2.1/24");
            var batch = Batch.ofMtu(65535);
            var socket = new DatagramSocket()) {
          namespace.ip("link", "set", "watari0", "mtu", "65535");
          ask(socket, "192.0.2.2", new byte[65535 - 28]);
          assertThat(batch.length(find(tun, batch))).isEqualTo(65535);
          assertThat(tun.counters().of(DoorCounter.TOO_LONG)).isZero();
        }
      });
    }
  }

  @Test
  void aSuperPacketThatTheKernelForwardsComesBackInOnePiece() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0");
            var batch = Batch.ofSuperPackets()) {
          Forwarding.through(namespace, "watari0");
          Forwarding.superPacket(batch.at(0), SUPER_BYTES);
          byte[] payload = Slab.copy(batch.at(0) + 40, SUPER_BYTES - 40);
          assertThat(tun.sendSuper(batch.at(0), SUPER_BYTES, 1000)).isTrue();
          int found = find(tun, batch);
          assertThat(batch.length(found)).isEqualTo(SUPER_BYTES);
          assertThat(batch.segmentBytes(found)).isEqualTo(1000);
          assertThat(Slab.copy(batch.at(found) + 40, SUPER_BYTES - 40)).isEqualTo(payload);
          assertThat(tun.counters().of(DoorCounter.SUPER_SENT)).isOne();
          assertThat(tun.counters().of(DoorCounter.SUPER_RECEIVED)).isOne();
        }
      });
    }
  }

  @Test
  void refusesABatchWithoutRoomForTheKernelsHeader() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0");
            var batch = new Batch(4, 1500, 8)) {
          assertThatIllegalArgumentException().isThrownBy(() -> tun.receive(batch));
        }
      });
    }
  }

  @Test
  void refusesAndCountsWhatTheDeviceDoesNotTake() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0");
            var batch = Batch.ofMtu(1500)) {
          Slab.fill(batch.at(0), 40, 0x45);
          assertThat(tun.send(batch.at(0), 40)).as("the device is down").isFalse();
          namespace.ip("link", "set", "watari0", "up");
          Slab.fill(batch.at(0), 40, 0);
          assertThat(tun.send(batch.at(0), 40)).as("not an IP packet").isFalse();
          assertThat(tun.counters().of(DoorCounter.REFUSED)).isEqualTo(2);
        }
      });
    }
  }

  @Test
  void aRemovedDeviceIsABrokenDoor() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0");
            var batch = Batch.ofMtu(1500)) {
          namespace.ip("link", "delete", "watari0");
          assertThat(tun.await(PATIENCE_MILLIS)).isTrue();
          assertThatIOException()
              .isThrownBy(() -> tun.receive(batch))
              .withMessageContaining("something removed it");
          assertThatIOException().isThrownBy(() -> tun.send(batch.at(0), 40));
        }
      });
    }
  }

  @Test
  void aWakeOfAnotherThreadEndsTheWait() throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var tun = Tun.open("watari0")) {
          Thread.ofVirtual().start(tun::wake);
          assertThat(tun.await(-1)).isFalse();
          assertThat(tun.await(0)).isFalse();
        }
      });
    }
  }

  @ParameterizedTest
  @CsvSource({"watari0, EBUSY", "lo, EINVAL"})
  void saysThatANameIsTaken(String name, Errno errno) throws Exception {
    try (var namespace = new Namespace()) {
      namespace.inside(() -> {
        try (var _ = Tun.open("watari0")) {
          assertThatExceptionOfType(KernelException.class)
              .isThrownBy(() -> Tun.open(name))
              .matches(e -> e.is(errno))
              .withMessageContaining("the name is taken: ip -d link show " + name);
        }
      });
    }
  }

  @Test
  void saysThatANameIsTooLong() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> Tun.open("watari-gateway-1"))
        .withMessageContaining("at most 15");
  }

  @Test
  @NeedsNamespaces(programs = "setpriv")
  void saysThatTheRightIsMissing() throws Exception {
    assertThat(OpenTunChild.run("setpriv", "--bounding-set=-net_admin"))
        .isEqualTo(
            "making the TUN device watari0 failed: this process does not have the right (EPERM);"
                + " it needs CAP_NET_ADMIN: run it as root, for example with sudo");
  }

  @Test
  @NeedsNamespaces(programs = {"unshare", "setpriv"})
  void saysThatTheUserMayNotOpenTheDevice() throws Exception {
    String shut = "mount -t tmpfs none /dev/net && : > /dev/net/tun && chmod 0 /dev/net/tun";
    assertThat(OpenTunChild.runAfter(shut, "setpriv", "--bounding-set=-dac_override"))
        .isEqualTo(
            "opening /dev/net/tun failed: the permissions do not allow it (EACCES); run it as"
                + " root, for example with sudo");
  }

  @Test
  @NeedsNamespaces(programs = "unshare")
  void saysThatTheTunFileIsMissing() throws Exception {
    assertThat(OpenTunChild.runAfter("mount -t tmpfs none /dev/net"))
        .startsWith(
            "opening /dev/net/tun failed: it does not exist (ENOENT); as root: modprobe tun");
  }

  private static Tun up(Namespace namespace, String address) throws Exception {
    var tun = Tun.open("watari0");
    namespace.ip("address", "add", address, "dev", "watari0", "nodad");
    namespace.ip("link", "set", "watari0", "up");
    return tun;
  }

  private static void ask(DatagramSocket socket, String other, byte[] text) throws Exception {
    var target = InetAddress.getByName(other);
    socket.send(new DatagramPacket(text, text.length, target, PORT));
  }

  /// Sends the question back where it came from. Sums do not change when places are swapped.
  private static void answer(Tun tun, Batch batch) throws Exception {
    int found = find(tun, batch);
    long at = batch.at(found);
    boolean isIpv4 = Slab.byteAt(at) >> 4 == 4;
    swap(at + (isIpv4 ? 12 : 8), isIpv4 ? 4 : 16);
    swap(at + (isIpv4 ? 20 : 40), 2);
    assertThat(tun.send(at, batch.length(found))).isTrue();
  }

  private static void swap(long at, int bytes) {
    byte[] first = Slab.copy(at, bytes);
    Slab.move(at + bytes, at, bytes);
    Slab.write(at + bytes, first, 0, bytes);
  }

  /// Receives until a packet to our port is there, among what the kernel says on its own.
  private static int find(Tun tun, Batch batch) throws Exception {
    while (tun.await(PATIENCE_MILLIS)) {
      tun.receive(batch);
      for (int i = 0; i < batch.count(); i++) {
        int ports = Slab.byteAt(batch.at(i)) >> 4 == 4 ? 20 : 40;
        if (Slab.shortAt(batch.at(i) + ports + 2) == PORT) {
          return i;
        }
      }
    }
    throw new AssertionError("the packet did not arrive");
  }
}
