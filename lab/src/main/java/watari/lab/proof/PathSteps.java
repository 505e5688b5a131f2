package watari.lab.proof;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// What is shown with the programs `ping` and `traceroute`.
final class PathSteps {

  /// The line's MTU less the outer header.
  private static final int TUNNEL_MTU = Topology.LINE_MTU - 40;

  private static final int PING_HEADERS = 28;
  private static final Pattern HOP = Pattern.compile("^ *\\d+ +(\\d+\\.\\d+\\.\\d+\\.\\d+) .*");

  private PathSteps() {}

  static Outcome ping(Stage stage, Subscriber subscriber) throws IOException {
    if (!Programs.has("ping")) {
      return missing("ping", "iputils-ping");
    }
    var finished =
        stage.run(
            subscriber, "ping", "-n", "-c", "3", "-i", "0.2", "-W", "5", Topology.INTERNET_IPV4);
    Disproved.unless(
        finished.exit() == 0 && finished.output().contains(" 0% packet loss"),
        "ping printed '" + lastLine(finished.output()) + "'");
    return Outcome.shown(
        subscriber.homeAddress()
            + " → "
            + Topology.INTERNET_IPV4
            + ", "
            + statistics(finished.output()));
  }

  /// The largest packet passes; one octet more comes back as 'fragmentation needed', which the home
  /// remembers for a while.
  static Outcome mtu(Stage stage) throws IOException {
    if (!Programs.has("ping")) {
      return missing("ping", "iputils-ping");
    }
    var fits = unfragmented(stage, TUNNEL_MTU);
    Disproved.unless(
        fits.contains(" 0% packet loss"),
        "a packet of " + TUNNEL_MTU + " octets did not pass: " + lastLine(fits));
    var tooBig = unfragmented(stage, TUNNEL_MTU + 1);
    Disproved.unless(
        tooBig.contains("100% packet loss")
            && tooBig.replace(" ", "").contains("mtu=" + TUNNEL_MTU),
        "a packet of "
            + (TUNNEL_MTU + 1)
            + " octets was not refused with MTU "
            + TUNNEL_MTU
            + ": "
            + tooBig.strip().replace('\n', ' '));
    return Outcome.shown(
        TUNNEL_MTU + " octets with DF pass",
        (TUNNEL_MTU + 1) + " octets with DF: fragmentation needed, MTU " + TUNNEL_MTU);
  }

  private static String unfragmented(Stage stage, int octets) throws IOException {
    return stage
        .run(
            stage.subscriber(1),
            "ping",
            "-n",
            "-c",
            "1",
            "-W",
            "2",
            "-M",
            "do",
            "-s",
            Integer.toString(octets - PING_HEADERS),
            Topology.INTERNET_IPV4)
        .output();
  }

  /// The first hop is the gateway, the last the Internet host.
  static Outcome traceroute(Stage stage) throws IOException {
    if (!Programs.has("traceroute")) {
      return missing("traceroute", "traceroute");
    }
    var subscriber = stage.subscriber(1);
    var finished =
        stage.run(
            subscriber,
            "traceroute",
            "-n",
            "-q",
            "1",
            "-w",
            "2",
            "-m",
            "8",
            Topology.INTERNET_IPV4);
    var hops = hops(finished.output());
    Disproved.unless(
        hops.size() >= 2
            && hops.getFirst().equals(subscriber.gatewayLan())
            && hops.getLast().equals(Topology.INTERNET_IPV4),
        "traceroute printed '" + finished.output().strip().replace('\n', ' ') + "'");
    return Outcome.shown(subscriber.homeAddress() + " → " + String.join(" → ", hops));
  }

  static List<String> hops(String output) {
    return output
        .lines()
        .map(HOP::matcher)
        .filter(Matcher::matches)
        .map(hop -> hop.group(1))
        .toList();
  }

  private static Outcome missing(String program, String debianPackage) {
    return new Outcome.Skipped(
        "there is no '" + program + "' here; install the package " + debianPackage);
  }

  private static String statistics(String output) {
    return output
        .lines()
        .filter(line -> line.contains("packet loss"))
        .findFirst()
        .orElse("")
        .replaceAll(", time .*", "");
  }

  private static String lastLine(String output) {
    return output.strip().lines().reduce("nothing", (_, last) -> last);
  }
}
