package watari.app.igd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import watari.core.net.Ipv4Address;

final class CallbackTest {
  private static final Ipv4Address ANNA = Ipv4Address.parse("192.168.1.10");

  /// IGD-24
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<>",
        "http://192.168.1.10/",
        "<http://192.168.1.11/>",
        "<http://203.0.113.80:80/>",
        "<http://192.168.1.10.example.net/>",
        "<http://192.168.1.10@203.0.113.80/>",
        "<http://203.0.113.80@192.168.1.10/>",
        "<http://[::ffff:192.168.1.10]/>",
        "<http://3232235786/>",
        "<http://localhost/>",
        "<https://192.168.1.10/>",
        "<ftp://192.168.1.10/>",
        "<http://192.168.1.10:0/>",
        "<http://192.168.1.10:65536/>",
        "<http://192.168.1.10:99999999999/>",
        "<http://192.168.1.10/ x>",
        "<mailto:192.168.1.10>"
      })
  void nobodyIsToldButTheSubscriber(String header) {
    assertThat(Callback.of(header, ANNA)).isEmpty();
  }

  @Test
  void theFirstUrlThatLeadsToTheSubscriberIsTaken() {
    assertThat(Callback.of("<http://192.168.1.10>", ANNA))
        .contains(URI.create("http://192.168.1.10"));
    assertThat(Callback.of("<http://192.168.1.9/a><http://192.168.1.10:65535/b?c><d>", ANNA))
        .contains(URI.create("http://192.168.1.10:65535/b?c"));
  }

  @Test
  void aHeaderIsNotReadForLong() {
    String url = "<http://192.168.1.10/" + "a".repeat(1002) + ">";
    assertThat(Callback.of(url, ANNA)).isPresent();
    assertThat(Callback.of(url + "<>", ANNA)).isEmpty();
  }
}
