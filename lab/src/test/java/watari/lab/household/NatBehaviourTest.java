package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import watari.lab.NeedsNamespaces;
import watari.lab.line.Layout;
import watari.lab.line.Topology;

/// The gateway as a game or a call sees it when it asks a STUN server with two addresses (RFC
/// 5780): whether its port is the same for everybody, and who is heard on it.
@NeedsNamespaces(programs = {"setpriv", "stun", "turnserver", "turnutils_natdiscovery"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NatBehaviourTest {

  private static final String SAME_PORT = "NAT with Endpoint Independent Mapping!";
  private static final String FILTERED_BY_ADDRESS = "NAT with Address Dependent Filtering!";

  private Neighbourhood neighbourhood;

  @BeforeAll
  void open() throws IOException {
    neighbourhood = Neighbourhood.open(new Topology(1, Layout.RFC7597));
    Stun.serve(neighbourhood);
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// UDP-01, UDP-12, MAPE-59
  @Test
  void coturnSeesOnePortForAllAndHearsOnlyWhomTheHomeHasWrittenTo() throws IOException {
    var home = neighbourhood.home(1);
    var before = neighbourhood.counters(home);
    var said = Stun.discovery(neighbourhood, home);
    assertThat(said).contains(SAME_PORT, FILTERED_BY_ADDRESS);
    assertThat(Stun.mapped(said)).allSatisfy(seen -> seen.demandOwnedBy(home));
    assertThat(neighbourhood.grown(home, before)).containsKey("inbound.drops.filtered");
  }

  /// UDP-01, UDP-12, MAPE-59
  @Test
  void theStunClientOfDebianSaysTheSame() throws IOException {
    var finished = neighbourhood.run("home1", "stun", Topology.INTERNET_IPV4);
    assertThat(finished.output())
        .contains("Primary: Independent Mapping, Address Dependent Filter");
  }
}
