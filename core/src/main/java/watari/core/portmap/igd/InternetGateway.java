package watari.core.portmap.igd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Leases;
import watari.core.portmap.igd.Action.AddAnyPortMapping;
import watari.core.portmap.igd.Action.AddPortMapping;
import watari.core.portmap.igd.Action.DeletePortMapping;
import watari.core.portmap.igd.Action.DeletePortMappingRange;
import watari.core.portmap.igd.Action.GetGenericPortMappingEntry;
import watari.core.portmap.igd.Action.GetListOfPortMappings;
import watari.core.portmap.igd.Action.GetSpecificPortMappingEntry;
import watari.core.portmap.igd.Action.Plain;
import watari.core.portmap.igd.Action.SetConnectionType;
import watari.core.portmap.igd.Action.SetDefaultConnectionService;

/// What control points are answered, and what they are told of.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class InternetGateway {
  private static final String CONNECTION_TYPE = "IP_Routed";
  private static final long UI4_MAX = 0xffff_ffffL;

  private final Leases leases;
  private final List<RootDevice> devices;
  private String addressSeen = "";
  private long uplinkRevision;

  public InternetGateway(Leases leases, List<RootDevice> devices) {
    this.leases = leases;
    this.devices = List.copyOf(devices);
  }

  /// Does what is asked, or says why not.
  public Answer answer(Question question, Uplink uplink, long now) {
    try {
      return new Asked(question, uplink, now).answer(ActionReader.read(question));
    } catch (Denied denied) {
      return new Answer.Failed(denied.error());
    }
  }

  /// The variables that subscribers are told of.
  public Subscriptions.Values values(Uplink uplink) {
    if (!uplink.addressText().equals(addressSeen)) {
      addressSeen = uplink.addressText();
      uplinkRevision++;
    }
    long revision = leases.revision() + uplinkRevision;
    return new Subscriptions.Values() {
      @Override
      public Map<String, String> of(Topic topic, Ipv4Address subscriber) {
        var values = new LinkedHashMap<String, String>();
        for (String name : topic.service().evented(topic.type().version())) {
          values.put(name, value(name, topic, subscriber, uplink));
        }
        return values;
      }

      @Override
      public long revision() {
        return revision;
      }
    };
  }

  private String value(String name, Topic topic, Ipv4Address subscriber, Uplink uplink) {
    return switch (name) {
      case "DefaultConnectionService" -> device(topic.version()).defaultConnectionService();
      case "PhysicalLinkStatus" -> uplink.physicalLinkStatus();
      case "PossibleConnectionTypes" -> CONNECTION_TYPE;
      case "ConnectionStatus" -> uplink.connectionStatus();
      case "ExternalIPAddress" -> uplink.addressText();
      case "PortMappingNumberOfEntries" ->
          Integer.toString(mappings(topic.type(), subscriber).count());
      case "SystemUpdateID" -> Long.toString(leases.revision() & UI4_MAX);
      default -> throw new IllegalArgumentException("no variable is called " + name);
    };
  }

  private RootDevice device(IgdVersion version) {
    return devices.stream()
        .filter(device -> device.version() == version)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no root device of " + version));
  }

  private PortMappings mappings(ServiceType type, Ipv4Address host) {
    return new PortMappings(leases, type.version(), host);
  }

  /// One question being answered.
  private final class Asked {
    private final RootDevice device;
    private final PortMappings mappings;
    private final int version;
    private final Uplink uplink;
    private final long now;

    Asked(Question question, Uplink uplink, long now) {
      device = question.device();
      mappings = mappings(question.type(), question.from());
      version = question.type().version();
      this.uplink = uplink;
      this.now = now;
    }

    Answer answer(Action action) {
      return switch (action) {
        case AddPortMapping add -> {
          demandUplink();
          mappings.add(add.mapping(), now);
          yield done();
        }
        case AddAnyPortMapping add -> {
          demandUplink();
          yield done("NewReservedPort", mappings.addAny(add.mapping(), now));
        }
        case DeletePortMapping delete -> {
          mappings.delete(delete.key(), now);
          yield done();
        }
        case DeletePortMappingRange delete -> deleteRange(delete);
        case GetGenericPortMappingEntry at -> done(mappings.at(at.index(), now).entry());
        case GetSpecificPortMappingEntry of -> done(mappings.of(of.key(), now).specific());
        case GetListOfPortMappings list ->
            new Answer.Listing(mappings.in(list.range(), list.countMax(), now));
        case SetConnectionType set -> throw setConnectionType(set.type());
        case SetDefaultConnectionService set -> setDefaultConnectionService(set.service());
        case Plain plain -> plain(plain);
      };
    }

    private void demandUplink() {
      if (!uplink.isUp()) {
        throw new Denied(UpnpError.CONFLICT_WITH_OTHER_MECHANISMS);
      }
    }

    private Answer deleteRange(DeletePortMappingRange delete) {
      if (delete.ofOthers()) {
        throw new Denied(UpnpError.NOT_AUTHORIZED);
      }
      mappings.deleteRange(delete.range(), now);
      return done();
    }

    /// There is one type, and it cannot be chosen.
    private Denied setConnectionType(String type) {
      if (!type.equals(CONNECTION_TYPE)) {
        return new Denied(UpnpError.INVALID_ARGS);
      }
      return new Denied(
          version == 1 ? UpnpError.INACTIVE_CONNECTION_REQUIRED : UpnpError.READ_ONLY);
    }

    private Answer setDefaultConnectionService(String service) {
      if (!service.equals(device.defaultConnectionService())) {
        throw new Denied(UpnpError.INVALID_CONNECTION_SERVICE);
      }
      return done();
    }

    private Answer plain(Plain plain) {
      return switch (plain) {
        case GET_EXTERNAL_IP_ADDRESS -> done("NewExternalIPAddress", uplink.addressText());
        case GET_STATUS_INFO -> statusInfo();
        case GET_CONNECTION_TYPE_INFO -> connectionTypeInfo();
        case GET_NAT_RSIP_STATUS -> natRsipStatus();
        case REQUEST_CONNECTION -> requestConnection();
        case FORCE_TERMINATION -> throw forceTermination();
        case GET_COMMON_LINK_PROPERTIES -> commonLinkProperties();
        case GET_TOTAL_BYTES_SENT -> counter("NewTotalBytesSent", uplink.traffic().bytesSent());
        case GET_TOTAL_BYTES_RECEIVED ->
            counter("NewTotalBytesReceived", uplink.traffic().bytesReceived());
        case GET_TOTAL_PACKETS_SENT ->
            counter("NewTotalPacketsSent", uplink.traffic().packetsSent());
        case GET_TOTAL_PACKETS_RECEIVED ->
            counter("NewTotalPacketsReceived", uplink.traffic().packetsReceived());
        case GET_DEFAULT_CONNECTION_SERVICE ->
            done("NewDefaultConnectionService", device.defaultConnectionService());
      };
    }

    private Answer statusInfo() {
      var values = new LinkedHashMap<String, String>();
      values.put("NewConnectionStatus", uplink.connectionStatus());
      values.put("NewLastConnectionError", "ERROR_NONE");
      values.put("NewUptime", Long.toString(uptimeSeconds() & UI4_MAX));
      return done(values);
    }

    private long uptimeSeconds() {
      return uplink.isUp() ? Math.max(0, now - uplink.upSince()) / 1000 : 0;
    }

    private Answer connectionTypeInfo() {
      var values = new LinkedHashMap<String, String>();
      values.put("NewConnectionType", CONNECTION_TYPE);
      values.put("NewPossibleConnectionTypes", CONNECTION_TYPE);
      return done(values);
    }

    private Answer natRsipStatus() {
      var values = new LinkedHashMap<String, String>();
      values.put("NewRSIPAvailable", "0");
      values.put("NewNATEnabled", "1");
      return done(values);
    }

    /// The line comes up by itself whenever it can.
    private Answer requestConnection() {
      if (!uplink.isUp()) {
        throw new Denied(UpnpError.CONNECTION_SETUP_FAILED);
      }
      return done();
    }

    /// One host may not cut off all others.
    private Denied forceTermination() {
      if (!uplink.isUp()) {
        return new Denied(UpnpError.CONNECTION_ALREADY_TERMINATED);
      }
      return new Denied(version == 1 ? UpnpError.ACTION_FAILED : UpnpError.NOT_AUTHORIZED);
    }

    private Answer commonLinkProperties() {
      String rate = Long.toString(Math.min(uplink.bitsPerSecond(), UI4_MAX));
      var values = new LinkedHashMap<String, String>();
      values.put("NewWANAccessType", "Ethernet");
      values.put("NewLayer1UpstreamMaxBitRate", rate);
      values.put("NewLayer1DownstreamMaxBitRate", rate);
      values.put("NewPhysicalLinkStatus", uplink.physicalLinkStatus());
      return done(values);
    }

    /// The counters have 32 bits and begin again at 0.
    private Answer counter(String name, long value) {
      return done(name, Long.toString(value & UI4_MAX));
    }

    private Answer done() {
      return done(Map.of());
    }

    private Answer done(String name, Object value) {
      return done(Map.of(name, String.valueOf(value)));
    }

    private Answer done(Map<String, String> values) {
      return new Answer.Done(values);
    }
  }
}
