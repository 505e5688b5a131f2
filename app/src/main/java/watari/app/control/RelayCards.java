package watari.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import watari.app.config.RelayConfig;
import watari.core.rule.RuleTable;
import watari.host.driver.Driver;
import watari.host.driver.Tun;
import watari.host.driver.Xdp;
import watari.host.kernel.Netlink;
import watari.host.offload.Cards;

/// The cards whose packets a relay takes before the kernel sees them, where its file says `door:
/// af_xdp`; else there is nothing here.
///
/// [#status] and [#follow] are for any thread; of the others one runs at a time.
final class RelayCards implements AutoCloseable {
  /// The interfaces; none where the device is all.
  private final List<String> names;

  private volatile @Nullable Cards cards;
  private volatile List<Xdp.Service> services = List.of();

  private RelayCards(List<String> names) {
    this.names = names;
  }

  static RelayCards of(RelayConfig config) {
    var names = new ArrayList<String>();
    if (config.door() == RelayConfig.Door.AF_XDP) {
      var interfaces = config.offload().interfaces().orElseThrow();
      names.addAll(interfaces.ipv4());
      names.addAll(interfaces.line());
    }
    return new RelayCards(List.copyOf(names));
  }

  /// The doors that the file asks for; to cards there is one.
  ///
  /// @throws IOException when the kernel refuses the cards
  List<? extends Driver> open(List<Tun> queues) throws IOException {
    if (names.isEmpty()) {
      return queues;
    }
    try (var netlink = Netlink.open()) {
      var found = Cards.of(netlink, names);
      cards = found;
      var door = Xdp.open(queues.getFirst(), found.ports(), found);
      services = door.services();
      return List.of(door);
    } catch (IOException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /// Lets packets come.
  void attach(RuleTable rules) throws IOException {
    Cards found = cards;
    if (found != null) {
      found.attach(rules);
    }
  }

  /// Lets packets come by other rules. Where the kernel refuses, those of before say what comes by
  /// the cards, and the device has the rest: nothing is lost.
  void become(RuleTable rules) {
    Cards found = cards;
    if (found != null) {
      try {
        found.become(rules);
      } catch (IOException _) {
        // an interface that has gone away, for one
      }
    }
  }

  /// Follows routes and neighbours; call it once a second. It may come once more after the end.
  void follow() {
    Cards found = cards;
    if (found == null) {
      return;
    }
    try (var netlink = Netlink.open()) {
      found.follow(netlink);
    } catch (IOException _) {
      // Packets go by the next hops of before, until the kernel says what they are now.
    }
  }

  /// ```json
  /// {"kind": "af_xdp", "interfaces": [{"name": "net0", "queues": 1, "zeroCopy": false}]}
  /// {"kind": "tun"}
  /// ```
  Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", names.isEmpty() ? "tun" : "af_xdp");
    if (!names.isEmpty()) {
      status.put("interfaces", services.stream().map(RelayCards::described).toList());
    }
    return status;
  }

  private static Map<String, Object> described(Xdp.Service service) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", service.name());
    described.put("queues", service.queues());
    described.put("zeroCopy", service.isZeroCopy());
    return described;
  }

  /// In a few words.
  String summary() {
    return services.isEmpty()
        ? ""
        : services.stream()
            .map(one -> one.name() + (one.isZeroCopy() ? " (zero-copy)" : " (copied)"))
            .collect(Collectors.joining(" and ", ", AF_XDP at ", ""));
  }

  @Override
  public void close() {
    Cards found = cards;
    cards = null;
    if (found != null) {
      found.close();
    }
  }
}
