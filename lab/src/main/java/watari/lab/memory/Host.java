package watari.lab.memory;

import java.util.ArrayList;
import java.util.List;

/// A host with an IPv4 address. It keeps what it hears until somebody asks.
final class Host {

  /// What a host answers to a message, perhaps nothing.
  interface Habits {
    List<Message> answers(Message message);
  }

  private final Habits habits;
  private final List<Message> heard = new ArrayList<>();

  /// @param habits what it answers by itself
  Host(Habits habits) {
    this.habits = habits;
  }

  /// A host that only listens.
  static Host silent() {
    return new Host(_ -> List.of());
  }

  List<Message> hear(Message message) {
    heard.add(message);
    return habits.answers(message);
  }

  /// What it heard since the last call.
  List<Message> taken() {
    var taken = List.copyOf(heard);
    heard.clear();
    return taken;
  }
}
