package watari.core.rule;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// A rule as eight longs, one cache line: the form in which the packet ways read it.
///
/// ```
/// 0  Rule IPv6 prefix, bits 0 to 63        4  relay, bits 0 to 63
/// 1  Rule IPv6 prefix, bits 64 to 127      5  relay, bits 64 to 127
/// 2  small numbers, a byte each            6  mask of the end-user prefix in bits 64 to 127
/// 3  IPv4 masks: suffix | address          7  the PSID where the rule names it
/// ```
///
/// This is the one place of the arithmetic from IPv4 to IPv6; [MapRule] calls it too.
final class RuleRow {
  static final int LONGS = 8;

  /// Byte numbers in long 2.
  private static final int EA_SHIFT = 0;

  private static final int SUFFIX_SHIFT = 8;
  private static final int EMBEDDED = 16;
  private static final int OFFSET = 24;
  private static final int PSID_LENGTH = 32;
  private static final int IPV4_SHIFT = 40;
  private static final int PSID_SHIFT = 48;

  /// A bit of long 2 behind the small numbers.
  private static final long OUTER = 1L << 56;

  /// In long 7 of a rule that names no PSID.
  private static final long ANY_PSID = -1;

  private RuleRow() {}

  static long[] of(MapRule rule) {
    var row = new long[LONGS];
    write(row, 0, rule, Ipv6Address.UNSPECIFIED);
    return row;
  }

  static void write(long[] rows, int base, MapRule rule, Ipv6Address relay) {
    int r = rule.ipv4().length();
    int p = rule.suffixLength();
    int length = rule.endUserLength();
    boolean rfc = rule.layout() == Layout.RFC7597;
    int suffixMask = Ipv4Prefix.mask(r + p) & ~Ipv4Prefix.mask(r);
    rows[base] = rule.ipv6().high();
    rows[base + 1] = rule.ipv6().low();
    rows[base + 2] =
        (long) (128 - length) << EA_SHIFT
            | (long) (32 - r - p) << SUFFIX_SHIFT
            | (long) rule.embeddedPsidLength() << EMBEDDED
            | (long) rule.psidOffset() << OFFSET
            | (long) rule.psidLength() << PSID_LENGTH
            | (rfc ? 16L : 24L) << IPV4_SHIFT
            | (rfc ? 0L : 8L) << PSID_SHIFT;
    rows[base + 3] = (long) suffixMask << 32 | (Ipv4Prefix.mask(rule.ipv4Length()) & 0xffffffffL);
    rows[base + 4] = relay.high();
    rows[base + 5] = relay.low();
    rows[base + 6] = Ipv6Prefix.maskLow(length);
    rows[base + 7] = rule.psid().isPresent() ? rule.psid().value() : ANY_PSID;
  }

  /// Marks the rule as one that has others inside its IPv6 prefix.
  static void markOuter(long[] rows, int base) {
    rows[base + 2] |= OUTER;
  }

  static boolean isOuter(long[] rows, int base) {
    return (rows[base + 2] & OUTER) != 0;
  }

  private static int small(long numbers, int position) {
    return (int) (numbers >>> position) & 0xff;
  }

  /// The PSID that owns a port, or [PortSet#EXCLUDED].
  static int psidOf(long[] rows, int base, int port) {
    long numbers = rows[base + 2];
    int found = PortSet.psidOf(small(numbers, OFFSET), small(numbers, PSID_LENGTH), port);
    long named = rows[base + 7];
    return named == ANY_PSID || named == found ? found : PortSet.EXCLUDED;
  }

  /// The EA bits, right-aligned.
  private static long eaBits(long[] rows, int base, int address, int psid) {
    long numbers = rows[base + 2];
    int embedded = small(numbers, EMBEDDED);
    int suffix = (address & (int) (rows[base + 3] >>> 32)) >>> small(numbers, SUFFIX_SHIFT);
    return (suffix & 0xffffffffL) << embedded | (psid & ((1L << embedded) - 1));
  }

  /// Bits 0 to 63 of the end-user prefix, and so of the MAP address.
  static long prefixHigh(long[] rows, int base, int address, int psid) {
    long ea = eaBits(rows, base, address, psid);
    int shift = small(rows[base + 2], EA_SHIFT);
    // the two steps of the right shift: a shift by 64 would be one by 0
    return rows[base] | (shift >= 64 ? ea << (shift - 64) : ea >>> 1 >>> (63 - shift));
  }

  /// Bits 64 to 127 of the end-user prefix; zero unless it is longer than 64.
  static long prefixLow(long[] rows, int base, int address, int psid) {
    int shift = small(rows[base + 2], EA_SHIFT);
    return rows[base + 1] | (shift >= 64 ? 0 : eaBits(rows, base, address, psid) << shift);
  }

  /// Bits 64 to 127 of the MAP address; a prefix longer than 64 overwrites the top of the interface
  /// identifier (RFC 7597 §6).
  static long mapLow(long[] rows, int base, int address, int psid) {
    long numbers = rows[base + 2];
    long shown = address & (int) rows[base + 3] & 0xffffffffL;
    long id = shown << small(numbers, IPV4_SHIFT) | (long) psid << small(numbers, PSID_SHIFT);
    long mask = rows[base + 6];
    return mask == 0 ? id : (prefixLow(rows, base, address, psid) & mask) | (id & ~mask);
  }
}
