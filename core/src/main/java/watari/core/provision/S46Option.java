package watari.core.provision;

import java.util.List;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Psid;

/// An option of the Softwire46 family (RFC 7598 §4 and §5, RFC 8026 §1.3).
public sealed interface S46Option {

  int RULE = 89;
  int BORDER_RELAY = 90;
  int DEFAULT_MAPPING_RULE = 91;
  int BINDING = 92;
  int PORT_PARAMETERS = 93;
  int MAP_E = 94;
  int MAP_T = 95;
  int LIGHTWEIGHT = 96;
  int PRIORITY = 111;

  /// A mapping rule (§4.1).
  ///
  /// @param isForwarding the F flag: a Forwarding Mapping Rule too
  /// @param portParameters absent where the offset is the default one and the EA bits hold the PSID
  record Rule(
      boolean isForwarding,
      int eaLength,
      Ipv4Prefix ipv4,
      Ipv6Prefix ipv6,
      Optional<PortParameters> portParameters)
      implements S46Option {}

  /// A border relay (§4.2).
  record BorderRelay(Ipv6Address address) implements S46Option {}

  /// The Default Mapping Rule of MAP-T (§4.3).
  record DefaultMappingRule(Ipv6Prefix prefix) implements S46Option {}

  /// An IPv4 address bound to a prefix, for Lightweight 4over6 (§4.4).
  record Binding(Ipv4Address ipv4, Ipv6Prefix ipv6, Optional<PortParameters> portParameters)
      implements S46Option {}

  /// Port parameters (§4.5).
  ///
  /// @param psid [Psid#NONE] where the option names none
  record PortParameters(int psidOffset, Psid psid) implements S46Option {}

  /// What one mechanism needs, together (§5).
  ///
  /// @param code [#MAP_E], [#MAP_T] or [#LIGHTWEIGHT]
  record Container(int code, List<S46Option> options) implements S46Option {
    public Container {
      options = List.copyOf(options);
    }

    /// Why a client ignores the container, if it does (§5 and §6).
    public Optional<String> fault() {
      return S46Containers.fault(this);
    }
  }

  /// The mechanisms in the order of the provider's preference (RFC 8026 §1.3).
  ///
  /// @param codes of containers and of other options
  record Priority(List<Integer> codes) implements S46Option {
    public Priority {
      codes = List.copyOf(codes);
    }
  }

  /// An option that is none of these; a client passes over it.
  record Other(int code, int length) implements S46Option {}

  /// The name of a code in RFC 7598 and RFC 8026, or `option`.
  static String name(int code) {
    return switch (code) {
      case RULE -> "S46_RULE";
      case BORDER_RELAY -> "S46_BR";
      case DEFAULT_MAPPING_RULE -> "S46_DMR";
      case BINDING -> "S46_V4V6BIND";
      case PORT_PARAMETERS -> "S46_PORTPARAMS";
      case MAP_E -> "S46_CONT_MAPE";
      case MAP_T -> "S46_CONT_MAPT";
      case LIGHTWEIGHT -> "S46_CONT_LW";
      case PRIORITY -> "S46_PRIORITY";
      default -> "option";
    };
  }
}
