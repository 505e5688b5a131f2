package watari.host.kernel;

import static watari.host.kernel.Rtnetlink.*;

import java.util.Arrays;
import java.util.Optional;
import watari.core.net.Ipv4Prefix;
import watari.core.plan.PolicyRule;
import watari.core.plan.PolicyRule.Course;
import watari.core.plan.Selector;

/// A rule of policy routing as rtnetlink has it.
///
/// ```
/// fib_rule_hdr  family, target length, source length, tos, table, 2 reserved, action u8 each,
///               flags u32
/// ```
///
/// The kernel removes the first rule that has everything a request names. A rule without ports
/// would take one with ports in place of itself, and so the two kinds have different origins.
final class RuleMessage {
  /// Who put a rule there, as `ip rule` shows it; see [ProxyNeighbour#ORIGIN].
  static final int ORIGIN = 77;

  static final int ORIGIN_OF_PORTS = 78;

  private static final int SUPPRESS_NONE = -1;
  private static final int SUPPRESS_DEFAULT_ROUTE = 0;

  private RuleMessage() {}

  static void write(MessageWriter to, PolicyRule rule) {
    Selector selector = rule.selector();
    Ipv4Prefix target = selector.target();
    Ipv4Prefix source = selector.source();
    Course course = rule.course();
    to.u8(AF_INET).u8(target.length()).u8(source.length()).u8(0);
    to.u8(course.table() > 255 ? 0 : course.table()).u8(0).u8(0);
    to.u8(course == Course.NOWHERE ? FR_ACT_BLACKHOLE : FR_ACT_TO_TBL).u32(0);
    to.number(FRA_PRIORITY, rule.priority());
    write(to, selector);
    if (course == Course.NEARBY) {
      to.number(FRA_SUPPRESS_PREFIXLEN, SUPPRESS_DEFAULT_ROUTE);
    }
    if (course.table() > 255) {
      to.number(FRA_TABLE, course.table());
    }
    to.octet(FRA_PROTOCOL, selector.hasPorts() ? ORIGIN_OF_PORTS : ORIGIN);
  }

  private static void write(MessageWriter to, Selector selector) {
    if (!selector.link().isEmpty()) {
      to.text(FRA_IIFNAME, selector.link());
    }
    if (selector.source().length() > 0) {
      to.address(FRA_SRC, Cidr.of(selector.source()));
    }
    if (selector.target().length() > 0) {
      to.address(FRA_DST, Cidr.of(selector.target()));
    }
    if (selector.protocol() > 0) {
      to.octet(FRA_IP_PROTO, selector.protocol());
    }
    if (selector.hasPorts()) {
      to.numbers(FRA_DPORT_RANGE, selector.firstPort(), selector.lastPort());
    }
  }

  /// The rule, if it is one that this program put there, now or before it was killed.
  static Optional<PolicyRule> ours(Message message) {
    int origin = isRule(message) ? message.octet(RULE_BYTES, FRA_PROTOCOL) : 0;
    if (origin != ORIGIN && origin != ORIGIN_OF_PORTS) {
      return Optional.empty();
    }
    return course(message)
        .flatMap(course ->
            Message.possible(() -> new PolicyRule(priority(message), selector(message), course)));
  }

  /// Whether it is one of ours with the highest priority.
  static boolean isFirst(Message message) {
    return ours(message).filter(rule -> rule.priority() == PolicyRule.FIRST).isPresent();
  }

  private static boolean isRule(Message message) {
    return message.type() == RTM_NEWRULE
        && message.holds(RULE_BYTES)
        && message.u8(0) == AF_INET
        && message.u8(1) <= Integer.SIZE
        && message.u8(2) <= Integer.SIZE;
  }

  private static int priority(Message message) {
    return message.number(RULE_BYTES, FRA_PRIORITY).orElse(0);
  }

  private static Optional<Course> course(Message message) {
    if (message.u8(7) == FR_ACT_BLACKHOLE) {
      return Optional.of(Course.NOWHERE);
    }
    int table = table(message);
    return Arrays.stream(Course.values()).filter(course -> course.table() == table).findFirst();
  }

  private static int table(Message message) {
    return message.number(RULE_BYTES, FRA_TABLE).orElse(message.u8(4));
  }

  private static Selector selector(Message message) {
    int[] ports = message.numbers(RULE_BYTES, FRA_DPORT_RANGE);
    return new Selector(
        message.text(RULE_BYTES, FRA_IIFNAME).orElse(""),
        prefix(message, FRA_SRC, message.u8(2)),
        prefix(message, FRA_DST, message.u8(1)),
        message.octet(RULE_BYTES, FRA_IP_PROTO),
        ports[0],
        ports[1]);
  }

  private static Ipv4Prefix prefix(Message message, int type, int length) {
    return message
        .address(RULE_BYTES, type, length)
        .map(address -> Ipv4Prefix.of((int) address.low(), length))
        .orElse(new Ipv4Prefix(0, 0));
  }

  /// Whether it is the rule by which the kernel finds this machine's own addresses, for all
  /// packets, at the highest priority.
  static boolean isLocal(Message message) {
    return isRule(message)
        && priority(message) == PolicyRule.FIRST
        && message.u8(7) == FR_ACT_TO_TBL
        && table(message) == RT_TABLE_LOCAL
        && message.number(RULE_BYTES, FRA_SUPPRESS_PREFIXLEN).orElse(SUPPRESS_NONE) == SUPPRESS_NONE
        && hasNone(
            message,
            FRA_DST,
            FRA_SRC,
            FRA_IIFNAME,
            FRA_OIFNAME,
            FRA_FWMARK,
            FRA_IP_PROTO,
            FRA_DPORT_RANGE);
  }

  private static boolean hasNone(Message message, int... attributes) {
    return Arrays.stream(attributes)
        .allMatch(type -> message.attribute(RULE_BYTES, type).isEmpty());
  }

  /// Who put it there.
  static int origin(Message message) {
    return message.octet(RULE_BYTES, FRA_PROTOCOL);
  }
}
