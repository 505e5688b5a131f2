package watari.core.event;

/// Why the kernel carries no packets.
public enum Rest {
  /// An interface is not there; its name says which.
  NO_INTERFACE("there is no interface '%s'; 'ip link' lists them"),
  ROUTES_TOO_MANY("this machine's routing table is too large"),
  RULES_CHANGE("the rules change"),
  SETTINGS_CHANGE("the settings change"),
  NO_TUNNEL("the line needs no tunnel"),
  /// The kernel refuses, and says why.
  REFUSED("%s");

  private final String sentence;

  Rest(String sentence) {
    this.sentence = sentence;
  }

  /// The end of a sentence in English, for programs that read it.
  ///
  /// @param what is not there, or what the kernel said; else nothing
  public String sentence(String what) {
    return sentence.replace("%s", what);
  }
}
