package watari.core.wire;

/// Protocol numbers, of IPv4 and as IPv6 next headers.
public final class Protocol {
  public static final int HOP_BY_HOP = 0;
  public static final int ICMP = 1;
  public static final int IPV4 = 4;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int FRAGMENT = 44;
  public static final int ESP = 50;
  public static final int ICMPV6 = 58;
  public static final int DESTINATION_OPTIONS = 60;

  private Protocol() {}
}
