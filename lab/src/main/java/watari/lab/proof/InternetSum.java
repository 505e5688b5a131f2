package watari.lab.proof;

import java.nio.ByteBuffer;
import watari.core.net.Ipv4Address;

/// The checksum of RFC 1071, the lab's own, so that it can contradict the product.
public final class InternetSum {

  private InternetSum() {}

  /// The checksum of bytes `at` to `at + length`; 0 when one that lies among them is right.
  ///
  /// @param start what is summed beside them, such as a pseudo-header
  public static short of(ByteBuffer packet, int at, int length, long start) {
    long sum = start;
    for (int index = 0; index < length; index++) {
      int octet = packet.get(at + index) & 0xff;
      sum += (index & 1) == 0 ? octet << 8 : octet;
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (short) ~sum;
  }

  /// The sum of the pseudo-header of TCP and UDP (RFC 768, RFC 9293 §3.1).
  public static long pseudo(Ipv4Address source, Ipv4Address target, int protocol, int length) {
    return halves(source) + halves(target) + protocol + length;
  }

  private static long halves(Ipv4Address address) {
    return (address.bits() >>> 16) + (long) (address.bits() & 0xffff);
  }
}
