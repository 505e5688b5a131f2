package watari.lab.proof;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every number in the JSON that `watari counters` prints, by its path.
///
/// @param values such as `drop.spoofed` → 4
public record Counters(Map<String, Long> values) {

  public Counters {
    values = new TreeMap<>(values);
  }

  /// Reads what `watari counters` prints.
  ///
  /// @throws Disproved when it is no JSON
  public static Counters parse(String json) throws Disproved {
    var values = new TreeMap<String, Long>();
    try {
      collect(JsonMapper.shared().readTree(json), "", values);
    } catch (JacksonException wrong) {
      Disproved.unless(false, "'watari counters' printed no JSON: " + wrong.getOriginalMessage());
    }
    return new Counters(values);
  }

  /// How much each counter that moved grew since `before`.
  public Map<String, Long> since(Counters before) {
    var grown = new TreeMap<String, Long>();
    values.forEach((name, value) -> {
      long more = value - before.values.getOrDefault(name, 0L);
      if (more != 0) {
        grown.put(name, more);
      }
    });
    return grown;
  }

  private static void collect(JsonNode node, String path, Map<String, Long> into) {
    if (node.isIntegralNumber()) {
      into.put(path, node.asLong());
    }
    for (var property : node.properties()) {
      collect(property.getValue(), join(path, property.getKey()), into);
    }
    if (node.isArray()) {
      for (int index = 0; index < node.size(); index++) {
        collect(node.get(index), join(path, Integer.toString(index)), into);
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
