package watari.core.rule;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;

/// A rule as eight longs, one cache line: the form in which the packet ways read it.
///
/// ```
/// 0  Rule IPv6 prefix, bits 0 to 63        4  relay, bits 0 to 63
/// 1  Rule IPv6 prefix, bits 64 to 127      5  relay, bits 64 to 127
/// 2  small numbers, see below              6  mask of the end-user prefix in bits 64 to 127
/// 3  IPv4 masks: suffix | address          7  ports, 16 bits each: see below
/// ```
///
/// This is the one place of the arithmetic from IPv4 to IPv6; [MapRule] calls it too.
final class RuleRow {
  static final int LONGS = 8;

  /// Byte numbers in long 2.
  private static final int EA_SHIFT = 0;

  private static final int SUFFIX_SHIFT = 8;
  private static final int EMBEDDED = 16;
  private static final int RANGE_BITS = 24;
  private static final int IPV4_SHIFT = 32;
  private static final int PSID_SHIFT = 40;

  /// Behind the small numbers, a bit of long 2, and around it the number of the domain.
  private static final long OUTER = 1L << 56;

  private static final int DOMAIN_LOW = 48;
  private static final int DOMAIN_HIGH = 57;
  private static final int DOMAIN_LOW_BITS = 8;

  /// A row has room for the numbers of so many domains.
  static final int DOMAINS_MAX = 1 << 15;

  /// In long 7: the mask of a PSID; the first port that is somebody's; the PSID that the rule
  /// names; and which of its bits must be so, none where it names none.
  private static final int FIRST_PORT = 16;

  private static final int NAMED = 32;
  private static final int NAMED_MASK = 48;

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
            | (long) (16 - rule.psidOffset() - rule.psidLength()) << RANGE_BITS
            | (rfc ? 16L : 24L) << IPV4_SHIFT
            | (rfc ? 0L : 8L) << PSID_SHIFT;
    rows[base + 3] = (long) suffixMask << 32 | (Ipv4Prefix.mask(rule.ipv4Length()) & 0xffffffffL);
    rows[base + 4] = relay.high();
    rows[base + 5] = relay.low();
    rows[base + 6] = Ipv6Prefix.maskLow(length);
    rows[base + 7] = ports(rule);
  }

  private static long ports(MapRule rule) {
    long mask = (1L << rule.psidLength()) - 1;
    boolean hasExcluded = rule.isShared() && rule.psidOffset() > 0;
    return mask
        | (hasExcluded ? 1L << (16 - rule.psidOffset()) << FIRST_PORT : 0)
        | (long) rule.psid().value() << NAMED
        | (rule.psid().isPresent() ? mask << NAMED_MASK : 0);
  }

  /// Marks the rule as one that has others inside its IPv6 prefix.
  static void markOuter(long[] rows, int base) {
    rows[base + 2] |= OUTER;
  }

  /// Says which domain the rule is of.
  static void markDomain(long[] rows, int base, int domain) {
    rows[base + 2] |=
        (domain & 0xffL) << DOMAIN_LOW | (long) (domain >>> DOMAIN_LOW_BITS) << DOMAIN_HIGH;
  }

  static int domain(long[] rows, int base) {
    long numbers = rows[base + 2];
    return small(numbers, DOMAIN_LOW) | (int) (numbers >>> DOMAIN_HIGH) << DOMAIN_LOW_BITS;
  }

  static boolean isOuter(long[] rows, int base) {
    return (rows[base + 2] & OUTER) != 0;
  }

  private static int small(long numbers, int position) {
    return (int) (numbers >>> position) & 0xff;
  }

  /// A small number below 32 to shift by. What lies above its byte does not matter: a shift looks
  /// at the lowest 5 or 6 bits only.
  private static int shift(long numbers, int position) {
    return (int) (numbers >>> position);
  }

  /// The PSID that owns a port, or [PortSet#EXCLUDED].
  static int psidOf(long[] rows, int base, int port) {
    long ports = rows[base + 7];
    int found = ownedPsidOf(rows, base, port);
    boolean isExcluded = port < (int) ports >>> FIRST_PORT;
    boolean isOther = ((found ^ (int) (ports >>> NAMED)) & (int) (ports >>> NAMED_MASK)) != 0;
    return isExcluded || isOther ? PortSet.EXCLUDED : found;
  }

  /// The PSID of a port that has an owner under this rule.
  static int ownedPsidOf(long[] rows, int base, int port) {
    return (port >>> shift(rows[base + 2], RANGE_BITS)) & (int) rows[base + 7] & 0xffff;
  }

  /// The EA bits, right-aligned.
  private static long eaBits(long[] rows, int base, int address, int psid) {
    long numbers = rows[base + 2];
    int embedded = shift(numbers, EMBEDDED);
    long suffix = (address & (rows[base + 3] >>> 32)) >>> shift(numbers, SUFFIX_SHIFT);
    return suffix << embedded | (psid & ((1L << embedded) - 1));
  }

  /// Bits 0 to 63 of the end-user prefix, and so of the MAP address.
  static long prefixHigh(long[] rows, int base, int address, int psid) {
    long ea = eaBits(rows, base, address, psid);
    int shift = small(rows[base + 2], EA_SHIFT);
    // the two steps of the right shift: a shift by 64 would be one by 0
    return rows[base] | (shift >= 64 ? ea << shift : ea >>> 1 >>> (63 - shift));
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
    long shown = address & rows[base + 3] & 0xffffffffL;
    long id = shown << shift(numbers, IPV4_SHIFT) | (long) psid << shift(numbers, PSID_SHIFT);
    long mask = rows[base + 6];
    return mask == 0 ? id : (prefixLow(rows, base, address, psid) & mask) | (id & ~mask);
  }
}
