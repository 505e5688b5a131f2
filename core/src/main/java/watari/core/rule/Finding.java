package watari.core.rule;

/// One thing that [RuleLint] has to say about a rule set.
///
/// @param kind what sort of thing
/// @param place where it stands, as the [RawRule] or [RawDomain] says it; of two rules the later
///   one
/// @param sentence what is wrong and the way out
/// @param example an address, port or prefix that shows it
public record Finding(Kind kind, String place, String sentence, String example) {

  public Severity severity() {
    return kind.severity;
  }

  /// How bad it is.
  public enum Severity {
    /// Gateway and relay refuse such rules.
    ERROR,
    /// They accept the rules, and some subscriber suffers.
    WARNING,
    /// Something is given away that could be used.
    NOTE
  }

  /// The sorts of findings, in the order in which one place lists them.
  public enum Kind {
    /// A text that is not what its field needs.
    UNREADABLE("unreadable", Severity.ERROR),
    /// Bits behind the length of a prefix.
    HOST_BITS("host-bits", Severity.ERROR),
    /// Numbers that RFC 7597 §5 cannot bring together.
    IMPOSSIBLE("impossible", Severity.ERROR),
    /// A domain without a relay (RFC 7597 §7: not usable).
    NO_RELAY("no-relay", Severity.ERROR),
    /// A domain without rules.
    NO_RULES("no-rules", Severity.ERROR),
    /// Two rules with one IPv6 prefix (RFC 7597 §5).
    SAME_IPV6("same-ipv6", Severity.ERROR),
    /// Two rules with one IPv4 prefix, or with one IPv4 prefix and PSID.
    SAME_IPV4("same-ipv4", Severity.ERROR),
    /// Offsets or PSID lengths that differ on one address (RFC 7597 §5.1).
    DIFFERENT_CUT("different-cut", Severity.ERROR),
    /// One IPv6 prefix inside another.
    IPV6_OVERLAP("ipv6-overlap", Severity.WARNING),
    /// One IPv4 prefix inside another, so that a port has two owners.
    IPV4_OVERLAP("ipv4-overlap", Severity.WARNING),
    /// A relay among the subscribers.
    RELAY_INSIDE("relay-inside", Severity.WARNING),
    /// End-user prefixes longer than 64 bits.
    PAST_64("past-64", Severity.WARNING),
    /// End-user prefixes of a length that no line delegates.
    ODD_LENGTH("odd-length", Severity.WARNING),
    /// Ports below 1024 in some subscriber's set (RFC 7422 §2).
    SYSTEM_PORTS("system-ports", Severity.WARNING),
    /// Ports that nobody can have.
    WASTED_PORTS("wasted-ports", Severity.NOTE);

    private final String label;
    private final Severity severity;

    Kind(String label, Severity severity) {
      this.label = label;
      this.severity = severity;
    }

    /// What stands in JSON.
    public String label() {
      return label;
    }

    public Severity severity() {
      return severity;
    }
  }
}
