package watari.core.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Finding.Kind;

/// Looks for rules that meet: in IPv6, in IPv4, in IPv4 and PSID.
///
/// Prefixes are sorted so that one comes right before those inside it; a stack holds the prefixes
/// around the present one.
final class LintOverlaps {
  /// An example where every port would do.
  private static final int ANY_PORT = 4096;

  private final LintFindings found;

  private LintOverlaps(LintFindings found) {
    this.found = found;
  }

  static void check(List<LintRow> rows, List<LintRelay> relays, LintFindings found) {
    var overlaps = new LintOverlaps(found);
    overlaps.checkIpv6(rows);
    overlaps.checkRelays(relays, rows);
    overlaps.checkIpv4(rows);
    overlaps.checkCuts(rows);
  }

  private void checkIpv6(List<LintRow> rows) {
    var around = new ArrayDeque<LintRow>();
    for (LintRow row : sorted(rows, Comparator.comparing(r -> r.rule().ipv6()))) {
      LintRow outer = ipv6Around(around, row);
      if (outer != null && outer.rule().ipv6().equals(row.rule().ipv6())) {
        sayIpv6(Kind.SAME_IPV6, outer, row);
      } else {
        if (outer != null) {
          sayIpv6(Kind.IPV6_OVERLAP, outer, row);
        }
        around.push(row);
      }
    }
  }

  private static @Nullable LintRow ipv6Around(Deque<LintRow> around, LintRow row) {
    while (!around.isEmpty() && !around.element().rule().ipv6().contains(row.rule().ipv6())) {
      around.pop();
    }
    return around.peek();
  }

  private void sayIpv6(Kind kind, LintRow outer, LintRow row) {
    Ipv6Prefix inside = row.rule().ipv6();
    String other = outer.rule().ipv6() + " (" + outer.place() + ")";
    String sentence =
        kind == Kind.SAME_IPV6
            ? inside + " is the prefix of another rule too (" + outer.place() + "); take one away"
            : inside + " lies in " + other + "; an end-user prefix in both follows the longer rule";
    int length = Math.max(outer.rule().endUserLength(), row.rule().endUserLength());
    var endUser = Ipv6Prefix.of(inside.high(), inside.low(), Math.max(length, inside.length()));
    String example = endUser + " is " + shown(outer, endUser) + " and " + shown(row, endUser);
    found.add(row.order(), new Finding(kind, row.place(), sentence, example));
  }

  /// What an end-user prefix is by one rule: `192.0.2.18 PSID 0x34/8 by line 12`.
  private static String shown(LintRow row, Ipv6Prefix endUser) {
    Identity identity = row.rule().identity(endUser);
    Ipv4Prefix ipv4 = identity.ipv4();
    String address =
        ipv4.length() == 32 ? new Ipv4Address(ipv4.bits()).toString() : ipv4.toString();
    Psid psid = identity.ports().psid();
    return address + (psid.isPresent() ? " PSID " + psid : "") + " by " + row.place();
  }

  /// A relay's address must not be a subscriber's.
  private void checkRelays(List<LintRelay> relays, List<LintRow> rows) {
    Map<Ipv6Prefix, LintRow> byPrefix = new HashMap<>();
    Set<Integer> lengths = new HashSet<>();
    for (LintRow row : rows) {
      byPrefix.putIfAbsent(row.rule().ipv6(), row);
      lengths.add(row.rule().ipv6().length());
    }
    for (LintRelay relay : relays) {
      for (int length : lengths) {
        Ipv6Address address = relay.address();
        LintRow row = byPrefix.get(Ipv6Prefix.of(address.high(), address.low(), length));
        if (row != null) {
          sayRelay(relay, row);
        }
      }
    }
  }

  private void sayRelay(LintRelay relay, LintRow row) {
    Ipv6Address address = relay.address();
    var endUser = Ipv6Prefix.of(address.high(), address.low(), row.rule().endUserLength());
    String sentence =
        "the relay "
            + address
            + " lies in "
            + row.rule().ipv6()
            + " ("
            + row.place()
            + "); delegate the prefix around it to nobody or move the relay";
    String example = endUser + " is " + shown(row, endUser);
    found.add(relay.order(), new Finding(Kind.RELAY_INSIDE, relay.place(), sentence, example));
  }

  private void checkIpv4(List<LintRow> rows) {
    var around = new ArrayDeque<LintRow>();
    Map<Psid, LintRow> siblings = new HashMap<>();
    for (LintRow row : sorted(rows, Comparator.comparing(r -> r.rule().ipv4()))) {
      LintRow outer = ipv4Around(around, row);
      if (outer != null && outer.rule().ipv4().equals(row.rule().ipv4())) {
        checkSiblings(outer, siblings, row);
        continue;
      }
      if (outer != null) {
        clash(outer, row).ifPresent(example -> sayIpv4(Kind.IPV4_OVERLAP, outer, row, example));
      }
      around.push(row);
      siblings.clear();
      siblings.put(row.rule().psid(), row);
    }
  }

  /// Rules of one IPv4 prefix may stand side by side only if each names another PSID.
  private void checkSiblings(LintRow first, Map<Psid, LintRow> siblings, LintRow row) {
    LintRow same = siblings.putIfAbsent(row.rule().psid(), row);
    boolean named = first.rule().psid().isPresent() && row.rule().psid().isPresent();
    LintRow other = same != null ? same : first;
    if (same != null || !named) {
      String example = clash(other, row).orElse(row.rule().ipv4().toString());
      sayIpv4(Kind.SAME_IPV4, other, row, example);
    }
  }

  private static @Nullable LintRow ipv4Around(Deque<LintRow> around, LintRow row) {
    while (!around.isEmpty() && !around.element().rule().ipv4().overlaps(row.rule().ipv4())) {
      around.pop();
    }
    return around.peek();
  }

  private void sayIpv4(Kind kind, LintRow outer, LintRow row, String example) {
    String both = row.rule().ipv6() + " and " + outer.rule().ipv6() + " (" + outer.place() + ")";
    String sentence =
        kind == Kind.SAME_IPV4
            ? both + " both give out " + given(row.rule()) + "; a port can have only one owner"
            : both
                + " both give out addresses of "
                + row.rule().ipv4()
                + ", one as part of "
                + outer.rule().ipv4()
                + "; the longer one wins";
    found.add(row.order(), new Finding(kind, row.place(), sentence, example));
  }

  private static String given(MapRule rule) {
    return rule.ipv4() + (rule.psid().isPresent() ? " PSID " + rule.psid() : "");
  }

  /// An address and port that two subscribers have, one by each rule. Both rules spell addresses
  /// and PSIDs in rows of bits, so if the ends of the rows agree, all between them does.
  private static Optional<String> clash(LintRow outer, LintRow inner) {
    Ipv4Prefix shared = inner.rule().ipv4();
    int[] addresses = {shared.bits(), shared.bits() | ~Ipv4Prefix.mask(shared.length())};
    for (int address : addresses) {
      for (int port : ports(outer.rule(), inner.rule())) {
        if (outer.rule().psidOf(port) == PortSet.EXCLUDED
            || inner.rule().psidOf(port) == PortSet.EXCLUDED) {
          continue;
        }
        Ipv6Prefix one = outer.owner(address, port);
        Ipv6Prefix other = inner.owner(address, port);
        if (!one.equals(other)) {
          return Optional.of(
              new Ipv4Address(address) + ":" + port + " belongs to both " + one + " and " + other);
        }
      }
    }
    return Optional.empty();
  }

  /// First and last ports of the first and last port sets of both rules.
  private static List<Integer> ports(MapRule one, MapRule other) {
    var ports = new ArrayList<Integer>();
    addPorts(ports, other);
    addPorts(ports, one);
    return ports;
  }

  private static void addPorts(List<Integer> ports, MapRule rule) {
    Psid named = rule.psid();
    int least = named.value();
    int most = named.isPresent() ? named.value() : (1 << rule.psidLength()) - 1;
    for (int psid : new int[] {least, most}) {
      var set = new PortSet(rule.psidOffset(), new Psid(psid, rule.psidLength()));
      ports.add(set.isAll() ? ANY_PORT : set.first(0));
      ports.add(set.last(set.rangeCount() - 1));
    }
  }

  /// All who share an address cut its ports in the same way.
  private void checkCuts(List<LintRow> rows) {
    var around = new ArrayDeque<LintRow>();
    for (LintRow row : sorted(rows, Comparator.comparing(r -> r.rule().ipv4()))) {
      if (!row.rule().isShared()) {
        continue;
      }
      LintRow outer = ipv4Around(around, row);
      if (outer != null
          && (outer.rule().psidOffset() != row.rule().psidOffset()
              || outer.rule().psidLength() != row.rule().psidLength())) {
        sayCut(outer, row);
      }
      around.push(row);
    }
  }

  private void sayCut(LintRow outer, LintRow row) {
    String sentence =
        row.rule().ipv6()
            + " has "
            + cut(row.rule())
            + ", "
            + outer.rule().ipv6()
            + " ("
            + outer.place()
            + ") has "
            + cut(outer.rule())
            + "; all who share an address need the same (RFC 7597 section 5.1)";
    int port = differentPort(outer.rule(), row.rule());
    String example =
        new Ipv4Address(row.rule().ipv4().bits())
            + ":"
            + port
            + " is "
            + owner(row, port)
            + " and "
            + owner(outer, port);
    found.add(row.order(), new Finding(Kind.DIFFERENT_CUT, row.place(), sentence, example));
  }

  /// The lowest port beside the system ports that two ways of cutting give to different PSIDs.
  private static int differentPort(MapRule one, MapRule other) {
    int port = 1024;
    while (port < 0xffff && cutPsid(one, port).equals(cutPsid(other, port))) {
      port++;
    }
    return port;
  }

  private static String owner(LintRow row, int port) {
    String psid = cutPsid(row.rule(), port).map(found -> "PSID " + found).orElse("excluded");
    return psid + " by " + row.place();
  }

  /// The PSID of a port, also where the rule names another one; nothing where it is excluded.
  private static Optional<Psid> cutPsid(MapRule rule, int port) {
    int value = PortSet.psidOf(rule.psidOffset(), rule.psidLength(), port);
    return value == PortSet.EXCLUDED
        ? Optional.empty()
        : Optional.of(new Psid(value, rule.psidLength()));
  }

  private static String cut(MapRule rule) {
    return "offset " + rule.psidOffset() + " and PSID length " + rule.psidLength();
  }

  private static List<LintRow> sorted(List<LintRow> rows, Comparator<LintRow> by) {
    return rows.stream().sorted(by.thenComparingInt(LintRow::order)).toList();
  }
}
