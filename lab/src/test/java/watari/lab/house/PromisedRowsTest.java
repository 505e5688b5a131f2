package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The requirement rows that this version keeps, each shown by a test that cites it.
final class PromisedRowsTest {
  /// MAP-E itself: rules, port sets, addresses, what gateway and relay check.
  private static final int MAPE_LAST = 65;

  /// Of MAP-E, what belongs to learning the line (30, 31), to anycast relays (53) and to the DNS
  /// proxy (60).
  private static final Set<Integer> MAPE_LATER = Set.of(30, 31, 53, 60);

  private static final int FRG_LAST = 22;

  /// Of fragments, what is about forwarding IPv6 as such (20), about several relays (21) and about
  /// relays that share an address (22).
  private static final Set<Integer> FRG_NOT = Set.of(20, 21, 22);

  private static final int ID4_LAST = 9;

  /// Of identifications, what is allowed and not asked for.
  private static final Set<Integer> ID4_NOT = Set.of(6);

  private static final int TUN_LAST = 33;

  /// Of tunnels: forwarding IPv6 as such is the kernel's.
  private static final Set<Integer> TUN_NOT = Set.of(15);

  @Test
  void everyPromisedRowIsCitedByATest() {
    Set<String> cited =
        House.files("test", "").stream()
            .filter(file -> !file.toString().endsWith("conformance-rows.csv"))
            .flatMap(file -> Rows.cited(House.text(file)).stream())
            .collect(Collectors.toSet());
    var missing = new TreeSet<>(promised());
    missing.removeAll(cited);
    assertThat(missing).isEmpty();
  }

  private static List<String> promised() {
    var rows = new ArrayList<String>();
    rows.addAll(rows("MAPE", MAPE_LAST, MAPE_LATER));
    rows.addAll(rows("TUN", TUN_LAST, TUN_NOT));
    rows.addAll(rows("FRG", FRG_LAST, FRG_NOT));
    rows.addAll(rows("ID4", ID4_LAST, ID4_NOT));
    rows.addAll(rows("ECN", 5, Set.of()));
    rows.addAll(rows("DSC", 1, Set.of()));
    return rows;
  }

  private static List<String> rows(String family, int last, Set<Integer> without) {
    return IntStream.rangeClosed(1, last)
        .filter(number -> !without.contains(number))
        .mapToObj(number -> family + "-" + (number < 10 ? "0" : "") + number)
        .toList();
  }
}
