package watari.core.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Finding.Kind;

/// Looks at the numbers of each rule: lengths that fit no line, ports that should not be given out,
/// ports that nobody gets.
///
/// What concerns an offset is said once, at the first rule that has it.
final class LintNumbers {
  private static final int SYSTEM_PORTS = 1024;

  private final LintFindings found;
  private final Map<Integer, LintRow> systemPorts = new HashMap<>();
  private final Map<Integer, LintRow> wastedPorts = new HashMap<>();

  private LintNumbers(LintFindings found) {
    this.found = found;
  }

  static void check(List<LintRow> rows, LintFindings found) {
    var numbers = new LintNumbers(found);
    for (LintRow row : rows) {
      numbers.checkLength(row);
      numbers.checkOffset(row);
    }
    numbers.systemPorts.values().forEach(numbers::saySystemPorts);
    numbers.wastedPorts.values().forEach(numbers::sayWastedPorts);
    numbers.checkUnnamed(rows);
  }

  private void checkLength(LintRow row) {
    MapRule rule = row.rule();
    int length = rule.endUserLength();
    String sum = rule.ipv6().length() + " + " + rule.eaLength() + " = " + length;
    if (length > 64) {
      say(
          Kind.PAST_64,
          row,
          sum
              + " bits: the end-user prefix reaches into the interface identifier; a LAN needs a /64",
          example(row, false));
    } else if (length % 4 != 0) {
      say(
          Kind.ODD_LENGTH,
          row,
          sum
              + " bits: lines delegate /48, /52, /56, /60 or /64, and one with a /"
              + length / 4 * 4
              + " could not use the rule; check the prefix lengths and EA bits",
          example(row, true));
    }
  }

  /// The first subscriber: its end-user prefix, or its MAP address.
  private static String example(LintRow row, boolean prefix) {
    MapRule rule = row.rule();
    Ipv6Prefix endUser = rule.endUserPrefix(rule.ipv4().bits(), 0);
    String has = prefix ? "" : " has the MAP address " + rule.identity(endUser).mapAddress();
    return endUser + has;
  }

  private void checkOffset(LintRow row) {
    MapRule rule = row.rule();
    if (!rule.isShared()) {
      return;
    }
    if (lowestPort(rule) < SYSTEM_PORTS) {
      systemPorts.putIfAbsent(rule.psidOffset(), row);
    } else if (rule.psidOffset() > 0 && rule.psidOffset() < bestOffset(rule)) {
      wastedPorts.putIfAbsent(rule.psidOffset(), row);
    }
  }

  /// The offset that excludes the system ports and nothing else, as far as the PSID leaves room.
  private static int bestOffset(MapRule rule) {
    return Math.min(MapRule.PSID_OFFSET_DEFAULT, 16 - rule.psidLength());
  }

  /// The lowest port of the lowest PSID.
  private static int lowestPort(MapRule rule) {
    return new PortSet(rule.psidOffset(), new Psid(rule.psid().value(), rule.psidLength()))
        .first(0);
  }

  private void saySystemPorts(LintRow row) {
    MapRule rule = row.rule();
    int port = Math.max(80, lowestPort(rule));
    int low = rule.psidOf(port) == PortSet.EXCLUDED ? lowestPort(rule) : port;
    say(
        Kind.SYSTEM_PORTS,
        row,
        "offset "
            + rule.psidOffset()
            + " gives system ports from "
            + lowestPort(rule)
            + " to 1023 to subscribers; "
            + (rule.psidOffset() == 0 ? "leave out the low PSIDs" : "use offset 6")
            + " (RFC 7422 section 2)",
        owned(row, low));
  }

  private static String owned(LintRow row, int port) {
    int address = row.rule().ipv4().bits();
    return new Ipv4Address(address) + ":" + port + " belongs to " + row.owner(address, port);
  }

  private void sayWastedPorts(LintRow row) {
    MapRule rule = row.rule();
    int best = bestOffset(rule);
    int excluded = 1 << (16 - rule.psidOffset());
    int needed = 1 << (16 - best);
    say(
        Kind.WASTED_PORTS,
        row,
        "offset "
            + rule.psidOffset()
            + " leaves the ports "
            + needed
            + " to "
            + (excluded - 1)
            + " of every shared address to nobody; offset "
            + best
            + " would give each subscriber "
            + ((excluded - needed) >>> rule.psidLength())
            + " more",
        new Ipv4Address(rule.ipv4().bits()) + ":" + (excluded - 1) + " belongs to nobody");
  }

  /// PSIDs that no rule of their address names: said once, for the first such address.
  private void checkUnnamed(List<LintRow> rows) {
    Map<Ipv4Prefix, Set<Psid>> named = new HashMap<>();
    Set<Ipv4Prefix> whole = new HashSet<>();
    for (LintRow row : rows) {
      if (row.rule().psid().isPresent()) {
        named.computeIfAbsent(row.rule().ipv4(), _ -> new HashSet<>()).add(row.rule().psid());
      } else {
        whole.add(row.rule().ipv4());
      }
    }
    for (LintRow row : rows) {
      Set<Psid> of = named.get(row.rule().ipv4());
      if (of != null && of.size() < 1 << row.rule().psidLength() && !isInside(row, whole)) {
        sayUnnamed(row, of, named.size());
        return;
      }
    }
  }

  /// Whether a rule that names no PSID has the addresses too, and so the ports that are left.
  private static boolean isInside(LintRow row, Set<Ipv4Prefix> whole) {
    Ipv4Prefix prefix = row.rule().ipv4();
    for (int length = 0; length <= prefix.length(); length++) {
      if (whole.contains(Ipv4Prefix.of(prefix.bits(), length))) {
        return true;
      }
    }
    return false;
  }

  private void sayUnnamed(LintRow row, Set<Psid> named, int addresses) {
    MapRule rule = row.rule();
    int free = 0;
    while (named.contains(new Psid(free, rule.psidLength()))) {
      free++;
    }
    var set = new PortSet(rule.psidOffset(), new Psid(free, rule.psidLength()));
    say(
        Kind.WASTED_PORTS,
        row,
        named.size()
            + " of the "
            + (1 << rule.psidLength())
            + " PSIDs of "
            + rule.ipv4()
            + " have a rule"
            + (addresses > 1 ? " (look at all " + addresses + " prefixes with such rules)" : "")
            + "; the ports of the others belong to nobody",
        new Ipv4Address(rule.ipv4().bits()) + ":" + set.first(0) + " belongs to nobody");
  }

  private void say(Kind kind, LintRow row, String sentence, String example) {
    found.add(row.order(), new Finding(kind, row.place(), sentence, example));
  }
}
