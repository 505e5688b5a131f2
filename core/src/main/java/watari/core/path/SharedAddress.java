package watari.core.path;

import java.util.List;
import java.util.Optional;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.Holding.Claim;
import watari.core.nat.NatSettings.DynamicPorts;
import watari.core.nat.RemoteFilter;
import watari.core.nat.Reservations;
import watari.core.nat.Wish;
import watari.core.rule.PortSet;

/// The ports of an address that the home shares with this machine, as hosts at home may have them:
/// what comes for a port outside these never comes to us.
record SharedAddress(Reservations all, DynamicPorts home) implements Reservations {
  private boolean isOfHome(int port) {
    return port >= home.first() && port <= home.last();
  }

  @Override
  public int outerAddress() {
    return all.outerAddress();
  }

  @Override
  public PortSet ports() {
    return all.ports();
  }

  @Override
  public Grant reserve(Wish wish, long now) {
    boolean isElsewhere = wish.wantedPort() != 0 && !isOfHome(wish.wantedPort());
    if (wish.claim() == Claim.FORWARD || !isElsewhere) {
      return all.reserve(wish, now);
    }
    return wish.exactly() ? Grant.Refusal.NOT_IN_SET : all.reserve(anywhere(wish), now);
  }

  private static Wish anywhere(Wish wish) {
    return new Wish(
        wish.protocol(), wish.insideAddress(), wish.insidePort(), wish.claim(), 0, false);
  }

  @Override
  public boolean release(int protocol, int outerPort, long now) {
    return all.release(protocol, outerPort, now);
  }

  @Override
  public void filter(int protocol, int outerPort, List<RemoteFilter> filters) {
    all.filter(protocol, outerPort, filters);
  }

  @Override
  public Optional<Holding> ofEndpoint(int protocol, int insideAddress, int insidePort, long now) {
    return all.ofEndpoint(protocol, insideAddress, insidePort, now);
  }

  @Override
  public Optional<Holding> ofPort(int protocol, int outerPort, long now) {
    return all.ofPort(protocol, outerPort, now);
  }

  @Override
  public boolean isFree(int protocol, int outerPort) {
    return isOfHome(outerPort) && all.isFree(protocol, outerPort);
  }
}
