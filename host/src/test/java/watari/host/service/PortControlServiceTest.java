package watari.host.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import watari.core.event.EventLog;
import watari.core.nat.Filtering;
import watari.core.nat.HostLimits;
import watari.core.nat.Napt;
import watari.core.nat.NatSettings;
import watari.core.nat.Pickup;
import watari.core.nat.Randomness;
import watari.core.nat.Timers;
import watari.core.net.Ipv4Address;
import watari.core.net.Ipv4Prefix;
import watari.core.portmap.LeaseLimits;
import watari.core.portmap.Leases;
import watari.core.portmap.PortControl;
import watari.core.portmap.PortControlSettings;
import watari.core.rule.PortSet;
import watari.core.rule.Psid;
import watari.host.engine.Worker;

/// The service on addresses of the loopback that nobody else has.
final class PortControlServiceTest {
  private static final String GATEWAY = "127.53.51.1";
  private static final String HOST = "127.53.51.2";
  private static final String ELSEWHERE = "127.53.51.3";
  private static final int PATIENCE_MILLIS = 20_000;
  private static final PortSet PORTS = new PortSet(4, new Psid(0x46, 8));

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /// How many questions the owner has now, and had at most.
  private final AtomicInteger open = new AtomicInteger();

  private final AtomicInteger openMost = new AtomicInteger();

  private final PortControlService.Owner owner =
      new PortControlService.Owner() {
        @Override
        public <T> CompletableFuture<T> ask(Supplier<T> question) {
          openMost.accumulateAndGet(open.incrementAndGet(), Math::max);
          return CompletableFuture.supplyAsync(question, thread)
              .whenComplete((_, _) -> open.decrementAndGet());
        }
      };
  private DatagramSocket host;

  @BeforeEach
  void bind() throws IOException {
    host = new DatagramSocket(new InetSocketAddress(HOST, 0));
    host.setSoTimeout(PATIENCE_MILLIS);
  }

  @AfterEach
  void close() {
    host.close();
    thread.shutdownNow();
  }

  private PortControlService start(String address) {
    var napt =
        new Napt(
            Ipv4Address.parse("203.0.113.7").bits(),
            PORTS,
            settings(),
            Arena.ofAuto(),
            new Randomness(1, 2),
            new EventLog());
    var leases = new Leases(napt, LeaseLimits.DEFAULT);
    var home = new PortControlSettings(true, true, List.of(Ipv4Prefix.parse("127.53.51.0/24")));
    var server = new PortControl(leases, home, Worker.monotonicMillis());
    return PortControlService.start(
        Ipv4Address.parse(address), server, owner, Worker::monotonicMillis);
  }

  private static NatSettings settings() {
    return new NatSettings(
        NatSettings.RESERVE_PERCENT_DEFAULT,
        Filtering.ADDRESS_DEPENDENT,
        Filtering.ADDRESS_DEPENDENT,
        true,
        NatSettings.HOLD_SECONDS_DEFAULT,
        Pickup.AFTER_START,
        Timers.DEFAULT,
        HostLimits.DEFAULT,
        NatSettings.DynamicPorts.of(PORTS),
        List.of(),
        Optional.empty(),
        1024);
  }

  /// Asks until there is an answer, as the service may just have begun.
  private DatagramPacket answer(String digits) throws IOException {
    byte[] request = HexFormat.of().parseHex(digits);
    var reply = new DatagramPacket(new byte[1500], 1500);
    host.connect(new InetSocketAddress(GATEWAY, PortControl.SERVER_PORT));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (System.nanoTime() < end) {
      try {
        host.send(new DatagramPacket(request, request.length));
        host.receive(reply);
        return reply;
      } catch (PortUnreachableException _) {
        Thread.onSpinWait();
      }
    }
    throw new IOException("there is no answer");
  }

  private static String digits(DatagramPacket packet) {
    return HexFormat.of().formatHex(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  /// PCP-01
  @Test
  void answersFromTheAddressThatWasAsked() throws IOException {
    try (var service = start(GATEWAY)) {
      DatagramPacket reply = answer("0000");
      assertThat(reply.getSocketAddress())
          .isEqualTo(new InetSocketAddress(GATEWAY, PortControl.SERVER_PORT));
      assertThat(digits(reply)).startsWith("00800000").endsWith("cb007107");
      assertThat(service.problem()).isEmpty();
    }
  }

  /// CGN-10
  @Test
  void givesAPortByPcp() throws IOException {
    try (var _ = start(GATEWAY)) {
      String request =
          "0201000000000e1000000000000000000000ffff7f353302"
              + "a1a2a3a4a5a6a7a8a9aaabac060000000050f46000000000000000000000ffff00000000";
      assertThat(digits(answer(request)))
          .startsWith("0281000000000e10")
          .endsWith("060000000050f46000000000000000000000ffffcb007107");
    }
  }

  /// PCP-01
  @Test
  void hearsNothingAtAnotherAddress() throws IOException {
    try (var _ = start(GATEWAY)) {
      digits(answer("0000"));
      host.disconnect();
      host.connect(new InetSocketAddress(ELSEWHERE, PortControl.SERVER_PORT));
      host.send(new DatagramPacket(new byte[2], 2));
      assertThatExceptionOfType(PortUnreachableException.class)
          .isThrownBy(() -> host.receive(new DatagramPacket(new byte[99], 99)));
    }
  }

  /// PCP-55: in a flood of requests the owner, who also forwards packets, has one question at a
  /// time before him; the others wait in the socket, or find no room there and are gone.
  @Test
  void asksOneThingAtATimeHoweverManyAreAsked() throws IOException {
    try (var _ = start(GATEWAY)) {
      digits(answer("0000"));
      host.connect(new InetSocketAddress(GATEWAY, PortControl.SERVER_PORT));
      for (int i = 0; i < 20_000; i++) {
        host.send(new DatagramPacket(new byte[2], 2));
      }
      assertThat(digits(answer("0000"))).startsWith("00800000");
    }
    assertThat(openMost.get()).isEqualTo(1);
  }

  @Test
  void saysWhyNobodyIsAnsweredAndTriesAgain() throws IOException {
    var other = new DatagramSocket(PortControl.SERVER_PORT, InetAddress.getByName(GATEWAY));
    try (var service = start(GATEWAY)) {
      try (other) {
        assertThat(problem(service))
            .startsWith("PCP and NAT-PMP are not answered at 127.53.51.1 port 5351: ")
            .contains("ddress already in use", "; put the address on an interface");
      }
      assertThat(digits(answer("0000"))).startsWith("00800000");
      assertThat(service.problem()).isEmpty();
    }
  }

  /// Waits until there is one.
  private static String problem(PortControlService service) {
    while (service.problem().isEmpty()) {
      Thread.onSpinWait();
    }
    return service.problem().orElseThrow();
  }

  @Test
  void saysThatNoInterfaceHasTheAddress() {
    try (var service = start("192.0.2.77")) {
      assertThat(problem(service)).contains("no interface has the address");
    }
  }
}
