package watari.host.kernel;

import java.util.ArrayList;
import java.util.List;

/// Arrays that are closed together, also where one of them could not be made.
public final class SharedArrays implements AutoCloseable {
  private final Bpf bpf;
  private final List<SharedArray> made = new ArrayList<>();

  /// @param bpf of the thread that makes them
  public SharedArrays(Bpf bpf) {
    this.bpf = bpf;
  }

  /// Makes one more, of zeroes.
  public SharedArray add(String name, int valueBytes, int entries) throws KernelException {
    var array = SharedArray.create(bpf, name, valueBytes, entries);
    made.add(array);
    return array;
  }

  @Override
  public void close() {
    made.reversed().forEach(SharedArray::close);
    made.clear();
  }
}
