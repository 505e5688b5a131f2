package watari.app.igd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import watari.core.net.Ipv4Address;
import watari.core.portmap.igd.Answer;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.IgdVersion;
import watari.core.portmap.igd.InternetGateway;
import watari.core.portmap.igd.Question;
import watari.core.portmap.igd.ServiceType;
import watari.core.portmap.igd.Uplink;
import watari.core.portmap.igd.UpnpError;

/// What a service says that it can do is what it does.
final class DescriptionsTest {
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("NewRemoteHost", ""),
          Map.entry("NewExternalPort", "62275"),
          Map.entry("NewProtocol", "TCP"),
          Map.entry("NewInternalPort", "80"),
          Map.entry("NewInternalClient", "192.168.1.10"),
          Map.entry("NewEnabled", "1"),
          Map.entry("NewPortMappingDescription", "sample"),
          Map.entry("NewLeaseDuration", "0"),
          Map.entry("NewPortMappingIndex", "0"),
          Map.entry("NewStartPort", "0"),
          Map.entry("NewEndPort", "65535"),
          Map.entry("NewManage", "0"),
          Map.entry("NewNumberOfPorts", "0"),
          Map.entry("NewConnectionType", "IP_Routed"),
          Map.entry(
              "NewDefaultConnectionService",
              LoopbackGateway.DEVICES.getFirst().defaultConnectionService()));

  /// That no host may change or end the connection of all.
  private static final List<UpnpError> REFUSED_TO_ALL =
      List.of(
          UpnpError.READ_ONLY,
          UpnpError.INACTIVE_CONNECTION_REQUIRED,
          UpnpError.NOT_AUTHORIZED,
          UpnpError.ACTION_FAILED);

  static Stream<ServiceType> types() {
    return Stream.of(IgdVersion.values())
        .flatMap(version -> Stream.of(IgdService.values()).map(service -> service.type(version)))
        .distinct();
  }

  private static Document document(ServiceType type) throws Exception {
    byte[] text = Site.description(type).getBytes(StandardCharsets.UTF_8);
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text));
  }

  private static List<Element> elements(Document document, String name) {
    var nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static String text(Element element, String name) {
    return element.getElementsByTagName(name).item(0).getTextContent();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyArgumentHasItsVariable(ServiceType type) throws Exception {
    var document = document(type);
    var variables =
        elements(document, "stateVariable").stream().map(one -> text(one, "name")).toList();
    var related =
        elements(document, "relatedStateVariable").stream().map(Element::getTextContent).toList();
    assertThat(variables).doesNotHaveDuplicates().containsAll(related);
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsSaidToBeEventedIs(ServiceType type) throws Exception {
    var evented =
        elements(document(type), "stateVariable").stream()
            .filter(one -> one.getAttribute("sendEvents").equals("yes"))
            .map(one -> text(one, "name"))
            .toList();
    assertThat(evented).containsExactlyInAnyOrderElementsOf(type.service().evented(type.version()));
  }

  /// Each action is known, needs each of its arguments, and says what it should in that order.
  @ParameterizedTest
  @MethodSource("types")
  void everyActionIsDone(ServiceType type) throws Exception {
    for (Element action : elements(document(type), "action")) {
      String name = text(action, "name");
      var in = new HashMap<String, String>();
      arguments(action, "in").forEach(one -> in.put(one, SAMPLES.getOrDefault(one, "")));
      demandDone(answer(type, name, in), name, arguments(action, "out"));
      for (String missing : arguments(action, "in")) {
        var fewer = new HashMap<>(in);
        fewer.remove(missing);
        assertThat(answer(type, name, fewer))
            .as(name + " without " + missing)
            .isEqualTo(new Answer.Failed(UpnpError.INVALID_ARGS));
      }
    }
  }

  private static void demandDone(Answer answer, String action, List<String> out) {
    switch (answer) {
      case Answer.Done done ->
          assertThat(done.values().keySet()).as(action).containsExactlyElementsOf(out);
      case Answer.Listing _ -> assertThat(out).containsExactly("NewPortListing");
      case Answer.Failed failed -> assertThat(failed.error()).as(action).isIn(REFUSED_TO_ALL);
    }
  }

  private static List<String> arguments(Element action, String direction) {
    var nodes = action.getElementsByTagName("argument");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(argument -> text(argument, "direction").equals(direction))
        .map(argument -> text(argument, "name"))
        .toList();
  }

  /// The answer of a gateway with one mapping, the one that the samples describe.
  private static Answer answer(ServiceType type, String action, Map<String, String> in) {
    var gateway = new InternetGateway(LoopbackGateway.leases(), LoopbackGateway.DEVICES);
    var add = IgdService.WAN_IP_CONNECTION.type(IgdVersion.V2);
    assertThat(ask(gateway, add, "AddPortMapping", SAMPLES)).isInstanceOf(Answer.Done.class);
    return ask(gateway, type, action, in);
  }

  private static Answer ask(
      InternetGateway gateway, ServiceType type, String action, Map<String, String> in) {
    var host = Ipv4Address.parse("192.168.1.10");
    var question = new Question(LoopbackGateway.DEVICES.getFirst(), type, action, in, host);
    var uplink = new Uplink(Optional.of(host), 0, 0, new Uplink.Traffic(0, 0, 0, 0));
    return gateway.answer(question, uplink, 0);
  }
}
