package watari.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// Decides for `NeedsNamespaces`.
final class NamespacesCondition implements ExecutionCondition {
  private static final Optional<String> REFUSAL = refusal();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var lacks = Stream.concat(REFUSAL.stream(), lacking(context)).toList();
    if (lacks.isEmpty()) {
      return ConditionEvaluationResult.enabled("namespaces and programs are there");
    }
    String reason = "needs what this machine lacks: " + String.join("; ", lacks);
    if ("true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(reason + " (with CI=true a skip is a failure)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private static Stream<String> lacking(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), NeedsNamespaces.class).stream()
        .flatMap(needs -> Arrays.stream(needs.programs()))
        .filter(program -> !isOnPath(program))
        .map(program -> "the program " + program);
  }

  private static boolean isOnPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/sbin:/usr/bin");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// Makes a namespace and removes it.
  private static Optional<String> refusal() {
    if (!isOnPath("ip")) {
      return Optional.of("the program ip (apt-get install iproute2)");
    }
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      return Optional.of("/dev/net/tun (modprobe tun)");
    }
    String name = "watari-" + ProcessHandle.current().pid() + "-probe";
    try {
      Command.run("ip", "netns", "add", name).succeeded();
      Command.run("ip", "netns", "delete", name).succeeded();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("network namespaces (run as root): " + e.getMessage());
    }
  }
}
