package watari.lab.bench;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import watari.lab.line.Finished;
import watari.lab.line.Place;

/// An interface as the kernel knows it.
///
/// @param index its number
/// @param ethernet its Ethernet address, as the number that the six bytes make
record Attachment(int index, long ethernet) {
  private static final int ETHERNET_DIGITS = 12;

  /// Looks at an interface. Java's own `NetworkInterface` sees those of another namespace in part.
  static Attachment of(Place place, String name) throws IOException {
    return parse(
        Finished.demand(
            List.of("ip", "-json", "-netns", place.namespace(), "link", "show", "dev", name), ""));
  }

  /// Reads what `ip -json link show` prints.
  ///
  /// @throws IOException when it is something else
  static Attachment parse(String json) throws IOException {
    try {
      var link = JsonMapper.shared().readTree(json).path(0);
      var address = link.path("address").asString("").replace(":", "");
      if (address.length() == ETHERNET_DIGITS) {
        long ethernet = HexFormat.fromHexDigitsToLong(address);
        return new Attachment(link.path("ifindex").asInt(), ethernet);
      }
    } catch (JacksonException | IllegalArgumentException wrong) {
      throw new IOException("'ip -json link show' printed what cannot be read: " + json, wrong);
    }
    throw new IOException("'ip -json link show' printed no Ethernet address: " + json);
  }
}
