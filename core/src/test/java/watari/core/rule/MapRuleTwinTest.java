package watari.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Seed;
import watari.core.rule.SlowRule.Subscriber;

/// The arithmetic against its slow twin, bit by bit.
class MapRuleTwinTest {
  private static final int RULES = 1_000_000;

  /// MAPE-10, MAPE-18, MAPE-22, MAPE-23, MAPE-24, MAPE-25, MAPE-26, MAPE-27, MAPE-28
  @Test
  void agreesWithTheSlowTwinInBothDirections() {
    SplittableRandom random = Seed.random();
    var rules = new RandomRules(random);
    for (int i = 0; i < RULES; i++) {
      MapRule rule = rules.next();
      Ipv6Prefix endUser = rules.endUserPrefix(rule);
      String difference = difference(rule, endUser, random.nextInt(1 << 16));
      if (!difference.isEmpty()) {
        assertThat(difference).as("%s with %s", rule, endUser).isEmpty();
      }
    }
  }

  /// The first difference in words; a million calls of an assertion would be slow.
  private static String difference(MapRule rule, Ipv6Prefix endUser, int port) {
    SlowRule slow = SlowRule.of(rule);
    Subscriber expected = slow.subscriber(Bits.of(endUser));
    Identity identity = rule.identity(endUser);
    int address = identity.ipv4().bits();
    Psid psid = identity.ports().psid();
    Optional<String> slowPsid = slow.psidOf(port);
    int found = rule.psidOf(port);
    boolean owns = slowPsid.isPresent() && slowPsid.get().equals(expected.psid());
    String ea = Bits.of(endUser).substring(rule.ipv6().length(), rule.endUserLength());
    List<Check> checks =
        List.of(
            new Check("IPv4", expected.ipv4(), Bits.of(identity.ipv4())),
            new Check("PSID", expected.psid(), Bits.of(psid.value(), psid.length())),
            new Check("MAP address", expected.mapAddress(), Bits.of(identity.mapAddress())),
            new Check("EA bits", ea, lastBits(rule.eaBits(endUser), rule.eaLength())),
            new Check(
                "end-user prefix",
                Bits.of(endUser).substring(0, rule.endUserLength()),
                Bits.of(rule.endUserPrefix(address, psid.value()))),
            new Check(
                "PSID of port " + port,
                slowPsid.orElse("none"),
                found == PortSet.EXCLUDED ? "none" : Bits.of(found, psid.length())),
            new Check("owns " + port, "" + owns, "" + identity.owns(address, port)),
            new Check("table", slowOwner(slow, address, port), fastOwner(rule, address, port)));
    return checks.stream()
        .filter(check -> !check.expected.equals(check.actual))
        .map(Check::toString)
        .findFirst()
        .orElse("");
  }

  private static String slowOwner(SlowRule slow, int address, int port) {
    return slow.owner(Bits.of(address, 32), port)
        .map(owner -> slow.subscriber(owner).mapAddress())
        .orElse("none");
  }

  /// As the packet ways compute it: from a row of longs.
  private static String fastOwner(MapRule rule, int address, int port) {
    long[] row = RuleRow.of(rule);
    int psid = RuleRow.psidOf(row, 0, port);
    return psid == PortSet.EXCLUDED
        ? "none"
        : Bits.of(RuleRow.prefixHigh(row, 0, address, psid), RuleRow.mapLow(row, 0, address, psid));
  }

  private static String lastBits(long value, int length) {
    return Bits.of(0, value).substring(128 - length);
  }

  private record Check(String what, String expected, String actual) {}
}
