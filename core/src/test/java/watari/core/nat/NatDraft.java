package watari.core.nat;

import java.util.List;
import java.util.Optional;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.net.Ipv4Address;

/// Settings that a test changes one by one.
public final class NatDraft {
  public int reservePercent;
  public Filtering tcpFiltering;
  public Filtering udpFiltering;
  public boolean inboundRefresh;
  public int holdSeconds;
  public Pickup pickup;
  public Timers timers;
  public HostLimits hosts;
  public DynamicPorts dynamicPorts;
  public List<Forward> forwards;
  public Optional<Ipv4Address> dmz;
  public int sessionsMax;

  public NatDraft(NatSettings from) {
    reservePercent = from.reservePercent();
    tcpFiltering = from.tcpFiltering();
    udpFiltering = from.udpFiltering();
    inboundRefresh = from.inboundRefresh();
    holdSeconds = from.holdSeconds();
    pickup = from.pickup();
    timers = from.timers();
    hosts = from.hosts();
    dynamicPorts = from.dynamicPorts();
    forwards = from.forwards();
    dmz = from.dmz();
    sessionsMax = from.sessionsMax();
  }

  public NatSettings settings() {
    return new NatSettings(
        reservePercent,
        tcpFiltering,
        udpFiltering,
        inboundRefresh,
        holdSeconds,
        pickup,
        timers,
        hosts,
        dynamicPorts,
        forwards,
        dmz,
        sessionsMax);
  }
}
