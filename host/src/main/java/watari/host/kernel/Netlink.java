package watari.host.kernel;

import static watari.host.kernel.ProxyNeighbour.ORIGIN;
import static watari.host.kernel.Rtnetlink.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import watari.core.net.Ipv6Address;
import watari.core.plan.PolicyRule;

/// Devices, addresses, routes, rules and proxy neighbours of the network namespace of the thread
/// that opened it (`rtnetlink(7)`).
///
/// Everything is idempotent: adding what is there and removing what is not there is fine. Belongs
/// to one thread at a time, not always the same: who starts a gateway is not who reloads it.
public final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int MSG_TRUNC = 0x20;

  /// `sockaddr_nl`: family u16, pad u16, port u32, groups u32.
  private static final int SOCKADDR_BYTES = 12;

  private static final int SOCKADDR_PORT = 4;
  private static final int REQUEST_BYTES_MAX = 256;

  /// The kernel fills at most 32 KiB a datagram (`netlink_dump`).
  private static final int ANSWER_BYTES_MAX = 1 << 16;

  private static final int DATAGRAMS_MAX = 1 << 16;
  private static final int PATIENCE_MILLIS = 5000;
  private static final int DUMPS_MAX = 5;

  private final Libc libc;
  private final int socket;
  private final Poll poll;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment question = arena.allocate(REQUEST_BYTES_MAX, 8);
  private final MemorySegment answer = arena.allocate(ANSWER_BYTES_MAX, 8);
  private final MemorySegment kernel = arena.allocate(SOCKADDR_BYTES, 8);
  private final MemorySegment sender = arena.allocate(SOCKADDR_BYTES, 8);
  private final MemorySegment senderBytes = arena.allocate(ValueLayout.JAVA_INT);
  private final MessageWriter writer = new MessageWriter(question);
  private int sequence;
  private boolean closed;

  private Netlink(Libc libc, int socket) {
    this.libc = libc;
    this.socket = socket;
    this.poll = new Poll(libc, socket, -1);
    kernel.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
  }

  /// Opens a socket to the kernel.
  ///
  /// @throws KernelException when the kernel gives none
  public static Netlink open() throws KernelException {
    var libc = new Libc();
    int socket = libc.socket(AF_NETLINK, SOCK_RAW | Libc.SOCK_CLOEXEC, NETLINK_ROUTE);
    if (socket < 0) {
      throw new KernelException(-socket, "opening a netlink socket");
    }
    var netlink = new Netlink(libc, socket);
    netlink.set(NETLINK_EXT_ACK);
    netlink.set(NETLINK_CAP_ACK);
    return netlink;
  }

  /// An option that only makes errors easier to read; a kernel without it is fine.
  private void set(int option) {
    try (var own = Arena.ofConfined()) {
      var one = own.allocateFrom(ValueLayout.JAVA_INT, 1);
      int _ = libc.setsockopt(socket, SOL_NETLINK, option, one.address(), Integer.BYTES);
    }
  }

  /// The device of that name, if there is one.
  public Optional<Link> link(InterfaceName name) throws KernelException {
    return ask(new Request.FindLink(name)).stream()
        .flatMap(message -> Netlink.link(message).stream())
        .findFirst();
  }

  /// The device of that index, if there is one.
  public Optional<Link> link(int device) throws KernelException {
    return ask(new Request.FindIndex(device)).stream()
        .flatMap(message -> Netlink.link(message).stream())
        .findFirst();
  }

  /// Whether the device of that index is a card: it has an Ethernet address, and the kernel did not
  /// make it up as it does a bridge, a VLAN or one end of a pair.
  public boolean isCard(int device) throws KernelException {
    return ask(new Request.FindIndex(device)).stream().anyMatch(Netlink::isCard);
  }

  /// All devices.
  public List<Link> links() throws KernelException {
    return list(new Request.ListLinks(), Netlink::link);
  }

  public void up(int device) throws KernelException {
    ask(new Request.SwitchLink(device, true));
  }

  public void down(int device) throws KernelException {
    ask(new Request.SwitchLink(device, false));
  }

  public void mtu(int device, int bytes) throws KernelException {
    ask(new Request.SizeLink(device, bytes));
  }

  public void add(DeviceAddress address) throws KernelException {
    ask(new Request.AddAddress(address));
  }

  public void remove(DeviceAddress address) throws KernelException {
    ask(new Request.RemoveAddress(address));
  }

  /// All addresses of all devices, both families.
  public List<DeviceAddress> addresses() throws KernelException {
    return list(new Request.ListAddresses(), Netlink::address);
  }

  /// Sets the route; one of the same target and metric to another device goes.
  public void set(Route route) throws KernelException {
    ask(new Request.SetRoute(route));
  }

  /// Sets the route where there is none of the same target and metric; nobody's route goes.
  ///
  /// @throws KernelException when another one is there, with what helps
  public void add(Route route) throws KernelException {
    var request = new Request.AddRoute(route);
    try {
      ask(request);
    } catch (KernelException refused) {
      if (!refused.is(Errno.EEXIST)) {
        throw refused;
      }
      String show = route.target().isIpv6() ? "ip -6 route show " : "ip route show ";
      throw new KernelException(
          refused.errno(),
          request.task(),
          "'"
              + show
              + route.target()
              + "' shows the other one: remove it, or choose another metric");
    }
  }

  /// Makes the target an address of this machine that belongs to the device first, whatever other
  /// device has it too. It goes with the device.
  public void addLocal(Route route) throws KernelException {
    ask(new Request.AddLocal(route));
  }

  public void remove(Route route) throws KernelException {
    ask(new Request.RemoveRoute(route));
  }

  /// The routes of the main table that lead straight to a device, both families; those through
  /// another router are left out.
  public List<Route> routes() throws KernelException {
    var ipv4 = list(new Request.ListRoutes(AF_INET), Netlink::route);
    var ipv6 = list(new Request.ListRoutes(AF_INET6), Netlink::route);
    return Stream.concat(ipv4.stream(), ipv6.stream()).toList();
  }

  /// The IPv4 routes of a table that lead straight to a device.
  public List<Route> routes(int table) throws KernelException {
    return list(new Request.ListRoutes(AF_INET), message -> route(message, table));
  }

  /// Where the main table leads packets of a family; of IPv4 also what is this machine's own.
  public List<Forwarding> forwarding(boolean isIpv6) throws KernelException {
    return list(new Request.ListRoutes(isIpv6 ? AF_INET6 : AF_INET), Netlink::forwarding);
  }

  /// The hosts whose Ethernet addresses the kernel knows.
  public List<Neighbour> neighbours() throws KernelException {
    return list(new Request.ListNeighbours(), Netlink::neighbour);
  }

  /// Tells the kernel that a stale neighbour is in use, so that it makes sure of the address. Not
  /// for one that the operator has set: the kernel would forget that.
  public void use(Neighbour neighbour) throws KernelException {
    ask(new Request.UseNeighbour(neighbour.device(), neighbour.address()));
  }

  /// Puts a rule behind those of its priority.
  public void add(PolicyRule rule) throws KernelException {
    ask(new Request.AddRule(rule));
  }

  public void remove(PolicyRule rule) throws KernelException {
    ask(new Request.RemoveRule(rule));
  }

  /// The rules that this program put there, now or before it was killed, in order.
  public List<PolicyRule> rules() throws KernelException {
    return list(new Request.ListRules(), RuleMessage::ours);
  }

  /// Has the machine's own addresses looked up once, and behind our rules of the highest priority.
  /// When these are gone the look-up stands where it stood.
  public void lookUpLocalBehind() throws KernelException {
    var rules = list(new Request.ListRules(), Optional::of);
    var looks = rules.stream().filter(RuleMessage::isLocal).toList();
    if (looks.isEmpty()) {
      return; // the operator has put it further back, as a VRF wants it
    }
    Message last = looks.getLast();
    boolean isBehind =
        rules.subList(rules.indexOf(last), rules.size()).stream().noneMatch(RuleMessage::isFirst);
    if (!isBehind) {
      ask(new Request.LookUpLocal(RTM_NEWRULE, RuleMessage.origin(last)));
    }
    for (Message look : looks.subList(0, isBehind ? looks.size() - 1 : looks.size())) {
      ask(new Request.LookUpLocal(RTM_DELRULE, RuleMessage.origin(look)));
    }
  }

  /// The devices to which an IPv6 default route leads that came with a router advertisement (RFC
  /// 4861 §6.3.4).
  public List<Integer> advertisedDefaults() throws KernelException {
    return list(new Request.ListRoutes(AF_INET6), Netlink::advertisedDefault).stream()
        .distinct()
        .toList();
  }

  public void add(ProxyNeighbour neighbour) throws KernelException {
    ask(new Request.AddProxy(neighbour));
  }

  public void remove(ProxyNeighbour neighbour) throws KernelException {
    ask(new Request.RemoveProxy(neighbour));
  }

  /// All IPv6 addresses that the machine answers for.
  public List<ProxyNeighbour> proxies() throws KernelException {
    return list(new Request.ListProxies(), Netlink::proxy);
  }

  /// Whether the machine answers already, and not because we wanted it.
  public boolean isOfOthers(ProxyNeighbour neighbour) throws KernelException {
    return list(new Request.ListProxies(), Netlink::foreignProxy).contains(neighbour);
  }

  /// Lists anew when the list changed while the kernel made it.
  private <T> List<T> list(Request request, Function<Message, Optional<T>> parse)
      throws KernelException {
    for (int dump = 0; dump < DUMPS_MAX; dump++) {
      var messages = ask(request);
      if (messages.stream().noneMatch(message -> (message.flags() & NLM_F_DUMP_INTR) != 0)) {
        return messages.stream().flatMap(message -> parse.apply(message).stream()).toList();
      }
    }
    throw new KernelException(
        Errno.EAGAIN.number(), request.task(), "they change too fast to be listed: try again");
  }

  /// Sends one request and gives what the kernel answers, without the closing message.
  private List<Message> ask(Request request) throws KernelException {
    sequence++;
    int bytes = writer.write(request, sequence);
    long sent = libc.sendto(socket, question.address(), bytes, 0, kernel.address(), SOCKADDR_BYTES);
    if (sent < 0) {
      throw new KernelException((int) -sent, request.task());
    }
    var answers = new ArrayList<Message>();
    for (int datagrams = 0; datagrams < DATAGRAMS_MAX; datagrams++) {
      for (var message : Message.parse(datagram(request))) {
        if (message.sequence() != sequence) {
          continue; // left over from a request that was given up
        }
        if (message.type() == NLMSG_ERROR || message.type() == NLMSG_DONE) {
          finish(request, message);
          return answers;
        }
        answers.add(message);
      }
    }
    throw new KernelException(Errno.EBADMSG.number(), request.task());
  }

  /// The next datagram of the kernel, copied; others may send to this socket as well.
  private MemorySegment datagram(Request request) throws KernelException {
    for (int datagrams = 0; datagrams < DATAGRAMS_MAX; datagrams++) {
      long bytes = receive(request);
      if (bytes > ANSWER_BYTES_MAX) {
        throw new KernelException(Errno.EMSGSIZE.number(), request.task());
      }
      if (sender.get(ValueLayout.JAVA_INT, SOCKADDR_PORT) == 0) {
        var copy = Arena.ofAuto().allocate(Math.max(bytes, 1), 8);
        return copy.asSlice(0, bytes).copyFrom(answer.asSlice(0, bytes));
      }
    }
    throw new KernelException(Errno.EBADMSG.number(), request.task());
  }

  private long receive(Request request) throws KernelException {
    poll.await(PATIENCE_MILLIS);
    if (!poll.isReady(0)) {
      throw new KernelException(Errno.ETIMEDOUT.number(), request.task());
    }
    senderBytes.set(ValueLayout.JAVA_INT, 0, SOCKADDR_BYTES);
    long bytes =
        libc.recvfrom(
            socket,
            answer.address(),
            ANSWER_BYTES_MAX,
            MSG_TRUNC,
            sender.address(),
            senderBytes.address());
    if (bytes < 0) {
      throw new KernelException((int) -bytes, request.task());
    }
    return bytes;
  }

  /// Reads the closing message: `nlmsgerr` or the end of a list, both of which begin with 0 or the
  /// negative error number.
  static void finish(Request request, Message last) throws KernelException {
    int errno = last.holds(Integer.BYTES) ? -last.u32(0) : 0;
    if (errno == 0 || request.isDone(errno)) {
      return;
    }
    if (errno == Errno.EPERM.number()) {
      throw new KernelException(
          errno, request.task(), "it needs CAP_NET_ADMIN: run it as root, for example with sudo");
    }
    var reason = last.type() == NLMSG_ERROR ? reason(last) : Optional.<String>empty();
    throw reason.isPresent()
        ? new KernelException(errno, request.task(), "the kernel says: " + reason.get())
        : new KernelException(errno, request.task());
  }

  /// The kernel's own sentence, behind the error number and the header of our request; behind our
  /// whole request where the kernel does not cap it.
  private static Optional<String> reason(Message last) {
    if ((last.flags() & NLM_F_ACK_TLVS) == 0 || !last.holds(Integer.BYTES + Integer.BYTES)) {
      return Optional.empty();
    }
    boolean isCapped = (last.flags() & NLM_F_CAPPED) != 0;
    int echoed = isCapped ? MessageWriter.HEADER_BYTES : last.u32(Integer.BYTES);
    return last.text(Integer.BYTES + Integer.toUnsignedLong(echoed), NLMSGERR_ATTR_MSG);
  }

  static Optional<Link> link(Message message) {
    if (message.type() != RTM_NEWLINK || !message.holds(LINK_BYTES)) {
      return Optional.empty();
    }
    boolean isUp = (message.u32(8) & IFF_UP) != 0;
    int mtu = message.number(LINK_BYTES, IFLA_MTU).orElse(0);
    long ethernet = message.ethernet(LINK_BYTES, IFLA_ADDRESS);
    return message
        .text(LINK_BYTES, IFLA_IFNAME)
        .flatMap(name ->
            Message.possible(
                () -> new Link(message.u32(4), new InterfaceName(name), isUp, mtu, ethernet)));
  }

  static boolean isCard(Message message) {
    return message.type() == RTM_NEWLINK
        && message.holds(LINK_BYTES)
        && message.ethernet(LINK_BYTES, IFLA_ADDRESS) != 0
        && !message.has(LINK_BYTES, IFLA_LINKINFO, IFLA_INFO_KIND);
  }

  static Optional<DeviceAddress> address(Message message) {
    if (message.type() != RTM_NEWADDR || !message.holds(ADDRESS_BYTES)) {
      return Optional.empty();
    }
    int length = message.u8(1);
    // IFA_LOCAL is the own address; IPv6 has it only where the other end has one too.
    return message
        .address(ADDRESS_BYTES, IFA_LOCAL, length)
        .or(() -> message.address(ADDRESS_BYTES, IFA_ADDRESS, length))
        .map(address -> new DeviceAddress(message.u32(4), address));
  }

  static Optional<Route> route(Message message) {
    return route(message, RT_TABLE_MAIN);
  }

  private static Optional<Route> route(Message message, int table) {
    if (message.type() != RTM_NEWROUTE
        || !message.holds(ROUTE_BYTES)
        || !isStraight(message, table)) {
      return Optional.empty();
    }
    int device = message.number(ROUTE_BYTES, RTA_OIF).orElse(0);
    int metric = message.number(ROUTE_BYTES, RTA_PRIORITY).orElse(0);
    var everything = new Cidr(message.u8(0) == AF_INET6, 0, 0, 0);
    var target = message.address(ROUTE_BYTES, RTA_DST, message.u8(1)).orElse(everything);
    return device > 0
        ? Message.possible(() -> new Route(table, target, device, metric))
        : Optional.empty();
  }

  static Optional<Forwarding> forwarding(Message message) {
    if (message.type() != RTM_NEWROUTE
        || !message.holds(ROUTE_BYTES)
        || (message.u32(8) & RTM_F_CLONED) != 0) {
      return Optional.empty();
    }
    boolean isIpv6 = message.u8(0) == AF_INET6;
    int table = message.number(ROUTE_BYTES, RTA_TABLE).orElse(message.u8(4));
    boolean isOwn = table == RT_TABLE_LOCAL && !isIpv6;
    if (table != RT_TABLE_MAIN && !isOwn) {
      return Optional.empty();
    }
    // One for some sources or services only comes before all others of its target.
    boolean isOfSome = message.u8(2) > 0 || message.u8(3) > 0;
    int device =
        isOwn || isOfSome || !isOneWay(message)
            ? 0
            : message.number(ROUTE_BYTES, RTA_OIF).orElse(0);
    int metric = isOfSome ? 0 : message.number(ROUTE_BYTES, RTA_PRIORITY).orElse(0);
    var everything = new Cidr(isIpv6, 0, 0, 0);
    var target = message.address(ROUTE_BYTES, RTA_DST, message.u8(1)).orElse(everything);
    var router = message.address(ROUTE_BYTES, RTA_GATEWAY, isIpv6 ? 128 : 32);
    int mtu = message.number(ROUTE_BYTES, RTA_METRICS, RTAX_MTU).orElse(0);
    return Optional.of(new Forwarding(target, metric, device, router, mtu));
  }

  /// Whether packets go out as they are, by one device to one router or host.
  private static boolean isOneWay(Message message) {
    return message.u8(7) == RTN_UNICAST
        && message.attribute(ROUTE_BYTES, RTA_VIA).isEmpty()
        && message.attribute(ROUTE_BYTES, RTA_ENCAP_TYPE).isEmpty();
  }

  static Optional<Neighbour> neighbour(Message message) {
    if (message.type() != RTM_NEWNEIGH || !message.holds(NEIGHBOUR_BYTES)) {
      return Optional.empty();
    }
    int known = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
    long ethernet = message.ethernet(NEIGHBOUR_BYTES, NDA_LLADDR);
    boolean isKnown = (message.u16(8) & known) != 0 && ethernet != 0;
    return isKnown
        ? message
            .address(NEIGHBOUR_BYTES, NDA_DST, message.u8(0) == AF_INET6 ? 128 : 32)
            .map(address ->
                new Neighbour(message.u32(4), address, ethernet, (message.u16(8) & NUD_STALE) != 0))
        : Optional.empty();
  }

  private static boolean isStraight(Message message, int table) {
    return message.number(ROUTE_BYTES, RTA_TABLE).orElse(message.u8(4)) == table
        && message.u8(7) == RTN_UNICAST
        && (message.u32(8) & RTM_F_CLONED) == 0
        && message.attribute(ROUTE_BYTES, RTA_GATEWAY).isEmpty()
        && message.attribute(ROUTE_BYTES, RTA_VIA).isEmpty();
  }

  static Optional<Integer> advertisedDefault(Message message) {
    boolean isOne =
        message.type() == RTM_NEWROUTE
            && message.holds(ROUTE_BYTES)
            && message.u8(1) == 0
            && message.u8(4) == RT_TABLE_MAIN
            && message.u8(5) == RTPROT_RA;
    var device = message.number(ROUTE_BYTES, RTA_OIF);
    return isOne && device.isPresent() ? Optional.of(device.getAsInt()) : Optional.empty();
  }

  static Optional<ProxyNeighbour> foreignProxy(Message message) {
    return proxy(message).filter(_ -> message.octet(NEIGHBOUR_BYTES, NDA_PROTOCOL) != ORIGIN);
  }

  private static Optional<ProxyNeighbour> proxy(Message message) {
    if (message.type() != RTM_NEWNEIGH
        || !message.holds(NEIGHBOUR_BYTES)
        || message.u8(0) != AF_INET6
        || (message.u8(10) & NTF_PROXY) == 0) {
      return Optional.empty();
    }
    return message
        .address(NEIGHBOUR_BYTES, NDA_DST, 128)
        .map(at -> new ProxyNeighbour(message.u32(4), new Ipv6Address(at.high(), at.low())));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int _ = libc.close(socket);
      arena.close();
    }
  }
}
