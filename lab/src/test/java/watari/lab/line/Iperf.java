package watari.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Streams and datagrams of iperf3 from one host to another, or back.
///
/// @param target the address of the host that serves
record Iperf(Place from, Place to, String target) {
  private static final String PORT = "5201";

  /// Longer than any test waits; what lasts is told to end.
  private static final String HOURS = "3600";

  private static final Pattern LOST = Pattern.compile("\\(([0-9.e+-]+)%\\)");

  /// To the Internet host, from some other.
  static Iperf toInternet(Place from, Place internet) {
    return new Iperf(from, internet, Topology.INTERNET_IPV4);
  }

  /// Sends as the options say, and all of it must go well.
  ///
  /// @return what the client says
  String run(String... options) throws IOException {
    try (var _ = server(PORT)) {
      var said = Finished.demand(from.command(client(PORT, options)), "");
      assertThat(said).contains("receive");
      return said;
    }
  }

  /// Sends until it is told to end, however long a test takes.
  ///
  /// @param port of its own for each that goes on at the same time
  Lasting begin(String port, String... options) throws IOException {
    var server = server(port);
    var lasting = new ArrayList<>(List.of("--forceflush", "-t", HOURS));
    lasting.addAll(List.of(options));
    var command = client(port, lasting.toArray(String[]::new));
    var client = Running.start("iperf3", from.command(command));
    return new Lasting(server, client);
  }

  private Running server(String port) throws IOException {
    var command = List.of("iperf3", "-s", "-1", "-p", port, "--forceflush");
    var server = Running.start("iperf3", to.command(command));
    server.await("Server listening", Workbench.PATIENCE);
    return server;
  }

  private List<String> client(String port, String... options) {
    var command = new ArrayList<>(List.of("iperf3", "-c", target, "-p", port));
    command.addAll(List.of(options));
    return command;
  }

  /// Both ends of what goes on.
  record Lasting(Running server, Running client) implements AutoCloseable {
    /// Waits until packets have gone for a second.
    void awaitBegun() throws IOException {
      client.awaitPart(" 0.00-", Workbench.PATIENCE);
    }

    /// Ends it. That the server hears of it, over the connection that both have had from the
    /// beginning, shows that this lives.
    ///
    /// @return what the server says
    List<String> end() throws IOException {
      client.ask();
      assertThat(server.ended(Workbench.PATIENCE)).as("%s", client.output()).isZero();
      var said = server.whole(Workbench.PATIENCE);
      assertThat(said).anyMatch(line -> line.contains("the client has terminated"));
      return said;
    }

    /// Ends datagrams.
    ///
    /// @return how many of a hundred were lost
    double endLost() throws IOException {
      var said = end();
      var sum = said.stream().filter(line -> line.contains("receiver")).findFirst().orElseThrow();
      assertThat(sum).as("that some came").doesNotContain(" 0/0 ");
      var percent = LOST.matcher(sum);
      assertThat(percent.find()).as(sum).isTrue();
      return Double.parseDouble(percent.group(1));
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }
}
