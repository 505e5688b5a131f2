package watari.host.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import watari.core.net.Refused;

/// A setting of the kernel under `/proc/sys/net`, a small number each, of the network namespace of
/// the calling thread. Only those of the methods here can be named.
public final class Sysctl {
  private static final int TEXT_BYTES_MAX = 4096;

  private final String path;
  private final int most;

  private Sysctl(String path, int most) {
    this.path = "/proc/sys/net/" + path;
    this.most = most;
  }

  /// `net.ipv4.ip_forward`: 1 forwards IPv4.
  public static Sysctl ipv4Forwarding() {
    return new Sysctl("ipv4/ip_forward", 1);
  }

  /// `net.ipv6.conf.all.forwarding`: 1 forwards IPv6.
  public static Sysctl ipv6Forwarding() {
    return new Sysctl("ipv6/conf/all/forwarding", 1);
  }

  /// `proxy_ndp` of a device: 1 answers for its proxy neighbours.
  public static Sysctl proxyNdp(InterfaceName device) {
    return new Sysctl("ipv6/conf/" + device + "/proxy_ndp", 1);
  }

  /// `accept_ra` of a device: 2 takes router advertisements although it forwards.
  public static Sysctl acceptRa(InterfaceName device) {
    return new Sysctl("ipv6/conf/" + device + "/accept_ra", 2);
  }

  /// `rp_filter` of a device, or of `all`: 0 takes every IPv4 source, 1 only those it would route
  /// back the same way, 2 those it would route at all. The larger of the device and `all` counts.
  public static Sysctl rpFilter(InterfaceName device) {
    return new Sysctl("ipv4/conf/" + device + "/rp_filter", 2);
  }

  /// `accept_local` of a device: 1 takes packets whose source is an address of this machine.
  public static Sysctl acceptLocal(InterfaceName device) {
    return new Sysctl("ipv4/conf/" + device + "/accept_local", 1);
  }

  /// `net.ipv4.ip_early_demux`: 1 gives a packet to the connection of this machine that it is of,
  /// before its way is looked up.
  public static Sysctl earlyDemux() {
    return new Sysctl("ipv4/ip_early_demux", 1);
  }

  /// `net.ipv4.ip_local_port_range`: the first and the last port that programs of this machine get
  /// when they do not choose.
  public static Sysctl localPorts() {
    return new Sysctl("ipv4/ip_local_port_range", 65_535);
  }

  /// `net.ipv4.ip_local_reserved_ports`: those that they do not get nevertheless, as in
  /// `5000-5010,6000`.
  public static Sysctl reservedPorts() {
    return new Sysctl("ipv4/ip_local_reserved_ports", 65_535);
  }

  /// `disable_ipv6` of a device: 1 takes its IPv6 away.
  public static Sysctl disableIpv6(InterfaceName device) {
    return new Sysctl("ipv6/conf/" + device + "/disable_ipv6", 1);
  }

  /// The value now.
  ///
  /// @throws KernelException when it cannot be read, for example for a device that is not there
  public int read() throws KernelException {
    return Integer.parseInt(readText());
  }

  /// The values now, of a setting that has several.
  public int[] readNumbers() throws KernelException {
    return Arrays.stream(readText().split("\\s+", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /// The value now, as it is written.
  public String readText() throws KernelException {
    var libc = new Libc();
    int descriptor = open(libc, Libc.O_RDONLY, "reading ");
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(TEXT_BYTES_MAX);
      long bytes = libc.read(descriptor, text.address(), TEXT_BYTES_MAX);
      if (bytes < 0) {
        throw new KernelException((int) -bytes, "reading " + path);
      }
      byte[] read = text.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      return new String(read, US_ASCII).strip();
    } finally {
      int _ = libc.close(descriptor);
    }
  }

  /// Sets the value; does not touch what has it already, so that a read-only `/proc` with the right
  /// values is enough.
  ///
  /// @throws Refused when the setting has no such value
  /// @throws KernelException when it cannot be written
  public void write(int value) throws KernelException {
    if (value < 0 || value > most) {
      throw new Refused(path + " is a number from 0 to " + most + ", not " + value);
    }
    if (read() != value) {
      put(String.valueOf(value));
    }
  }

  /// Sets the value as it is written; does not touch what has it already.
  public void writeText(String value) throws KernelException {
    if (!readText().equals(value)) {
      put(value);
    }
  }

  private void put(String value) throws KernelException {
    var libc = new Libc();
    int descriptor = open(libc, Libc.O_WRONLY, "writing ");
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocateFrom(value + "\n", US_ASCII);
      long bytes = libc.write(descriptor, text.address(), text.byteSize() - 1);
      if (bytes < 0) {
        throw new KernelException((int) -bytes, "writing " + path);
      }
    } finally {
      int _ = libc.close(descriptor);
    }
  }

  private int open(Libc libc, int way, String verb) throws KernelException {
    int descriptor = libc.open(path, way | Libc.O_CLOEXEC);
    if (descriptor >= 0) {
      return descriptor;
    }
    String name = path.substring("/proc/sys/".length());
    throw new KernelException(
        -descriptor,
        verb + path,
        Errno.ENOENT.is(descriptor)
            ? "the network device, or the protocol as a whole, is not there"
            : "set it from outside: sysctl -w " + name + "=… as root");
  }

  @Override
  public String toString() {
    return path;
  }
}
