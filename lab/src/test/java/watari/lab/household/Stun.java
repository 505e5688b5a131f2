package watari.lab.household;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Endpoint;

/// coturn at the Internet host with both of its addresses, and the clients that ask it.
final class Stun {

  private static final Pattern MAPPED = Pattern.compile("UDP reflexive addr: (\\S+)");

  private Stun() {}

  static void serve(Neighbourhood neighbourhood) throws IOException {
    var folder = neighbourhood.folder(Topology.INTERNET);
    var server =
        neighbourhood.start(
            Topology.INTERNET,
            "turnserver",
            "-n",
            "--listening-ip=" + Topology.INTERNET_IPV4,
            "--listening-ip=" + Topology.STRANGER_IPV4,
            "--stun-only",
            "--no-auth",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--log-file=stdout",
            "--pidfile=" + folder.resolve("turnserver.pid"),
            "--userdb=" + folder.resolve("turnserver.db"));
    server.awaitPart("Total General servers", Neighbourhood.PATIENCE);
    // It opens its sockets one by one, and this is the last.
    neighbourhood.await(
        Topology.STRANGER_IPV4 + ":3479", Topology.INTERNET, "ss", "-Hlnu", "sport", "=", "3479");
  }

  /// What `turnutils_natdiscovery` finds out about mapping and filtering.
  static String discovery(Neighbourhood neighbourhood, Subscriber home) throws IOException {
    return neighbourhood.demand(
        home.home(), "turnutils_natdiscovery", "-m", "-f", Topology.INTERNET_IPV4);
  }

  /// The addresses and ports that the server saw.
  static List<Endpoint> mapped(String said) throws IOException {
    var mapped = new ArrayList<Endpoint>();
    for (var match : MAPPED.matcher(said).results().toList()) {
      mapped.add(Endpoint.parse(match.group(1)));
    }
    return mapped;
  }
}
