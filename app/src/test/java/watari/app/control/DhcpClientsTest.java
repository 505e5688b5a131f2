package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import watari.core.net.Ipv4Address;

/// Who has left the home, as the list of its DHCP server tells.
final class DhcpClientsTest {
  private static final String CONSOLE =
      "1764072000 02:00:00:00:00:02 192.168.1.50 console 01:02:00:00:00:00:02\n";
  private static final String TELEPHONE = "1764072000 02:00:00:00:00:03 192.168.1.51 * *\n";
  private static final Ipv4Address OF_CONSOLE = Ipv4Address.parse("192.168.1.50");

  @TempDir private Path folder;
  private DhcpClients clients = new DhcpClients(Path.of("unset"));

  @BeforeEach
  void begin() throws IOException {
    clients = new DhcpClients(folder.resolve("leases"));
    write(CONSOLE + TELEPHONE);
    assertThat(clients.left()).isEmpty();
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("leases"), text);
  }

  @Test
  void whoIsMissingTwiceHasLeftAndIsSaidOnce() throws IOException {
    write(TELEPHONE);
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).containsExactly(OF_CONSOLE);
    assertThat(clients.left()).isEmpty();
  }

  @Test
  void aFileThatIsJustBeingWrittenMovesNobodyOut() throws IOException {
    write(CONSOLE.substring(0, 30));
    assertThat(clients.left()).isEmpty();
    write(CONSOLE + TELEPHONE);
    assertThat(clients.left()).isEmpty();
    write("");
    assertThat(clients.left()).isEmpty();
    write(CONSOLE + TELEPHONE);
    assertThat(clients.left()).isEmpty();
  }

  @Test
  void whoseAddressAnotherHasHasLeft() throws IOException {
    write(CONSOLE.replace("02:00:00:00:00:02", "02:00:00:00:00:09") + TELEPHONE);
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).containsExactly(OF_CONSOLE);
  }

  @Test
  void aRenewalIsNoDeparture() throws IOException {
    write(CONSOLE.replace("1764072000", "1764158400").replace("console", "games") + TELEPHONE);
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).isEmpty();
  }

  @Test
  void aServerThatIsNotThereSaysNothing() throws IOException {
    Files.delete(folder.resolve("leases"));
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).isEmpty();
    write(TELEPHONE);
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).containsExactly(OF_CONSOLE);
  }

  @Test
  void linesOfIpv6AndOtherTextSayNothing() throws IOException {
    write(
        CONSOLE
            + TELEPHONE
            + "duid 00:01:00:01:2c\n1764072000 7 2001:db8::7 console 00:01\n999.1.1.1\n\n");
    assertThat(clients.left()).isEmpty();
    write(CONSOLE + TELEPHONE);
    assertThat(clients.left()).isEmpty();
    assertThat(clients.left()).isEmpty();
  }
}
