package watari.core.portmap.igd;

import watari.core.net.Ipv4Address;

/// The messages of discovery as text (UPnP Device Architecture 1.1, §1.2 and §1.3).
///
/// @param server where the descriptions are, as in `http://192.168.1.1:1900`
/// @param product as in `Watari/0.1.0`
/// @param boot a number that is higher after each restart
/// @param seconds how long what is said holds
record SsdpText(String server, String product, int boot, int seconds) {

  /// The description is made anew at each restart, so its number need not count on its own.
  private static final int CONFIGURATION = 1;

  /// The answer to a search.
  ///
  /// @param target what was searched for
  String found(String target, Advertisement advertisement) {
    return message("HTTP/1.1 200 OK")
        .header("CACHE-CONTROL", "max-age=" + seconds)
        .header("EXT", "")
        .header("LOCATION", server + advertisement.path())
        .header("SERVER", serverHeader())
        .header("ST", target)
        .header("USN", advertisement.name())
        .ids(this)
        .end();
  }

  String alive(Advertisement advertisement) {
    return notification()
        .header("CACHE-CONTROL", "max-age=" + seconds)
        .header("LOCATION", server + advertisement.path())
        .header("NT", advertisement.target())
        .header("NTS", "ssdp:alive")
        .header("SERVER", serverHeader())
        .header("USN", advertisement.name())
        .ids(this)
        .end();
  }

  String byebye(Advertisement advertisement) {
    return notification()
        .header("NT", advertisement.target())
        .header("NTS", "ssdp:byebye")
        .header("USN", advertisement.name())
        .ids(this)
        .end();
  }

  private String serverHeader() {
    return "Linux UPnP/1.1 " + product;
  }

  private static Message notification() {
    String group = new Ipv4Address(Discovery.GROUP) + ":" + Discovery.PORT;
    return message("NOTIFY * HTTP/1.1").header("HOST", group);
  }

  private static Message message(String firstLine) {
    return new Message(new StringBuilder(firstLine).append("\r\n"));
  }

  private record Message(StringBuilder text) {
    Message header(String name, String value) {
      text.append(name).append(": ").append(value).append("\r\n");
      return this;
    }

    Message ids(SsdpText all) {
      return header("BOOTID.UPNP.ORG", Integer.toString(all.boot))
          .header("CONFIGID.UPNP.ORG", Integer.toString(CONFIGURATION));
    }

    String end() {
      return text.append("\r\n").toString();
    }
  }
}
