package watari.lab.line;

import static watari.host.offload.Register.R0;

import java.io.IOException;
import watari.host.kernel.Bpf;
import watari.host.kernel.Bpf.Hook;
import watari.host.kernel.InterfaceName;
import watari.host.kernel.Libc;
import watari.host.kernel.Netlink;
import watari.host.offload.Assembler;

/// An XDP program of somebody else, which lets everything pass.
final class OtherProgram implements AutoCloseable {
  private static final int PASS = 2;

  private final Libc libc = new Libc();
  private final int link;

  private OtherProgram(int link) {
    this.link = link;
  }

  static OtherProgram at(Place place, String device) throws IOException {
    return place.inside(() -> {
      var asm = new Assembler("other");
      asm.move(R0, PASS);
      asm.exit();
      var bpf = new Bpf();
      var written = asm.program();
      int program = bpf.load(Hook.XDP, written.name(), written.code());
      try (var netlink = Netlink.open()) {
        int index = netlink.link(new InterfaceName(device)).orElseThrow().index();
        return new OtherProgram(bpf.attach(watari.host.kernel.Place.XDP_NATIVE, program, index));
      } finally {
        int _ = new Libc().close(program);
      }
    });
  }

  @Override
  public void close() {
    int _ = libc.close(link);
  }
}
