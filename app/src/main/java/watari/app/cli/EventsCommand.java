package watari.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import watari.app.control.EventTree;
import watari.core.net.Ipv4Address;

/// `watari events`: what happened at a running gateway or relay that a person should hear of.
@Command(
    name = "events",
    description =
        "What happened at a running gateway or relay, as JSON; on a terminal as sentences.",
    footer = "%nExit code: 0 answered, 1 nobody answers there.")
final class EventsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private final Watari watari;

  @Mixin private final SocketChoice socket = new SocketChoice();

  @Option(names = "--text", description = "a sentence an event, as on a terminal")
  private boolean isText;

  @Option(names = "--json", description = "JSON, also on a terminal")
  private boolean isJson;

  EventsCommand(Watari watari) {
    this.watari = watari;
  }

  @Override
  public Integer call() throws IOException {
    String answer;
    try {
      answer = socket.ask("events");
    } catch (IOException e) {
      watari.complain(String.valueOf(e.getMessage()));
      return ExitCode.FAILURE;
    }
    boolean isForAPerson = isText || (watari.console().isTerminal() && !isJson);
    String said = isForAPerson ? text(JsonMapper.shared().readTree(answer)) : answer;
    watari.console().out().write(said.getBytes(StandardCharsets.UTF_8));
    return ExitCode.OK;
  }

  private String text(JsonNode answer) {
    Words words = watari.words();
    var text = new EventText(words);
    Optional<Ipv4Address> address =
        Optional.ofNullable(answer.path("address").asString(null)).map(Ipv4Address::parse);
    var out = new StringBuilder();
    for (JsonNode entry : answer.path("events")) {
      String sentence =
          EventTree.event(entry)
              .map(event -> text.sentence(event, address))
              .orElseGet(entry::toString);
      out.append(line(words, entry, Watari.printable(sentence))).append('\n');
    }
    return out.isEmpty() ? words.say("events.none") + "\n" : out.toString();
  }

  private static String line(Words words, JsonNode entry, String sentence) {
    var time = Instant.parse(entry.path("last").asString()).atZone(ZoneId.systemDefault());
    long count = entry.path("count").asLong();
    String said = count > 1 ? words.say("events.times", sentence, count) : sentence;
    return words.say("events.line", TIME.format(time), said);
  }
}
