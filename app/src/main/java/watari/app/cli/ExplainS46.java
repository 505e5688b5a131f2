package watari.app.cli;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import watari.core.net.Refused;
import watari.core.provision.S46Option;
import watari.core.provision.S46Reader;
import watari.core.provision.S46Reading;

/// S46 options of DHCPv6, field by field.
final class ExplainS46 {
  private static final int BYTES_SHOWN = 16;

  private final byte[] bytes;
  private final boolean hasColours;
  private final StringBuilder out = new StringBuilder();
  private int fields;

  private ExplainS46(byte[] bytes, boolean hasColours) {
    this.bytes = bytes;
    this.hasColours = hasColours;
  }

  /// The fields with their bytes.
  ///
  /// @throws Refused when the bytes are not options
  static String print(byte[] bytes, boolean hasColours) {
    var explain = new ExplainS46(bytes, hasColours);
    explain.out.append("S46 options, ").append(bytes.length).append(" bytes\n\n");
    return switch (S46Reader.read(bytes, explain::row)) {
      case S46Reading.Options(var options) -> explain.out.append(faults(options)).toString();
      case S46Reading.Malformed(int offset, String sentence) ->
          throw new Refused("byte " + offset + " of the option: " + sentence);
    };
  }

  private void row(int depth, int offset, int length, String name, String value) {
    int end = offset + Math.min(length, BYTES_SHOWN);
    String hex = HexFormat.of().formatHex(bytes, offset, end) + (length > BYTES_SHOWN ? "..." : "");
    String cell = "%-35s".formatted(hex);
    out.append("  %4d  ".formatted(offset))
        .append(hasColours ? Colour.paint(Colour.ofField(fields++), cell) : cell)
        .append(" %s%-20s %s".formatted("  ".repeat(depth), name, value).stripTrailing())
        .append('\n');
  }

  private static String faults(List<S46Option> options) {
    return options.stream()
        .filter(S46Option.Container.class::isInstance)
        .flatMap(option -> ((S46Option.Container) option).fault().stream())
        .map(fault -> "\n  A client ignores the container: " + fault + ".\n")
        .collect(Collectors.joining());
  }
}
