package watari.core.provision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.net.Ipv6Address;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.Psid;

/// Reads S46 options from bytes, whatever the bytes are.
///
/// ```
/// | code, 2 bytes | length, 2 bytes | body ... |      options follow one another, in big-endian order
/// ```
///
/// Options nest at most three deep (container, rule, port parameters); where an option cannot
/// stand, its code has no meaning and it is passed over, so nothing nests deeper. Bits behind the
/// length of a prefix are ignored.
public final class S46Reader {
  private static final int HEADER = 4;
  private static final List<Integer> OUTERMOST =
      List.of(89, 90, 91, 92, 93, 94, 95, 96, S46Option.PRIORITY);
  private static final List<Integer> IN_CONTAINER = List.of(89, 90, 91, 92);
  private static final List<Integer> IN_RULE = List.of(S46Option.PORT_PARAMETERS);

  private final byte[] bytes;
  private final S46Fields fields;
  private int at;
  private int depth;

  private S46Reader(byte[] bytes, S46Fields fields) {
    this.bytes = bytes;
    this.fields = fields;
  }

  /// Reads options that follow one another: a container, or single options.
  public static S46Reading read(byte[] bytes) {
    return read(bytes, S46Fields.NONE);
  }

  /// As [#read(byte\[\])], and tells every field.
  public static S46Reading read(byte[] bytes, S46Fields fields) {
    try {
      return new S46Reading.Options(new S46Reader(bytes, fields).options(bytes.length, OUTERMOST));
    } catch (Wrong wrong) {
      return new S46Reading.Malformed(wrong.offset, wrong.sentence);
    }
  }

  private List<S46Option> options(int end, List<Integer> known) {
    List<S46Option> options = new ArrayList<>();
    while (at < end) {
      options.add(option(end, known));
    }
    return options;
  }

  private S46Option option(int end, List<Integer> known) {
    int start = at;
    if (end - at < HEADER) {
      throw new Wrong(at, "an option needs 4 bytes for code and length, here are " + (end - at));
    }
    int code = number(2);
    int length = number(2);
    if (length > end - at) {
      throw new Wrong(
          start + 2,
          "the option says it has " + length + " bytes, but only " + (end - at) + " follow");
    }
    String name = known.contains(code) ? S46Option.name(code) : "option";
    fields.field(depth, start, HEADER, name + " (" + code + ")", length + " bytes");
    depth++;
    int bodyEnd = at + length;
    S46Option option = known.contains(code) ? body(code, bodyEnd) : other(code, length);
    depth--;
    if (at != bodyEnd) {
      throw new Wrong(at, "the option ends here, but its length says " + (bodyEnd - at) + " more");
    }
    return option;
  }

  private S46Option body(int code, int end) {
    return switch (code) {
      case S46Option.RULE -> rule(end);
      case S46Option.BORDER_RELAY -> borderRelay(end);
      case S46Option.DEFAULT_MAPPING_RULE -> new S46Option.DefaultMappingRule(ipv6Prefix(end));
      case S46Option.BINDING -> binding(end);
      case S46Option.PORT_PARAMETERS -> portParameters(end);
      case S46Option.PRIORITY -> priority(end);
      default -> new S46Option.Container(code, options(end, IN_CONTAINER));
    };
  }

  private S46Option other(int code, int length) {
    if (length > 0) {
      told(at, length, "not read", "");
    }
    at += length;
    return new S46Option.Other(code, length);
  }

  private S46Option rule(int end) {
    int flags = number("flags", 1, end);
    boolean isForwarding = (flags & 1) != 0;
    told(at - 1, 1, "flags", isForwarding ? "F: forwards too" : "basic rule only");
    int eaLength = bounded("ea-len", 48, end);
    int ipv4Length = bounded("prefix4-len", 32, end);
    int ipv4 = number("ipv4-prefix", 4, end);
    var prefix = Ipv4Prefix.of(ipv4, ipv4Length);
    told(at - 4, 4, "ipv4-prefix", prefix.toString());
    Ipv6Prefix ipv6 = ipv6Prefix(end);
    return new S46Option.Rule(isForwarding, eaLength, prefix, ipv6, portParametersWithin(end));
  }

  private S46Option borderRelay(int end) {
    need("an address of 16 bytes", 16, end);
    var address = new Ipv6Address(half(), half());
    told(at - 16, 16, "br-ipv6-address", address.toString());
    return new S46Option.BorderRelay(address);
  }

  private S46Option binding(int end) {
    var ipv4 = new Ipv4Address(number("ipv4-address", 4, end));
    told(at - 4, 4, "ipv4-address", ipv4.toString());
    return new S46Option.Binding(ipv4, ipv6Prefix(end), portParametersWithin(end));
  }

  private Optional<S46Option.PortParameters> portParametersWithin(int end) {
    S46Option.@Nullable PortParameters found = null;
    for (S46Option option : options(end, IN_RULE)) {
      if (option instanceof S46Option.PortParameters parameters) {
        found = found == null ? parameters : found;
      }
    }
    return Optional.ofNullable(found);
  }

  /// The PSID stands left-aligned in its 16 bits (§4.5).
  private S46Option.PortParameters portParameters(int end) {
    int offset = bounded("offset", 15, end);
    int length = bounded("psid-len", 16, end);
    if (offset + length > 16) {
      throw new Wrong(
          at - 2, "offset " + offset + " and psid-len " + length + " are more than 16 bits");
    }
    int aligned = number("psid", 2, end);
    Psid psid = length == 0 ? Psid.NONE : new Psid(aligned >>> (16 - length), length);
    told(at - 2, 2, "psid", length == 0 ? "none" : psid.toString());
    return new S46Option.PortParameters(offset, psid);
  }

  private S46Option priority(int end) {
    if (at == end || (end - at) % 2 != 0) {
      throw new Wrong(at, "a priority list is one or more codes of 2 bytes");
    }
    List<Integer> codes = new ArrayList<>();
    while (at < end) {
      codes.add(number(2));
      told(at - 2, 2, "s46-option-code", codes.getLast() + " " + S46Option.name(codes.getLast()));
    }
    return new S46Option.Priority(codes);
  }

  /// A length and as many bytes as it needs.
  private Ipv6Prefix ipv6Prefix(int end) {
    int length = bounded("prefix6-len", 128, end);
    int size = (length + 7) / 8;
    need("a prefix of " + size + " bytes", size, end);
    long high = 0;
    long low = 0;
    for (int i = 0; i < size; i++) {
      long octet = bytes[at + i] & 0xffL;
      if (i < 8) {
        high |= octet << (56 - 8 * i);
      } else {
        low |= octet << (120 - 8 * i);
      }
    }
    at += size;
    var prefix = Ipv6Prefix.of(high, low, length);
    told(at - size, size, "ipv6-prefix", prefix.toString());
    return prefix;
  }

  /// A number of one byte that is at most `most`.
  private int bounded(String name, int most, int end) {
    int value = number(name, 1, end);
    if (value > most) {
      throw new Wrong(at - 1, name + " is at most " + most + ", not " + value);
    }
    told(at - 1, 1, name, String.valueOf(value));
    return value;
  }

  private int number(String name, int size, int end) {
    need(name + " of " + size + (size == 1 ? " byte" : " bytes"), size, end);
    return number(size);
  }

  private void need(String what, int size, int end) {
    if (end - at < size) {
      throw new Wrong(at, "here should be " + what + ", but the option has only " + (end - at));
    }
  }

  private int number(int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | (bytes[at++] & 0xff);
    }
    return value;
  }

  private long half() {
    return (long) number(4) << 32 | (number(4) & 0xffffffffL);
  }

  private void told(int offset, int length, String name, String value) {
    fields.field(depth, offset, length, name, value);
  }

  /// Ends the reading; caught in [#read].
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int offset;
    private final String sentence;

    Wrong(int offset, String sentence) {
      super(sentence, null, false, false);
      this.offset = offset;
      this.sentence = sentence;
    }
  }
}
