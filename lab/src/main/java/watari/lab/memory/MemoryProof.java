package watari.lab.memory;

import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Topology;
import watari.lab.proof.Proof;
import watari.lab.proof.Step;

/// What is shown in memory: what the lab shows on real hosts, without the programs of others.
public final class MemoryProof {

  private MemoryProof() {}

  /// The steps for a topology.
  public static Proof<MemoryStage> of(Topology topology) {
    var steps = new ArrayList<Step<MemoryStage>>();
    for (var one : topology.subscribers()) {
      var who = "home " + one.number();
      steps.add(new Step<>("TCP from " + who, stage -> HostSteps.tcp(stage, one)));
      steps.add(new Step<>("ping from " + who, stage -> HostSteps.ping(stage, one)));
    }
    steps.add(new Step<>("UDP both ways", HostSteps::udp));
    steps.add(new Step<>("a stranger's UDP stays outside", HostSteps::strangerStaysOutside));
    steps.add(new Step<>("a stranger reaches a forward", HostSteps::strangerReachesForward));
    steps.add(new Step<>("home 1 reaches its own forward", HostSteps::homeReachesForward));
    steps.add(new Step<>("two homes with one IPv4 address talk", HostSteps::neighbours));
    steps.add(new Step<>("the largest packet", SizeSteps::largest));
    steps.add(new Step<>("larger packets in pieces", SizeSteps::pieces));
    steps.add(new Step<>("traceroute", SizeSteps::traceroute));
    steps.add(new Step<>("300 flows of one household", HostSteps::manyFlows));
    steps.add(new Step<>("forged packets do not pass", ForgerySteps::forgeriesDoNotPass));
    steps.add(new Step<>("a false relay is not heard", ForgerySteps::falseRelayIsNotHeard));
    steps.add(new Step<>("the access network is IPv6 only", ForgerySteps::onlyIpv6));
    return new Proof<>(List.copyOf(steps));
  }
}
