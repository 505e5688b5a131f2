package watari.host.offload;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import watari.core.nat.Randomness;
import watari.host.kernel.Bpf;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.host.kernel.SharedArray;

/// The flows of a gateway where programs of the kernel find them, and what changes with time.
///
/// ```
/// rows    the buckets of a [FlowMap]
/// clock   the second that is now
/// ```
///
/// The memory lasts as long as anybody here holds on to it, so that the thread which fills it need
/// not know when the programs are gone.
final class FlowMaps implements AutoCloseable {
  static final int SECOND = 0;

  private final SharedArray rows;
  private final SharedArray clock;
  private final FlowMap flows;

  private FlowMaps(SharedArray rows, SharedArray clock, FlowMap.Hash hash) {
    this.rows = rows;
    this.clock = clock;
    flows = new FlowMap(rows.values(), hash);
  }

  /// Makes the maps, for about so many flows.
  static FlowMaps create(Bpf bpf, int flowsMax, Randomness randomness) throws KernelException {
    if (!System.getProperty("os.arch", "").equals("amd64")) {
      throw new KernelException(
          Errno.EOPNOTSUPP.number(),
          "sharing flows with the kernel",
          "it needs an amd64 processor; Java carries everything");
    }
    var hash = FlowMap.Hash.of(flowsMax, randomness.next(), randomness.next());
    var rows = SharedArray.createLasting(bpf, "watari_flows", FlowMap.BUCKET, hash.buckets());
    try {
      var clock = SharedArray.createLasting(bpf, "watari_clock", Long.BYTES, 1);
      return new FlowMaps(rows, clock, hash);
    } catch (KernelException failed) {
      rows.close();
      throw failed;
    }
  }

  FlowMap flows() {
    return flows;
  }

  int rowsDescriptor() {
    return rows.descriptor();
  }

  int clockDescriptor() {
    return clock.descriptor();
  }

  void setSecond(int second) {
    clock.values().set(JAVA_INT, SECOND, second);
  }

  @Override
  public void close() {
    rows.close();
    clock.close();
  }
}
