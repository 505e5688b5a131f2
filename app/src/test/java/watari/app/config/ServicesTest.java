package watari.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Prefix;
import watari.core.net.Refused;
import watari.core.rule.Confidence;
import watari.core.rule.Layout;
import watari.core.rule.MapDomain;

final class ServicesTest {
  private static final Services BUILT_IN = Services.builtIn();

  private static List<String> names(Services services) {
    return services.list().stream().map(Service::name).toList();
  }

  private static MapDomain domain(String rule) {
    return switch (RuleText.parse(rule)) {
      case Checked.Valid<MapDomain>(var domain) -> domain;
      case Checked.Invalid<MapDomain>(var problems) -> throw new AssertionError(problems);
    };
  }

  private static MapDomain named(String name, MapDomain domain) {
    return new MapDomain(name, domain.relay(), false, domain.confidence(), domain.rules());
  }

  @Test
  void hasEveryRowOfThePublicTables() {
    assertThat(names(BUILT_IN)).containsExactly("nuro", "v6plus", "biglobe", "ocn");
    assertThat(BUILT_IN.list().stream().map(service -> service.rules().size()))
        .containsExactly(4, 8, 258, 155);
    assertThat(BUILT_IN.list().get(2).domains()).hasSize(2);
    assertThat(BUILT_IN.table().size()).isEqualTo(425);
  }

  /// MAPE-28: all of them have the draft's layout, and end-user prefixes of 56 bits.
  @Test
  void knowsLayoutAndConfidenceOfEachRow() {
    BUILT_IN
        .matches()
        .forEach(match -> {
          assertThat(match.rule().layout()).isEqualTo(Layout.DRAFT_03);
          assertThat(match.rule().endUserLength()).isEqualTo(56);
          assertThat(match.domain().confidence())
              .isEqualTo(
                  match.service().name().equals("nuro") ? Confidence.INFERRED : Confidence.SEEN);
        });
  }

  @Test
  void namesAddressesOfNuroInReverse() {
    var name = BUILT_IN.only("nuro").list().getFirst().reverseName().orElseThrow();
    assertThat(name.of(Ipv4Address.parse("219.104.128.1"))).isEqualTo("madb688001.ap.nuro.jp");
  }

  /// MAPE-05
  @Test
  void choosesTheLongestMatchAmongServices() {
    var wide = named("wide", domain("ipv6=240d::/16 ipv4=192.0.2.0/24 ea=16"));
    var both = new Services(List.of(Service.of(wide), BUILT_IN.list().getFirst()));
    assertThat(both.match(Ipv6Prefix.parse("240d:f:88c:8100::/56")))
        .hasValueSatisfying(match -> assertThat(match.service().name()).isEqualTo("nuro"));
    assertThat(both.match(Ipv6Prefix.parse("240d:1a:88c:8100::/56")))
        .hasValueSatisfying(match -> assertThat(match.service().name()).isEqualTo("wide"));
    assertThat(both.match(Ipv6Prefix.parse("2001:db8::/56"))).isEmpty();
  }

  @Test
  void letsAFileAddADomain() {
    var added = named("mine", domain("ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16"));
    Services services = BUILT_IN.overriddenBy(List.of(added));
    assertThat(names(services)).containsExactly("mine", "nuro", "v6plus", "biglobe", "ocn");
    assertThat(services.table().size()).isEqualTo(426);
  }

  @Test
  void letsAFileOverrideAServiceByItsName() {
    var other = named("ocn", domain("ipv6=2001:db8::/40 ipv4=192.0.2.0/24 ea=16"));
    Services services = BUILT_IN.overriddenBy(List.of(other));
    assertThat(names(services)).containsExactly("ocn", "nuro", "v6plus", "biglobe");
    assertThat(services.table().size()).isEqualTo(271);
  }

  @Test
  void letsAFileOverrideTheRulesThatItContradicts() {
    var other = named("mine", domain("ipv6=240d:f:1000::/36 ipv4=219.104.144.0/20 ea=20 offset=6"));
    Services services = BUILT_IN.overriddenBy(List.of(other));
    assertThat(services.only("nuro").list().getFirst().rules()).hasSize(3);
    assertThat(services.table().size()).isEqualTo(425);
  }

  @Test
  void saysWhichServiceWasMeant() {
    assertThatThrownBy(() -> BUILT_IN.only("v6pls"))
        .isInstanceOf(Refused.class)
        .hasMessage("there is no service 'v6pls'; did you mean 'v6plus'?");
    assertThatThrownBy(() -> BUILT_IN.only("transix"))
        .hasMessageContaining("it may have nuro, v6plus, biglobe, ocn");
  }
}
