package watari.app.cli;

import watari.core.net.Ipv4Address;
import watari.core.rule.Identity;
import watari.core.rule.Psid;
import watari.core.rule.RuleTable;

/// The answers of `who` for a person.
final class WhoText {
  private final RuleTable table;
  private final Words words;

  WhoText(RuleTable table, Words words) {
    this.table = table;
    this.words = words;
  }

  /// Appends the text for one address and port.
  ///
  /// @return whether somebody is there
  boolean answer(StringBuilder out, int address, int port) {
    String asked = new Ipv4Address(address) + ":" + port;
    int index = table.byAddress(address, port);
    if (index < 0) {
      WhoReason reason = WhoReason.of(index, table, address);
      out.append(words.say("who.nobody", asked))
          .append("\n  ")
          .append(words.say("who." + reason.label()))
          .append('\n');
      return false;
    }
    out.append(words.say("who.somebody", asked))
        .append('\n')
        .append(table.who(address, port).map(found -> subscriber(index, found)).orElseThrow());
    return true;
  }

  private String subscriber(int index, Identity identity) {
    String label = table.domain(index).confidence().label();
    Psid psid = identity.ports().psid();
    String shown =
        psid.isPresent()
            ? words.say("psidValue", psid.value(), Integer.toHexString(psid.value()), psid.length())
            : words.say("who.noPsid");
    return String.join(
        "\n",
        words.row("endUserPrefix", identity.endUserPrefix().toString()),
        words.row("mapAddress", identity.mapAddress().toString()),
        words.row("psid", shown),
        words.row("service", table.domain(index).name()),
        words.row("rule", identity.rule().toString()),
        words.row("confidence", words.say("confidence." + label, label)),
        "");
  }
}
