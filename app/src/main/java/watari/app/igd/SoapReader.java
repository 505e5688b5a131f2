package watari.app.igd;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads an action out of a SOAP 1.1 envelope.
///
/// ```xml
/// <s:Envelope><s:Body><u:ACTION xmlns:u="TYPE"><NAME>VALUE</NAME>…</u:ACTION></s:Body></s:Envelope>
/// ```
///
/// The text is a stranger's: it has no document type, so that it defines no entities and names no
/// files, is not deeper than an envelope is, and has few attributes and arguments.
final class SoapReader {
  static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

  private static final int ARGUMENTS_MAX = 32;
  private static final int ATTRIBUTES_MAX = 8;
  private static final int HEADER_DEPTH_MAX = 8;

  private final XMLStreamReader xml;

  private SoapReader(XMLStreamReader xml) {
    this.xml = xml;
  }

  static SoapCall read(byte[] body) throws BadXml {
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(body));
      try {
        return new SoapReader(xml).envelope();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException | RuntimeException e) {
      // The JDK's reader meets some broken texts with other exceptions, such as that it has no
      // words for what is wrong with a document type.
      throw new BadXml("the XML is broken: " + e.getMessage());
    }
  }

  /// The factory of the JDK itself, whatever else may be on the module path.
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("nothing outside the text is read");
    });
    return factory;
  }

  private SoapCall envelope() throws XMLStreamException, BadXml {
    if (!isElement()) {
      throw new BadXml("there is no element");
    }
    demand("Envelope");
    if (!isElement()) {
      throw new BadXml("the envelope is empty");
    }
    if (is("Header")) {
      skip();
      if (!isElement()) {
        throw new BadXml("the envelope has no body");
      }
    }
    demand("Body");
    if (!isElement()) {
      throw new BadXml("the body is empty");
    }
    var call = new SoapCall(namespace(), xml.getLocalName(), arguments());
    demandEnd(); // of the body
    demandEnd(); // of the envelope
    demandEnd(); // of the text
    return call;
  }

  private void demandEnd() throws XMLStreamException, BadXml {
    if (isElement()) {
      throw new BadXml("there is more than one action");
    }
  }

  private Map<String, String> arguments() throws XMLStreamException, BadXml {
    var arguments = new LinkedHashMap<String, String>();
    while (isElement()) {
      String name = xml.getLocalName();
      if (arguments.size() >= ARGUMENTS_MAX || arguments.put(name, text()) != null) {
        throw new BadXml("the action has too many arguments, or one twice");
      }
    }
    return arguments;
  }

  /// The characters of an element that has no other inside.
  private String text() throws XMLStreamException, BadXml {
    var text = new StringBuilder();
    while (true) {
      switch (next()) {
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          return text.toString();
        }
        default -> throw new BadXml("an argument is text and nothing else");
      }
    }
  }

  /// Goes on to the next element, or to the end of the one around it.
  private boolean isElement() throws XMLStreamException, BadXml {
    while (true) {
      switch (next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          return true;
        }
        case XMLStreamConstants.END_ELEMENT, XMLStreamConstants.END_DOCUMENT -> {
          return false;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> demandBlank();
        case XMLStreamConstants.SPACE -> {}
        default -> throw new BadXml("something stands where an element should");
      }
    }
  }

  /// Passes comments over, and refuses what no envelope has.
  private int next() throws XMLStreamException, BadXml {
    int event = xml.next();
    while (event == XMLStreamConstants.COMMENT) {
      event = xml.next();
    }
    if (event == XMLStreamConstants.DTD) {
      throw new BadXml("a document type is not taken");
    }
    if (event == XMLStreamConstants.ENTITY_REFERENCE
        || event == XMLStreamConstants.PROCESSING_INSTRUCTION) {
      throw new BadXml("entities and instructions are not taken");
    }
    if (event == XMLStreamConstants.START_ELEMENT && xml.getAttributeCount() > ATTRIBUTES_MAX) {
      throw new BadXml("an element has too many attributes");
    }
    return event;
  }

  private void demandBlank() throws BadXml {
    if (!xml.isWhiteSpace()) {
      throw new BadXml("there is text between elements");
    }
  }

  /// Passes over an element and all that is inside.
  private void skip() throws XMLStreamException, BadXml {
    for (int depth = 1; depth > 0; ) {
      int event = next();
      depth += event == XMLStreamConstants.START_ELEMENT ? 1 : 0;
      depth -= event == XMLStreamConstants.END_ELEMENT ? 1 : 0;
      if (depth > HEADER_DEPTH_MAX) {
        throw new BadXml("the header is too deep");
      }
    }
  }

  private boolean is(String name) {
    return xml.getLocalName().equals(name) && namespace().equals(ENVELOPE);
  }

  private void demand(String name) throws BadXml {
    if (!is(name)) {
      throw new BadXml("there is no " + name + " of SOAP 1.1 where it should be");
    }
  }

  private String namespace() {
    String namespace = xml.getNamespaceURI();
    return namespace == null ? "" : namespace;
  }
}
