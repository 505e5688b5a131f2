package watari.host.kernel;

import static watari.host.kernel.Rtnetlink.*;

import watari.core.net.Ipv6Address;
import watari.core.plan.PolicyRule;

/// A request to rtnetlink: its type, its flags, the bytes behind the header, and which refusal
/// means that there was nothing to do.
sealed interface Request {
  /// `RTM_…`
  int type();

  /// `NLM_F_…`
  default int flags() {
    return NLM_F_REQUEST | NLM_F_ACK;
  }

  void write(MessageWriter to);

  /// What is being done, for a sentence: `adding the address …`.
  String task();

  /// Whether an error means that all is as it should be already.
  default boolean isDone(int errno) {
    return false;
  }

  /// Asks for all of a kind.
  sealed interface Listing extends Request {
    @Override
    default int flags() {
      return NLM_F_REQUEST | NLM_F_DUMP;
    }
  }

  /// Asks for the device of a name.
  record FindLink(InterfaceName name) implements Request {
    @Override
    public int type() {
      return RTM_GETLINK;
    }

    @Override
    public void write(MessageWriter to) {
      link(to, 0, 0, 0).text(IFLA_IFNAME, name.text());
    }

    @Override
    public String task() {
      return "looking for the network device " + name;
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ENODEV.number();
    }
  }

  /// Asks for the device of an index.
  record FindIndex(int device) implements Request {
    @Override
    public int type() {
      return RTM_GETLINK;
    }

    @Override
    public void write(MessageWriter to) {
      link(to, device, 0, 0);
    }

    @Override
    public String task() {
      return "looking for network device " + device;
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ENODEV.number();
    }
  }

  /// Sets a device up or down.
  record SwitchLink(int device, boolean up) implements Request {
    @Override
    public int type() {
      return RTM_NEWLINK;
    }

    @Override
    public void write(MessageWriter to) {
      link(to, device, up ? IFF_UP : 0, IFF_UP);
    }

    @Override
    public String task() {
      return "setting network device " + device + (up ? " up" : " down");
    }
  }

  /// Sets the MTU of a device.
  record SizeLink(int device, int mtu) implements Request {
    @Override
    public int type() {
      return RTM_NEWLINK;
    }

    @Override
    public void write(MessageWriter to) {
      link(to, device, 0, 0).number(IFLA_MTU, mtu);
    }

    @Override
    public String task() {
      return "setting the MTU of network device " + device + " to " + mtu;
    }
  }

  /// Gives a device an address.
  record AddAddress(DeviceAddress address) implements Request {
    @Override
    public int type() {
      return RTM_NEWADDR;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      Request.address(to, address);
    }

    @Override
    public String task() {
      return "adding the address " + address.address() + " to network device " + address.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.EEXIST.number();
    }
  }

  /// Takes an address from a device.
  record RemoveAddress(DeviceAddress address) implements Request {
    @Override
    public int type() {
      return RTM_DELADDR;
    }

    @Override
    public void write(MessageWriter to) {
      Request.address(to, address);
    }

    @Override
    public String task() {
      return "removing the address "
          + address.address()
          + " from network device "
          + address.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.EADDRNOTAVAIL.number() || errno == Errno.ENODEV.number();
    }
  }

  /// Sets a route, in place of one with the same target and metric.
  record SetRoute(Route route) implements Request {
    @Override
    public int type() {
      return RTM_NEWROUTE;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      int scope = route.target().isIpv6() ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
      Request.route(to, route.table(), route, RTPROT_STATIC, scope, RTN_UNICAST);
    }

    @Override
    public String task() {
      return "setting the route " + route.target() + " to network device " + route.device();
    }
  }

  /// Sets a route unless one of the same target and metric is there.
  record AddRoute(Route route) implements Request {
    @Override
    public int type() {
      return RTM_NEWROUTE;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      new SetRoute(route).write(to);
    }

    @Override
    public String task() {
      return new SetRoute(route).task();
    }
  }

  /// Makes a target this machine's own, before all routes that do so already: without any other
  /// flag, the new route comes first.
  record AddLocal(Route route) implements Request {
    @Override
    public int type() {
      return RTM_NEWROUTE;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      Request.route(to, RT_TABLE_LOCAL, route, RTPROT_STATIC, RT_SCOPE_HOST, RTN_LOCAL);
    }

    @Override
    public String task() {
      return "setting the local route " + route.target() + " to network device " + route.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.EEXIST.number();
    }
  }

  /// Removes a route.
  record RemoveRoute(Route route) implements Request {
    @Override
    public int type() {
      return RTM_DELROUTE;
    }

    @Override
    public void write(MessageWriter to) {
      Request.route(to, route.table(), route, 0, RT_SCOPE_NOWHERE, 0);
    }

    @Override
    public String task() {
      return "removing the route " + route.target() + " to network device " + route.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ESRCH.number() || errno == Errno.ENODEV.number();
    }
  }

  /// Answers for an address on a device.
  record AddProxy(ProxyNeighbour neighbour) implements Request {
    @Override
    public int type() {
      return RTM_NEWNEIGH;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      Request.neighbour(to, neighbour);
      to.octet(NDA_PROTOCOL, ProxyNeighbour.ORIGIN);
    }

    @Override
    public String task() {
      return "answering for " + neighbour.address() + " on network device " + neighbour.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.EEXIST.number();
    }
  }

  /// Answers for an address no more.
  record RemoveProxy(ProxyNeighbour neighbour) implements Request {
    @Override
    public int type() {
      return RTM_DELNEIGH;
    }

    @Override
    public void write(MessageWriter to) {
      Request.neighbour(to, neighbour);
    }

    @Override
    public String task() {
      return "answering no more for "
          + neighbour.address()
          + " on network device "
          + neighbour.device();
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ENOENT.number() || errno == Errno.ENODEV.number();
    }
  }

  /// Asks for all addresses of all devices.
  record ListAddresses() implements Listing {
    @Override
    public int type() {
      return RTM_GETADDR;
    }

    @Override
    public void write(MessageWriter to) {
      to.u32(0).u32(0);
    }

    @Override
    public String task() {
      return "listing addresses";
    }
  }

  /// Asks for all routes of one family.
  record ListRoutes(int family) implements Listing {
    @Override
    public int type() {
      return RTM_GETROUTE;
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(family).u8(0).u16(0).u32(0).u32(0);
    }

    @Override
    public String task() {
      return "listing routes";
    }
  }

  /// Asks for all addresses of IPv6 that the machine answers for.
  record ListProxies() implements Listing {
    @Override
    public int type() {
      return RTM_GETNEIGH;
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(AF_INET6).u8(0).u16(0).u32(0).u16(0).u8(NTF_PROXY).u8(0);
    }

    @Override
    public String task() {
      return "listing proxy neighbours";
    }
  }

  /// Asks for all neighbours of both families.
  record ListNeighbours() implements Listing {
    @Override
    public int type() {
      return RTM_GETNEIGH;
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(0).u8(0).u16(0).u32(0).u16(0).u8(0).u8(0);
    }

    @Override
    public String task() {
      return "listing neighbours";
    }
  }

  /// Has the kernel make sure of a neighbour.
  record UseNeighbour(int device, Cidr address) implements Request {
    @Override
    public int type() {
      return RTM_NEWNEIGH;
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(family(address)).u8(0).u16(0).u32(device).u16(0).u8(NTF_USE).u8(0);
      to.address(NDA_DST, address);
    }

    @Override
    public String task() {
      return "using the neighbour " + address;
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ENOENT.number(); // it has gone meanwhile
    }
  }

  /// Asks for all devices.
  record ListLinks() implements Listing {
    @Override
    public int type() {
      return RTM_GETLINK;
    }

    @Override
    public void write(MessageWriter to) {
      link(to, 0, 0, 0);
    }

    @Override
    public String task() {
      return "listing network devices";
    }
  }

  /// Puts a rule behind those of its priority.
  record AddRule(PolicyRule rule) implements Request {
    @Override
    public int type() {
      return RTM_NEWRULE;
    }

    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;
    }

    @Override
    public void write(MessageWriter to) {
      RuleMessage.write(to, rule);
    }

    @Override
    public String task() {
      return "adding the " + rule;
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.EEXIST.number();
    }
  }

  /// Takes a rule away.
  record RemoveRule(PolicyRule rule) implements Request {
    @Override
    public int type() {
      return RTM_DELRULE;
    }

    @Override
    public void write(MessageWriter to) {
      RuleMessage.write(to, rule);
    }

    @Override
    public String task() {
      return "removing the " + rule;
    }

    @Override
    public boolean isDone(int errno) {
      return errno == Errno.ENOENT.number();
    }
  }

  /// Puts the look-up of the machine's own addresses behind all rules of the highest priority once
  /// more, as its origin did, or takes the first such look-up away.
  ///
  /// Only `ip rule` refuses to have it twice; the kernel does not. So there is no moment without.
  record LookUpLocal(int type, int origin) implements Request {
    @Override
    public int flags() {
      return NLM_F_REQUEST | NLM_F_ACK | (type == RTM_NEWRULE ? NLM_F_CREATE : 0);
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(AF_INET).u8(0).u8(0).u8(0).u8(RT_TABLE_LOCAL).u8(0).u8(0).u8(FR_ACT_TO_TBL).u32(0);
      to.number(FRA_PRIORITY, PolicyRule.FIRST).number(FRA_TABLE, RT_TABLE_LOCAL);
      to.octet(FRA_PROTOCOL, origin);
    }

    @Override
    public String task() {
      return "moving the look-up of this machine's own IPv4 addresses";
    }
  }

  /// Asks for all IPv4 rules, in order.
  record ListRules() implements Listing {
    @Override
    public int type() {
      return RTM_GETRULE;
    }

    @Override
    public void write(MessageWriter to) {
      to.u8(AF_INET).u8(0).u16(0).u32(0).u32(0);
    }

    @Override
    public String task() {
      return "listing rules of policy routing";
    }
  }

  /// `ifinfomsg`: family u8, pad u8, type u16, index u32, flags u32, change u32.
  private static MessageWriter link(MessageWriter to, int device, int flags, int change) {
    return to.u8(0).u8(0).u16(0).u32(device).u32(flags).u32(change);
  }

  /// `ifaddrmsg`: family u8, length u8, flags u8, scope u8, index u32.
  private static void address(MessageWriter to, DeviceAddress address) {
    var cidr = address.address();
    to.u8(family(cidr)).u8(cidr.length()).u8(0).u8(RT_SCOPE_UNIVERSE).u32(address.device());
    to.address(IFA_LOCAL, cidr).address(IFA_ADDRESS, cidr);
  }

  /// `rtmsg`: family, target length, source length, tos, table, protocol, scope, type u8 each,
  /// flags u32.
  private static void route(
      MessageWriter to, int table, Route route, int protocol, int scope, int type) {
    var target = route.target();
    to.u8(family(target)).u8(target.length()).u8(0).u8(0);
    to.u8(table > 255 ? 0 : table).u8(protocol).u8(scope).u8(type).u32(0);
    to.address(RTA_DST, target).number(RTA_PRIORITY, route.metric());
    to.number(RTA_OIF, route.device());
    if (table > 255) {
      to.number(RTA_TABLE, table);
    }
  }

  /// `ndmsg`: family u8, pad u8, pad u16, index u32, state u16, flags u8, type u8.
  private static void neighbour(MessageWriter to, ProxyNeighbour neighbour) {
    Ipv6Address address = neighbour.address();
    to.u8(AF_INET6).u8(0).u16(0).u32(neighbour.device()).u16(NUD_PERMANENT).u8(NTF_PROXY).u8(0);
    to.address(NDA_DST, Cidr.of(address, 128));
  }
}
