package watari.app.igd;

/// A text that is not the XML it should be; the message says why.
final class BadXml extends Exception {
  private static final long serialVersionUID = 1L;

  BadXml(String why) {
    super(why);
  }
}
