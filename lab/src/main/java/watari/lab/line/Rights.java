package watari.lab.line;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What this user may do on this machine, found by trying.
public sealed interface Rights {

  /// Namespaces can be made as things are.
  record Here() implements Rights {}

  /// Namespaces can be made inside a new user namespace.
  record InUserNamespace() implements Rights {}

  /// Namespaces cannot be made.
  ///
  /// @param reason one sentence with the way out
  record Nowhere(String reason) implements Rights {}

  /// The beginning of a command that runs in a user, network and mount namespace of its own.
  List<String> NEW_USER_NAMESPACE =
      List.of("unshare", "--user", "--map-root-user", "--net", "--mount");

  static Rights find() {
    var tun = Path.of("/dev/net/tun");
    if (!Files.exists(tun)) {
      return new Nowhere(
          "/dev/net/tun is missing; as root: mkdir -p /dev/net && mknod /dev/net/tun c 10 200");
    }
    if (!works(List.of("ip", "-Version"))) {
      return new Nowhere("the program 'ip' is missing; install the package iproute2");
    }
    if (!opens(tun)) {
      return new Nowhere("/dev/net/tun cannot be opened by this user; run the lab as root");
    }
    if (works(List.of("unshare", "--net", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/run"))) {
      return new Here();
    }
    return works(newUserNamespace(List.of("mount", "-t", "tmpfs", "tmpfs", "/run")))
        ? new InUserNamespace()
        : new Nowhere("this user may not make network namespaces here; run the lab as root");
  }

  /// Gives the new mount namespace that this process is in a `/run` of its own, because `ip netns`
  /// keeps its names there.
  static void ownRun() throws IOException {
    Finished.demand(List.of("mount", "-t", "tmpfs", "tmpfs", "/run"), "");
  }

  /// The command that runs `command` in namespaces of its own and ends with its parent.
  static List<String> newUserNamespace(List<String> command) {
    var whole = new ArrayList<>(NEW_USER_NAMESPACE);
    whole.addAll(List.of("setpriv", "--pdeathsig", "TERM"));
    whole.addAll(command);
    return whole;
  }

  private static boolean works(List<String> command) {
    try {
      return Finished.run(command).exit() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static boolean opens(Path device) {
    try (var _ = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }
}
