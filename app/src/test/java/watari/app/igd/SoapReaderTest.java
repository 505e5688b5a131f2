package watari.app.igd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoapReaderTest {
  private static final String TYPE = "urn:schemas-upnp-org:service:WANIPConnection:1";
  private static final String HEAD =
      "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">";

  private static SoapCall read(String text) throws BadXml {
    return SoapReader.read(text.getBytes(StandardCharsets.UTF_8));
  }

  static String action(String inside) {
    return HEAD
        + "<s:Body><u:Act xmlns:u=\""
        + TYPE
        + "\">"
        + inside
        + "</u:Act></s:Body></s:Envelope>";
  }

  private static void demandRefused(String text) {
    assertThatExceptionOfType(BadXml.class).isThrownBy(() -> read(text));
  }

  @Test
  void readsAnActionWithItsArguments() throws BadXml {
    assertThat(read("<?xml version=\"1.0\"?>\r\n" + action("<NewA>1</NewA>\n <NewB></NewB><C/>")))
        .isEqualTo(new SoapCall(TYPE, "Act", Map.of("NewA", "1", "NewB", "", "C", "")));
  }

  @Test
  void readsWhatIsWrittenInOtherWays() throws BadXml {
    String text = action("<!-- x --><NewA>a&amp;b<![CDATA[<c>]]>&#x64;</NewA>");
    assertThat(read(text).arguments()).containsEntry("NewA", "a&b<c>d");
    String header = text.replace("<s:Body>", "<s:Header><h><i/>x</h></s:Header><s:Body>");
    assertThat(read(header).arguments()).containsEntry("NewA", "a&b<c>d");
  }

  @Test
  void readsUtf16() throws BadXml {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + action("<NewA>渡り</NewA>");
    assertThat(SoapReader.read(text.getBytes(StandardCharsets.UTF_16)).arguments())
        .containsEntry("NewA", "渡り");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "<a/>",
        "<Envelope><Body><Act/></Body></Envelope>",
        HEAD + "</s:Envelope>",
        HEAD + "<s:Body></s:Body></s:Envelope>",
        HEAD + "<s:Body><a/><b/></s:Body></s:Envelope>",
        HEAD + "<s:Body><a/></s:Body><s:Body><b/></s:Body></s:Envelope>",
        HEAD + "<s:Body><a/></s:Body></s:Envelope><x/>",
        HEAD + "<s:Body><a/>text</s:Body></s:Envelope>",
        HEAD + "<s:Body><a/></s:Body>",
        HEAD + "<s:Header/><s:Header/><s:Body><a/></s:Body></s:Envelope>",
        HEAD + "<?do it?><s:Body><a/></s:Body></s:Envelope>"
      })
  void refusesWhatIsNoEnvelopeWithOneAction(String text) {
    demandRefused(text);
  }

  /// IGD-25
  @Test
  void refusesManyLaughs() {
    var text = new StringBuilder("<!DOCTYPE lol [<!ENTITY a0 \"lol\">");
    for (int i = 1; i < 30; i++) {
      text.append("<!ENTITY a%d \"%s\">".formatted(i, "&a%d;".formatted(i - 1).repeat(10)));
    }
    demandRefused(text + "]>" + action("<NewA>&a29;</NewA>"));
  }

  /// IGD-25
  @Test
  void refusesEntitiesThatAreFiles(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    for (String kind :
        new String[] {"<!ENTITY x SYSTEM \"%s\">", "<!ENTITY %% x SYSTEM \"%s\"> %%x;"}) {
      String type = "<!DOCTYPE a [" + kind.formatted(secret.toUri()) + "]>";
      demandRefused(type + action("<NewA>&x;</NewA>"));
    }
    demandRefused("<!DOCTYPE a SYSTEM \"" + secret.toUri() + "\">" + action(""));
    demandRefused(action("<NewA>&x;</NewA>"));
  }

  /// IGD-25
  @Test
  void refusesADocumentTypeThatTheReaderHasNoWordsFor() {
    demandRefused("<!DOCTYPE a [\u001b]>" + action(""));
  }

  /// IGD-25
  @ParameterizedTest
  @ValueSource(ints = {2, 100, 10_000})
  void refusesWhatIsDeep(int depth) {
    demandRefused(action("<a>".repeat(depth) + "</a>".repeat(depth)));
    var header = "<s:Header>" + "<a>".repeat(depth + 8) + "</a>".repeat(depth + 8) + "</s:Header>";
    demandRefused(action("").replace("<s:Body>", header + "<s:Body>"));
  }

  /// IGD-25
  @Test
  void refusesManyAttributesAndManyArguments() {
    var attributes = new StringBuilder();
    var arguments = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      attributes.append(" a").append(i).append("=\"\"");
      arguments.append("<a").append(i).append("/>");
    }
    demandRefused(action("<NewA" + attributes + "/>"));
    demandRefused(action(arguments.toString()));
    demandRefused(action("<NewA>1</NewA><NewA>2</NewA>"));
  }
}
