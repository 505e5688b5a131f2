package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.Reservations;
import watari.core.nat.Wish;
import watari.core.net.Ipv4Address;
import watari.core.rule.PortSet;
import watari.core.wire.Protocol;

/// What hosts at home may have of an address of which ports 1024 to 32767 are theirs.
final class SharedAddressTest {
  private static final int HOST = Ipv4Address.parse("192.168.1.10").bits();

  private final Native gateway =
      new Scenario.Settings("native").plain((_, _) -> true, (_, _) -> true, (_, _) -> true);

  private final Reservations ports = gateway.reservations();

  @AfterEach
  void close() {
    gateway.close();
  }

  private Grant wish(int insidePort, Claim claim, int wantedPort, boolean exactly) {
    return ports.reserve(new Wish(Protocol.TCP, HOST, insidePort, claim, wantedPort, exactly), 0);
  }

  private static int given(Grant grant) {
    assertThat(grant).isInstanceOf(Grant.Given.class);
    return ((Grant.Given) grant).outerPort();
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 5000, 32_767})
  void aPortOfTheHomeIsGivenAsItIsWished(int port) {
    assertThat(ports.isFree(Protocol.TCP, port)).isTrue();
    assertThat(given(wish(80, Claim.EXPLICIT, port, true))).isEqualTo(port);
    assertThat(ports.isFree(Protocol.TCP, port)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 443, 1023, 32_768, 60_999, 65_535})
  void aPortOfTheMachineIsNotGivenButAnother(int port) {
    assertThat(ports.isFree(Protocol.TCP, port)).isFalse();
    assertThat(wish(80, Claim.EXPLICIT, port, true)).isEqualTo(Grant.Refusal.NOT_IN_SET);
    assertThat(given(wish(80, Claim.EXPLICIT, port, false))).isBetween(1024, 32_767);
  }

  @Test
  void anyPortIsOneOfTheHome() {
    for (int insidePort = 1; insidePort <= 1000; insidePort++) {
      assertThat(given(wish(insidePort, Claim.EXPLICIT, 0, false))).isBetween(1024, 32_767);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {443, 45_000})
  void theOperatorForwardsWhateverPortHeLikes(int port) {
    assertThat(given(wish(80, Claim.FORWARD, port, true))).isEqualTo(port);
    assertThat(ports.ofPort(Protocol.TCP, port, 0)).map(Holding::insidePort).contains(80);
  }

  @Test
  void whatIsGivenCanBeFoundAndGivenBack() {
    int port = given(wish(80, Claim.EXPLICIT, 5000, true));
    assertThat(ports.ofEndpoint(Protocol.TCP, HOST, 80, 0)).map(Holding::outerPort).contains(port);
    ports.filter(Protocol.TCP, port, List.of());
    assertThat(ports.release(Protocol.TCP, port, 0)).isTrue();
    assertThat(ports.release(Protocol.TCP, port, 0)).isFalse();
    assertThat(ports.ofEndpoint(Protocol.TCP, HOST, 80, 0)).isEmpty();
    assertThat(ports.ofPort(Protocol.TCP, port, 0)).isEmpty();
  }

  @Test
  void saysTheAddressAndThatItIsWhole() {
    assertThat(new Ipv4Address(ports.outerAddress())).hasToString("198.51.100.2");
    assertThat(ports.ports()).isEqualTo(PortSet.ALL);
  }
}
