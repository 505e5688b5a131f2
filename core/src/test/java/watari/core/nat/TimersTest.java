package watari.core.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import watari.core.net.Refused;

final class TimersTest {

  /// UDP-06, UDP-07, UDP-08, TCP-06, ICMP-03
  @Test
  void areByDefaultWhatTheRfcsAskFor() {
    assertThat(Timers.DEFAULT).isEqualTo(new Timers(300, 20, 7440, 240, 240, 240, 60));
  }

  /// UDP-06
  @Test
  void refuseAUdpTimeThatIsTooShort() {
    assertThatThrownBy(() -> new Timers(119, 20, 7440, 240, 240, 240, 60))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("udpSeconds is 119; it must be at least 120");
  }

  /// TCP-06
  @Test
  void refuseTcpTimesThatAreTooShort() {
    assertThatThrownBy(() -> new Timers(300, 20, 7439, 240, 240, 240, 60))
        .hasMessageContaining("tcpEstablishedSeconds is 7439");
    assertThatThrownBy(() -> new Timers(300, 20, 7440, 9, 240, 240, 60))
        .hasMessageContaining("tcpOpeningSeconds is 9");
    assertThatThrownBy(() -> new Timers(300, 20, 7440, 240, 9, 240, 60))
        .hasMessageContaining("tcpClosingSeconds is 9");
    assertThatThrownBy(() -> new Timers(300, 20, 7440, 240, 240, 9, 60))
        .hasMessageContaining("tcpResetSeconds is 9");
  }

  /// ICMP-03, UDP-07
  @Test
  void refuseTheOtherTimesThatAreTooShort() {
    assertThatThrownBy(() -> new Timers(300, 20, 7440, 240, 240, 240, 59))
        .hasMessageContaining("icmpSeconds is 59");
    assertThatThrownBy(() -> new Timers(300, 9, 7440, 240, 240, 240, 60))
        .hasMessageContaining("udpDnsSeconds is 9");
  }
}
