package watari.app.igd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.ServiceType;
import watari.core.portmap.igd.Topic;

/// All that lies on the device's HTTP server, and who may come.
///
/// Only hosts of the home may, and only by the server's address: a web page that leads a browser
/// here by a name of its own (DNS rebinding) is turned away.
final class Site {
  private final Ipv4Address address;
  private final List<Ipv4Prefix> home;
  private final Map<String, Page> pages = new HashMap<>();

  /// What answers at a path; empty where it does not know the method.
  @FunctionalInterface
  private interface Page {
    Optional<HttpReply> answer(HttpQuestion question) throws IOException;
  }

  /// @param address the server's own
  /// @param home whose hosts may come
  /// @param version of the product
  Site(
      Ipv4Address address,
      List<Ipv4Prefix> home,
      List<RootDevice> devices,
      String version,
      Visit visit) {
    this.address = address;
    this.home = List.copyOf(home);
    pages.put("/", only("GET", _ -> HttpReply.plain(200, ports(visit))));
    for (RootDevice device : devices) {
      String description = DeviceText.of(device, version);
      pages.put(device.path(), only("GET", _ -> HttpReply.xml(200, description)));
      for (IgdService service : IgdService.values()) {
        addService(device, service, visit);
      }
    }
  }

  private static String ports(Visit visit) throws IOException {
    return "Ports that can be mapped: " + visit.ask(Desk::ports);
  }

  private void addService(RootDevice device, IgdService service, Visit visit) {
    var control = new ControlDoor(visit);
    var events = new EventDoor(visit);
    var topic = new Topic(device.version(), service);
    ServiceType type = service.type(device.version());
    String description = description(type);
    pages.put(Paths.description(type), only("GET", _ -> HttpReply.xml(200, description)));
    pages.put(
        Paths.control(device.version(), service),
        only("POST", question -> control.act(question, device, service)));
    pages.put(
        Paths.events(device.version(), service),
        question ->
            switch (question.method()) {
              case "SUBSCRIBE" -> Optional.of(events.subscribe(question, topic));
              case "UNSUBSCRIBE" -> Optional.of(events.unsubscribe(question, topic));
              default -> Optional.empty();
            });
  }

  /// The description of a service is a file beside this class.
  static String description(ServiceType type) {
    String file = Paths.description(type).substring(1);
    try (InputStream stream = Site.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("the description " + file + " is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the description " + file + " cannot be read", e);
    }
  }

  @FunctionalInterface
  private interface Reply {
    HttpReply to(HttpQuestion question) throws IOException;
  }

  private static Page only(String method, Reply reply) {
    return question ->
        question.method().equals(method) ? Optional.of(reply.to(question)) : Optional.empty();
  }

  /// @throws IOException when the gateway does not answer
  HttpReply answer(HttpQuestion question) throws IOException {
    if (home.stream().noneMatch(prefix -> prefix.contains(question.from().bits()))) {
      return HttpReply.plain(403, "this is for hosts of the home");
    }
    Optional<String> host = question.header().apply("Host");
    if (host.isEmpty()) {
      return HttpReply.plain(400, "the header Host is missing");
    }
    String ours = address + ":" + question.port();
    if (!host.get().equals(ours) && !host.get().equals(address.toString())) {
      return HttpReply.plain(403, "the header Host must be " + ours);
    }
    Page page = pages.get(question.path());
    if (page == null) {
      return HttpReply.plain(404, "there is nothing at this path");
    }
    return page.answer(question)
        .orElseGet(() -> HttpReply.plain(405, "this path knows another method"));
  }
}
