package watari.core.portmap.igd;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Prefix;

/// The Simple Service Discovery Protocol of the gateway (UPnP Device Architecture §1): announces
/// the root devices now and then, and answers who searches for them.
///
/// A search is answered only to a sender on the home's own links, so that nobody is flooded with
/// answers to a search that was not theirs; after a random part of the time that it allows; and no
/// more of them than a bucket of tokens holds.
///
/// One thread owns it. Times are milliseconds of a clock that only goes forward.
public final class Discovery {
  public static final int GROUP = 0xefff_fffa; // 239.255.255.250
  public static final int PORT = 1900;

  /// What announcements say of themselves: half an hour, the least that UDA allows.
  private static final int ALIVE_SECONDS = 1800;

  private static final int ALIVE_AGAIN_MILLIS_MIN = 600_000;
  private static final int ALIVE_AGAIN_MILLIS_SPREAD = 300_000;

  /// Datagrams get lost, so the first announcement is made twice.
  private static final int ALIVE_REPEAT_MILLIS = 500;

  private static final int PENDING_MAX = 256;

  private final List<Advertisement> advertisements;
  private final SsdpText text;
  private final List<Ipv4Prefix> onLink;
  private final Randomness randomness;
  private final TokenBucket searches = new TokenBucket(10, 40);
  private final PriorityQueue<Pending> pending = new PriorityQueue<>();
  private long aliveAt;
  private long sent;

  /// What waits; of two that are due at once, the first comes first.
  private record Pending(long at, long number, Datagram datagram) implements Comparable<Pending> {
    @Override
    public int compareTo(Pending other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  /// @param devices what can be found
  /// @param server where the descriptions are, as in `http://192.168.1.1:1900`
  /// @param product the product and its version, as in `Watari/0.1.0`
  /// @param boot a number that is higher after each restart (BOOTID)
  /// @param onLink the home's own links
  public Discovery(
      List<RootDevice> devices,
      String server,
      String product,
      int boot,
      List<Ipv4Prefix> onLink,
      Randomness randomness,
      long now) {
    advertisements = devices.stream().flatMap(device -> Advertisement.of(device).stream()).toList();
    text = new SsdpText(server, product, boot, ALIVE_SECONDS);
    this.onLink = List.copyOf(onLink);
    this.randomness = randomness;
    announce(now + ALIVE_REPEAT_MILLIS);
    aliveAt = now;
  }

  /// Takes a datagram that came to the group or to us.
  public void receive(String message, int source, int sourcePort, long now) {
    if (!isOnLink(source) || sourcePort == 0) {
      return;
    }
    Search.parse(message).ifPresent(search -> answer(search, source, sourcePort, now));
  }

  private boolean isOnLink(int source) {
    return onLink.stream().anyMatch(prefix -> prefix.contains(source));
  }

  private void answer(Search search, int source, int sourcePort, long now) {
    List<Advertisement> found = advertisements.stream().filter(search::asksFor).toList();
    if (found.isEmpty() || pending.size() + found.size() > PENDING_MAX || !searches.take(now)) {
      return;
    }
    for (Advertisement one : found) {
      String answer = text.found(search.answered(one), one);
      long at = now + randomness.below(1000 * search.secondsMax() + 1);
      send(at, new Datagram(source, sourcePort, answer));
    }
  }

  private void announce(long at) {
    for (Advertisement one : advertisements) {
      send(at, new Datagram(GROUP, PORT, text.alive(one)));
    }
  }

  private void send(long at, Datagram datagram) {
    pending.add(new Pending(at, sent++, datagram));
  }

  /// What is to be sent now.
  public List<Datagram> due(long now) {
    if (aliveAt <= now) {
      announce(now);
      aliveAt = now + ALIVE_AGAIN_MILLIS_MIN + randomness.below(ALIVE_AGAIN_MILLIS_SPREAD);
    }
    var due = new ArrayList<Datagram>();
    for (Pending next = pending.peek(); next != null && next.at() <= now; next = pending.peek()) {
      due.add(next.datagram());
      pending.remove();
    }
    return due;
  }

  /// When [#due] has something to say next, if nothing is received before.
  public long wakeAt() {
    Pending next = pending.peek();
    return next == null ? aliveAt : Math.min(next.at(), aliveAt);
  }

  /// What is to be sent at the end: all that was announced is gone.
  public List<Datagram> farewell() {
    return advertisements.stream().map(one -> new Datagram(GROUP, PORT, text.byebye(one))).toList();
  }
}
