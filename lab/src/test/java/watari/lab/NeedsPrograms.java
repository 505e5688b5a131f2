package watari.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import watari.lab.line.Rights;
import watari.lab.proof.Programs;

/// A test that makes network namespaces and runs programs of other people. Where it cannot, it is
/// skipped with the reason; with `CI=true` that is a failure.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrograms.Condition.class)
public @interface NeedsPrograms {

  /// Names of programs.
  String[] value() default {};

  /// Looks at the machine.
  final class Condition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      var reason = reason(context);
      if (reason.isEmpty()) {
        return ConditionEvaluationResult.enabled("this machine can do it");
      }
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException("CI may not skip this: " + reason);
      }
      return ConditionEvaluationResult.disabled(reason);
    }

    private static String reason(ExtensionContext context) {
      var needs =
          AnnotationSupport.findAnnotation(context.getElement(), NeedsPrograms.class)
              .map(NeedsPrograms::value)
              .orElse(new String[0]);
      for (var program : needs) {
        if (!Programs.has(program)) {
          return "there is no program '" + program + "' here";
        }
      }
      return switch (Rights.find()) {
        case Rights.Here() -> "";
        case Rights.InUserNamespace() -> "tests with network namespaces run as root";
        case Rights.Nowhere(var why) -> why;
      };
    }
  }
}
