package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Link;
import watari.host.kernel.SharedArrays;

/// What somebody has of the kernel for the programs of one hook, all given back together: maps,
/// programs, and the places where these are.
final class Holdings implements AutoCloseable {
  private final Hook hook;
  private final Bpf bpf = new Bpf();
  private final Libc libc = new Libc();
  private final SharedArrays arrays = new SharedArrays(bpf);
  private final List<Integer> descriptors = new ArrayList<>();
  private final Attachments attachments;

  /// Of programs that the other hook can do without.
  Holdings(Hook hook) {
    this(hook, hook == Hook.XDP ? "hook: tc" : "hook: xdp");
  }

  /// @param otherwise the setting with which none of these programs is needed
  Holdings(Hook hook, String otherwise) {
    this.hook = hook;
    attachments = new Attachments(bpf, hook, otherwise);
  }

  Bpf bpf() {
    return bpf;
  }

  SharedArrays arrays() {
    return arrays;
  }

  /// Loads a program, and gives its descriptor.
  int load(Program program) throws KernelException {
    return keep(bpf.load(hook, program.name(), program.code()));
  }

  /// Takes a descriptor over.
  int keep(int descriptor) {
    descriptors.add(descriptor);
    return descriptor;
  }

  /// Puts a program in place at each of these.
  List<Attachment> attach(int program, List<Link> devices) throws KernelException {
    return attachments.add(program, devices);
  }

  /// Puts a program in the place of another, as in [Attachments#replace].
  void replace(int number, int program) throws KernelException {
    attachments.replace(number, program);
  }

  /// The programs leave first.
  @Override
  public void close() {
    attachments.close();
    descriptors.reversed().forEach(libc::close);
    descriptors.clear();
    arrays.close();
  }
}
