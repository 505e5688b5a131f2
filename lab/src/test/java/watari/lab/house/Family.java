package watari.lab.house;

/// Rows about one subject, in the order of the page.
enum Family {
  MAPE("MAP-E itself: rules, ports, addresses, the checks of both ends"),
  TUN("The tunnel: headers, MTU, errors"),
  ECN("Congestion marks through the tunnel"),
  DSC("Service classes through the tunnel"),
  FRG("Fragments, outer and inner"),
  ID4("IPv4 identifications"),
  APP("Addresses that are shared by port"),
  SHR("What goes wrong where addresses are shared"),
  PRT("Which port is handed out"),
  UDP("NAT for UDP"),
  CGN("Fairness and resources of a NAT"),
  TCP("NAT for TCP"),
  ICMP("NAT for ICMP"),
  PCP("Port Control Protocol, and NAT-PMP"),
  PSET("PCP for sets of ports"),
  IGD("UPnP IGD 1 and 2"),
  VPN("VPNs from and to the home"),
  CER("The router at the customer's edge"),
  S46("MAP-E by DHCPv6"),
  PRI("Which mechanism goes first"),
  DHC("DHCPv6"),
  HB("HB46PP, provisioning over HTTP"),
  LOG("What a provider logs"),
  DSL("DS-Lite beside MAP-E"),
  MIB("Models of management");

  private final String subject;

  Family(String subject) {
    this.subject = subject;
  }

  String subject() {
    return subject;
  }

  /// The families whose rows are answered for one by one; of those that come after them, only what
  /// is shown already stands on the page.
  boolean isAnsweredFor() {
    return compareTo(CER) <= 0;
  }
}
