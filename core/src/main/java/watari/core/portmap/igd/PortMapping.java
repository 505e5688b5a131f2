package watari.core.portmap.igd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.wire.Protocol;

/// An entry of the table that control points see.
///
/// @param remoteHost the only address that may come; empty for all
/// @param protocol TCP or UDP, as the IP protocol number
/// @param leaseSeconds how long it will last, unsigned; 0 for ever
public record PortMapping(
    Optional<Ipv4Address> remoteHost,
    int externalPort,
    int protocol,
    int internalPort,
    Ipv4Address internalClient,
    String description,
    long leaseSeconds) {

  static String name(int protocol) {
    return protocol == Protocol.TCP ? "TCP" : "UDP";
  }

  private String remoteHostText() {
    return remoteHost.map(Ipv4Address::toString).orElse("");
  }

  /// As GetGenericPortMappingEntry gives it.
  Map<String, String> entry() {
    var entry = new LinkedHashMap<String, String>();
    entry.put("NewRemoteHost", remoteHostText());
    entry.put("NewExternalPort", Integer.toString(externalPort));
    entry.put("NewProtocol", name(protocol));
    entry.putAll(specific());
    return entry;
  }

  /// As GetSpecificPortMappingEntry gives it: without what was asked.
  Map<String, String> specific() {
    var entry = new LinkedHashMap<String, String>();
    entry.put("NewInternalPort", Integer.toString(internalPort));
    entry.put("NewInternalClient", internalClient.toString());
    entry.put("NewEnabled", "1");
    entry.put("NewPortMappingDescription", description);
    entry.put("NewLeaseDuration", Long.toString(leaseSeconds));
    return entry;
  }

  /// As GetListOfPortMappings gives it, where two names are others.
  public Map<String, String> listed() {
    var listed = new LinkedHashMap<String, String>();
    listed.put("NewRemoteHost", remoteHostText());
    listed.put("NewExternalPort", Integer.toString(externalPort));
    listed.put("NewProtocol", name(protocol));
    listed.put("NewInternalPort", Integer.toString(internalPort));
    listed.put("NewInternalClient", internalClient.toString());
    listed.put("NewEnabled", "1");
    listed.put("NewDescription", description);
    listed.put("NewLeaseTime", Long.toString(leaseSeconds));
    return listed;
  }
}
