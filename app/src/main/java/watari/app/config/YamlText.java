package watari.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// YAML as a tree of nodes with places. Anchors have no use in our files and could make a small
/// text a huge tree, so an alias is a problem.
final class YamlText {
  /// Nesting of our own files is at most 6.
  static final int DEPTH_MAX = 32;

  private final YAMLParser parser;
  private final Problems problems;

  private YamlText(YAMLParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /// The one document of a text, or null when it cannot be read; the problem is then said.
  static @Nullable Node parse(String text, Problems problems) {
    var settings =
        LoadSettings.builder()
            .setCodePointLimit(ConfigText.BYTES_MAX)
            .setAllowDuplicateKeys(true)
            .build();
    var factory = YAMLFactory.builder().loadSettings(settings).build();
    try (var parser = (YAMLParser) factory.createParser(ObjectReadContext.empty(), text)) {
      return new YamlText(parser, problems).document();
    } catch (TooDeep deep) {
      problems.add(deep.place, "the text is nested deeper than " + DEPTH_MAX + " levels");
    } catch (JacksonException refused) {
      problems.add(place(refused), sentence(refused));
    }
    return null;
  }

  private @Nullable Node document() {
    JsonToken first = parser.nextToken();
    if (first == null) {
      problems.add(Place.WHOLE, "the file is empty");
      return null;
    }
    Node node = node(first, 0);
    if (parser.nextToken() != null) {
      problems.add(here(), "a second document begins here; a file has only one");
      return null;
    }
    return node;
  }

  private Node node(JsonToken token, int depth) {
    Place place = here();
    if (depth > DEPTH_MAX) {
      throw new TooDeep(place);
    }
    return switch (token) {
      case START_OBJECT -> new Node.Mapping(place, entries(depth));
      case START_ARRAY -> new Node.Sequence(place, items(depth));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(place, Node.Type.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> scalar(place, Node.Type.YES_NO);
      default -> text(place);
    };
  }

  private List<Node.Entry> entries(int depth) {
    List<Node.Entry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Place place = here();
      String key = parser.currentName();
      entries.add(new Node.Entry(place, key, node(parser.nextToken(), depth + 1)));
    }
    return entries;
  }

  private List<Node> items(int depth) {
    List<Node> items = new ArrayList<>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      items.add(node(token, depth + 1));
    }
    return items;
  }

  private Node scalar(Place place, Node.Type type) {
    return new Node.Scalar(place, parser.getString(), type);
  }

  private Node text(Place place) {
    if (parser.isCurrentAlias()) {
      problems.add(
          place, "'*" + parser.getString() + "': write the value out, aliases are not read");
    }
    String text = parser.getString();
    boolean isNothing = text == null || text.isEmpty() || text.equals("~") || text.equals("null");
    return new Node.Scalar(
        place, text == null ? "" : text, isNothing ? Node.Type.NOTHING : Node.Type.TEXT);
  }

  private Place here() {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Place(at.getLineNr(), at.getColumnNr());
  }

  /// The reader's own mark is where the text breaks; Jackson's is where the last token began.
  private static Place place(JacksonException refused) {
    if (refused.getCause() instanceof MarkedYamlEngineException marked
        && marked.getProblemMark().isPresent()) {
      var mark = marked.getProblemMark().get();
      return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
    TokenStreamLocation at = refused.getLocation();
    return at == null ? Place.WHOLE : new Place(at.getLineNr(), at.getColumnNr());
  }

  private static String sentence(JacksonException refused) {
    String said =
        refused.getCause() instanceof MarkedYamlEngineException marked
            ? marked.getProblem()
            : refused.getOriginalMessage();
    String first = said == null ? "it cannot be read" : said.lines().findFirst().orElse("");
    String hint =
        first.toLowerCase(Locale.ROOT).contains("but got :")
            ? "; an address that ends with ':' needs quotes, as in \"2001:db8::\""
            : "";
    return "this is not YAML: " + first.strip() + hint;
  }

  /// Ends the descent; caught in [#parse].
  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Place place;

    TooDeep(Place place) {
      super("too deep");
      this.place = place;
    }
  }
}
