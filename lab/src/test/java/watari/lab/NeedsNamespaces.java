package watari.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that needs network namespaces and a TUN device, and perhaps programs.
///
/// Where they are missing it is skipped with the reason; with `CI=true` in the environment it fails
/// instead, so that nothing is skipped unseen.
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NamespacesCondition.class)
public @interface NeedsNamespaces {
  /// Programs that must be on the `PATH`, beside `ip`.
  String[] programs() default {};
}
