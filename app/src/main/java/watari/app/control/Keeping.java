package watari.app.control;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import watari.core.event.Event;
import watari.core.plan.RememberedForward;
import watari.core.portmap.Lease;
import watari.core.rule.PortSet;

/// What a gateway keeps over a restart: where its forwards lie in the port set, the leases of PCP,
/// NAT-PMP and UPnP, the set itself, and what the device is called.
///
/// A disk that is full or read-only never stops the traffic: what could not be kept is tried again,
/// and said once. Any thread may call; a call may wait for the disk, so the worker does not.
public final class Keeping implements AutoCloseable {
  private static final String DEVICE = "device";
  private static final String SET = "set";
  private static final String FORWARD = "forward ";
  private static final String LEASE = "lease ";

  private final Path folder;
  private final Consumer<Event> news;
  private final @Nullable Ledger ledger;
  private final SortedMap<String, JsonNode> wanted = new TreeMap<>();

  /// As they were written, by their keys: the wall clock is no reason to write one anew.
  private final Map<String, Lease> written = new HashMap<>();

  private Optional<String> trouble = Optional.empty();

  private Keeping(Path folder, Consumer<Event> news) {
    this.folder = folder;
    this.news = news;
    ledger = open();
    if (ledger != null) {
      wanted.putAll(ledger.entries());
    }
    wanted.putIfAbsent(DEVICE, JsonNodeFactory.instance.stringNode(UUID.randomUUID().toString()));
  }

  /// Opens what a folder has; it is made where it is missing.
  ///
  /// @param news takes what a person should hear about it, on any thread
  public static Keeping open(Path folder, Consumer<Event> news) {
    return new Keeping(folder, news);
  }

  /// Where the forwards were, without taking the folder.
  public static List<RememberedForward> look(Path folder) {
    try {
      return FolderDisk.look(folder, Ledger.FILE)
          .map(bytes -> forwards(Ledger.entries(bytes)))
          .orElse(List.of());
    } catch (IOException _) {
      return List.of(); // who starts a gateway there will hear why
    }
  }

  private @Nullable Ledger open() {
    try {
      Ledger opened = Ledger.open(FolderDisk.take(folder));
      opened
          .damage()
          .ifPresent(reason -> news.accept(new Event.StateNotKept(folder + ": " + reason)));
      return opened;
    } catch (IOException e) {
      fail(e);
      return null;
    }
  }

  /// Why nothing can be kept now, as the end of a sentence.
  public synchronized Optional<String> trouble() {
    return trouble;
  }

  /// The name of this device among others, the same for ever.
  public synchronized UUID device() {
    JsonNode kept = Objects.requireNonNull(wanted.get(DEVICE));
    try {
      return UUID.fromString(kept.asString(""));
    } catch (IllegalArgumentException _) {
      var made = UUID.randomUUID();
      wanted.put(DEVICE, JsonNodeFactory.instance.stringNode(made.toString()));
      return made;
    }
  }

  /// The port set that forwards and leases were in.
  public synchronized Optional<PortSet> set() {
    return Optional.ofNullable(wanted.get(SET)).flatMap(KeptTree::set);
  }

  public synchronized List<RememberedForward> forwards() {
    return forwards(wanted);
  }

  private static List<RememberedForward> forwards(SortedMap<String, JsonNode> entries) {
    return below(entries, FORWARD).entrySet().stream()
        .flatMap(entry ->
            KeptTree.forward(entry.getKey().substring(FORWARD.length()), entry.getValue()).stream())
        .toList();
  }

  private static SortedMap<String, JsonNode> below(
      SortedMap<String, JsonNode> entries, String prefix) {
    return entries.subMap(prefix, prefix + Character.MAX_VALUE);
  }

  /// Keeps the set and where the forwards lie in it.
  public synchronized void keep(PortSet set, List<RememberedForward> forwards) {
    wanted.put(SET, KeptTree.of(set));
    below(wanted, FORWARD).clear();
    for (RememberedForward forward : forwards) {
      wanted.put(FORWARD + forward.name(), KeptTree.of(forward));
    }
    write();
  }

  /// The leases of the run before that still last.
  ///
  /// @param now of the clock that only goes forward
  /// @param wallClock at the same time
  public synchronized List<Lease> leases(long now, Instant wallClock) {
    return below(wanted, LEASE).values().stream()
        .flatMap(tree -> KeptTree.lease(tree, now, wallClock).stream())
        .toList();
  }

  /// Keeps the leases there are, and no others. When this returns they are safe, or [#trouble] says
  /// why not.
  ///
  /// @param now of the clock that only goes forward
  /// @param wallClock at the same time
  public synchronized void keepLeases(List<Lease> leases, long now, Instant wallClock) {
    var next = new TreeMap<String, JsonNode>();
    var nextWritten = new HashMap<String, Lease>();
    for (Lease lease : leases) {
      String key = LEASE + KeptTree.key(lease);
      JsonNode before = wanted.get(key);
      if (before != null && lease.equals(written.get(key))) {
        next.put(key, before);
      } else {
        KeptTree.of(lease, now, wallClock).ifPresent(tree -> next.put(key, tree));
      }
      nextWritten.put(key, lease);
    }
    below(wanted, LEASE).clear();
    wanted.putAll(next);
    written.clear();
    written.putAll(nextWritten);
    write();
  }

  /// Tries again what could not be written; call it now and then.
  public synchronized void retry() {
    if (trouble.isPresent()) {
      write();
    }
  }

  private void write() {
    if (ledger == null) {
      return;
    }
    var changes = new TreeMap<>(wanted);
    ledger
        .entries()
        .keySet()
        .forEach(key -> changes.putIfAbsent(key, JsonNodeFactory.instance.nullNode()));
    changes
        .entrySet()
        .removeIf(change -> change.getValue().equals(ledger.entries().get(change.getKey())));
    try {
      ledger.write(changes);
      if (trouble.isPresent()) {
        trouble = Optional.empty();
        news.accept(new Event.StateKept());
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    String reason = folder + ": " + reason(e);
    if (!trouble.equals(Optional.of(reason))) {
      trouble = Optional.of(reason);
      news.accept(new Event.StateNotKept(reason));
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "the permissions do not allow it";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  /// What is kept is safe already.
  @Override
  public synchronized void close() {
    if (ledger != null) {
      ledger.close();
    }
  }
}
