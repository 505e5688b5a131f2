package watari.host.offload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.Errno;
import watari.host.kernel.KernelException;
import watari.host.kernel.Libc;
import watari.host.kernel.Link;
import watari.host.kernel.Place;

/// Programs of one hook that are in place until [#close].
final class Attachments implements AutoCloseable {
  private final Bpf bpf;
  private final Hook hook;
  private final String otherwise;
  private final Libc libc = new Libc();
  private final List<Integer> links = new ArrayList<>();

  /// @param otherwise the setting with which none of these programs is needed
  Attachments(Bpf bpf, Hook hook, String otherwise) {
    this.bpf = bpf;
    this.hook = hook;
    this.otherwise = otherwise;
  }

  /// Puts a program in place at each of these, where the hook has its best place there.
  ///
  /// @throws KernelException with the name of the interface, and the way out
  List<Attachment> add(int program, List<Link> devices) throws KernelException {
    var made = new ArrayList<Attachment>();
    for (Link device : devices) {
      made.add(add(program, device));
    }
    return made;
  }

  /// Puts a program in the place of another.
  ///
  /// @param number of the place, in the order of [#add], from 0
  void replace(int number, int program) throws KernelException {
    bpf.replace(links.get(number), program);
  }

  private Attachment add(int program, Link device) throws KernelException {
    var places = Place.of(hook).iterator();
    while (true) {
      Place place = places.next();
      try {
        links.add(bpf.attach(place, program, device.index()));
        return new Attachment(device.name(), place);
      } catch (KernelException refused) {
        if (!places.hasNext() || isAnywhere(refused)) {
          throw new KernelException(
              refused.errno(), "putting a program at " + device.name(), helps(refused, device));
        }
      }
    }
  }

  /// Whether it is the same at the other places of the hook.
  private static boolean isAnywhere(KernelException refused) {
    return isTaken(refused) || refused.is(Errno.EPERM) || refused.is(Errno.ENODEV);
  }

  private static boolean isTaken(KernelException refused) {
    return Stream.of(Errno.EBUSY, Errno.EEXIST).anyMatch(refused::is);
  }

  private String helps(KernelException refused, Link device) {
    if (refused.is(Errno.EPERM)) {
      return "it needs CAP_BPF and CAP_NET_ADMIN: run it as root";
    }
    if (refused.is(Errno.ENODEV)) {
      return "it goes on when the interface is back";
    }
    return switch (hook) {
      case XDP ->
          isTaken(refused)
              ? "another XDP program is there, 'ip link show "
                  + device.name()
                  + "' has its number: end what put it there, or set '"
                  + otherwise
                  + "'"
              : "the driver takes no such program: set '" + otherwise + "'";
      case TC -> "this hook came with Linux 6.6: set '" + otherwise + "'";
    };
  }

  @Override
  public void close() {
    links.reversed().forEach(libc::close);
    links.clear();
  }
}
