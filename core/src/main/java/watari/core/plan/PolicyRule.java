package watari.core.plan;

/// Where the kernel looks up the way of some IPv4 packets (`ip-rule(8)`).
///
/// @param priority the lower is asked first; of two that are equal, the one put in first
public record PolicyRule(int priority, Selector selector, Course course) {

  /// As strong as the look-up of the machine's own addresses, and put before it.
  public static final int FIRST = 0;

  /// Behind all rules of the operator's, whose numbers the kernel counts downwards from the main
  /// table's, 32766.
  public static final int BEFORE_MAIN = 32_764;

  /// What becomes of the packets; those that find no route go on to the next rule.
  public enum Course {
    /// To our device, while it is there.
    OURS(7597, "come to our device"),
    /// To this machine, where the target is one of its addresses.
    LOCAL(255, "are this machine's, where the address is"),
    /// By the main table without its default route.
    NEARBY(254, "go by every route but a default route"),
    /// Nowhere.
    NOWHERE(0, "are dropped");

    private final int table;
    private final String sentence;

    Course(int table, String sentence) {
      this.table = table;
      this.sentence = sentence;
    }

    /// The number of the kernel's table, or 0.
    public int table() {
      return table;
    }
  }

  @Override
  public String toString() {
    String place = priority == FIRST ? " before the machine's own addresses: " : ": ";
    return "rule " + priority + place + selector + " " + course.sentence;
  }
}
