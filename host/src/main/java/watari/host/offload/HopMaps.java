package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import watari.core.net.Ipv6Prefix;
import watari.core.rule.RuleTable;
import watari.host.driver.NextHop;
import watari.host.kernel.KernelException;
import watari.host.kernel.Link;
import watari.host.kernel.SharedArray;
import watari.host.kernel.SharedArrays;

/// Next hops where programs find them, with room for those to come, and whose frames are ours.
///
/// ```
/// hops    a next hop a value: device 4 bytes, Ethernet target 6, Ethernet source 6, MTU 4
/// ends    of each far end of a tunnel, the number of the next hop; those of rules are in
///         [RuleMaps], in a line that a packet reads anyway
/// cells   16 cells of the table over IPv4 a value: the number of the next hop plus one
/// own     in one value, by the index of the device that a frame came in by, of which the lowest
///         bits count: 16 bits that are 1, then the Ethernet address that such frames have
/// ```
public final class HopMaps {
  static final int HOPS_MAX = 1024;
  static final int ETHERNET = 4;

  /// Devices whose indexes are equal modulo this have one place, and the last one has it.
  static final int OWN_MAX = 1024;

  /// No address has it; so a place of zeroes is for no frame.
  static final int OWN = 1;

  static final int MTU = 16;
  private static final int HOP_BYTES = 32;
  private static final int ETHERNET_BYTES = 6;

  /// A value of four bytes has eight in the kernel's memory.
  private static final int END_STRIDE = 8;

  private static final int BLOCK_BYTES = 64;

  private final FarEnds ends;
  private final SharedArray hops;
  private final SharedArray cells;
  private final SharedArray own;
  private final int cellsMax;

  /// Far ends of tunnels, and where the numbers of their next hops are.
  ///
  /// @param prefix of each, from 0 to `size` - 1
  /// @param place of the first number
  /// @param stride from one to the next
  private record FarEnds(
      int size, IntFunction<Ipv6Prefix> prefix, SharedArray map, int place, int stride) {
    void write(int[] numbers) {
      for (int end = 0; end < numbers.length; end++) {
        map.values().set(JAVA_INT, place + (long) end * stride, numbers[end]);
      }
    }
  }

  private HopMaps(FarEnds ends, SharedArray hops, SharedArray cells, SharedArray own, int max) {
    this.ends = ends;
    this.hops = hops;
    this.cells = cells;
    this.own = own;
    cellsMax = max;
  }

  /// Makes the maps; every next hop is unknown.
  ///
  /// @param cellsMax of the table over IPv4, at least 65,536; a full routing table of the Internet
  ///   takes some millions
  public static HopMaps create(SharedArrays arrays, RuleTable table, RuleMaps rules, int cellsMax)
      throws KernelException {
    IntFunction<Ipv6Prefix> prefix = rule -> table.rule(rule).ipv6();
    var ends = new FarEnds(table.size(), prefix, rules.rows(), RuleMaps.HOP, RuleMaps.ROW_BYTES);
    return create(arrays, ends, cellsMax);
  }

  /// Makes the maps for other far ends of tunnels than those of rules.
  ///
  /// @param farEnds the prefix of each, from 0 to `size` - 1
  static HopMaps create(
      SharedArrays arrays, int size, IntFunction<Ipv6Prefix> farEnds, int cellsMax)
      throws KernelException {
    var numbers = arrays.add("watari_ends", Integer.BYTES, Math.max(1, size));
    return create(arrays, new FarEnds(size, farEnds, numbers, 0, END_STRIDE), cellsMax);
  }

  private static HopMaps create(SharedArrays arrays, FarEnds ends, int cellsMax)
      throws KernelException {
    var hops = arrays.add("watari_hops", HOP_BYTES, HOPS_MAX);
    int blocks = cellsMax / RuleMaps.CELLS_EACH;
    var cells = arrays.add("watari_routes", BLOCK_BYTES, blocks);
    var own = arrays.add("watari_own", OWN_MAX * Long.BYTES, 1);
    return new HopMaps(ends, hops, cells, own, cellsMax);
  }

  SharedArray hops() {
    return hops;
  }

  SharedArray ends() {
    return ends.map;
  }

  SharedArray cells() {
    return cells;
  }

  SharedArray own() {
    return own;
  }

  /// Frames that come in by these devices and have their addresses are for us.
  public void receiveAt(List<Link> devices) {
    for (Link device : devices) {
      long place = (long) (device.index() & OWN_MAX - 1) * Long.BYTES;
      long address = Long.reverseBytes(device.ethernet() << Short.SIZE) << Short.SIZE;
      own.values().set(JAVA_LONG, place, address | OWN);
    }
  }

  /// Leads packets by other next hops from now on. All is worked out beforehand; then every hop is
  /// made unknown, so that an old number leads nowhere while the others are written. Until then the
  /// kernel has the packets.
  ///
  /// @return whether there was room; without, the kernel keeps them
  public boolean lead(NextHops next) {
    List<NextHop> all = next.hops();
    int[] routes = next.cells();
    boolean hasRoom = all.size() <= HOPS_MAX && routes.length <= cellsMax;
    int[] byEnd = hasRoom ? byEnd(next) : new int[0];
    hops.values().fill((byte) 0);
    if (!hasRoom) {
      return false;
    }
    MemorySegment.copy(routes, 0, cells.values(), JAVA_INT, 0, routes.length);
    ends.write(byEnd);
    for (int number = 1; number < all.size(); number++) {
      write((long) number * HOP_BYTES, all.get(number));
    }
    return true;
  }

  private int[] byEnd(NextHops next) {
    var numbers = new int[ends.size];
    Arrays.setAll(numbers, end -> next.of(ends.prefix.apply(end)));
    return numbers;
  }

  private void write(long at, NextHop hop) {
    writeEthernet(at + ETHERNET, hop.target());
    writeEthernet(at + ETHERNET + ETHERNET_BYTES, hop.source());
    hops.values().set(JAVA_INT, at + MTU, hop.mtu());
    hops.values().set(JAVA_INT, at, hop.device());
  }

  private void writeEthernet(long at, long address) {
    for (int i = 0; i < ETHERNET_BYTES; i++) {
      int shift = (ETHERNET_BYTES - 1 - i) * Byte.SIZE;
      hops.values().set(JAVA_BYTE, at + i, (byte) (address >>> shift));
    }
  }
}
