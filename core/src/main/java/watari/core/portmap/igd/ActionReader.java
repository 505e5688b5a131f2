package watari.core.portmap.igd;

import watari.core.portmap.igd.Action.AddAnyPortMapping;
import watari.core.portmap.igd.Action.AddPortMapping;
import watari.core.portmap.igd.Action.DeletePortMapping;
import watari.core.portmap.igd.Action.DeletePortMappingRange;
import watari.core.portmap.igd.Action.GetGenericPortMappingEntry;
import watari.core.portmap.igd.Action.GetListOfPortMappings;
import watari.core.portmap.igd.Action.GetSpecificPortMappingEntry;
import watari.core.portmap.igd.Action.Mapping;
import watari.core.portmap.igd.Action.MappingKey;
import watari.core.portmap.igd.Action.Plain;
import watari.core.portmap.igd.Action.Range;
import watari.core.portmap.igd.Action.SetConnectionType;
import watari.core.portmap.igd.Action.SetDefaultConnectionService;

/// Reads the actions of one service in one version.
///
/// What the versions differ in: the second has three actions more, knows that no port inside is
/// meant by 0, and no lease is longer than a week.
///
/// @param version of the service
record ActionReader(Arguments arguments, int version) {
  private static final int WEEK_SECONDS = 604_800;
  private static final int DESCRIPTION_MAX = 64;

  /// @throws Denied when the service has no such action, or not with these arguments
  static Action read(Question question) {
    var reader = new ActionReader(new Arguments(question.arguments()), question.type().version());
    String name = question.action();
    return switch (question.type().service()) {
      case LAYER3_FORWARDING -> reader.layer3Forwarding(name);
      case WAN_COMMON_INTERFACE_CONFIG -> wanCommonInterfaceConfig(name);
      case WAN_IP_CONNECTION -> reader.wanIpConnection(name);
    };
  }

  private Action layer3Forwarding(String name) {
    return switch (name) {
      case "SetDefaultConnectionService" ->
          new SetDefaultConnectionService(arguments.text("NewDefaultConnectionService"));
      case "GetDefaultConnectionService" -> Plain.GET_DEFAULT_CONNECTION_SERVICE;
      default -> throw unknown();
    };
  }

  private static Action wanCommonInterfaceConfig(String name) {
    return switch (name) {
      case "GetCommonLinkProperties" -> Plain.GET_COMMON_LINK_PROPERTIES;
      case "GetTotalBytesSent" -> Plain.GET_TOTAL_BYTES_SENT;
      case "GetTotalBytesReceived" -> Plain.GET_TOTAL_BYTES_RECEIVED;
      case "GetTotalPacketsSent" -> Plain.GET_TOTAL_PACKETS_SENT;
      case "GetTotalPacketsReceived" -> Plain.GET_TOTAL_PACKETS_RECEIVED;
      default -> throw unknown();
    };
  }

  private Action wanIpConnection(String name) {
    return switch (name) {
      case "SetConnectionType" -> new SetConnectionType(arguments.text("NewConnectionType"));
      case "GetConnectionTypeInfo" -> Plain.GET_CONNECTION_TYPE_INFO;
      case "RequestConnection" -> Plain.REQUEST_CONNECTION;
      case "ForceTermination" -> Plain.FORCE_TERMINATION;
      case "GetStatusInfo" -> Plain.GET_STATUS_INFO;
      case "GetNATRSIPStatus" -> Plain.GET_NAT_RSIP_STATUS;
      case "GetExternalIPAddress" -> Plain.GET_EXTERNAL_IP_ADDRESS;
      case "GetGenericPortMappingEntry" ->
          new GetGenericPortMappingEntry(arguments.ui2("NewPortMappingIndex"));
      case "GetSpecificPortMappingEntry" -> new GetSpecificPortMappingEntry(key());
      case "AddPortMapping" -> new AddPortMapping(mapping());
      case "DeletePortMapping" -> new DeletePortMapping(key());
      default -> wanIpConnection2(name);
    };
  }

  private Action wanIpConnection2(String name) {
    if (version < 2) {
      throw unknown();
    }
    return switch (name) {
      case "AddAnyPortMapping" -> new AddAnyPortMapping(mapping());
      case "DeletePortMappingRange" ->
          new DeletePortMappingRange(range(), arguments.flag("NewManage"));
      case "GetListOfPortMappings" -> {
        boolean _ = arguments.flag("NewManage");
        yield new GetListOfPortMappings(range(), arguments.ui2("NewNumberOfPorts"));
      }
      default -> throw unknown();
    };
  }

  private static Denied unknown() {
    return new Denied(UpnpError.INVALID_ACTION);
  }

  private MappingKey key() {
    return new MappingKey(
        arguments.hostOrAll("NewRemoteHost"),
        arguments.ui2("NewExternalPort"),
        arguments.protocol("NewProtocol"));
  }

  private Range range() {
    int first = arguments.ui2("NewStartPort");
    int last = arguments.ui2("NewEndPort");
    if (first > last) {
      throw new Denied(UpnpError.INCONSISTENT_PARAMETERS);
    }
    return new Range(first, last, arguments.protocol("NewProtocol"));
  }

  private Mapping mapping() {
    MappingKey key = key();
    int internalPort = arguments.ui2("NewInternalPort");
    var client = arguments.host("NewInternalClient");
    boolean isEnabled = arguments.flag("NewEnabled");
    String description = description(arguments.text("NewPortMappingDescription"));
    long seconds = leaseSeconds(arguments.ui4("NewLeaseDuration"));
    if (key.externalPort() == 0) {
      throw new Denied(UpnpError.WILDCARD_IN_EXTERNAL_PORT);
    }
    if (internalPort == 0) {
      throw new Denied(version == 1 ? UpnpError.INVALID_ARGS : UpnpError.WILDCARD_IN_INTERNAL_PORT);
    }
    if (!isEnabled) {
      // There is no mapping that takes a port and lets nothing through (RFC 6970 §4.1).
      throw new Denied(UpnpError.ACTION_FAILED);
    }
    return new Mapping(key, internalPort, client, description, seconds);
  }

  /// Version 1 has leases without end; version 2 gives none longer than a week.
  private long leaseSeconds(long wished) {
    boolean isTooLong = wished == 0 || wished > WEEK_SECONDS;
    return version > 1 && isTooLong ? WEEK_SECONDS : wished;
  }

  /// What stands in lists and logs: short, and without what could end a line there.
  private static String description(String text) {
    String printable = text.strip().replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cn}]", " ");
    int end = Math.min(printable.length(), DESCRIPTION_MAX);
    boolean cutsAPair =
        end < printable.length() && Character.isHighSurrogate(printable.charAt(end - 1));
    return printable.substring(0, cutsAPair ? end - 1 : end);
  }
}
