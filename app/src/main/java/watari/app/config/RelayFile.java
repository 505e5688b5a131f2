package watari.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import watari.app.config.RelayConfig.Door;
import watari.core.net.Ipv4Address;
import watari.core.net.Refused;
import watari.core.path.TunnelSettings;

/// The keys of a relay's file.
final class RelayFile {
  static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "rules",
                  "service",
                  "domains",
                  "line",
                  "address",
                  "anycast",
                  "graceSeconds",
                  "tun",
                  "socket",
                  "workers",
                  "door"),
              OffloadKeys.KEYS.stream())
          .toList();

  private static final Path SOCKET_DEFAULT = Path.of("/run/watari/relay.sock");

  private static final int GRACE_DEFAULT = 30;
  private static final int GRACE_MAX = 3600;

  private RelayFile() {}

  static @Nullable RelayConfig config(Form form, Path file, Problems problems) {
    Services services = ConfigFile.services(form, file, problems);
    TunnelSettings tunnel = form.required("line", (node, _, _) -> tunnel(node, problems));
    Ipv4Address address = form.required("address", Kind.of(Unicast::ipv4));
    boolean anycast = form.optional("anycast", false, Kind.yesNo());
    int grace = form.optional("graceSeconds", GRACE_DEFAULT, Kind.number(0, GRACE_MAX));
    String tun = form.optional("tun", "watari-relay0", ConfigFile.INTERFACE);
    Path socket = form.optional("socket", SOCKET_DEFAULT, ConfigFile.SOCKET);
    OptionalInt workers = form.optional("workers", OptionalInt.empty(), RelayFile::workers);
    OffloadWish offload = OffloadKeys.read(form, "internet", problems);
    Door door = door(form, workers, offload, problems);
    return services == null || tunnel == null || address == null
        ? null
        : new RelayConfig(
            services, tunnel, address, anycast, grace, tun, socket, workers, door, offload);
  }

  private static @Nullable OptionalInt workers(Node node, String key, Problems problems) {
    String text = Kind.raw().read(node, key, problems);
    if (text == null) {
      return null;
    }
    if (text.equals("auto")) {
      return OptionalInt.empty();
    }
    Integer number = Kind.whole(text);
    if (number == null || number < 1 || number > RelayConfig.WORKERS_MAX) {
      problems.add(
          node.place(),
          "'workers' is auto or a number from 1 to " + RelayConfig.WORKERS_MAX + ", not " + text);
      return null;
    }
    return OptionalInt.of(number);
  }

  /// Packets that come by `AF_XDP` are taken before a program of the offload could see them.
  private static Door door(Form form, OptionalInt workers, OffloadWish offload, Problems problems) {
    Door door = form.optional("door", Door.TUN, Kind.of(RelayFile::door));
    if (door == Door.AF_XDP && !form.has("interfaces")) {
      problems.add(
          form.place("door"),
          "'door: af_xdp' needs the interfaces whose packets it takes, as in interfaces: {internet:"
              + " eth0, line: eth1}");
    }
    if (door == Door.AF_XDP && offload.demand() != OffloadWish.Demand.OFF) {
      problems.add(
          form.place("door"),
          "'door: af_xdp' takes the packets before the offload could; say 'offload: off' with it,"
              + " or 'door: tun'");
    }
    if (door == Door.AF_XDP && workers.orElse(1) > 1) {
      problems.add(
          form.place("door"),
          "'door: af_xdp' has one worker for all cards; say 'workers: 1' or leave it out");
    }
    return door;
  }

  private static Door door(String text) {
    return switch (text) {
      case "tun" -> Door.TUN;
      case "af_xdp" -> Door.AF_XDP;
      default -> throw new Refused("it is tun or af_xdp, not '" + text + "'");
    };
  }

  private static @Nullable TunnelSettings tunnel(Node node, Problems problems) {
    Form form = Form.open(node, "the line", TunnelKeys.KEYS, problems);
    return form == null ? null : TunnelKeys.read(form, problems);
  }
}
