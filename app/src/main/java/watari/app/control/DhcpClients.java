package watari.app.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;

/// Who has an address of the home's DHCP server, as dnsmasq writes it down, a client a line:
///
/// ```
/// 1764072000 02:00:00:00:00:02 192.168.1.50 console 01:02:00:00:00:00:02
/// when it ends, hardware address, address, name, identifier
/// ```
///
/// The server takes a line out when the client gives the address back or its time is over. It
/// writes the file anew in its place, so that a reader may find half of it: who is missing has left
/// only when the next reading misses it too.
final class DhcpClients {
  private static final Pattern LINE =
      Pattern.compile("\\d+ (?<hardware>\\S+) (?<address>[\\d.]{7,15}) \\S+ \\S+");

  private final Path file;
  private Set<Client> present = Set.of();
  private Set<Client> missing = Set.of();

  private record Client(Ipv4Address address, String hardware) {}

  /// @param file need not be there yet
  DhcpClients(Path file) {
    this.file = file;
  }

  /// Reads the file.
  ///
  /// @return the addresses that clients have left since the last call
  List<Ipv4Address> left() {
    return read().map(this::left).orElse(List.of());
  }

  private List<Ipv4Address> left(Set<Client> found) {
    Set<Client> missed = without(present, found);
    var gone = new HashSet<>(missed);
    gone.retainAll(missing);
    var here = without(present, gone);
    here.addAll(found);
    present = here;
    missing = without(missed, gone);
    return gone.stream().map(Client::address).distinct().toList();
  }

  private static Set<Client> without(Set<Client> all, Set<Client> some) {
    var rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  /// A file that cannot be read says nothing about anybody.
  private Optional<Set<Client>> read() {
    try {
      var clients = new HashSet<Client>();
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        client(line).ifPresent(clients::add);
      }
      return Optional.of(clients);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Client> client(String line) {
    var matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var address = Ipv4Address.parse(matcher.group("address"));
      return Optional.of(new Client(address, matcher.group("hardware")));
    } catch (Refused _) {
      return Optional.empty();
    }
  }
}
