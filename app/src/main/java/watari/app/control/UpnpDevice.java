package watari.app.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import watari.app.config.GatewayConfig;
import watari.app.igd.Desk;
import watari.app.igd.IgdDevice;
import watari.app.igd.IgdServer;
import watari.app.igd.Visit;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.Uplink;
import watari.core.verdict.Tally;
import watari.host.engine.Worker;

/// The gateway as a UPnP device: its desk on the worker's thread, beside the leases, and what hears
/// the home, where the configuration wants it.
final class UpnpDevice implements Visit, AutoCloseable {
  private static final int ANSWER_SECONDS_MAX = 5;
  private static final long MEGABIT = 1_000_000;

  private final LeasedPorts leased;
  private final Ways ways;
  private final List<RootDevice> devices;
  private final Desk desk;
  private Optional<Ipv4Address> addressSeen;
  private long upSince;
  private volatile long bitsPerSecond;
  private volatile @Nullable IgdDevice device;
  private @Nullable GatewayConfig served;
  private boolean isClosed;

  /// @param name of this device among others, the same for ever
  /// @param randomness of the worker's thread
  UpnpDevice(LeasedPorts leased, Ways ways, UUID name, Randomness randomness) {
    this.leased = leased;
    this.ways = ways;
    devices = RootDevice.both(name.toString());
    addressSeen = ways.address();
    upSince = Worker.monotonicMillis();
    desk = new Desk(leased.leases(), devices, this::uplink, randomness, Worker::monotonicMillis);
  }

  /// While there is no way across the line it has no address, and says that it is not connected.
  private Uplink uplink() {
    Optional<Ipv4Address> address = ways.address();
    if (!address.equals(addressSeen)) {
      addressSeen = address;
      upSince = Worker.monotonicMillis();
    }
    Tally out = ways.books().outbound();
    Tally in = ways.books().inbound();
    var traffic =
        new Uplink.Traffic(out.receivedBytes(), in.receivedBytes(), out.received(), in.received());
    return new Uplink(address, upSince, bitsPerSecond, traffic);
  }

  /// Tells subscribers what has changed; on the worker's thread.
  void tick() {
    IgdDevice current = device;
    if (current != null) {
      current.tick(desk);
    }
  }

  /// Follows a configuration, and tries again what did not work; on any thread but the worker's,
  /// now and then.
  synchronized void become(GatewayConfig config) {
    if (isClosed) {
      return;
    }
    bitsPerSecond = config.line().interfaceName().map(UpnpDevice::bitsPerSecond).orElse(0L);
    if (served == null || !isSame(served, config)) {
      end();
      device = config.portMapping().upnp() ? device(config) : null;
    }
    served = config;
    if (device != null) {
      device.ensure();
    }
  }

  private static boolean isSame(GatewayConfig one, GatewayConfig other) {
    return one.portMapping().upnp() == other.portMapping().upnp() && one.lan().equals(other.lan());
  }

  /// How fast an interface is; 0 where the kernel does not know.
  private static long bitsPerSecond(String name) {
    try {
      String speed = Files.readString(Path.of("/sys/class/net", name, "speed")).strip();
      return Math.max(0, Long.parseLong(speed)) * MEGABIT;
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }

  private IgdDevice device(GatewayConfig config) {
    var random = new SecureRandom();
    return new IgdDevice(
        new IgdServer.Place(config.lan().address(), IgdDevice.PORT, config.lan().prefixes()),
        devices,
        this,
        new Randomness(random.nextLong(), random.nextLong()),
        Worker::monotonicMillis,
        Instant::now);
  }

  /// What it changes is safe from a crash when this returns.
  @Override
  public <T> T ask(Function<Desk, T> errand) throws IOException {
    try {
      return leased.ask(() -> errand.apply(desk)).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the worker does not answer", e);
    }
  }

  /// Why it cannot be found or reached now.
  Optional<String> problem() {
    IgdDevice current = device;
    return current == null ? Optional.empty() : current.problem();
  }

  private void end() {
    IgdDevice current = device;
    device = null;
    if (current != null) {
      current.close();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    end();
  }
}
