package watari.core.portmap.igd;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.wire.Protocol;

/// The in-arguments of an action, by name. Whatever is not what it should be is 402, Invalid Args.
record Arguments(Map<String, String> values) {
  private static final long UI4_MAX = 0xffff_ffffL;
  private static final int UI2_MAX = 0xffff;

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw invalid();
    }
    return value;
  }

  int ui2(String name) {
    return (int) number(name, UI2_MAX);
  }

  long ui4(String name) {
    return number(name, UI4_MAX);
  }

  private long number(String name, long most) {
    String digits = text(name).strip();
    if (!digits.matches("\\+?[0-9]{1,10}")) {
      throw invalid();
    }
    long value = Long.parseLong(digits);
    if (value > most) {
      throw invalid();
    }
    return value;
  }

  /// As the device architecture writes it: 0, 1, false, true, no, yes.
  boolean flag(String name) {
    return switch (text(name).strip().toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes" -> true;
      case "0", "false", "no" -> false;
      default -> throw invalid();
    };
  }

  int protocol(String name) {
    return switch (text(name).strip().toUpperCase(Locale.ROOT)) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      default -> throw invalid();
    };
  }

  /// A literal address of one host. A name is not asked for: whoever answers for it could change
  /// its mind.
  Ipv4Address host(String name) {
    Ipv4Address address = parse(text(name).strip());
    int first = address.bits() >>> 24;
    boolean isOneHost = first != 0 && first < 224;
    if (!isOneHost) {
      throw invalid();
    }
    return address;
  }

  private static Ipv4Address parse(String text) {
    try {
      return Ipv4Address.parse(text);
    } catch (Refused _) {
      throw invalid();
    }
  }

  /// A host, or empty for all of them.
  Optional<Ipv4Address> hostOrAll(String name) {
    String text = text(name).strip();
    return text.isEmpty() || text.equals("*") ? Optional.empty() : Optional.of(host(name));
  }

  private static Denied invalid() {
    return new Denied(UpnpError.INVALID_ARGS);
  }
}
