package watari.app.control;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import watari.core.nat.Carrier;
import watari.core.nat.Napt;
import watari.core.nat.Randomness;
import watari.core.nat.Reservations;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv6Address;
import watari.core.path.Books;
import watari.core.path.Gateway;
import watari.core.path.Native;
import watari.core.plan.ForwardPlan;
import watari.core.plan.LineMode;
import watari.host.engine.Crossing;
import watari.host.engine.Door;

/// The ways across a line that may change. One that was left rests with its sessions: when the line
/// comes back with the same address and ports, so do they.
///
/// The worker's thread owns it.
final class Ways implements AutoCloseable {
  private final Door door;
  private final Randomness randomness;
  private final Books books = new Books();
  private @Nullable Gateway tunnelled;
  private @Nullable Native plain;
  private Crossing crossing = Crossing.nowhere();
  private Optional<Napt> napt = Optional.empty();
  private Reservations reservations = new NoPorts();

  Ways(Door door, Randomness randomness) {
    this.door = door;
    this.randomness = randomness;
  }

  /// Takes the way that is wanted, in the place of the one before.
  ///
  /// @throws watari.core.net.Refused when it cannot be; the one before goes on
  void take(Wanted wanted, ForwardPlan forwards, long now) {
    switch (wanted.mode()) {
      case LineMode.MapE _ -> takeTunnel(wanted, forwards, now);
      case LineMode.Native line -> takePlain(wanted, line, forwards, now);
      case LineMode.None _ -> {
        crossing = Crossing.nowhere();
        napt = Optional.empty();
      }
    }
  }

  private void takeTunnel(Wanted wanted, ForwardPlan forwards, long now) {
    var settings = wanted.tunnelled(forwards);
    Gateway next =
        tunnelled == null
            ? new Gateway(settings, door, door, books, randomness)
            : tunnelled.next(settings, randomness, now);
    tunnelled = next;
    crossing = Crossing.of(next);
    napt = Optional.of(next.napt());
    reservations = next.napt();
  }

  private void takePlain(Wanted wanted, LineMode.Native line, ForwardPlan forwards, long now) {
    var settings = wanted.plain(line, forwards);
    Native next =
        plain == null
            ? new Native(settings, door, door, door, books, randomness)
            : plain.next(settings, randomness, now);
    plain = next;
    crossing = Crossing.of(next);
    napt = Optional.of(next.napt());
    reservations = next.reservations();
  }

  /// Where hosts at home ask for ports: of the way in use, or of the last one, which may come back.
  Reservations reservations() {
    return reservations;
  }

  Crossing crossing() {
    return crossing;
  }

  /// The translator of the way in use.
  Optional<Napt> napt() {
    return napt;
  }

  /// The address of the way in use that hosts at home are seen under.
  Optional<Ipv4Address> address() {
    return napt.map(translator -> new Ipv4Address(translator.outerAddress()));
  }

  /// Lets somebody carry sessions of the tunnel in the place of its translator.
  void carryBy(Carrier carrier, long now) {
    if (tunnelled != null) {
      tunnelled.napt().carryBy(carrier, now);
    }
  }

  /// All packets come to the translator again.
  void carryAlone(long now) {
    if (tunnelled != null) {
      tunnelled.napt().carryAlone(now);
    }
  }

  /// The far ends of tunnels whose paths carry less than the line.
  List<Ipv6Address> narrowPaths() {
    return tunnelled == null ? List.of() : tunnelled.narrowPaths();
  }

  /// What all ways write down.
  Books books() {
    return books;
  }

  /// The longest IPv4 packet that crosses the tunnel in one piece, where one was taken.
  Optional<Integer> tunnelMtu() {
    return Optional.ofNullable(tunnelled).map(Gateway::tunnelMtu);
  }

  @Override
  public void close() {
    if (tunnelled != null) {
      tunnelled.close();
    }
    if (plain != null) {
      plain.close();
    }
  }
}
