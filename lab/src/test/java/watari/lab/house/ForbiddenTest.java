package watari.lab.house;

import static java.lang.classfile.ClassFile.ACC_STATIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ForbiddenTest {
  private static final JavaClasses HOUSE = House.classes();

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("watari.lab.house.Forbidden#IN_THE_HOUSE")
  void noClassTouchesWhatItsFloorMayNot(Forbidden rule) {
    assertThat(rule.violations(HOUSE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("everyName")
  void findsAClassThatTouches(Forbidden rule, String name) throws IOException {
    var wicked = wicked(rule.below() + ".Wicked", name);
    assertThat(rule.violations(wicked))
        .isNotEmpty()
        .allMatch(sentence -> sentence.startsWith(rule.below() + ".Wicked may not use"));
  }

  @ParameterizedTest
  @MethodSource("everyName")
  void leavesClassesOfOtherFloorsAndExemptOnesAlone(Forbidden rule, String name)
      throws IOException {
    assertThat(rule.violations(wicked("elsewhere.Wicked", name))).isEmpty();
    for (String exempt : rule.exempt()) {
      assertThat(rule.violations(wicked(exempt, name))).isEmpty();
    }
  }

  @Test
  void readsTheClassFilesOfThisJdk() throws IOException {
    int newest = ClassFile.latestMajorVersion();
    var file = House.home().resolve("core/target/classes/watari/core/net/Refused.class");
    var bytes = Files.readAllBytes(file);
    assertThat(((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff)).isBetween(69, newest);
    assertThat(HOUSE.contain("watari.core.net.Refused")).isTrue();
  }

  static Stream<Arguments> everyName() {
    return Forbidden.IN_THE_HOUSE.stream()
        .flatMap(rule -> rule.names().stream().map(name -> Arguments.of(rule, name)));
  }

  /// A class, made here byte by byte, whose one method calls a member of what the name forbids.
  private JavaClasses wicked(String type, String name) throws IOException {
    var target =
        name.endsWith(".") ? name + "Thing#touch" : name.contains("#") ? name : name + "#touch";
    var owner = ClassDesc.of(target.substring(0, target.indexOf('#')));
    var member = target.substring(target.indexOf('#') + 1);
    var bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(type),
                made ->
                    made.withMethodBody(
                        "touch",
                        ConstantDescs.MTD_void,
                        ACC_STATIC,
                        code ->
                            code.invokestatic(owner, member, ConstantDescs.MTD_void).return_()));
    var file = folder.resolve(type + ".class");
    Files.write(file, bytes);
    return House.importer().importPath(file);
  }
}
