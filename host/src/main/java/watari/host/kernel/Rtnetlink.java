package watari.host.kernel;

/// The numbers of `linux/netlink.h`, `linux/rtnetlink.h`, `linux/if_link.h`, `linux/if_addr.h`,
/// `linux/neighbour.h` and `linux/fib_rules.h` under their own names.
final class Rtnetlink {
  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int NLMSGERR_ATTR_MSG = 1;

  static final int NLM_F_REQUEST = 0x001;
  static final int NLM_F_ACK = 0x004;
  static final int NLM_F_DUMP_INTR = 0x010;
  static final int NLM_F_CAPPED = 0x100;
  static final int NLM_F_ACK_TLVS = 0x200;
  static final int NLM_F_REPLACE = 0x100;
  static final int NLM_F_EXCL = 0x200;
  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_DUMP = 0x300;

  static final int RTM_NEWLINK = 16;
  static final int RTM_GETLINK = 18;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;
  static final int RTM_NEWRULE = 32;
  static final int RTM_DELRULE = 33;
  static final int RTM_GETRULE = 34;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  static final int IFF_UP = 1;
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_INFO_KIND = 1;
  static final int LINK_BYTES = 16;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int ADDRESS_BYTES = 8;

  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_METRICS = 8;
  static final int RTA_TABLE = 15;
  static final int RTA_VIA = 18;
  static final int RTA_ENCAP_TYPE = 21;
  static final int RTAX_MTU = 2;
  static final int RT_TABLE_MAIN = 254;
  static final int RT_TABLE_LOCAL = 255;
  static final int RTPROT_STATIC = 4;
  static final int RTPROT_RA = 9;
  static final int RT_SCOPE_UNIVERSE = 0;
  static final int RT_SCOPE_LINK = 253;
  static final int RT_SCOPE_HOST = 254;
  static final int RT_SCOPE_NOWHERE = 255;
  static final int RTN_UNICAST = 1;
  static final int RTN_LOCAL = 2;
  static final int RTM_F_CLONED = 0x200;
  static final int ROUTE_BYTES = 12;

  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int NDA_PROTOCOL = 12;
  static final int NUD_REACHABLE = 0x02;
  static final int NUD_STALE = 0x04;
  static final int NUD_DELAY = 0x08;
  static final int NUD_PROBE = 0x10;
  static final int NUD_PERMANENT = 0x80;
  static final int NTF_USE = 0x01;
  static final int NTF_PROXY = 0x08;
  static final int NEIGHBOUR_BYTES = 12;

  static final int FRA_DST = 1;
  static final int FRA_SRC = 2;
  static final int FRA_IIFNAME = 3;
  static final int FRA_PRIORITY = 6;
  static final int FRA_FWMARK = 10;
  static final int FRA_SUPPRESS_PREFIXLEN = 14;
  static final int FRA_TABLE = 15;
  static final int FRA_OIFNAME = 17;
  static final int FRA_PROTOCOL = 21;
  static final int FRA_IP_PROTO = 22;
  static final int FRA_DPORT_RANGE = 24;
  static final int FR_ACT_TO_TBL = 1;
  static final int FR_ACT_BLACKHOLE = 6;
  static final int RULE_BYTES = 12;

  private Rtnetlink() {}

  static int family(Cidr address) {
    return address.isIpv6() ? AF_INET6 : AF_INET;
  }
}
