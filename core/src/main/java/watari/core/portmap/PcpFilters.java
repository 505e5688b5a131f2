package watari.core.portmap;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import watari.core.nat.RemoteFilter;
import watari.core.net.Ipv4Prefix;

/// The FILTER options of a request, and the filters of a lease that they make (RFC 6887 §13.3).
final class PcpFilters {
  /// How many a lease may have; with all of them, a Mapping Update still fits into one message.
  static final int FILTERS_MAX = 16;

  /// The length of a prefix that an IPv4-mapped address begins with.
  private static final int MAPPED_BITS = 96;

  private PcpFilters() {}

  /// Whether options can be what they say: an IPv4 prefix, or none at all.
  static boolean areSound(List<PcpOption.Filter> options) {
    return options.stream().allMatch(PcpFilters::isSound);
  }

  private static boolean isSound(PcpOption.Filter option) {
    int length = option.prefixLength();
    boolean isIpv4 =
        length >= MAPPED_BITS && length <= 128 && Pcp.ipv4(option.address()).isPresent();
    return length == 0 || isIpv4;
  }

  /// The filters of a lease after sound options: each adds one, or takes all away.
  static List<RemoteFilter> after(List<RemoteFilter> before, List<PcpOption.Filter> options) {
    var filters = new ArrayList<>(before);
    for (PcpOption.Filter option : options) {
      if (option.prefixLength() == 0) {
        filters.clear();
      } else if (!filters.contains(filter(option))) {
        filters.add(filter(option));
      }
    }
    return filters;
  }

  private static RemoteFilter filter(PcpOption.Filter option) {
    OptionalInt address = Pcp.ipv4(option.address());
    int length = option.prefixLength() - MAPPED_BITS;
    return new RemoteFilter(Ipv4Prefix.of(address.orElseThrow(), length), option.port());
  }

  /// The options that say what filters a lease has.
  static List<PcpOption> options(List<RemoteFilter> filters) {
    return filters.stream().map(PcpFilters::option).toList();
  }

  private static PcpOption option(RemoteFilter filter) {
    Ipv4Prefix prefix = filter.addresses();
    return new PcpOption.Filter(
        MAPPED_BITS + prefix.length(), filter.port(), Pcp.mapped(prefix.bits()));
  }
}
