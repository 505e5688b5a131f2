package watari.lab;

import java.util.List;
import watari.core.net.Refused;
import watari.lab.line.Layout;
import watari.lab.line.Topology;

/// What the person at the command line wants of the lab.
///
/// @param once whether to end after the proof
/// @param memory whether to run without namespaces even where they are allowed
record Wish(boolean once, boolean memory, Topology topology) {

  private static final int SUBSCRIBERS = 2;

  /// Reads the command line.
  ///
  /// @param arguments those after the verb
  /// @throws Refused when one is unknown
  static Wish parse(List<String> arguments) {
    boolean once = false;
    boolean memory = false;
    boolean mesh = false;
    int subscribers = SUBSCRIBERS;
    var layout = Layout.RFC7597;
    for (var at = arguments.iterator(); at.hasNext(); ) {
      var argument = at.next();
      switch (argument) {
        case "--once" -> once = true;
        case "--memory" -> memory = true;
        case "--mesh" -> mesh = true;
        case "--subscribers" -> subscribers = number(at.hasNext() ? at.next() : "nothing");
        case "--layout" -> layout = layout(at.hasNext() ? at.next() : "nothing");
        default -> throw new Refused("'" + argument + "' is not an option of the lab; " + Main.LAB);
      }
    }
    return new Wish(once, memory, new Topology(subscribers, layout, mesh));
  }

  private static int number(String text) {
    if (!text.matches("\\d{1,4}")) {
      throw new Refused("--subscribers needs a number, as in --subscribers 2, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static Layout layout(String text) {
    for (var layout : Layout.values()) {
      if (layout.word().equals(text)) {
        return layout;
      }
    }
    throw new Refused("--layout is rfc7597 or draft-03, not '" + text + "'");
  }
}
