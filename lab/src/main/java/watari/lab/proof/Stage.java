package watari.lab.proof;

import java.io.IOException;
import java.util.List;
import watari.lab.line.Finished;
import watari.lab.line.Line;
import watari.lab.line.Place;
import watari.lab.line.Subscriber;
import watari.lab.line.Topology;

/// A line with somebody on the Internet and a witness on the access network.
public record Stage(Line line, Internet internet, Witness witness) implements AutoCloseable {

  /// Opens the Internet's servers and the witness on hosts that are built.
  public static Stage open(Line line) throws IOException {
    var internet = Internet.open(line.place(Topology.INTERNET));
    try {
      return new Stage(line, internet, Witness.open(line.place(Topology.ACCESS)));
    } catch (IOException failed) {
      internet.close();
      throw failed;
    }
  }

  Topology topology() {
    return line.topology();
  }

  Subscriber subscriber(int number) {
    return topology().subscriber(number);
  }

  Place home(Subscriber subscriber) {
    return line.place(subscriber.home());
  }

  Udp udp(Subscriber subscriber) throws IOException {
    return Udp.open(home(subscriber), subscriber.homeAddress(), 0);
  }

  /// Runs a program at a home.
  Finished run(Subscriber subscriber, String... program) throws IOException {
    return Finished.run(home(subscriber).command(List.of(program)));
  }

  @Override
  public void close() {
    witness.close();
    internet.close();
  }
}
