package watari.core.rule;

import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;

/// A mapping rule (RFC 7597 §5): how the bits of an end-user prefix spell an IPv4 address and a
/// port set.
///
/// ```
/// |<- n: Rule IPv6 prefix ->|<- o: EA bits: IPv4 suffix (p), PSID (k) ->|    the end-user prefix
/// |<- r: Rule IPv4 prefix ->|<- p: IPv4 suffix ->|                            the IPv4 address
/// ```
///
/// With o + r < 32 a subscriber has an IPv4 prefix, with o + r = 32 a full address, and with more
/// the rest is its PSID. A rule with o + r = 32 may name the PSID itself (RFC 7597 §5.2, example
/// 5).
///
/// @param ipv6 Rule IPv6 prefix
/// @param ipv4 Rule IPv4 prefix
/// @param eaLength o, 0 to 48
/// @param psidOffset a, 0 to 15
/// @param psid the PSID where the rule names it, otherwise [Psid#NONE]
/// @param layout where the MAP address carries address and PSID
public record MapRule(
    Ipv6Prefix ipv6, Ipv4Prefix ipv4, int eaLength, int psidOffset, Psid psid, Layout layout) {

  /// The offset where nothing else is said (RFC 7597 §5.1).
  public static final int PSID_OFFSET_DEFAULT = 6;

  /// Where a delegated prefix ends for MAP, whatever a line announces of it; the Japanese rule
  /// servers call it `ipv6_fixlen`.
  private static final int FIXED_LENGTH = 56;

  public MapRule {
    if (eaLength < 0 || eaLength > 48) {
      throw new Refused("a rule has 0 to 48 EA bits, not " + eaLength);
    }
    if (ipv6.length() + eaLength > 128) {
      throw new Refused(
          "the rule "
              + ipv6
              + " with "
              + eaLength
              + " EA bits is longer than an IPv6 address; use at most "
              + (128 - ipv6.length())
              + " EA bits");
    }
    int embedded = ipv4.length() + eaLength - 32;
    if (embedded > 16) {
      throw new Refused(
          ipv4
              + " with "
              + eaLength
              + " EA bits would make a PSID of "
              + embedded
              + " bits, but a port has only 16; use at most "
              + (48 - ipv4.length())
              + " EA bits");
    }
    if (psid.isPresent() && embedded != 0) {
      throw new Refused(
          "a rule that names a PSID needs a full IPv4 address: "
              + ipv4
              + " and "
              + eaLength
              + " EA bits make "
              + (ipv4.length() + eaLength)
              + " bits, not 32; take the PSID away or use "
              + (32 - ipv4.length())
              + " EA bits");
    }
    PortSet.check(psidOffset, Math.max(psid.length(), embedded));
  }

  /// k: the bits of the PSID, named or embedded; 0 where the address is not shared.
  public int psidLength() {
    return psid.isPresent() ? psid.length() : embeddedPsidLength();
  }

  /// The bits of the PSID among the EA bits.
  int embeddedPsidLength() {
    return Math.max(0, ipv4.length() + eaLength - 32);
  }

  /// p: the bits of the IPv4 suffix among the EA bits.
  public int suffixLength() {
    return Math.min(eaLength, 32 - ipv4.length());
  }

  /// The length of what a subscriber has of IPv4: 32 for an address, less for a prefix.
  public int ipv4Length() {
    return Math.min(32, ipv4.length() + eaLength);
  }

  /// n + o: the length of the end-user prefixes.
  public int endUserLength() {
    return ipv6.length() + eaLength;
  }

  /// Whether subscribers share an address.
  public boolean isShared() {
    return psidLength() > 0;
  }

  /// The PSID that owns a port under this rule, 0 where the address is not shared, or
  /// [PortSet#EXCLUDED] where the port belongs to nobody.
  public int psidOf(int port) {
    int found = PortSet.psidOf(psidOffset, psidLength(), port);
    return psid.isPresent() && found != psid.value() ? PortSet.EXCLUDED : found;
  }

  /// What a subscriber has by this rule.
  ///
  /// @throws Refused when the prefix lies outside the rule or is too short for its EA bits
  public Identity identity(Ipv6Prefix endUserPrefix) {
    if (endUserPrefix.length() < endUserLength()) {
      throw new Refused(
          "the end-user prefix "
              + endUserPrefix
              + " is too short: the rule needs "
              + ipv6.length()
              + " + "
              + eaLength
              + " = "
              + endUserLength()
              + " bits");
    }
    if (!ipv6.contains(endUserPrefix)) {
      throw new Refused(
          "the end-user prefix " + endUserPrefix + " lies outside the rule's " + ipv6);
    }
    int address = ipv4(endUserPrefix.high(), endUserPrefix.low());
    int value = psid(endUserPrefix.high(), endUserPrefix.low());
    return new Identity(
        this,
        endUserPrefix,
        new Ipv4Prefix(address, ipv4Length()),
        new PortSet(psidOffset, new Psid(value, psidLength())),
        mapAddress(endUserPrefix, address, value));
  }

  /// The MAP address inside the prefix that a subscriber was given. Of a prefix longer than n + o
  /// the bits up to bit 56 stay as delegated, those behind are zero: the MAP subnet is the first of
  /// a /56, also where a line announces only a /64 of it.
  private Ipv6Address mapAddress(Ipv6Prefix endUserPrefix, int address, int psid) {
    Ipv6Address computed = mapAddress(address, psid);
    int kept = Math.min(endUserPrefix.length(), FIXED_LENGTH);
    return kept <= endUserLength()
        ? computed
        : new Ipv6Address(endUserPrefix.high() & Ipv6Prefix.maskHigh(kept), computed.low());
  }

  /// The IPv4 address, or the first of the IPv4 prefix, that an address inside the rule spells.
  int ipv4(long high, long low) {
    long suffix = (eaBits(high, low) >>> embeddedPsidLength()) << (32 - ipv4Length());
    return ipv4.bits() | (int) suffix;
  }

  /// The PSID that an address inside the rule spells, or the one that the rule names.
  int psid(long high, long low) {
    long mask = (1L << embeddedPsidLength()) - 1;
    return psid.isPresent() ? psid.value() : (int) (eaBits(high, low) & mask);
  }

  /// The EA bits, right-aligned.
  public long eaBits(Ipv6Prefix prefix) {
    return eaBits(prefix.high(), prefix.low());
  }

  private long eaBits(long high, long low) {
    int behind = 128 - endUserLength();
    long bits;
    if (behind >= 64) {
      bits = high >>> (behind - 64);
    } else {
      bits = low >>> behind | (behind == 0 ? 0 : high << (64 - behind));
    }
    return bits & ((1L << eaLength) - 1);
  }

  /// The end-user prefix of the subscriber with this address and PSID.
  public Ipv6Prefix endUserPrefix(int address, int psid) {
    var row = RuleRow.of(this);
    return new Ipv6Prefix(
        RuleRow.prefixHigh(row, 0, address, psid),
        RuleRow.prefixLow(row, 0, address, psid),
        endUserLength());
  }

  /// The MAP address (RFC 7597 §6) of the subscriber with this address and PSID, as a relay or a
  /// peer computes it: they know n + o bits of its prefix and take the others as zero.
  ///
  /// @param psid what [#psidOf] says of its port: 0 where the address is not shared
  public Ipv6Address mapAddress(int address, int psid) {
    var row = RuleRow.of(this);
    return new Ipv6Address(
        RuleRow.prefixHigh(row, 0, address, psid), RuleRow.mapLow(row, 0, address, psid));
  }

  /// As in `2001:db8::/40 192.0.2.0/24 ea=16 offset=6 layout=rfc7597`.
  @Override
  public String toString() {
    return ipv6
        + " "
        + ipv4
        + " ea="
        + eaLength
        + " offset="
        + psidOffset
        + (psid.isPresent() ? " psid=" + psid : "")
        + " layout="
        + layout;
  }
}
