package watari.core.nat;

import watari.core.rule.PortSet;
import watari.core.rule.Psid;

/// Port sets of all sizes, as tests need them.
final class Ports {
  /// 15 ranges of 16, as the services v6plus and NURO give: 4096 + 16 x PSID and so on.
  static final PortSet RANGES_OF_16 = new PortSet(4, new Psid(0x56, 8));

  /// 15 ranges of one port.
  static final PortSet SINGLES = new PortSet(4, new Psid(0x567, 12));

  static final PortSet ONE = new PortSet(0, new Psid(5001, 16));

  /// One range that begins at port 0.
  static final PortSet FROM_ZERO = new PortSet(0, new Psid(0, 12));

  private Ports() {}
}
