package watari.app.igd;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import watari.core.nat.Randomness;
import watari.core.net.Ipv4Address;
import watari.core.portmap.Leases;
import watari.core.portmap.igd.Answer;
import watari.core.portmap.igd.InternetGateway;
import watari.core.portmap.igd.Notification;
import watari.core.portmap.igd.Question;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.Subscriptions;
import watari.core.portmap.igd.Subscriptions.Granted;
import watari.core.portmap.igd.Topic;
import watari.core.portmap.igd.Uplink;

/// The part of the device that lives on the thread of its leases, with the time of that thread.
public final class Desk {
  private final InternetGateway gateway;
  private final Subscriptions subscriptions;
  private final Leases leases;
  private final Supplier<Uplink> uplink;
  private final LongSupplier millis;

  /// @param uplink the way to the Internet as it is when it is asked for
  /// @param millis a clock that only goes forward
  public Desk(
      Leases leases,
      List<RootDevice> devices,
      Supplier<Uplink> uplink,
      Randomness randomness,
      LongSupplier millis) {
    gateway = new InternetGateway(leases, devices);
    subscriptions = new Subscriptions(randomness);
    this.leases = leases;
    this.uplink = uplink;
    this.millis = millis;
  }

  Answer answer(Question question) {
    long now = millis.getAsLong();
    leases.expire(now);
    return gateway.answer(question, uplink.get(), now);
  }

  Optional<Granted> subscribe(Topic topic, Ipv4Address subscriber, String callback, int seconds) {
    return subscriptions.begin(topic, subscriber, callback, seconds, millis.getAsLong());
  }

  Optional<Granted> renew(UUID id, Topic topic, Ipv4Address subscriber, int seconds) {
    return subscriptions.renew(id, topic, subscriber, seconds, millis.getAsLong());
  }

  boolean unsubscribe(UUID id, Topic topic, Ipv4Address subscriber) {
    return subscriptions.end(id, topic, subscriber, millis.getAsLong());
  }

  boolean told(UUID id, boolean heard) {
    subscriptions.told(id, heard);
    return heard;
  }

  /// What subscribers are to be told now, each of them once; [#told] must follow.
  List<Notification> due() {
    return subscriptions.due(gateway.values(uplink.get()), millis.getAsLong());
  }

  /// The ports that can be mapped, for a person.
  String ports() {
    return uplink.get().address().map(address -> address + ", " + leases.ports()).orElse("none");
  }
}
