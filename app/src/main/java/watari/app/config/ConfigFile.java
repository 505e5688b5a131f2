package watari.app.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import watari.core.net.Refused;
import watari.core.rule.MapDomain;
import watari.host.kernel.InterfaceName;

/// What the files of a gateway and of a relay have in common.
///
/// The rules come from one of three keys: `rules`, the name of a rules file beside this one,
/// `service`, a built-in service, or `domains`, as in a rules file.
final class ConfigFile {
  static final Kind<Integer> MTU = Kind.number(1280, 65535);
  static final Kind<String> INTERFACE = Kind.of(name -> new InterfaceName(name).text());
  static final Kind<Path> SOCKET = Kind.of(ConfigFile::socket);

  static final Kind<Path> FOLDER =
      Kind.of(name -> fromTheRoot(name, "a folder", "/var/lib/watari"));

  static final Kind<Path> FILE =
      Kind.of(name -> fromTheRoot(name, "a file", "/var/lib/misc/dnsmasq.leases"));

  private static final List<String> RULE_SOURCES = List.of("rules", "service", "domains");

  /// `sun_path` of Linux has 108 bytes, the last one zero.
  private static final int SOCKET_BYTES_MAX = 107;

  private ConfigFile() {}

  /// Reads a form and, where no problem was said, gives the value.
  @FunctionalInterface
  interface Reader<T> {
    @Nullable T read(Form form, Path file, Problems problems);
  }

  static <T> Checked<T> read(Path file, String what, List<String> keys, Reader<T> reader) {
    var problems = new Problems(file.toString());
    String text = ConfigText.read(file, problems);
    Node node = text == null ? null : YamlText.parse(text, problems);
    Form form = node == null ? null : Form.open(node, what, keys, problems);
    T value = form == null ? null : reader.read(form, file, problems);
    return value == null || !problems.isEmpty() ? problems.invalid() : new Checked.Valid<>(value);
  }

  /// The services that the rules come from, or null with the problems said.
  static @Nullable Services services(Form form, Path file, Problems problems) {
    List<String> sources = RULE_SOURCES.stream().filter(form::has).toList();
    if (sources.size() != 1) {
      problems.add(
          form.place(),
          "the rules come from one of the keys rules (a file), service (a name) or domains; here "
              + (sources.isEmpty() ? "is none" : "are " + String.join(" and ", sources)));
      return null;
    }
    return switch (sources.getFirst()) {
      case "service" -> form.required("service", Kind.of(Services.builtIn()::only));
      case "domains" -> services(RulesFile.domains(form, problems));
      default -> {
        Path rules = form.required("rules", Kind.of(name -> beside(file, name)));
        yield rules == null ? null : services(fileDomains(rules, problems));
      }
    };
  }

  private static @Nullable Services services(@Nullable List<MapDomain> domains) {
    return domains == null ? null : Services.of(domains);
  }

  private static @Nullable List<MapDomain> fileDomains(Path rules, Problems problems) {
    return switch (RulesFile.read(rules)) {
      case Checked.Valid<List<MapDomain>>(var domains) -> domains;
      case Checked.Invalid<List<MapDomain>>(var others) -> {
        problems.addAll(others);
        yield null;
      }
    };
  }

  private static Path beside(Path file, String name) {
    return path(name, () -> file.resolveSibling(name));
  }

  private static Path socket(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > SOCKET_BYTES_MAX) {
      throw new Refused("a socket's path has at most " + SOCKET_BYTES_MAX + " bytes");
    }
    return path(name, () -> Path.of(name));
  }

  private static Path fromTheRoot(String name, String what, String example) {
    Path path = path(name, () -> Path.of(name));
    if (!path.isAbsolute()) {
      throw new Refused(
          what + " is named from the root on, as in " + example + ", not '" + name + "'");
    }
    return path;
  }

  private static Path path(String name, Supplier<Path> path) {
    try {
      return path.get();
    } catch (InvalidPathException _) {
      throw new Refused("'" + name + "' cannot be the name of a file");
    }
  }
}
