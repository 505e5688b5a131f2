package watari.app.igd;

import java.util.Map;

/// What is replied.
///
/// @param body as text, empty for none
/// @param afterwards to be done when it has been sent
record HttpReply(int status, Map<String, String> headers, String body, Runnable afterwards) {

  static HttpReply xml(int status, String text) {
    return text(status, "text/xml; charset=\"utf-8\"", text);
  }

  static HttpReply plain(int status, String text) {
    return text(status, "text/plain; charset=utf-8", text + "\n");
  }

  private static HttpReply text(int status, String type, String text) {
    // EXT is what a control point of HTTP/1.0 times looks for (UDA §3.2.2).
    var headers = Map.of("Content-Type", type, "Ext", "", "X-Content-Type-Options", "nosniff");
    return new HttpReply(status, headers, text, () -> {});
  }

  /// Without a body.
  static HttpReply bare(int status, Map<String, String> headers) {
    return new HttpReply(status, headers, "", () -> {});
  }

  HttpReply then(Runnable next) {
    return new HttpReply(status, headers, body, next);
  }
}
