package watari.app.igd;

import java.io.StringWriter;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes XML into memory, where nothing can go wrong but our own use of it.
final class Xml {
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter writer;

  /// What stands inside an element.
  @FunctionalInterface
  interface Content {
    void write(Xml xml);
  }

  private Xml() throws XMLStreamException {
    writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
  }

  /// A whole document.
  static String document(Content content) {
    return written(xml -> {
      xml.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
      content.write(xml);
    });
  }

  /// A piece without a declaration.
  static String written(Content content) {
    try {
      var xml = new Xml();
      content.write(xml);
      xml.writer.flush();
      return xml.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML is written in the wrong order", e);
    }
  }

  private void raw(String characters) {
    text.append(characters);
  }

  /// An element with attributes given as `name, value, …`; a name may have a prefix that an
  /// attribute declares.
  Xml element(String name, Content content, String... attributes) {
    try {
      writer.writeStartElement(name);
      for (int i = 0; i < attributes.length; i += 2) {
        writer.writeAttribute(attributes[i], attributes[i + 1]);
      }
      content.write(this);
      writer.writeEndElement();
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML is written in the wrong order", e);
    }
  }

  /// An element with text inside.
  Xml element(String name, String characters) {
    return element(name, xml -> xml.characters(characters));
  }

  /// One element a value.
  Xml elements(Map<String, String> values) {
    values.forEach(this::element);
    return this;
  }

  /// Text without escapes.
  ///
  /// @param characters that do not hold the end of such a section
  Xml cdata(String characters) {
    try {
      writer.writeCData(characters);
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML is written in the wrong order", e);
    }
  }

  private void characters(String characters) {
    try {
      writer.writeCharacters(characters);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("XML is written in the wrong order", e);
    }
  }
}
