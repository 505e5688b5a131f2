package watari.core.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.portmap.Exchange.granted;
import static watari.core.portmap.Exchange.refused;
import static watari.core.portmap.Exchange.request;
import static watari.core.portmap.Home.ANNA;
import static watari.core.portmap.PcpText.OTHER_NONCE;
import static watari.core.portmap.PcpText.PREFER_FAILURE;
import static watari.core.portmap.PcpText.header;
import static watari.core.portmap.PcpText.mapBody;
import static watari.core.portmap.PcpText.portSet;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Seed;

/// The PORT_SET option of RFC 7753.
final class PortSetTest {
  private static final int NOT_AUTHORIZED = 2;
  private static final int MALFORMED_OPTION = 6;
  private static final int USER_EX_QUOTA = 10;

  private final Exchange exchange = new Exchange();

  private void refuses(String request, int result, long lifetime) {
    assertThat(exchange.answer(ANNA, request)).isEqualTo(refused(request, result, lifetime));
  }

  /// PSET-01
  @ParameterizedTest
  @ValueSource(strings = {"8200000400040fa0", "8200000600040fa000000000", "82000000"})
  void refusesAnotherLength(String option) {
    refuses(request(3600, 4000, 0, option), MALFORMED_OPTION, 1800);
  }

  /// PSET-02
  @Test
  void refusesWhatCannotBeMeant() {
    String set = portSet(4, 4000, 0);
    refuses(request(3600, 4000, 0, set, set), MALFORMED_OPTION, 1800);
    refuses(request(3600, 4000, 0, portSet(0, 4000, 0)), MALFORMED_OPTION, 1800);
    refuses(request(3600, 4000, 5216, set, PREFER_FAILURE), MALFORMED_OPTION, 1800);
    refuses(request(3600, 4000, 5216, PREFER_FAILURE, set), MALFORMED_OPTION, 1800);
    assertThat(exchange.leases.all()).isEmpty();
  }

  /// PSET-08, PSET-12, PSET-14
  @Test
  void givesPortsInARowAndTheSameOnesAgain() {
    String reply = granted(3600, 4000, 5220, portSet(8, 4000, 0));
    for (int i = 0; i < 10; i++) {
      assertThat(exchange.map(3600, 4000, 5220, portSet(8, 4000, 0))).isEqualTo(reply);
    }
    assertThat(exchange.reservations.reserved()).isEqualTo(8);
  }

  /// PSET-04
  @ParameterizedTest
  @ValueSource(ints = {16, 17, 100, 65535})
  void givesAsManyAsAreInOneRange(int asked) {
    assertThat(exchange.map(3600, 4000, 0, portSet(asked, 4000, 0)))
        .isEqualTo(granted(3600, 4000, 5216, portSet(16, 4000, 0)));
  }

  @Test
  void givesNoMorePortsThanThereAreAtHome() {
    assertThat(exchange.map(3600, 65534, 0, portSet(100, 65534, 0)))
        .isEqualTo(granted(3600, 65534, 5216, portSet(2, 65534, 0)));
  }

  /// PSET-05
  @Test
  void saysNothingOfASetOfOne() {
    assertThat(exchange.map(3600, 4000, 0, portSet(1, 4000, 0)))
        .isEqualTo(granted(3600, 4000, 5216));
    exchange.map(3600, 5001, 0);
    assertThat(exchange.map(3600, 5000, 0, portSet(2, 5000, 0)))
        .as("the set ends at what there is, and that is refreshed")
        .isEqualTo(granted(3600, 5001, 5217));
  }

  /// PSET-07
  @Test
  void keepsEvenEvenAndOddOdd() {
    assertThat(exchange.map(3600, 4001, 0, portSet(4, 4001, 1)))
        .isEqualTo(granted(3600, 4001, 5217, portSet(4, 4001, 1)));
    assertThat(exchange.map(3600, 4100, 0, portSet(4, 4100, 1)))
        .isEqualTo(granted(3600, 4100, 5222, portSet(4, 4100, 1)));
    assertThat(exchange.map(3600, 4200, 5227, portSet(2, 4200, 0)))
        .isEqualTo(granted(3600, 4200, 5227, portSet(2, 4200, 0)));
  }

  /// PSET-09
  @Test
  void renewsAndDeletesASetAsOne() {
    exchange.map(3600, 4000, 5220, portSet(8, 4000, 0));
    assertThat(exchange.map(7200, 4003, 0))
        .as("one port of it stands for all")
        .isEqualTo(granted(7200, 4000, 5220, portSet(8, 4000, 0)));
    assertThat(exchange.leases.all()).extracting(Lease::expiresAt).hasSize(1);
    assertThat(exchange.map(0, 4000, 0, portSet(8, 4000, 0))).startsWith("0281000000000000");
    assertThat(exchange.leases.all()).isEmpty();
    assertThat(exchange.reservations.reserved()).isZero();
  }

  /// PSET-10
  @Test
  void refreshesEachMappingThatASetTouches() {
    exchange.map(600, 4000, 5216);
    exchange.map(600, 4002, 9312, portSet(4, 4002, 0));
    exchange.map(600, 4010, 5218);
    assertThat(exchange.ask(ANNA, request(3600, 4000, 0, portSet(8, 4000, 0))))
        .isEqualTo(
            List.of(granted(3600, 4000, 5216), granted(3600, 4002, 9312, portSet(4, 4002, 0))));
    assertThat(exchange.leases.all()).hasSize(3);
    assertThat(exchange.leases.wakeAt()).isEqualTo(exchange.now + 600_000);
  }

  /// PSET-10
  @Test
  void refreshesNothingWhereOneHasAnotherNonce() {
    exchange.map(600, 4000, 5216);
    String other = header(1, 900, ANNA) + mapBody(OTHER_NONCE, 6, 4002, 9312);
    exchange.answer(ANNA, other);
    long revision = exchange.leases.revision();
    refuses(request(3600, 4000, 0, portSet(8, 4000, 0)), NOT_AUTHORIZED, 900);
    refuses(request(0, 4000, 0, portSet(8, 4000, 0)), NOT_AUTHORIZED, 900);
    assertThat(exchange.leases.revision()).isEqualTo(revision);
  }

  /// PSET-13
  @Test
  void givesAHostItsShare() {
    exchange.map(3600, 4000, 0, portSet(16, 4000, 0));
    exchange.map(3600, 4100, 0, portSet(14, 4100, 0));
    assertThat(exchange.map(3600, 4200, 0, portSet(16, 4200, 0))).endsWith(portSet(2, 4200, 0));
    refuses(request(3600, 4300, 0, portSet(16, 4300, 0)), USER_EX_QUOTA, 30);
  }

  /// PSET-03, PSET-06
  @Test
  void staysWithinOneRangeAndWithinWhatWasAsked() {
    SplittableRandom random = Seed.random();
    for (int round = 0; round < 2000; round++) {
      var home = new Exchange();
      for (int i = random.nextInt(60); i > 0; i--) {
        int port = Home.PORTS.port(random.nextInt(Home.PORTS.size()));
        home.reservations.withFlow(Home.tcp(Home.BERT, 1 + random.nextInt(65535)), port, 9);
      }
      int size = 1 + random.nextInt(40);
      int first = 1 + random.nextInt(65535);
      home.map(600, first, random.nextInt(65536), portSet(size, first, random.nextInt(2)));
      Lease lease = home.leases.all().getFirst();
      int index = Home.PORTS.index(lease.outerPort());
      assertThat(lease.size()).isLessThanOrEqualTo(size);
      assertThat(lease.inside().port()).isEqualTo(first);
      assertThat(index / 16)
          .as("one range")
          .isEqualTo(Home.PORTS.index(lease.outerPort() + lease.size() - 1) / 16);
    }
  }
}
