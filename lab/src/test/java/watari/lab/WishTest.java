package watari.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.net.Refused;
import watari.lab.line.Layout;
import watari.lab.line.Topology;

final class WishTest {

  @Test
  void withoutOptionsTwoSubscribersStayUp() {
    assertThat(Wish.parse(List.of()))
        .isEqualTo(new Wish(false, false, new Topology(2, Layout.RFC7597)));
  }

  @Test
  void readsEveryOption() {
    var wish =
        Wish.parse(
            List.of("--once", "--subscribers", "3", "--layout", "draft-03", "--memory", "--mesh"));
    assertThat(wish).isEqualTo(new Wish(true, true, new Topology(3, Layout.DRAFT03, true)));
  }

  @Test
  void refusesWhatItDoesNotKnowInOneSentence() {
    assertThatThrownBy(() -> Wish.parse(List.of("--twice")))
        .isInstanceOf(Refused.class)
        .hasMessageStartingWith("'--twice' is not an option of the lab");
    assertThatThrownBy(() -> Wish.parse(List.of("--subscribers", "many")))
        .isInstanceOf(Refused.class)
        .hasMessage("--subscribers needs a number, as in --subscribers 2, not 'many'");
    assertThatThrownBy(() -> Wish.parse(List.of("--subscribers"))).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> Wish.parse(List.of("--layout", "rfc6145")))
        .isInstanceOf(Refused.class)
        .hasMessage("--layout is rfc7597 or draft-03, not 'rfc6145'");
  }
}
