package watari.lab;

import java.io.PrintStream;
import java.util.List;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;
import watari.lab.proof.Outcome;
import watari.lab.proof.Step;

/// What the lab tells the person in front of it.
final class Report {

  private static final int SENTENCE_WIDTH = 38;
  private static final String INDENT = " ".repeat(7 + SENTENCE_WIDTH);

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void say(String sentence) {
    out.println(sentence);
    out.flush();
  }

  /// Who is who.
  void introduce(Topology topology) {
    say(
        "watari lab: %d subscribers, rule %s + %s, 16 EA bits, offset 4, layout %s%s"
            .formatted(
                topology.count(),
                Topology.RULE_IPV6,
                Topology.RULE_IPV4,
                topology.layout().word(),
                topology.mesh() ? ", mesh" : ""));
    say("");
    topology.subscribers().forEach(this::introduce);
    say("  %-10s %-24s → %s".formatted("relay", Topology.RELAY_IPV6, Topology.RELAY_IPV4));
    say("  %-10s %-24s   HTTP server".formatted("internet", Topology.INTERNET_IPV4));
    say("");
  }

  private void introduce(Subscriber one) {
    say(
        "  %-10s %-24s → %s PSID 0x%x, %d ports, MAP address %s"
            .formatted(
                one.home(),
                one.endUserPrefix(),
                one.ipv4(),
                one.psid(),
                Subscriber.PORTS,
                one.mapAddress()));
  }

  void hear(Step<?> step, Outcome outcome) {
    switch (outcome) {
      case Outcome.Shown shown -> line("ok", step, shown.evidence());
      case Outcome.Failed failed -> line("FAILED", step, List.of(failed.reason()));
      case Outcome.Skipped skipped -> line("skip", step, List.of(skipped.reason()));
    }
  }

  private void line(String mark, Step<?> step, List<String> lines) {
    say(("%-6s %-" + SENTENCE_WIDTH + "s%s").formatted(mark, step.sentence(), lines.getFirst()));
    lines.stream().skip(1).forEach(line -> say(INDENT + line));
  }

  void conclude(boolean good) {
    say("");
    say(
        good
            ? "The line works: IPv4 crossed an IPv6-only network. 渡りました。"
            : "The line does not do all of it. 渡れませんでした。");
  }

  /// How to get into the hosts, and out of the lab.
  ///
  /// @param enter the command that runs a shell in the first home
  void invite(String enter, Topology topology) {
    var nodes = topology.nodes().stream().map(node -> node.name()).toList();
    say("");
    say("The lab stays up. To be a host of it: " + enter);
    say("Hosts: " + String.join(", ", nodes));
    say("Enter ends the lab and removes all of it. Enter キーで終了します。");
  }
}
