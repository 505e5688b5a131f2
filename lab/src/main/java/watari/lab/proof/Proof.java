package watari.lab.proof;

import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Topology;

/// Everything the lab shows, in order.
///
/// @param steps the order matters: the flood of flows comes after what needs a quiet household, the
///   look at the access network last
/// @param <S> where it is shown
public record Proof<S>(List<Step<S>> steps) {

  public Proof {
    steps = List.copyOf(steps);
  }

  /// Hears of each step as it ends.
  public interface Audience {
    void hear(Step<?> step, Outcome outcome);
  }

  /// The steps for a topology.
  public static Proof<Stage> of(Topology topology) {
    var steps = new ArrayList<Step<Stage>>();
    for (var one : topology.subscribers()) {
      var who = "home " + one.number();
      steps.add(new Step<>("HTTP from " + who, stage -> HttpSteps.outwards(stage, one)));
      steps.add(new Step<>("ping from " + who, stage -> PathSteps.ping(stage, one)));
    }
    steps.add(new Step<>("2 MiB arrive whole", HttpSteps::large));
    steps.add(new Step<>("HTTP from the Internet to home 1", HttpSteps::inwards));
    steps.add(new Step<>("a stranger reaches a forward", ForwardSteps::strangerReachesIt));
    steps.add(new Step<>("home 1 reaches its own forward", ForwardSteps::homeReachesIt));
    steps.add(new Step<>("UDP both ways", UdpSteps::bothWays));
    steps.add(new Step<>("a stranger's UDP stays outside", UdpSteps::strangerStaysOutside));
    steps.add(new Step<>("two homes with one IPv4 address talk", UdpSteps::neighbours));
    steps.add(new Step<>("the largest packet", PathSteps::mtu));
    steps.add(new Step<>("traceroute", PathSteps::traceroute));
    steps.add(new Step<>("300 flows of one household", UdpSteps::manyFlows));
    steps.add(new Step<>("forged packets do not pass", AccessSteps::forgeriesDoNotPass));
    steps.add(new Step<>("a false relay is not heard", AccessSteps::falseRelayIsNotHeard));
    steps.add(new Step<>("the access network is IPv6 only", AccessSteps::onlyIpv6));
    return new Proof<>(steps);
  }

  /// Runs every step, also after one failed.
  ///
  /// @return whether none failed
  public boolean run(S stage, Audience audience) {
    boolean good = true;
    for (var step : steps) {
      var outcome = step.run(stage);
      audience.hear(step, outcome);
      good &= !(outcome instanceof Outcome.Failed);
    }
    return good;
  }
}
