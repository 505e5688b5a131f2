package watari.core.portmap.igd;

import java.util.Optional;
import watari.core.net.Ipv4Address;

/// What a control point wants, read and checked as far as it can be without knowing the gateway.
sealed interface Action {

  /// Which mapping is meant.
  ///
  /// @param protocol TCP or UDP, as the IP protocol number
  record MappingKey(Optional<Ipv4Address> remoteHost, int externalPort, int protocol) {}

  /// A mapping that is wished for.
  ///
  /// @param leaseSeconds unsigned; 0 for ever
  record Mapping(
      MappingKey key,
      int internalPort,
      Ipv4Address internalClient,
      String description,
      long leaseSeconds) {}

  /// Outer ports of a protocol, both ends included.
  record Range(int firstPort, int lastPort, int protocol) {
    boolean covers(PortMapping mapping) {
      return mapping.protocol() == protocol
          && mapping.externalPort() >= firstPort
          && mapping.externalPort() <= lastPort;
    }
  }

  record AddPortMapping(Mapping mapping) implements Action {}

  record AddAnyPortMapping(Mapping mapping) implements Action {}

  record DeletePortMapping(MappingKey key) implements Action {}

  /// All mappings in a range are to go.
  ///
  /// @param ofOthers whether mappings of other hosts are meant too
  record DeletePortMappingRange(Range range, boolean ofOthers) implements Action {}

  record GetGenericPortMappingEntry(int index) implements Action {}

  record GetSpecificPortMappingEntry(MappingKey key) implements Action {}

  /// All mappings in a range are asked for.
  ///
  /// @param countMax how many entries at most; 0 for all
  record GetListOfPortMappings(Range range, int countMax) implements Action {}

  record SetConnectionType(String type) implements Action {}

  record SetDefaultConnectionService(String service) implements Action {}

  /// Those without arguments.
  enum Plain implements Action {
    GET_EXTERNAL_IP_ADDRESS,
    GET_STATUS_INFO,
    GET_CONNECTION_TYPE_INFO,
    GET_NAT_RSIP_STATUS,
    REQUEST_CONNECTION,
    FORCE_TERMINATION,
    GET_COMMON_LINK_PROPERTIES,
    GET_TOTAL_BYTES_SENT,
    GET_TOTAL_BYTES_RECEIVED,
    GET_TOTAL_PACKETS_SENT,
    GET_TOTAL_PACKETS_RECEIVED,
    GET_DEFAULT_CONNECTION_SERVICE
  }
}
