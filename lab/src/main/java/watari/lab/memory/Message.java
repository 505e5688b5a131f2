package watari.lab.memory;

import watari.core.net.Ipv4Address;
import watari.lab.proof.Endpoint;

/// What hosts in memory say to each other, each in one IPv4 packet.
sealed interface Message {

  Ipv4Address source();

  Ipv4Address target();

  /// A UDP datagram.
  record Udp(Endpoint from, Endpoint to, String text) implements Message {
    @Override
    public Ipv4Address source() {
      return from.address();
    }

    @Override
    public Ipv4Address target() {
      return to.address();
    }
  }

  /// A TCP segment.
  ///
  /// @param flags such as [#SYN]
  /// @param sequence number of its first octet
  /// @param acknowledgement the next octet that is expected, where [#ACK] is set
  /// @param segmentSizeMax the option of that name, 0 where it is absent
  record Tcp(
      Endpoint from,
      Endpoint to,
      int flags,
      int sequence,
      int acknowledgement,
      int segmentSizeMax,
      String text)
      implements Message {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int ACK = 16;

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    @Override
    public Ipv4Address source() {
      return from.address();
    }

    @Override
    public Ipv4Address target() {
      return to.address();
    }
  }

  /// An ICMP echo request or its reply.
  ///
  /// @param octets of data behind the header
  record Echo(
      Ipv4Address source,
      Ipv4Address target,
      boolean isReply,
      int identifier,
      int sequence,
      int octets)
      implements Message {}

  /// An ICMP error.
  ///
  /// @param mtu of the next hop, where the error is 'fragmentation needed'
  record Failure(Ipv4Address source, Ipv4Address target, int type, int code, int mtu)
      implements Message {
    static final int UNREACHABLE = 3;
    static final int FRAGMENTATION_NEEDED = 4;
    static final int TIME_EXCEEDED = 11;
  }
}
