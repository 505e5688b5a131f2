package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Condition.BELOW;
import static watari.host.offload.Condition.BELOW_OR_EQUAL;
import static watari.host.offload.Condition.EQUAL;
import static watari.host.offload.Condition.NOT_EQUAL;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Operation.SHIFT_RIGHT;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Register.R9;
import static watari.host.offload.Width.BYTE;
import static watari.host.offload.Width.HALF;
import static watari.host.offload.Width.LONG;
import static watari.host.offload.Width.WORD;

import java.util.List;
import watari.core.net.Ipv6Address;
import watari.core.wire.Protocol;

/// The program at a card that hands the relay's packets to Java directly, and leaves the kernel all
/// others: those for the machine itself, and those at the end of their time to live, which it
/// answers.
///
/// ```
/// IPv4, to an address of the rules         → the socket of the queue
/// IPv6, to a relay, no neighbour discovery → the socket of the queue
/// ```
///
/// Java tells the two apart by the version in the packet, so it must be what the frame says. A
/// queue without a socket leaves its packets to the kernel too.
final class CardProgram {
  private static final int ETHERTYPE = 12;
  private static final int ETHERNET = 14;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;

  /// As a little-endian machine reads them.
  private static final int ETHERTYPE_IPV4 = 0x0008;

  private static final int ETHERTYPE_IPV6 = 0xdd86;

  private static final int DATA = 0;
  private static final int DATA_END = 4;
  private static final int RECEIVE_QUEUE = 16;
  private static final int XDP_PASS = 2;

  private static final int IPV4_TTL = 8;
  private static final int IPV4_TARGET = 16;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_HOP_LIMIT = 7;
  private static final int IPV6_TARGET = 24;

  /// Router solicitations are the first of five types (RFC 4861 §4).
  private static final int DISCOVERY_FIRST = 133;

  private static final int DISCOVERY_LAST = 137;

  private final Assembler asm = new Assembler("watari_card");
  private final Label pass = asm.label("pass");
  private final Label ours = asm.label("ours");
  private final long ethernet;
  private final int cells;

  private CardProgram(long ethernet, int cells) {
    this.ethernet = ethernet;
    this.cells = cells;
  }

  /// @param ethernet the card's own address
  /// @param relays the IPv6 addresses of the relay
  /// @param cells descriptor of the map of [RuleMaps#cells]
  /// @param sockets descriptor of the map of the card's sockets
  static Program of(long ethernet, List<Ipv6Address> relays, int cells, int sockets) {
    return new CardProgram(ethernet, cells).program(relays, sockets);
  }

  private Program program(List<Ipv6Address> relays, int sockets) {
    var ipv6 = asm.label("ipv6");
    asm.move(R6, R1);
    asm.load(WORD, R7, R6, DATA);
    asm.load(WORD, R3, R6, DATA_END);
    demand(ETHERNET + IPV4_HEADER);
    asm.note("to this card");
    asm.load(LONG, R1, R7, 0);
    asm.bigEndian(R1, LONG);
    asm.compute(R1, SHIFT_RIGHT, Short.SIZE);
    asm.moveLong(R2, ethernet);
    asm.jumpIf(R1, NOT_EQUAL, R2, pass);
    asm.load(HALF, R1, R7, ETHERTYPE);
    asm.compute(R7, ADD, ETHERNET);
    asm.jumpIf(R1, EQUAL, ETHERTYPE_IPV6, ipv6);
    asm.jumpIf(R1, NOT_EQUAL, ETHERTYPE_IPV4, pass);
    ofRules();
    asm.here(ipv6);
    toRelay(relays);
    asm.here(ours);
    hand(sockets);
    asm.here(pass);
    asm.move(R0, XDP_PASS);
    asm.exit();
    return asm.program();
  }

  private void demand(int bytes) {
    asm.move(R1, R7);
    asm.compute(R1, ADD, bytes);
    asm.jumpIf(R1, ABOVE, R3, pass);
  }

  /// Of the packet that R7 points to.
  private void version(int wanted) {
    asm.note("version");
    asm.load(BYTE, R1, R7, 0);
    asm.compute(R1, SHIFT_RIGHT, 4);
    asm.jumpIf(R1, NOT_EQUAL, wanted, pass);
  }

  private void ofRules() {
    version(4);
    asm.note("time to live");
    asm.load(BYTE, R1, R7, IPV4_TTL);
    asm.jumpIf(R1, BELOW_OR_EQUAL, 1, pass);
    asm.load(WORD, R9, R7, IPV4_TARGET);
    asm.bigEndian(R9, WORD);
    new Trie(asm, pass).find(cells);
    asm.jumpIf(R0, EQUAL, 0, pass);
    asm.jump(ours);
  }

  private void toRelay(List<Ipv6Address> relays) {
    var other = asm.label("no_icmpv6");
    demand(IPV6_HEADER + 1);
    version(6);
    asm.note("hop limit");
    asm.load(BYTE, R1, R7, IPV6_HOP_LIMIT);
    asm.jumpIf(R1, BELOW_OR_EQUAL, 1, pass);
    asm.note("neighbour discovery");
    asm.load(BYTE, R1, R7, IPV6_NEXT_HEADER);
    asm.jumpIf(R1, NOT_EQUAL, Protocol.ICMPV6, other);
    asm.load(BYTE, R1, R7, IPV6_HEADER);
    asm.jumpIf(R1, BELOW, DISCOVERY_FIRST, other);
    asm.jumpIf(R1, BELOW_OR_EQUAL, DISCOVERY_LAST, pass);
    asm.here(other);
    asm.load(LONG, R1, R7, IPV6_TARGET);
    asm.bigEndian(R1, LONG);
    asm.load(LONG, R2, R7, IPV6_TARGET + Long.BYTES);
    asm.bigEndian(R2, LONG);
    for (int i = 0; i < relays.size(); i++) {
      var next = asm.label("not_relay_" + i);
      asm.moveLong(R3, relays.get(i).high());
      asm.jumpIf(R1, NOT_EQUAL, R3, next);
      asm.moveLong(R3, relays.get(i).low());
      asm.jumpIf(R2, EQUAL, R3, ours);
      asm.here(next);
    }
    asm.jump(pass);
  }

  private void hand(int sockets) {
    asm.note("the socket of the queue, or the kernel");
    asm.moveMap(R1, sockets);
    asm.load(WORD, R2, R6, RECEIVE_QUEUE);
    asm.move(R3, XDP_PASS);
    asm.call(KernelFunction.REDIRECT_MAP);
    asm.exit();
  }
}
