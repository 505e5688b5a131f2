package watari.app.igd;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Randomness;
import watari.core.portmap.igd.Discovery;
import watari.core.portmap.igd.RootDevice;
import watari.host.service.DiscoveryService;

/// The device on the network: its server, and what makes it found.
///
/// Where the address is not there yet, or a port is another program's, it is tried again and again,
/// and traffic goes on meanwhile.
public final class IgdDevice implements AutoCloseable {
  /// The port of its server, which is registered for discovery over TCP. No forward can need it: no
  /// set of a shared address has a port so low, and it is taken at the address of the home alone.
  public static final int PORT = 1900;

  private final IgdServer.Place place;
  private final List<RootDevice> devices;
  private final Visit visit;
  private final Randomness randomness;
  private final LongSupplier millis;
  private final Supplier<Instant> wallClock;
  private volatile @Nullable IgdServer server;
  private @Nullable DiscoveryService discovery;
  private volatile Optional<String> problem = Optional.empty();
  private boolean isClosed;

  /// Nothing is there before [#ensure].
  ///
  /// @param randomness its own
  /// @param millis a clock that only goes forward
  public IgdDevice(
      IgdServer.Place place,
      List<RootDevice> devices,
      Visit visit,
      Randomness randomness,
      LongSupplier millis,
      Supplier<Instant> wallClock) {
    this.place = place;
    this.devices = List.copyOf(devices);
    this.visit = visit;
    this.randomness = randomness;
    this.millis = millis;
    this.wallClock = wallClock;
  }

  /// Why it cannot be found or reached now, as one sentence.
  public Optional<String> problem() {
    return problem;
  }

  /// Begins where it has not yet, or begins anew where its interface is another; on any thread but
  /// the desk's.
  public synchronized void ensure() {
    if (isClosed) {
      return;
    }
    try {
      if (discovery != null && discovery.isOver()) {
        closeDiscovery();
      }
      if (server == null) {
        server = IgdServer.open(place, devices, visit);
      }
      if (discovery == null) {
        discovery = DiscoveryService.open(place.address(), this::discovery, millis);
      }
      problem = Optional.empty();
    } catch (IOException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Discovery discovery(long now) {
    return new Discovery(
        devices,
        "http://" + place.address() + ":" + place.port(),
        "Watari/" + IgdServer.productVersion(),
        (int) wallClock.get().getEpochSecond() & Integer.MAX_VALUE,
        place.home(),
        randomness,
        now);
  }

  /// Tells subscribers what has changed; on the desk's thread.
  public void tick(Desk desk) {
    IgdServer current = server;
    if (current != null) {
      current.tellWhatIsDue(desk);
    }
  }

  private void closeDiscovery() throws IOException {
    DiscoveryService current = discovery;
    discovery = null;
    if (current != null) {
      current.close();
    }
  }

  /// Takes back what it announced, and ends.
  @Override
  public synchronized void close() {
    isClosed = true;
    try {
      closeDiscovery();
    } catch (IOException _) {
      // it has ended all the same
    }
    IgdServer current = server;
    server = null;
    if (current != null) {
      current.close();
    }
  }
}
