package watari.core.rule;

import java.util.Optional;

/// The slow, obvious twin of [MapRule]: RFC 7597 read aloud over texts of bits.
///
/// @param ipv6 the n bits of the Rule IPv6 prefix
/// @param ipv4 the r bits of the Rule IPv4 prefix
/// @param psid the bits of a PSID that the rule names, otherwise empty
record SlowRule(
    String ipv6, String ipv4, int eaLength, int psidOffset, String psid, boolean isDraft03) {

  /// What a subscriber has.
  ///
  /// @param ipv4 32 bits, or fewer where it has a prefix
  /// @param psid its k bits, empty where the address is not shared
  /// @param mapAddress 128 bits
  record Subscriber(String endUser, String ipv4, String psid, String mapAddress) {}

  static SlowRule of(MapRule rule) {
    return new SlowRule(
        Bits.of(rule.ipv6()),
        Bits.of(rule.ipv4()),
        rule.eaLength(),
        rule.psidOffset(),
        Bits.of(rule.psid().value(), rule.psid().length()),
        rule.layout() == Layout.DRAFT_03);
  }

  /// RFC 7597 §5.2 and §6; of a longer delegation the first 56 bits count.
  Subscriber subscriber(String endUser) {
    String ea = endUser.substring(ipv6.length(), ipv6.length() + eaLength);
    String joined = ipv4 + ea;
    String address = joined.length() > 32 ? joined.substring(0, 32) : joined;
    String set = joined.length() > 32 ? joined.substring(32) : psid;
    int kept = Math.max(ipv6.length() + eaLength, Math.min(56, endUser.length()));
    return new Subscriber(
        endUser, address, set, mapAddress(endUser.substring(0, kept), address, set));
  }

  private String mapAddress(String prefix, String address, String set) {
    String shown = Bits.padRight(address, 32) + Bits.padLeft(set, 16);
    String id = isDraft03 ? "0".repeat(8) + shown + "0".repeat(8) : "0".repeat(16) + shown;
    String whole = Bits.padRight(prefix.length() > 64 ? "" : prefix, 64) + id;
    return prefix + whole.substring(prefix.length());
  }

  int psidLength() {
    return psid.isEmpty() ? Math.max(0, ipv4.length() + eaLength - 32) : psid.length();
  }

  /// The PSID in a port (RFC 7597 §5.1), or nothing where the port belongs to nobody.
  Optional<String> psidOf(int port) {
    String bits = Bits.of(port, 16);
    String found = bits.substring(psidOffset, psidOffset + psidLength());
    if (isExcluded(port)) {
      return Optional.empty();
    }
    return psid.isEmpty() || psid.equals(found) ? Optional.of(found) : Optional.empty();
  }

  boolean isExcluded(int port) {
    String leading = Bits.of(port, 16).substring(0, psidOffset);
    return psidLength() > 0 && psidOffset > 0 && !leading.contains("1");
  }

  boolean covers(String address) {
    return address.startsWith(ipv4);
  }

  /// The end-user prefix that has an address and a port, or nothing.
  Optional<String> owner(String address, int port) {
    return psidOf(port).filter(_ -> covers(address)).map(found -> endUser(address, found));
  }

  private String endUser(String address, String found) {
    String suffix = address.substring(ipv4.length());
    String ea = suffix + (psid.isEmpty() ? found : "");
    return ipv6 + ea.substring(0, eaLength);
  }
}
