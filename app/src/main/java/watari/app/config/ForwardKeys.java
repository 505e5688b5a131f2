package watari.app.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.plan.ForwardPlan;
import watari.core.plan.ForwardWish;
import watari.core.plan.ForwardWish.Ports;
import watari.core.plan.ForwardWish.Transport;
import watari.core.plan.RememberedForward;
import watari.core.rule.PortSet;

/// The forwards of a gateway's file, each with its place.
final class ForwardKeys {
  private static final List<String> KEYS =
      List.of("name", "protocol", "port", "ports", "block", "to", "toPort");
  private static final List<String> PORT_KEYS = List.of("port", "ports", "block");
  private static final Kind<Integer> PORT = Kind.number(1, 65535);

  /// A screen has room for it.
  private static final int NAME_LETTERS_MAX = 64;

  private final Lan lan;
  private final Problems problems;
  private final Map<String, Place> names = new HashMap<>();
  private final List<ForwardWish> wishes = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();

  private ForwardKeys(Lan lan, Problems problems) {
    this.lan = lan;
    this.problems = problems;
  }

  /// Reads the key `forwards` of a file; what is wrong with one does not hide the others.
  ///
  /// @param lan where they may lead
  static ForwardKeys read(Form file, Lan lan, Problems problems) {
    var keys = new ForwardKeys(lan, problems);
    file.optional("forwards", Kind.list((node, _, _) -> keys.forward(node)));
    return keys;
  }

  List<ForwardWish> wishes() {
    return List.copyOf(wishes);
  }

  /// Says which of them cannot be in any of the port sets that the line may have.
  ///
  /// @param memory where they were in the sets before
  void check(List<PortSet> sets, List<RememberedForward> memory) {
    List<List<ForwardPlan.Refusal>> refusals =
        sets.stream().map(set -> ForwardPlan.of(wishes, set, memory).refusals()).toList();
    for (int wish = 0; wish < wishes.size(); wish++) {
      List<String> sentences = sentences(refusals, wish);
      if (sentences.size() == sets.size()) {
        Place place = places.get(wish);
        sentences.stream().distinct().forEach(sentence -> problems.add(place, sentence));
      }
    }
  }

  private static List<String> sentences(List<List<ForwardPlan.Refusal>> refusals, int wish) {
    return refusals.stream()
        .flatMap(List::stream)
        .filter(refusal -> refusal.wish() == wish)
        .map(ForwardPlan.Refusal::sentence)
        .toList();
  }

  private @Nullable ForwardWish forward(Node node) {
    Form form = Form.open(node, "a forward", KEYS, problems);
    if (form == null) {
      return null;
    }
    String name = form.required("name", Kind.of(ForwardKeys::name));
    Transport transport = form.required("protocol", ForwardKeys::transport);
    Ports ports = ports(form);
    Ipv4Address to = form.required("to", host(lan));
    Integer toPort =
        form.has("toPort") ? form.required("toPort", PORT) : Integer.valueOf(ForwardWish.SAME_PORT);
    if (name != null) {
      checkName(name, form.place("name"));
    }
    if (name == null || transport == null || ports == null || to == null || toPort == null) {
      return null;
    }
    return take(form, name, transport, ports, to, toPort);
  }

  private @Nullable ForwardWish take(
      Form form, String name, Transport transport, Ports ports, Ipv4Address to, int toPort) {
    try {
      var wish = new ForwardWish(name, transport, ports, to, toPort);
      wishes.add(wish);
      places.add(form.place(portKeys(form).getFirst()));
      return wish;
    } catch (Refused refused) {
      problems.add(form.place("toPort"), refused.sentence());
      return null;
    }
  }

  private static String name(String text) {
    if (text.length() > NAME_LETTERS_MAX) {
      throw new Refused("a name has at most " + NAME_LETTERS_MAX + " letters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Refused("a name is one line of letters");
    }
    return text;
  }

  private void checkName(String name, Place place) {
    Place other = names.putIfAbsent(name, place);
    if (other != null) {
      problems.add(
          place, "the forward on line " + other.line() + " is called '" + name + "' already");
    }
  }

  private static @Nullable Transport transport(Node node, String key, Problems problems) {
    String text = Kind.raw().read(node, key, problems);
    return switch (text) {
      case null -> null;
      case "tcp" -> Transport.TCP;
      case "udp" -> Transport.UDP;
      case "both" -> Transport.BOTH;
      default -> {
        problems.add(node.place(), "'" + key + "': " + noTransport(text));
        yield null;
      }
    };
  }

  private static String noTransport(String text) {
    return switch (text) {
      case "esp", "ah", "ipsec", "50", "51" ->
          "IPsec without UDP has no ports, so it cannot be forwarded on a shared address; let the"
              + " VPN use IPv6, or run WireGuard: 'udp' and a port of yours, which its peers dial"
              + " as ADDRESS:PORT";
      case "gre", "pptp", "47" ->
          "GRE, which PPTP needs, has no ports, so it cannot be forwarded on a shared address; run"
              + " WireGuard or OpenVPN: 'udp' and a port of yours, which its peers dial as"
              + " ADDRESS:PORT";
      default -> "it is tcp, udp or both, not '" + text + "'";
    };
  }

  private @Nullable Ports ports(Form form) {
    List<String> keys = portKeys(form);
    if (keys.size() != 1) {
      problems.add(
          form.place(),
          "a forward has one of the keys port (a number), ports (as in 5472-5479) or block (a"
              + " whole range of the set, counted from 1); here "
              + (keys.isEmpty() ? "is none" : "are " + String.join(" and ", keys)));
      return null;
    }
    return switch (keys.getFirst()) {
      case "port" -> {
        Integer port = form.required("port", PORT);
        yield port == null ? null : new Ports.Range(port, port);
      }
      case "ports" -> form.required("ports", Kind.of(ForwardKeys::range));
      default -> {
        Integer number = form.required("block", Kind.number(1, 1 << 15));
        yield number == null ? null : new Ports.Block(number);
      }
    };
  }

  private static List<String> portKeys(Form form) {
    return PORT_KEYS.stream().filter(form::has).toList();
  }

  private static Ports range(String text) {
    if (!text.matches("\\d{1,5}-\\d{1,5}")) {
      throw new Refused("it is two ports with a '-' between, as in 5472-5479, not '" + text + "'");
    }
    int dash = text.indexOf('-');
    return new Ports.Range(
        Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
  }

  /// An address of a host at home.
  static Kind<Ipv4Address> host(Lan lan) {
    return Kind.of(text -> {
      Ipv4Address address = Unicast.ipv4(text);
      if (lan.prefixes().stream().noneMatch(prefix -> prefix.contains(address.bits()))) {
        throw new Refused(address + " is not at home: it lies in none of the prefixes of the lan");
      }
      return address;
    });
  }
}
