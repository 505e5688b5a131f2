package watari.app.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mapping whose keys are known: read key by key, with a problem for every key that is unknown,
/// missing or written twice.
final class Form {
  private final Place place;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Problems problems;

  private Form(Place place, Problems problems) {
    this.place = place;
    this.problems = problems;
  }

  /// Opens a node as a form, or says that it is none and answers null.
  ///
  /// @param what the form is, for the sentence
  /// @param keys it may have
  static @Nullable Form open(Node node, String what, List<String> keys, Problems problems) {
    if (!(node instanceof Node.Mapping mapping)) {
      problems.add(
          node.place(),
          what + " is a group of the keys " + String.join(", ", keys) + ", not " + node.what());
      return null;
    }
    var form = new Form(mapping.place(), problems);
    for (Node.Entry entry : mapping.entries()) {
      form.take(entry, what, keys);
    }
    return form;
  }

  private void take(Node.Entry entry, String what, List<String> keys) {
    if (!keys.contains(entry.key())) {
      problems.add(
          entry.place(),
          what + " has no key '" + entry.key() + "'; " + Nearest.advice(entry.key(), keys));
    } else if (values.containsKey(entry.key())) {
      problems.add(entry.place(), "the key '" + entry.key() + "' stands here a second time");
    } else {
      values.put(entry.key(), entry.value());
    }
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /// Where the value of a key stands, or the form where it has none.
  Place place(String key) {
    Node value = values.get(key);
    return value == null ? place : value.place();
  }

  Place place() {
    return place;
  }

  /// The value as it was written; empty where the key is absent.
  String raw(String key) {
    return optional(key, "", Kind.raw());
  }

  /// The value, or null with the problem said.
  <T> @Nullable T required(String key, Kind<T> kind) {
    Node value = values.get(key);
    if (value == null) {
      problems.add(place, "the key '" + key + "' is missing");
      return null;
    }
    return kind.read(value, key, problems);
  }

  /// The value, or null where the key is absent or its problem is said.
  <T> @Nullable T optional(String key, Kind<T> kind) {
    Node value = values.get(key);
    return value == null ? null : kind.read(value, key, problems);
  }

  /// The value, or `fallback` where the key is absent or its problem is said.
  <T> T optional(String key, T fallback, Kind<T> kind) {
    T value = optional(key, kind);
    return value == null ? fallback : value;
  }
}
