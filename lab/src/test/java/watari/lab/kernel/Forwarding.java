package watari.lab.kernel;

import java.io.IOException;
import watari.core.wire.Checksum;
import watari.core.wire.Ipv4;
import watari.core.wire.Protocol;
import watari.core.wire.Slab;
import watari.core.wire.Tcp;
import watari.host.kernel.Sysctl;

/// A TUN device whose packets the kernel forwards back into it.
final class Forwarding {
  private static final int SOURCE = 0xc000_0202; // 192.0.2.2
  private static final int TARGET = 0xc000_0203; // 192.0.2.3

  private Forwarding() {}

  /// Sets the device up; for a thread inside the namespace.
  static void through(Namespace namespace, String device) throws IOException {
    namespace.ip("address", "add", "192.0.2.1/24", "dev", device);
    namespace.ip("link", "set", device, "up");
    Sysctl.ipv4Forwarding().write(1);
  }

  /// Writes a UDP packet that comes back; it has no UDP checksum, which IPv4 allows.
  static void packet(long at, int bytes) {
    Slab.fill(at, bytes, 0);
    Slab.putShort(at, 0x4500);
    Slab.putShort(at + 2, bytes);
    Slab.putShort(at + 8, 0x4011); // 64 hops, UDP
    Slab.putInt(at + 12, SOURCE);
    Slab.putInt(at + 16, TARGET);
    Slab.putShort(at + 10, checksum(at));
    Slab.putShort(at + 20, 1000);
    Slab.putShort(at + 22, 2000);
    Slab.putShort(at + 24, bytes - 20);
  }

  /// Writes a TCP super-packet to port 9999 that comes back, with the sum of the pseudo-header for
  /// its checksum.
  static void superPacket(long at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      Slab.putByte(at + i, i);
    }
    Slab.fill(at, 40, 0);
    Ipv4.write(at, bytes, Protocol.TCP, 64, SOURCE, TARGET);
    Slab.putShort(at + 22, 9999);
    Slab.putShort(at + 32, 5 << 12 | Tcp.ACK);
    long sum = Checksum.pseudoHeader(SOURCE, TARGET, Protocol.TCP, bytes - Ipv4.HEADER);
    Slab.putShort(at + 36, Checksum.fold(sum));
  }

  private static int checksum(long at) {
    int sum = 0;
    for (int i = 0; i < 20; i += 2) {
      sum += Slab.shortAt(at + i);
    }
    return ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  }
}
