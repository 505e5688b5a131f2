package watari.host.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A TUN device of our own: whole IP packets, reads that do not wait. It disappears with its
/// descriptor (Documentation/networking/tuntap.rst).
///
/// Before each packet stands a `struct virtio_net_hdr`, so that the kernel can leave checksums and
/// the cutting of TCP over IPv4 to us, and we to it. Of IPv6 it cuts all itself, because what comes
/// from the line is in tunnels; so it does with UDP, as it takes datagrams of others together only
/// when it is told to (`rx-udp-gro-forwarding`).
///
/// It may have several queues, a descriptor each, and lives as long as one of them. Both directions
/// of a flow arrive at one queue: the kernel chooses by addresses and ports, of IPv4 in IPv6 by the
/// inner ones, and of a flow that we have written of late it takes the queue it was written to
/// (`tun_automq_select_queue`). Of fragments it looks at addresses and protocol only, of outer ones
/// at the outer addresses, so that those of one packet arrive at one queue as long as none is in
/// fragments within fragments and nobody writes others to another queue meanwhile.
///
/// ```
/// struct ifreq  0 name, 16 bytes with closing zero
///              16 flags, short in native byte order; 40 bytes in all
/// ```
///
/// @param givesSuperPackets whether the kernel may hand over TCP super-packets; one that is older
///   than these offloads cuts them itself
public record TunDevice(int descriptor, InterfaceName name, boolean givesSuperPackets) {
  private static final String PATH = "/dev/net/tun";
  private static final long TUNSETIFF = 0x4004_54caL;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;
  private static final short IFF_VNET_HDR = 0x4000;
  private static final short IFF_MULTI_QUEUE = 0x0100;

  /// Refuses a device that is there: without it a second process would take queues of the first.
  private static final short IFF_TUN_EXCL = (short) 0x8000;

  private static final long TUNSETOFFLOAD = 0x4004_54d0L;
  private static final long TUN_F_CSUM = 0x01;
  private static final long TUN_F_TSO4 = 0x02;
  private static final long TUN_F_TSO_ECN = 0x08;
  private static final long REQUEST_BYTES = 40;
  private static final long FLAGS = 16;

  /// Makes the device `name`, with so many queues.
  ///
  /// @throws KernelException when `/dev/net/tun` is missing, the right is missing, or the name is
  ///   taken
  public static List<TunDevice> open(Libc libc, InterfaceName name, int queues)
      throws KernelException {
    var opened = new ArrayList<TunDevice>();
    try {
      for (int queue = 0; queue < queues; queue++) {
        opened.add(open(libc, name, kind(queue, queues)));
      }
    } catch (KernelException e) {
      opened.forEach(device -> device.close(libc));
      throw e;
    }
    return List.copyOf(opened);
  }

  private static short kind(int queue, int queues) {
    if (queues == 1) {
      return 0;
    }
    return queue == 0 ? (short) (IFF_MULTI_QUEUE | IFF_TUN_EXCL) : IFF_MULTI_QUEUE;
  }

  private static TunDevice open(Libc libc, InterfaceName name, short kind) throws KernelException {
    int descriptor = libc.open(PATH, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    if (descriptor < 0) {
      throw unopened(-descriptor);
    }
    int result = attach(libc, descriptor, name, kind);
    if (result < 0) {
      int _ = libc.close(descriptor);
      throw unnamed(-result, name);
    }
    long offload = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO_ECN;
    return new TunDevice(descriptor, name, libc.ioctl(descriptor, TUNSETOFFLOAD, offload) >= 0);
  }

  /// Closes this queue; the device goes with its last one.
  public void close(Libc libc) {
    int _ = libc.close(descriptor);
  }

  private static int attach(Libc libc, int descriptor, InterfaceName name, short kind) {
    int flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | kind;
    try (var arena = Arena.ofConfined()) {
      var request = arena.allocate(REQUEST_BYTES, Long.BYTES);
      request.setString(0, name.text());
      request.set(ValueLayout.JAVA_SHORT, FLAGS, (short) flags);
      return libc.ioctl(descriptor, TUNSETIFF, request.address());
    }
  }

  private static KernelException unopened(int errno) {
    boolean isDenied = errno == Errno.EACCES.number() || errno == Errno.EPERM.number();
    String helps =
        isDenied
            ? "run it as root, for example with sudo"
            : "as root: modprobe tun; in a container without the file: mkdir -p /dev/net &&"
                + " mknod /dev/net/tun c 10 200";
    return new KernelException(errno, "opening " + PATH, helps);
  }

  private static KernelException unnamed(int errno, InterfaceName name) {
    String failed = "making the TUN device " + name;
    if (errno == Errno.EPERM.number()) {
      return new KernelException(
          errno, failed, "it needs CAP_NET_ADMIN: run it as root, for example with sudo");
    }
    // The kernel says EINVAL where the name belongs to a device that is no TUN.
    if (errno == Errno.EBUSY.number() || errno == Errno.EINVAL.number()) {
      return new KernelException(
          errno,
          failed,
          "the name is taken: ip -d link show "
              + name
              + " tells by what; choose another with tun:");
    }
    return new KernelException(errno, failed);
  }
}
