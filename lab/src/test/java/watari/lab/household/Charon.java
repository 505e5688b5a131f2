package watari.lab.household;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import watari.lab.line.Running;
import watari.lab.line.Topology;

/// strongSwan's IKEv2 daemon at a host. It does ESP itself (kernel-libipsec), because the kernel of
/// a test machine may have none.
///
/// @param log what it prints
record Charon(Neighbourhood neighbourhood, String node, Running log) {

  /// The address behind the server that the homes want to reach.
  static final String OFFICE = "10.50.1.1";

  private static final String DAEMON = "/usr/lib/ipsec/charon";

  private static final String SECRET =
      """
      secrets {
        ike-all {
          secret = "between a home and its office"
        }
      }
      """;

  /// The server at the Internet host.
  static Charon serve(Neighbourhood neighbourhood) throws IOException {
    neighbourhood.demand(Topology.INTERNET, "ip", "address", "add", OFFICE + "/32", "dev", "lo");
    return start(neighbourhood, Topology.INTERNET, server());
  }

  /// A client at a home that has not dialled yet.
  static Charon client(Neighbourhood neighbourhood, String node) throws IOException {
    return start(neighbourhood, node, client(node));
  }

  /// Opens the tunnel.
  ///
  /// @return what the two said to each other
  String dial() throws IOException {
    return control("--initiate", "--child", "net", "--timeout", "30");
  }

  /// The tunnels, with addresses and ports of the other ends.
  String tunnels() throws IOException {
    return control("--list-sas");
  }

  private static Charon start(Neighbourhood neighbourhood, String node, String connections)
      throws IOException {
    var settings = Files.writeString(settings(neighbourhood, node), daemon());
    var wishes = Files.writeString(wishes(neighbourhood, node), connections + SECRET);
    var log =
        neighbourhood.start(
            node, neighbourhood.withOwnRun(node, "env", "STRONGSWAN_CONF=" + settings, DAEMON));
    log.awaitPart("spawning", Neighbourhood.PATIENCE);
    var charon = new Charon(neighbourhood, node, log);
    charon.control("--load-all", "--file", wishes.toString());
    return charon;
  }

  private String control(String... words) throws IOException {
    var settings = "STRONGSWAN_CONF=" + settings(neighbourhood, node);
    var program = new ArrayList<>(List.of("env", settings, "swanctl"));
    program.addAll(List.of(words));
    program.addAll(List.of("--uri", socket()));
    return neighbourhood.demand(
        node, neighbourhood.withOwnRun(node, program.toArray(String[]::new)));
  }

  private static Path settings(Neighbourhood neighbourhood, String node) throws IOException {
    return neighbourhood.folder(node).resolve("strongswan.conf");
  }

  private static Path wishes(Neighbourhood neighbourhood, String node) throws IOException {
    return neighbourhood.folder(node).resolve("swanctl.conf");
  }

  private static String socket() {
    return "unix:///run/charon.vici";
  }

  /// A NAT keepalive each second, so that a test sees one soon.
  private static String daemon() {
    return """
    charon {
      load = random nonce openssl pem x509 pubkey kdf kernel-libipsec kernel-netlink socket-default vici
      keep_alive = 1s
      filelog {
        out {
          path = /dev/stdout
          flush_line = yes
        }
      }
      plugins {
        vici {
          socket = %s
        }
        kernel-libipsec {
          allow_peer_ts = yes
        }
      }
    }
    swanctl {
      load = random nonce openssl pem
    }
    """
        .formatted(socket());
  }

  private static String server() {
    return """
    connections {
      homes {
        version = 2
        pools = homes
        local {
          auth = psk
          id = office
        }
        remote {
          auth = psk
        }
        children {
          net {
            local_ts = %s/32
            esp_proposals = aes128gcm16
          }
        }
        proposals = aes128-sha256-x25519
      }
    }
    pools {
      homes {
        addrs = 10.50.0.0/24
      }
    }
    """
        .formatted(OFFICE);
  }

  private static String client(String node) {
    return """
    connections {
      office {
        version = 2
        remote_addrs = %s
        vips = 0.0.0.0
        local {
          auth = psk
          id = %s
        }
        remote {
          auth = psk
          id = office
        }
        children {
          net {
            remote_ts = %s/32
            esp_proposals = aes128gcm16
          }
        }
        proposals = aes128-sha256-x25519
      }
    }
    """
        .formatted(Topology.INTERNET_IPV4, node, OFFICE);
  }
}
