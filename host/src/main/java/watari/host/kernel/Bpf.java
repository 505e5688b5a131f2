package watari.host.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Maps, programs and links of eBPF (`bpf(2)`, `linux/bpf.h`). What is made is a descriptor, which
/// its caller closes; the kernel keeps a thing while anybody has a descriptor of it, or a program
/// or a link uses it.
///
/// One thread owns it, as its [Libc].
public final class Bpf {
  private static final int MAP_CREATE = 0;
  private static final int MAP_LOOKUP = 1;
  private static final int MAP_UPDATE = 2;
  private static final int MAP_DELETE = 3;
  private static final int MAP_NEXT_KEY = 4;
  private static final int PROG_LOAD = 5;
  private static final int PROG_TEST_RUN = 10;
  private static final int LINK_CREATE = 28;
  private static final int LINK_UPDATE = 29;
  private static final int TEST_CHECKSUM_COMPLETE = 1 << 2;

  /// Of a test run: the frames are real.
  private static final int LIVE_FRAMES = 1 << 1;

  /// Holds every attribute that is used here; the kernel demands that the rest is zero.
  private static final long ATTRIBUTES = 128;

  private static final int LOG_BYTES = 1 << 20;
  private static final int LOG_LINES = 2;

  private final Libc libc = new Libc();
  private final MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES, Long.BYTES);

  public Bpf() {}

  /// Where a program runs (`enum bpf_prog_type` and `enum bpf_attach_type`).
  public enum Hook {
    /// At the driver, before the kernel makes a packet of it.
    XDP(6, 37),
    /// At the device, when the kernel has made a packet of it, in the order of attaching (tcx).
    TC(3, 46);

    private final int programType;
    private final int attachType;

    Hook(int programType, int attachType) {
      this.programType = programType;
      this.attachType = attachType;
    }
  }

  /// What came of running a program on a packet.
  ///
  /// @param result what the program gave back, such as `XDP_TX`
  /// @param bytes the length of the packet then
  public record Outcome(int result, int bytes) {}

  /// Makes a map.
  ///
  /// @return its descriptor
  public int create(BpfMap map) throws KernelException {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, map.kind().number());
    wish.set(JAVA_INT, 4, map.keyBytes());
    wish.set(JAVA_INT, 8, map.valueBytes());
    wish.set(JAVA_INT, 12, map.entriesMax());
    wish.set(JAVA_INT, 16, map.flags());
    name(map.name(), 28);
    return demand(call(MAP_CREATE), "making the map " + map.name());
  }

  /// Copies the value of a key to address `value`; of a map with a value a processor, all of them.
  ///
  /// @return whether there is one
  public boolean lookup(int map, long key, long value) throws KernelException {
    return find(MAP_LOOKUP, map, key, value);
  }

  /// Copies the key behind `key`, or the first one where `key` is 0, to address `next`.
  ///
  /// @return whether there is one
  public boolean nextKey(int map, long key, long next) throws KernelException {
    return find(MAP_NEXT_KEY, map, key, next);
  }

  private boolean find(int command, int map, long key, long value) throws KernelException {
    element(map, key, value);
    int result = call(command);
    if (Errno.ENOENT.is(result)) {
      return false;
    }
    demand(result, "reading a map");
    return true;
  }

  /// Sets the value of a key.
  public void update(int map, long key, long value) throws KernelException {
    element(map, key, value);
    demand(call(MAP_UPDATE), "writing to a map");
  }

  /// Removes a key.
  ///
  /// @return whether it was there
  public boolean delete(int map, long key) throws KernelException {
    return find(MAP_DELETE, map, key, 0);
  }

  private void element(int map, long key, long value) {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, map);
    wish.set(JAVA_LONG, 8, key);
    wish.set(JAVA_LONG, 16, value);
  }

  /// Loads a program.
  ///
  /// @param name at most 15 letters, digits and underlines
  /// @param code its instructions
  /// @return its descriptor
  /// @throws KernelException when the right is missing, or with the last lines of what the verifier
  ///   says
  public int load(Hook hook, String name, List<Long> code) throws KernelException {
    try (var arena = Arena.ofConfined()) {
      var instructions = arena.allocate(JAVA_LONG, code.size());
      for (int at = 0; at < code.size(); at++) {
        instructions.setAtIndex(JAVA_LONG, at, code.get(at));
      }
      var license = arena.allocateFrom("Apache-2.0");
      describe(hook, name, code.size(), instructions, license);
      int result = call(PROG_LOAD);
      return result >= 0 ? result : demand(result, refused(name, arena, result));
    }
  }

  private void describe(
      Hook hook, String name, int count, MemorySegment instructions, MemorySegment license) {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, hook.programType);
    wish.set(JAVA_INT, 4, count);
    wish.set(JAVA_LONG, 8, instructions.address());
    wish.set(JAVA_LONG, 16, license.address());
    name(name, 48);
    wish.set(JAVA_INT, 68, hook.attachType);
  }

  /// Loads it once more for what the verifier has to say.
  private String refused(String name, Arena arena, int result) {
    String failed = "loading the program " + name;
    if (Errno.EPERM.is(result)) {
      return failed;
    }
    var log = arena.allocate(LOG_BYTES);
    attributes.set(JAVA_INT, 24, 1);
    attributes.set(JAVA_INT, 28, LOG_BYTES);
    attributes.set(JAVA_LONG, 32, log.address());
    int _ = call(PROG_LOAD);
    var lines = log.getString(0).lines().filter(line -> !line.startsWith("processed ")).toList();
    return failed
        + " ("
        + String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()))
        + ")";
  }

  /// Runs a program on a packet, without any device (`BPF_PROG_TEST_RUN`).
  ///
  /// @param in where the packet is, from its Ethernet header on
  /// @param out where it is copied to afterwards; room for `outBytes`
  public Outcome run(int program, long in, int inBytes, long out, int outBytes)
      throws KernelException {
    return run(program, in, inBytes, out, outBytes, 0);
  }

  /// The same as if a card had summed the packet up (`CHECKSUM_COMPLETE`), for a program at
  /// [Hook#TC].
  ///
  /// @throws KernelException `EBADMSG` when the sum is not the packet's any more
  public Outcome runSummed(int program, long in, int inBytes, long out, int outBytes)
      throws KernelException {
    return run(program, in, inBytes, out, outBytes, TEST_CHECKSUM_COMPLETE);
  }

  private Outcome run(int program, long in, int inBytes, long out, int outBytes, int flags)
      throws KernelException {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, program);
    wish.set(JAVA_INT, 8, inBytes);
    wish.set(JAVA_INT, 12, outBytes);
    wish.set(JAVA_LONG, 16, in);
    wish.set(JAVA_LONG, 24, out);
    wish.set(JAVA_INT, 64, flags);
    demand(call(PROG_TEST_RUN), "running a program");
    return new Outcome(wish.get(JAVA_INT, 4), wish.get(JAVA_INT, 12));
  }

  /// Runs a program on copies of a frame as if they had come in at a device of this namespace, and
  /// does with each what the program says: sends it, say (`BPF_F_TEST_XDP_LIVE_FRAMES`). A copy
  /// that comes back keeps what was written into it.
  ///
  /// @param frame where it is, from its Ethernet header on
  /// @param batch how many are handed on together, 1 to 256
  /// @return how many nanoseconds a copy took, without making ready for them all
  public int runLive(int program, long frame, int bytes, int copies, int batch)
      throws KernelException {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, program);
    wish.set(JAVA_INT, 8, bytes);
    wish.set(JAVA_LONG, 16, frame);
    wish.set(JAVA_INT, 32, copies);
    wish.set(JAVA_INT, 64, LIVE_FRAMES);
    wish.set(JAVA_INT, 72, batch);
    demand(call(PROG_TEST_RUN), "sending frames by a program");
    return wish.get(JAVA_INT, 36);
  }

  /// Puts a program in place at an interface. It leaves with the last descriptor of the link.
  ///
  /// @return the descriptor of the link
  public int attach(Place place, int program, int device) throws KernelException {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, program);
    wish.set(JAVA_INT, 4, device);
    wish.set(JAVA_INT, 8, place.hook().attachType);
    wish.set(JAVA_INT, 12, place.flags());
    return demand(call(LINK_CREATE), "attaching a program");
  }

  /// Puts another program where a link has one; no packet finds none between.
  public void replace(int link, int program) throws KernelException {
    MemorySegment wish = cleared();
    wish.set(JAVA_INT, 0, link);
    wish.set(JAVA_INT, 4, program);
    int _ = demand(call(LINK_UPDATE), "replacing a program");
  }

  private MemorySegment cleared() {
    return attributes.fill((byte) 0);
  }

  private void name(String name, long at) {
    MemorySegment bytes = MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII));
    MemorySegment.copy(bytes, 0, attributes, at, bytes.byteSize());
  }

  private int call(int command) {
    return libc.bpf(command, attributes.address(), ATTRIBUTES);
  }

  private static int demand(int result, String failed) throws KernelException {
    if (Errno.EPERM.is(result)) {
      throw new KernelException(
          -result, failed, "it needs CAP_BPF and CAP_NET_ADMIN: run it as root");
    }
    if (result < 0) {
      throw new KernelException(-result, failed);
    }
    return result;
  }
}
