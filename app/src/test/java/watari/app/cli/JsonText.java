package watari.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON lines with Jackson into maps, lists, texts, numbers and truth values.
final class JsonText {
  private JsonText() {}

  static List<Map<String, @Nullable Object>> lines(String text) {
    return text.lines().map(JsonText::object).toList();
  }

  static Map<String, @Nullable Object> object(String line) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new AssertionError("no object: " + line);
      }
      Map<String, @Nullable Object> object = members(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than an object: " + line);
      }
      return object;
    }
  }

  private static Map<String, @Nullable Object> members(JsonParser parser) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (members.containsKey(name)) {
        throw new AssertionError("twice: " + name);
      }
      members.put(name, value(parser, parser.nextToken()));
    }
    return members;
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> items(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getIntValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new AssertionError(token);
    };
  }

  private static List<@Nullable Object> items(JsonParser parser) {
    List<@Nullable Object> items = new ArrayList<>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return items;
  }
}
