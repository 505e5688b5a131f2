package watari.core.portmap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import watari.core.rule.PortSet;

/// What PCP and NAT-PMP make of a table of mappings, in one list and with nothing clever: the rules
/// of RFC 6887 §11.3 and §15 and of RFC 6886 §3.3 and §3.4 one after the other. It does not choose
/// ports, but says which could be chosen.
final class SlowTable {
  private static final int NATPMP_SECONDS_MAX = 86_400;
  private static final long REST_MILLIS = 120_000;

  /// One mapping; without a nonce where NAT-PMP has made it.
  record Row(int protocol, int host, int port, int outerPort, Optional<String> nonce, long end) {}

  /// A request of either protocol; NAT-PMP has no nonce and never insists.
  record Request(
      int protocol,
      int host,
      int port,
      int wanted,
      long lifetime,
      Optional<String> nonce,
      boolean insists) {}

  /// What must come out.
  ///
  /// @param result a code of PCP
  /// @param ports the outer ports that may be given
  record Expected(int result, long seconds, List<Integer> ports) {
    static Expected failure(int result) {
      return new Expected(result, -1, List.of());
    }
  }

  private final PortSet ports;
  private final int quota;
  private final List<Row> rows = new ArrayList<>();

  /// Those that ended, the last one last; their ports rest.
  private final List<Row> past = new ArrayList<>();

  SlowTable(PortSet ports, int quota) {
    this.ports = ports;
    this.quota = quota;
  }

  List<Row> rows() {
    return rows.stream()
        .sorted(Comparator.comparingInt(Row::protocol).thenComparingInt(Row::outerPort))
        .toList();
  }

  void expire(long now) {
    List.copyOf(rows).stream().filter(row -> row.end() <= now).forEach(row -> end(row, now));
    past.removeIf(row -> row.end() + REST_MILLIS <= now);
  }

  private void end(Row row, long now) {
    rows.remove(row);
    past.removeIf(it -> it.protocol() == row.protocol() && it.outerPort() == row.outerPort());
    past.add(new Row(row.protocol(), row.host(), row.port(), row.outerPort(), row.nonce(), now));
  }

  Expected expect(Request request, long now) {
    Optional<Row> had = find(request);
    if (request.insists() && (request.wanted() == 0 || request.lifetime() == 0)) {
      return Expected.failure(6);
    }
    if (had.isPresent()) {
      return expectOfMapping(request, had.get(), now);
    }
    return request.lifetime() == 0 ? new Expected(0, 0, List.of()) : expectOfNew(request);
  }

  private Expected expectOfMapping(Request request, Row had, long now) {
    boolean isTheirs = had.nonce().isPresent() && !had.nonce().equals(request.nonce());
    boolean isTold = isTheirs && request.nonce().isEmpty() && request.lifetime() > 0;
    if (isTold) {
      long seconds = Math.min((had.end() - now + 999) / 1000, granted(request));
      return new Expected(0, seconds, List.of(had.outerPort()));
    }
    if (isTheirs) {
      return Expected.failure(2);
    }
    if (request.insists() && request.wanted() != had.outerPort()) {
      return Expected.failure(11);
    }
    return request.lifetime() == 0
        ? new Expected(0, 0, List.of())
        : new Expected(0, granted(request), List.of(had.outerPort()));
  }

  private Expected expectOfNew(Request request) {
    if (rows.stream().filter(row -> row.host() == request.host()).count() >= quota) {
      return Expected.failure(10);
    }
    OptionalInt wanted = wanted(request);
    if (request.insists()) {
      return wanted.isPresent()
          ? new Expected(0, granted(request), List.of(request.wanted()))
          : Expected.failure(11);
    }
    List<Integer> free = free(request.protocol());
    if (wanted.isPresent()) {
      free = List.of(request.wanted());
    }
    return free.isEmpty() ? Expected.failure(8) : new Expected(0, granted(request), free);
  }

  private OptionalInt wanted(Request request) {
    boolean isAnothers =
        rows.stream()
            .anyMatch(row ->
                row.protocol() != request.protocol()
                    && row.outerPort() == request.wanted()
                    && row.nonce().isEmpty()
                    && row.host() != request.host());
    boolean rests =
        past.stream()
            .anyMatch(row ->
                row.protocol() == request.protocol()
                    && row.outerPort() == request.wanted()
                    && (row.host() != request.host() || row.port() != request.port()));
    return !isAnothers && !rests && free(request.protocol()).contains(request.wanted())
        ? OptionalInt.of(request.wanted())
        : OptionalInt.empty();
  }

  private List<Integer> free(int protocol) {
    return IntStream.range(0, ports.size())
        .map(ports::port)
        .filter(port ->
            rows.stream().noneMatch(row -> row.protocol() == protocol && row.outerPort() == port))
        .boxed()
        .toList();
  }

  static long granted(Request request) {
    return request.nonce().isPresent()
        ? Math.clamp(request.lifetime(), 120, 86_400)
        : Math.min(request.lifetime(), NATPMP_SECONDS_MAX);
  }

  private Optional<Row> find(Request request) {
    return rows.stream()
        .filter(row -> row.protocol() == request.protocol())
        .filter(row -> row.host() == request.host())
        .filter(row -> row.port() == request.port())
        .findFirst();
  }

  /// Does what has been expected, with the port that was given.
  void change(Request request, int outerPort, long now) {
    Optional<Row> had = find(request);
    boolean isTold = had.isPresent() && had.get().nonce().isPresent() && request.nonce().isEmpty();
    if (isTold) {
      return;
    }
    if (request.lifetime() == 0) {
      had.ifPresent(row -> end(row, now));
    } else {
      had.ifPresent(rows::remove);
      long end = now + granted(request) * 1000;
      rows.add(
          new Row(
              request.protocol(), request.host(), request.port(), outerPort, request.nonce(), end));
    }
  }
}
