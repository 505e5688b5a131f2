package watari.lab.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

  private static final String NOT_FILTERED = "NAT with Endpoint Independent Filtering!";

  private static final int ADAPTIVE = 1;
  private static final int STRICT = 2;
  private static final int OPEN = 3;

  private Neighbourhood neighbourhood;

  @BeforeAll
  void open() throws IOException {
    var topology = new Topology(3, Layout.RFC7597);
    neighbourhood =
        Neighbourhood.open(
            topology,
            line -> {
              line.configure(topology.subscriber(STRICT), "mapping: strict\n");
              line.configure(topology.subscriber(OPEN), "filtering: {udp: endpoint-independent}\n");
            });
    Stun.serve(neighbourhood);
  }

  @AfterAll
  void close() throws IOException {
    neighbourhood.close();
  }

  /// UDP-01, UDP-12, MAPE-59
  @ParameterizedTest
  @ValueSource(ints = {ADAPTIVE, STRICT})
  void coturnSeesOnePortForAllAndHearsOnlyWhomTheHomeHasWrittenTo(int number) throws IOException {
    var home = neighbourhood.home(number);
    var before = neighbourhood.counters(home);
    var said = Stun.discovery(neighbourhood, home);
    assertThat(said).contains(SAME_PORT, FILTERED_BY_ADDRESS);
    assertThat(Stun.mapped(said)).allSatisfy(seen -> seen.demandOwnedBy(home));
    assertThat(neighbourhood.grown(home, before)).containsKey("inbound.drops.filtered");
  }

  /// UDP-12, CGN-07
  @Test
  void withEndpointIndependentFilteringEverybodyIsHeard() throws IOException {
    var said = Stun.discovery(neighbourhood, neighbourhood.home(OPEN));
    assertThat(said).contains(SAME_PORT, NOT_FILTERED);
  }

  /// UDP-01, UDP-12, UDP-13, MAPE-59
  @Test
  void theStunClientOfDebianSaysTheSame() throws IOException {
    var finished = neighbourhood.run("home1", "stun", Topology.INTERNET_IPV4);
    assertThat(finished.output())
        .contains("Primary: Independent Mapping, Address Dependent Filter", "will hairpin");
  }
}
