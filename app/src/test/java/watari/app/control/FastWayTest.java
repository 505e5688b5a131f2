package watari.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import watari.app.config.OffloadWish;
import watari.app.config.OffloadWish.Demand;
import watari.app.config.OffloadWish.Hook;
import watari.app.config.OffloadWish.Interfaces;
import watari.core.event.Event;
import watari.core.event.Rest;
import watari.core.net.Ipv6Address;
import watari.host.driver.Batch;
import watari.host.driver.Memory;
import watari.host.engine.Crossing;
import watari.host.engine.Door;
import watari.host.engine.Worker;
import watari.host.kernel.Bpf;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.Netlink;
import watari.host.kernel.Place;
import watari.host.offload.Attachment;
import watari.host.offload.Offload;

/// The offload in the hands of its keeper. A twin stands for the kernel's programs; the interfaces
/// are the machine's.
final class FastWayTest {
  private static final String THERE = "lo";
  private static final String MISSING = "watari-none0";
  private static final int EBUSY = 16;

  private final List<Event> news = new ArrayList<>();
  private final List<Twin> loaded = new ArrayList<>();

  /// What the twin fails with, where it does.
  private @Nullable KernelException failure;

  /// The routing table of the machine.
  private int cellsNeeded = 1;

  private final class Twin implements Offload {
    private final int cells;
    private final Bpf.Hook hook;
    private List<Integer> attached = List.of();
    private int followed;
    private boolean isClosed;
    private List<Ipv6Address> narrow = List.of();

    private Twin(Bpf.Hook hook, int cells) {
      this.hook = hook;
      this.cells = cells;
    }

    @Override
    public List<Attachment> attach(List<Link> ipv4, List<Link> line) throws KernelException {
      if (failure != null) {
        throw failure;
      }
      var devices = Stream.concat(ipv4.stream(), line.stream()).toList();
      attached = devices.stream().map(Link::index).toList();
      Place place = Place.of(hook).getLast();
      return devices.stream().map(device -> new Attachment(device.name(), place)).toList();
    }

    @Override
    public boolean follow(Netlink netlink) {
      followed++;
      return cells >= cellsNeeded;
    }

    @Override
    public void narrow(List<Ipv6Address> farEnds) {
      narrow = farEnds;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private Offload load(Bpf.Hook hook, int cells) {
    loaded.add(new Twin(hook, cells));
    return loaded.getLast();
  }

  private FastWay fastWay(Demand demand, String... interfaces) {
    return fastWay(demand, Hook.AUTO, interfaces);
  }

  private FastWay fastWay(Demand demand, Hook hook, String... interfaces) {
    var named =
        interfaces.length == 0
            ? Optional.<Interfaces>empty()
            : Optional.of(new Interfaces(List.of(interfaces[0]), List.of(interfaces[1])));
    return new FastWay(new OffloadWish(demand, hook, named), this::load, news::add);
  }

  @Test
  void runsAtTheInterfacesThatAreNamedAndFollowsWhatChanges() throws IOException {
    try (var way = fastWay(Demand.REQUIRED, THERE, THERE)) {
      way.start();
      way.follow(List.of(Ipv6Address.parse("2001:db8::1")));
      assertThat(way.status())
          .containsExactly(
              entry("wanted", "required"),
              entry("running", true),
              entry("where", List.of("lo (tc)", "lo (tc)")));
      assertThat(news).containsExactly(new Event.OffloadRuns("lo (tc), lo (tc)"));
      assertThat(loaded)
          .singleElement()
          .satisfies(twin -> {
            assertThat(twin.attached).containsExactly(1, 1);
            assertThat(twin.followed).isEqualTo(2);
            assertThat(twin.narrow).containsExactly(Ipv6Address.parse("2001:db8::1"));
          });
    }
    assertThat(loaded.getFirst().isClosed).isTrue();
  }

  /// A card would have the hook at the driver; what the machine has made up may hand over
  /// super-packets.
  @Test
  void runsAtTheHookThatTheFileNamesOrThatFitsTheInterfaces() throws IOException {
    for (var hook : List.of(Hook.AUTO, Hook.TC, Hook.XDP)) {
      try (var way = fastWay(Demand.REQUIRED, hook, THERE, THERE)) {
        way.start();
      }
    }
    assertThat(loaded)
        .extracting(twin -> twin.hook)
        .containsExactly(Bpf.Hook.TC, Bpf.Hook.TC, Bpf.Hook.XDP);
  }

  @Test
  void doesNothingWhereTheFileDoesNotWishIt() throws IOException {
    try (var off = fastWay(Demand.OFF, THERE, THERE);
        var unnamed = fastWay(Demand.AUTO)) {
      off.start();
      unnamed.start();
      assertThat(off.status()).containsEntry("reason", "the file says 'offload: off'");
      assertThat(unnamed.status()).containsEntry("reason", "the file does not name the interfaces");
    }
    assertThat(loaded).isEmpty();
    assertThat(news).isEmpty();
  }

  @Test
  void saysOnceWhichInterfaceIsNotThere() throws IOException {
    try (var way = fastWay(Demand.AUTO, THERE, MISSING)) {
      way.start();
      way.follow(List.of());
      assertThat(way.status()).containsEntry("running", false);
      assertThat(news).containsExactly(new Event.OffloadRests(Rest.NO_INTERFACE, MISSING));
    }
    assertThat(loaded).isEmpty();
  }

  @Test
  void doesNotStartWhereItMustRunAndCannot() {
    try (var way = fastWay(Demand.REQUIRED, THERE, MISSING)) {
      assertThatThrownBy(way::start)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the file says 'offload: required', and it cannot run: there is no interface"
                  + " 'watari-none0'; 'ip link' lists them");
    }
  }

  @Test
  void triesAgainAfterAMinuteWhatTheKernelRefused() throws IOException {
    failure = new KernelException(EBUSY, "attaching a program");
    try (var way = fastWay(Demand.AUTO, THERE, THERE)) {
      way.start();
      assertThat(way.status()).containsEntry("reason", failure.sentence());
      assertThat(loaded).singleElement().satisfies(twin -> assertThat(twin.isClosed).isTrue());
      failure = null;
      for (int second = 0; second < 59; second++) {
        way.follow(List.of());
      }
      assertThat(loaded).hasSize(1);
      way.follow(List.of());
      assertThat(way.status()).containsEntry("running", true);
    }
  }

  @Test
  void takesMoreRoomWhenTheRoutingTableGrows() throws IOException {
    try (var way = fastWay(Demand.AUTO, THERE, THERE)) {
      way.start();
      cellsNeeded = 1 << 19;
      way.follow(List.of());
      assertThat(loaded).extracting(twin -> twin.cells).containsExactly(1 << 17, 1 << 18, 1 << 19);
      assertThat(loaded).extracting(twin -> twin.isClosed).containsExactly(true, true, false);
      cellsNeeded = Integer.MAX_VALUE;
      way.follow(List.of());
      assertThat(way.status()).containsEntry("reason", "this machine's routing table is too large");
      assertThat(loaded).allSatisfy(twin -> assertThat(twin.isClosed).isTrue());
    }
  }

  /// A long packet that passed a narrow path by the kernel would be lost.
  @Test
  void knowsNarrowPathsAlthoughTheWorkerDoesNotSayThem() throws IOException {
    var path = Ipv6Address.parse("2001:db8::1");
    try (var doors = Memory.pair(1, 64);
        var batch = Batch.ofMtu(64);
        var way = fastWay(Demand.AUTO, THERE, THERE)) {
      var idle = new Worker(new Door(doors.left()), batch, Crossing.nowhere(), () -> 0);
      way.start();
      way.follow(List.of(path));
      Thread.currentThread().interrupt();
      way.follow(idle, List::of);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(loaded.getFirst().narrow).containsExactly(path);
    }
  }

  @Test
  void restsWhileTheRulesChange() throws IOException {
    try (var way = fastWay(Demand.AUTO, THERE, THERE)) {
      way.start();
      way.pause(Rest.RULES_CHANGE);
      assertThat(loaded.getFirst().isClosed).isTrue();
      way.follow(List.of());
      assertThat(loaded).hasSize(1);
      assertThat(way.status()).containsEntry("reason", "the rules change");
      way.resume();
      way.follow(List.of());
      assertThat(loaded).hasSize(2);
      assertThat(way.status()).containsEntry("running", true);
    }
  }

  @Test
  void doesNotComeBackAfterItsEnd() throws IOException {
    var way = fastWay(Demand.AUTO, THERE, THERE);
    way.start();
    way.close();
    way.follow(List.of());
    assertThat(loaded).singleElement().satisfies(twin -> assertThat(twin.isClosed).isTrue());
  }
}
