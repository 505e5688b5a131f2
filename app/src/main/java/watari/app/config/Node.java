package watari.app.config;

import java.util.List;

/// A piece of a text that knows its place.
sealed interface Node {

  Place place();

  /// What it is, for a sentence.
  String what();

  /// A single value.
  ///
  /// @param type what the text looks like
  record Scalar(Place place, String text, Type type) implements Node {
    @Override
    public String what() {
      return type.what;
    }
  }

  enum Type {
    TEXT("text"),
    NUMBER("a number"),
    YES_NO("true or false"),
    NOTHING("nothing");

    private final String what;

    Type(String what) {
      this.what = what;
    }
  }

  record Sequence(Place place, List<Node> items) implements Node {
    @Override
    public String what() {
      return "a list";
    }
  }

  /// Keys with values.
  ///
  /// @param entries in the order of the text; a key may occur twice
  record Mapping(Place place, List<Entry> entries) implements Node {
    @Override
    public String what() {
      return "a group of keys";
    }
  }

  /// A key with its value.
  ///
  /// @param place of the key
  record Entry(Place place, String key, Node value) {}
}
