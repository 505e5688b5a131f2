package watari.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import watari.core.net.Refused;

/// How a node becomes a value.
@FunctionalInterface
interface Kind<T> {

  /// The value, or null when the node is none of this kind; the problem is then said.
  ///
  /// @param key the key the node stands at, for the sentence
  @Nullable T read(Node node, String key, Problems problems);

  /// Any text that is not empty.
  static Kind<String> text() {
    return (node, key, problems) -> {
      if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.TEXT) {
        return scalar.text();
      }
      String hint =
          node instanceof Node.Scalar(_, var text, var type) && type != Node.Type.NOTHING
              ? "; write it in quotes: \"" + text + "\""
              : "";
      problems.add(node.place(), "'" + key + "' is text, not " + node.what() + hint);
      return null;
    };
  }

  /// Any single value as it was written.
  static Kind<String> raw() {
    return (node, key, problems) -> {
      if (node instanceof Node.Scalar scalar) {
        return scalar.text();
      }
      problems.add(node.place(), "'" + key + "' is a single value, not " + node.what());
      return null;
    };
  }

  /// A text that `parse` takes.
  ///
  /// @param parse throws [Refused] for any other
  static <T> Kind<T> of(Function<String, T> parse) {
    return (node, key, problems) -> {
      String text = text().read(node, key, problems);
      try {
        return text == null ? null : parse.apply(text);
      } catch (Refused refused) {
        problems.add(node.place(), "'" + key + "': " + refused.sentence());
        return null;
      }
    };
  }

  /// A whole number from `least` to `most`.
  static Kind<Integer> number(int least, int most) {
    return (node, key, problems) -> {
      if (!(node instanceof Node.Scalar scalar) || scalar.type() != Node.Type.NUMBER) {
        problems.add(
            node.place(),
            "'" + key + "' is a number from " + least + " to " + most + ", not " + node.what());
        return null;
      }
      Integer value = whole(scalar.text());
      if (value == null || value < least || value > most) {
        problems.add(
            node.place(),
            "'" + key + "' is a number from " + least + " to " + most + ", not " + scalar.text());
        return null;
      }
      return value;
    };
  }

  /// The number that a text is, or null.
  static @Nullable Integer whole(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /// `true` or `false`.
  static Kind<Boolean> yesNo() {
    return (node, key, problems) -> {
      if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.YES_NO) {
        return Boolean.valueOf(scalar.text());
      }
      problems.add(node.place(), "'" + key + "' is true or false, not " + node.what());
      return null;
    };
  }

  /// One value of a kind, or a list of them.
  static <T> Kind<List<T>> oneOrMore(Kind<T> kind) {
    Kind<List<T>> more = list(kind);
    return (node, key, problems) -> {
      if (node instanceof Node.Sequence) {
        return more.read(node, key, problems);
      }
      T value = kind.read(node, key, problems);
      return value == null ? null : List.of(value);
    };
  }

  /// At least one item of a kind.
  static <T> Kind<List<T>> list(Kind<T> kind) {
    return (node, key, problems) -> {
      if (!(node instanceof Node.Sequence sequence) || sequence.items().isEmpty()) {
        problems.add(node.place(), "'" + key + "' is a list with at least one item");
        return null;
      }
      List<T> values = new ArrayList<>();
      for (Node item : sequence.items()) {
        T value = kind.read(item, key, problems);
        if (value != null) {
          values.add(value);
        }
      }
      return values;
    };
  }
}
