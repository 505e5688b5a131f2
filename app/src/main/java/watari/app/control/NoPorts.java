package watari.app.control;

import java.util.List;
import java.util.Optional;
import watari.core.nat.Grant;
import watari.core.nat.Holding;
import watari.core.nat.RemoteFilter;
import watari.core.nat.Reservations;
import watari.core.nat.Wish;
import watari.core.rule.PortSet;

/// What hosts at home may have while the line has no address yet: nothing.
final class NoPorts implements Reservations {
  @Override
  public int outerAddress() {
    return 0;
  }

  @Override
  public PortSet ports() {
    return PortSet.ALL;
  }

  @Override
  public Grant reserve(Wish wish, long now) {
    return Grant.Refusal.NONE_FREE;
  }

  @Override
  public boolean release(int protocol, int outerPort, long now) {
    return false;
  }

  @Override
  public void filter(int protocol, int outerPort, List<RemoteFilter> filters) {
    // nobody can have one to filter
  }

  @Override
  public Optional<Holding> ofEndpoint(int protocol, int insideAddress, int insidePort, long now) {
    return Optional.empty();
  }

  @Override
  public Optional<Holding> ofPort(int protocol, int outerPort, long now) {
    return Optional.empty();
  }

  @Override
  public boolean isFree(int protocol, int outerPort) {
    return false;
  }
}
