package watari.app.igd;

import watari.core.portmap.igd.Answer;
import watari.core.portmap.igd.PortMapping;
import watari.core.portmap.igd.UpnpError;

/// Answers as SOAP 1.1 envelopes (UPnP Device Architecture §3.2).
final class SoapText {
  private static final String LIST = "urn:schemas-upnp-org:gw:WANIPConnection";

  private SoapText() {}

  /// The answer to an action.
  static String of(SoapCall call, Answer answer) {
    return switch (answer) {
      case Answer.Done done -> response(call, xml -> xml.elements(done.values()));
      case Answer.Listing listing ->
          response(call, xml -> xml.element("NewPortListing", text -> text.cdata(list(listing))));
      case Answer.Failed failed -> fault(failed.error());
    };
  }

  private static String response(SoapCall call, Xml.Content values) {
    String name = "u:" + call.action() + "Response";
    return envelope(xml -> xml.element(name, values, "xmlns:u", call.type()));
  }

  static String fault(UpnpError error) {
    return envelope(xml ->
        xml.element(
            "s:Fault",
            fault -> {
              fault.element("faultcode", "s:Client").element("faultstring", "UPnPError");
              fault.element(
                  "detail",
                  detail ->
                      detail.element(
                          "UPnPError",
                          told -> {
                            told.element("errorCode", Integer.toString(error.code()));
                            told.element("errorDescription", error.description());
                          },
                          "xmlns",
                          "urn:schemas-upnp-org:control-1-0"));
            }));
  }

  private static String envelope(Xml.Content content) {
    return Xml.document(xml ->
        xml.element(
            "s:Envelope",
            envelope -> envelope.element("s:Body", content),
            "xmlns:s",
            SoapReader.ENVELOPE,
            "s:encodingStyle",
            "http://schemas.xmlsoap.org/soap/encoding/"));
  }

  /// A document that is the text of one argument (WANIPConnection:2 §2.3.28). Its `>` are escaped,
  /// so that no `]]>` ends it before its time, whatever a description says; some control points
  /// read it in no other form.
  private static String list(Answer.Listing listing) {
    return Xml.document(xml ->
        xml.element(
            "p:PortMappingList",
            list -> listing.mappings().forEach(mapping -> entry(list, mapping)),
            "xmlns:p",
            LIST,
            "xmlns:xsi",
            "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation",
            LIST + " http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd"));
  }

  private static void entry(Xml list, PortMapping mapping) {
    list.element(
        "p:PortMappingEntry",
        entry -> mapping.listed().forEach((name, value) -> entry.element("p:" + name, value)));
  }
}
