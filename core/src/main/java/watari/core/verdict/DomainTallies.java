package watari.core.verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the packets of one direction ended, domain by domain. Each packet is counted once: for its
/// domain, or among those that are of none.
///
/// One thread owns it, but the tallies may be read by any.
public final class DomainTallies {
  private final Tally ofNone = new Tally();
  private final Map<String, Tally> byName = new LinkedHashMap<>();

  public DomainTallies() {}

  /// Of packets that no domain was found for, and of domains that are forgotten.
  public Tally ofNone() {
    return ofNone;
  }

  /// The tallies of domains, which go on where they are known already.
  public List<Tally> of(List<String> names) {
    var tallies = new ArrayList<Tally>();
    names.forEach(name -> tallies.add(byName.computeIfAbsent(name, _ -> new Tally())));
    return tallies;
  }

  /// Forgets all domains but these; what was counted for them is of none from now on.
  public void keep(Set<String> names) {
    byName.forEach((name, tally) -> {
      if (!names.contains(name)) {
        ofNone.addAll(tally);
      }
    });
    byName.keySet().retainAll(names);
  }

  /// All that are known, by name.
  public Map<String, Tally> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /// Everything that was counted until now.
  public Tally sum() {
    var sum = new Tally();
    sum.addAll(ofNone);
    byName.values().forEach(sum::addAll);
    return sum;
  }
}
