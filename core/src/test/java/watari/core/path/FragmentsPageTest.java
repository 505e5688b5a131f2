package watari.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import watari.core.wire.Ipv6;

/// `docs/fragments.md` says of each limit what the code says. `-Dupdate` writes its table anew.
final class FragmentsPageTest {
  private static final Path PAGE = Path.of("../docs/fragments.md");
  private static final String HEAD = "| what | how much |\n|---|---|\n";

  /// FRG-18
  @Test
  void everyLimitAndTimeStandsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(HEAD) + HEAD.length();
    int to = page.indexOf("\n\n", from) < 0 ? page.length() : page.indexOf("\n\n", from) + 1;
    String wanted = page.substring(0, from) + table() + page.substring(to);
    if (System.getProperty("update") != null) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(wanted);
  }

  private static String table() {
    var table = new StringBuilder();
    rows().forEach((what, much) -> table.append("| " + what + " | " + much + " |\n"));
    return table.toString();
  }

  private static Map<String, String> rows() {
    var rows = new LinkedHashMap<String, String>();
    rows.put(
        "memory for unfinished packets, with all notes about them",
        mebibytes(FragmentSettings.DEFAULT.memoryBytes())
            + " in a gateway, "
            + mebibytes(FragmentMemory.RELAY_BYTES)
            + " in a relay");
    rows.put("share of one source", "1/" + FragmentMemory.SOURCES);
    rows.put("time for an outer packet", seconds(Reassembly.OUTER_TIMEOUT_MILLIS));
    rows.put("time for an inner packet", seconds(Reassembly.INNER_TIMEOUT_MILLIS));
    rows.put(
        "time while more than half of the memory is in use",
        seconds(Reassembly.TIGHT_TIMEOUT_MILLIS));
    rows.put(
        "time for the first fragment while more than half is in use",
        seconds(Reassembly.TIGHT_FIRST_MILLIS));
    rows.put("fragments of one packet", "" + Datagram.FRAGMENTS_MAX);
    rows.put(
        "time until an IPv4 identification comes again to one target, for what is cut",
        seconds(Ipv4Ids.LIFETIME_SECONDS * 1000L));
    rows.put("lowest MTU of a path that is believed", Ipv6.MTU_MIN + " bytes");
    rows.put("time that a lower MTU is believed", seconds(Fit.BELIEVED_MILLIS));
    rows.put("paths with a lower MTU that are known at a time", "" + PathMtus.PATHS_MAX);
    rows.put(
        "ICMP messages made, of each of the two families",
        Pace.PER_SECOND + " a second, " + Pace.BURST + " at once");
    rows.put(
        "of these, to one target",
        Pace.PER_SECOND_OF_TARGET + " a second, " + Pace.BURST_OF_TARGET + " at once");
    rows.put("length of an ICMP error", Answers.LENGTH_MAX + " bytes");
    rows.put("length of an ICMPv6 error", Ipv6.MTU_MIN + " bytes");
    return rows;
  }

  private static String mebibytes(int bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static String seconds(long millis) {
    return millis / 1000 + " s";
  }
}
