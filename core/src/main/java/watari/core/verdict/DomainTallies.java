package watari.core.verdict;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the packets of one direction ended, domain by domain. Each packet is counted once: for its
/// domain, or among those that are of none. A domain has a number, which costs the way of a packet
/// less than an object would.
///
/// One thread owns it and counts; any may ask for all of them.
public final class DomainTallies {
  /// The number of packets that no domain was found for, and of domains that are forgotten.
  public static final int NONE = 0;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final ArrayDeque<Integer> givenBack = new ArrayDeque<>();
  private Tally[] tallies = {new Tally()};
  private int numberMax;

  public DomainTallies() {}

  /// The tally of a domain by its number.
  public Tally of(int number) {
    return tallies[number];
  }

  /// The numbers of domains, which stay what they are where they are known already.
  public synchronized int[] numbers(List<String> names) {
    return names.stream().mapToInt(this::number).toArray();
  }

  private int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    Integer given = givenBack.poll();
    int number = given == null ? ++numberMax : given;
    if (number == tallies.length) {
      tallies = Arrays.copyOf(tallies, 2 * number);
    }
    tallies[number] = new Tally();
    numbers.put(name, number);
    return number;
  }

  /// Forgets all domains but these; what was counted for them is of none from now on.
  public synchronized void keep(Set<String> names) {
    numbers.forEach((name, number) -> {
      if (!names.contains(name)) {
        tallies[NONE].addAll(tallies[number]);
        givenBack.add(number);
      }
    });
    numbers.keySet().retainAll(names);
  }

  /// All domains that are known, by name.
  public synchronized Map<String, Tally> byName() {
    var byName = new LinkedHashMap<String, Tally>();
    numbers.forEach((name, number) -> byName.put(name, tallies[number]));
    return byName;
  }

  /// Everything that was counted until now.
  public synchronized Tally sum() {
    var sum = new Tally();
    sum.addAll(tallies[NONE]);
    byName().values().forEach(sum::addAll);
    return sum;
  }
}
