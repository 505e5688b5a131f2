package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static watari.core.nat.HomeNat.HOST;
import static watari.core.nat.HomeNat.OTHER_HOST;
import static watari.core.nat.HomeNat.OUTER;
import static watari.core.nat.HomeNat.SERVER;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;
import watari.core.wire.Protocol;
import watari.core.wire.Tcp;

/// What the Internet can use up of a home: nothing, or what the host of a forward may have.
final class StrangersTest {
  private static final int STRANGERS = 100_000;
  private static final int FIRST_STRANGER = 0x80000001;
  private static final int WEB = Ports.RANGES_OF_16.port(100);

  private static HomeNat home(List<Forward> forwards) {
    var draft = new NatDraft(NatSettings.adaptive(Ports.RANGES_OF_16, 65_536));
    draft.forwards = forwards;
    return new HomeNat(Ports.RANGES_OF_16, draft.settings());
  }

  /// T-12, MAPE-43
  @ParameterizedTest
  @ValueSource(ints = {Protocol.TCP, Protocol.UDP, Protocol.ICMP})
  void makeNoSessionWhereNothingIsForwarded(int protocol) {
    HomeNat home = home(List.of());
    for (int i = 0; i < STRANGERS; i++) {
      int port = Ports.RANGES_OF_16.port(i % 240);
      assertThat(
              home.comesIn(
                  home.probe.any(protocol, FIRST_STRANGER + i, i & 0xffff, OUTER, port, false)))
          .isFalse();
    }
    assertThat(home.napt.sessions()).isZero();
    assertThat(home.napt.freePorts(protocol)).isEqualTo(240);
  }

  /// T-12, CGN-05: a flood of SYNs fills the share of the host that the port is forwarded to. It
  /// and its neighbour go on, and in four minutes all is as before.
  @Test
  void fillNoMoreThanTheShareOfTheHostThatAPortLeadsTo() {
    HomeNat home = home(List.of(new Forward(Protocol.TCP, WEB, new Ipv4Address(HOST), 80)));
    visit(home);
    for (int i = 0; i < STRANGERS; i++) {
      home.comesIn(home.probe.tcp(FIRST_STRANGER + i, 50_000, OUTER, WEB, Tcp.SYN));
      if (i % 100 == 0) {
        home.portOf(home.probe.tcp(OTHER_HOST, 1024 + i / 100, SERVER + i / 100, 443, Tcp.SYN));
        home.portOf(home.probe.udp(HOST, 1024 + i / 100, SERVER + i / 100, 443));
        home.passMillis(100);
        home.napt.tick(home.now());
      }
    }
    int share = HostLimits.DEFAULT.sessionsMax();
    assertThat(home.napt.sessions()).isEqualTo(share + 2 * STRANGERS / 100);
    home.receives(home.probe.tcp(SERVER, 7777, OUTER, WEB, Tcp.ACK));
    home.passSeconds(301);
    for (int step = 0; step < 64; step++) {
      home.napt.tick(home.now());
    }
    assertThat(home.napt.sessions()).as("the visitor's is left").isEqualTo(1);
    home.receives(home.probe.tcp(FIRST_STRANGER, 50_000, OUTER, WEB, Tcp.SYN));
  }

  /// A visitor who came before the flood.
  private static void visit(HomeNat home) {
    home.receives(home.probe.tcp(SERVER, 7777, OUTER, WEB, Tcp.SYN));
    home.portOf(home.probe.tcp(HOST, 80, SERVER, 7777, Tcp.SYN | Tcp.ACK));
    home.receives(home.probe.tcp(SERVER, 7777, OUTER, WEB, Tcp.ACK));
  }
}
