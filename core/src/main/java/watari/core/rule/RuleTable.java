package watari.core.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// All rules of all domains, compiled for the packet ways: from an inner address and port to the
/// subscriber.
///
/// The check of a subscriber's packet asks the same question as the way to the subscriber, whose is
/// this address and port?, and compares all 128 bits of the answer with the outer source. So one
/// longest match over IPv4 serves both directions and no table over IPv6 is needed.
///
/// Rules of the same IPv4 prefix that name their PSIDs (1:1 rules) stand in one group, found by
/// PSID; a PSID that none of them names belongs to the rule of the next shorter prefix. An address
/// and port whose end-user prefix lies in a longer rule as well belong to nobody, since the
/// subscriber there has what the longer rule says (RFC 7597 §5).
public final class RuleTable {
  /// Answers of [#byAddress] that are not a rule.
  public static final int NO_RULE = -1;

  public static final int EXCLUDED_PORT = -2;

  /// A value of [#cells] above this is a group.
  public static final int GROUPS = 1 << 30;

  private final List<MapRule> rules;
  private final List<MapDomain> domains;
  private final Ipv6Address[] relays;
  private final long[] rows;
  private final Ipv4Trie trie = new Ipv4Trie();
  private final PsidGroups groups = new PsidGroups();
  private final NestedRules nested;
  private final Layout[] layouts;

  /// Rules whose MAP addresses do not say in the interface identifier which rule they are of.
  private final int[] unreadable;

  /// Compiles the domains.
  ///
  /// @throws Refused when two rules contradict each other: offsets or PSID lengths that differ on
  ///   one address (RFC 7597 §5.1), one IPv6 prefix twice, or one port set with two owners; and
  ///   when there are more domains than can be counted apart
  public RuleTable(List<MapDomain> domains) {
    this.domains = List.copyOf(domains);
    if (domains.size() > RuleRow.DOMAINS_MAX) {
      throw new Refused(
          "one table has at most "
              + RuleRow.DOMAINS_MAX
              + " domains, not "
              + domains.size()
              + "; split them over several relays");
    }
    rules = new ArrayList<>();
    domains.forEach(domain -> rules.addAll(domain.rules()));
    relays = domains.stream().map(MapDomain::relay).distinct().toArray(Ipv6Address[]::new);
    RuleConflicts.check(rules);
    nested = new NestedRules(rules);
    layouts = layouts(rules);
    unreadable = unreadable(rules);
    rows = new long[rules.size() * RuleRow.LONGS];
    fillRows();
    fillTrie();
  }

  private void fillRows() {
    int base = 0;
    for (int number = 0; number < domains.size(); number++) {
      MapDomain domain = domains.get(number);
      for (MapRule rule : domain.rules()) {
        RuleRow.write(rows, base, rule, domain.relay());
        RuleRow.markDomain(rows, base, number);
        base += RuleRow.LONGS;
      }
    }
    for (int i = 0; i < rules.size(); i++) {
      if (nested.isOuter(i)) {
        RuleRow.markOuter(rows, i * RuleRow.LONGS);
      }
    }
  }

  private static Layout[] layouts(List<MapRule> rules) {
    var present = EnumSet.noneOf(Layout.class);
    rules.forEach(rule -> present.add(rule.layout()));
    return present.toArray(Layout[]::new);
  }

  /// The end-user prefix overwrites the IPv4 address there, or the first address of the IPv4 prefix
  /// may be in another rule.
  private static int[] unreadable(List<MapRule> rules) {
    var prefixes = new TreeSet<Ipv4Prefix>();
    rules.forEach(rule -> prefixes.add(rule.ipv4()));
    return IntStream.range(0, rules.size())
        .filter(i -> {
          MapRule rule = rules.get(i);
          Ipv4Prefix next = prefixes.higher(rule.ipv4());
          boolean isAround = next != null && rule.ipv4().contains(next.bits());
          return rule.endUserLength() > rule.layout().firstBit()
              || (rule.ipv4Length() < 32 && isAround);
        })
        .toArray();
  }

  private void fillTrie() {
    Integer[] order = new Integer[rules.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> rules.get(i).ipv4().length()));
    Map<Ipv4Prefix, Integer> groupOf = new HashMap<>();
    for (int index : order) {
      MapRule rule = rules.get(index);
      Ipv4Prefix prefix = rule.ipv4();
      if (!rule.psid().isPresent()) {
        trie.put(prefix.bits(), prefix.length(), index);
        continue;
      }
      Integer group = groupOf.get(prefix);
      if (group == null) {
        group = groups.add(rule.psidOffset(), rule.psidLength(), trie.find(prefix.bits()));
        groupOf.put(prefix, group);
        trie.put(prefix.bits(), prefix.length(), GROUPS + group);
      }
      groups.put(group, rule.psid().value(), index);
    }
  }

  public int size() {
    return rules.size();
  }

  public MapRule rule(int index) {
    return rules.get(index);
  }

  /// The domains, in the order in which they were given.
  public List<MapDomain> domains() {
    return domains;
  }

  public MapDomain domain(int index) {
    return domains.get(domainNumber(index));
  }

  /// Which of [#domains] a rule is of.
  public int domainNumber(int index) {
    return RuleRow.domain(rows, index * RuleRow.LONGS);
  }

  /// The rule whose subscriber has this address and port.
  ///
  /// @param port a port or an ICMP query identifier
  /// @return a rule's index, [#NO_RULE] or [#EXCLUDED_PORT]
  public int byAddress(int address, int port) {
    int cell = trie.find(address);
    while (cell > GROUPS) {
      int group = cell - 1 - GROUPS;
      int psid = groups.psidOf(group, port);
      if (psid == PortSet.EXCLUDED) {
        return EXCLUDED_PORT;
      }
      int index = groups.find(group, psid);
      if (index != PsidGroups.NONE) {
        return unlessHidden(index, address, psid);
      }
      cell = groups.around(group);
    }
    if (cell == Ipv4Trie.NONE) {
      return NO_RULE;
    }
    int psid = RuleRow.psidOf(rows, (cell - 1) * RuleRow.LONGS, port);
    return psid == PortSet.EXCLUDED ? EXCLUDED_PORT : unlessHidden(cell - 1, address, psid);
  }

  private int unlessHidden(int index, int address, int psid) {
    int base = index * RuleRow.LONGS;
    boolean isHidden =
        RuleRow.isOuter(rows, base)
            && nested.hides(
                index,
                RuleRow.prefixHigh(rows, base, address, psid),
                RuleRow.prefixLow(rows, base, address, psid));
    return isHidden ? NO_RULE : index;
  }

  /// Whether some rule covers this address, whatever the port.
  public boolean covers(int address) {
    return trie.find(address) != Ipv4Trie.NONE;
  }

  /// Whether an address is the MAP address of some subscriber, all 128 bits of it: for what has no
  /// port yet, such as a fragment.
  ///
  /// It takes address and PSID out of the interface identifier and looks them up. Only the few
  /// rules for which that does not do are tried one by one.
  public boolean isSubscriber(long high, long low) {
    for (Layout layout : layouts) {
      if (isSubscriber(layout.ipv4(low), layout.psid(low), high, low)) {
        return true;
      }
    }
    for (int index : unreadable) {
      MapRule rule = rules.get(index);
      if (rule.ipv6().contains(high, low)
          && isOf(index, rule.ipv4(high, low), rule.psid(high, low), high, low)) {
        return true;
      }
    }
    return false;
  }

  private boolean isSubscriber(int address, int psid, long high, long low) {
    int cell = trie.find(address);
    boolean isNamed = false;
    while (cell > GROUPS) {
      int group = cell - 1 - GROUPS;
      int index = isNamed ? PsidGroups.NONE : groups.find(group, psid);
      isNamed |= index != PsidGroups.NONE;
      if (index != PsidGroups.NONE && isOf(index, address, psid, high, low)) {
        return true;
      }
      cell = groups.around(group);
    }
    return cell != Ipv4Trie.NONE
        && !(isNamed && rules.get(cell - 1).isShared())
        && isOf(cell - 1, address, psid, high, low);
  }

  /// Whether a rule makes this MAP address of an address and a PSID.
  private boolean isOf(int index, int address, int psid, long high, long low) {
    int base = index * RuleRow.LONGS;
    return psid >>> rules.get(index).psidLength() == 0
        && RuleRow.prefixHigh(rows, base, address, psid) == high
        && RuleRow.mapLow(rows, base, address, psid) == low
        && unlessHidden(index, address, psid) == index;
  }

  /// Bits 0 to 63 of the MAP address of the subscriber with this address and port.
  ///
  /// @param index what [#byAddress] answered for them
  public long high(int index, int address, int port) {
    int base = index * RuleRow.LONGS;
    return RuleRow.prefixHigh(rows, base, address, RuleRow.ownedPsidOf(rows, base, port));
  }

  /// Bits 64 to 127 of the MAP address.
  public long low(int index, int address, int port) {
    int base = index * RuleRow.LONGS;
    return RuleRow.mapLow(rows, base, address, RuleRow.ownedPsidOf(rows, base, port));
  }

  public long relayHigh(int index) {
    return rows[index * RuleRow.LONGS + 4];
  }

  public long relayLow(int index) {
    return rows[index * RuleRow.LONGS + 5];
  }

  /// Whether an address is the relay of some domain.
  public boolean isRelay(long high, long low) {
    for (Ipv6Address relay : relays) {
      if (relay.high() == high && relay.low() == low) {
        return true;
      }
    }
    return false;
  }

  /// The longest match over IPv4 as [Ipv4Trie] has it, for who looks it up elsewhere: a cell is 0
  /// for nobody, a rule's index plus one, more than [#GROUPS] for rules that name their PSIDs, or
  /// the complement of where the next block begins.
  public int[] cells() {
    return trie.cells();
  }

  /// The rules as [RuleRow] has them, eight longs each.
  public long[] rows() {
    return rows.clone();
  }

  /// The subscriber with this address and port, for tools.
  public Optional<Identity> who(int address, int port) {
    int index = byAddress(address, port);
    if (index < 0) {
      return Optional.empty();
    }
    MapRule rule = rules.get(index);
    return Optional.of(rule.identity(rule.endUserPrefix(address, rule.psidOf(port))));
  }

  /// The subscriber whose MAP address this is, or nothing when no rule makes it; by the longest of
  /// the rules where several do.
  public Optional<Identity> byMapAddress(Ipv6Address mapAddress) {
    return rules.stream()
        .filter(rule -> rule.ipv6().contains(mapAddress.high(), mapAddress.low()))
        .sorted(Comparator.comparingInt((MapRule rule) -> rule.ipv6().length()).reversed())
        .map(rule -> identityAround(rule, mapAddress))
        .filter(identity -> identity.mapAddress().equals(mapAddress))
        .findFirst();
  }

  private static Identity identityAround(MapRule rule, Ipv6Address inside) {
    return rule.identity(Ipv6Prefix.of(inside.high(), inside.low(), rule.endUserLength()));
  }
}
