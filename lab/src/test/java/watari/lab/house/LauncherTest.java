package watari.lab.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a checkout of nothing, with a JDK and a Maven that only say how they were
/// called.
final class LauncherTest {
  private static final String ECHO = "#!/bin/sh\necho \"$0 $*\"\n";

  @TempDir Path folder;

  private Path checkout = Path.of("");
  private Path jdk = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    checkout = folder.resolve("a checkout");
    for (String part : List.of(".ci", ".mvn", "core/src/main", "core/target/surefire-reports")) {
      Files.createDirectories(checkout.resolve(part));
    }
    for (String file : List.of("watari", ".ci/summary.awk")) {
      program(checkout.resolve(file), House.text(House.home().resolve(file)));
    }
    Files.writeString(checkout.resolve("pom.xml"), "");
    Files.writeString(checkout.resolve("core/pom.xml"), "");
    Files.writeString(checkout.resolve(".ci/packages"), "# none\ndash sh\n");
    maven(
        "for a; do case $a in -Dwatari.image=*) mkdir \"${a#*=}/app\" \"${a#*=}/lab\"; esac; done");
    jdk = jdk("jdk", "25.0.3");
  }

  @Test
  void buildsOnceThenOnlyWhatIsStale() throws IOException, InterruptedException {
    assertThat(watari("check", "x").err()).contains("building");
    assertThat(watari("check", "x").err()).isEmpty();
    Files.writeString(checkout.resolve("core/src/main/New.java"), "");
    assertThat(watari("check", "x").err()).contains("building");
  }

  @Test
  void startsTheMainThatAVerbBelongsTo() throws IOException, InterruptedException {
    assertThat(watari("check", "2001:db8::/56").out())
        .contains("-m watari.app/watari.app.cli.Main check 2001:db8::/56");
    assertThat(watari("lab", "--once").out()).contains("-m watari.lab/watari.lab.Main lab --once");
    assertThat(watari("bench", "core").out()).contains("-m watari.lab/watari.lab.Main bench core");
    assertThat(watari().out()).contains("-m watari.app/watari.app.cli.Main --help");
  }

  @Test
  void opensTheKernelOnlyToWhatNeedsIt() throws IOException, InterruptedException {
    assertThat(watari("gateway", "-c", "x").out()).contains("--enable-native-access=watari.host");
    assertThat(watari("check", "x").out())
        .contains("--illegal-native-access=deny")
        .doesNotContain("--enable-native-access");
  }

  @Test
  void keepsOnceWhatAStartTeachesTheJvm() throws IOException, InterruptedException {
    rehearse("echo > \"${a#*=}\"");
    for (int start = 0; start < 2; start++) {
      assertThat(watari("relay", "-c", "x").out())
          .contains("-XX:AOTCache=")
          .contains("/relay-25.0.3.aot");
    }
    assertThat(folder.resolve("rehearsals")).content().hasLineCount(1);
  }

  @Test
  void asksAJvmThatKeepsNothingOnce() throws IOException, InterruptedException {
    rehearse("true");
    for (int start = 0; start < 2; start++) {
      assertThat(watari("relay", "-c", "x").out()).doesNotContain("-XX:AOTCache=");
    }
    assertThat(folder.resolve("rehearsals")).content().hasLineCount(1);
  }

  /// A JDK that says how it was started, and does this with the archive `${a#*=}`.
  private void rehearse(String keeping) throws IOException {
    program(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for a; do case $a in -XX:AOTCacheOutput=*) %s; echo x >> rehearsals;; esac; done
        echo "$0" "$@"
        """
            .formatted(keeping));
  }

  @Test
  void takesOtherOptionsForTheJvmInsteadOfItsOwn() throws IOException, InterruptedException {
    var ran =
        run(
            folder,
            Map.of("WATARI_JVM_OPTIONS", "-XX:+UseZGC -Xmx2g"),
            checkout.resolve("watari").toString(),
            "relay",
            "-c",
            "x");
    assertThat(ran.out())
        .contains("--enable-native-access=watari.host -XX:+UseZGC -Xmx2g -p ")
        .doesNotContain("SerialGC");
  }

  @Test
  void runsThroughALinkFromAnyFolder() throws IOException, InterruptedException {
    var first = Files.createSymbolicLink(folder.resolve("first"), Path.of("a checkout/watari"));
    var second = Files.createSymbolicLink(folder.resolve("second"), first);
    var ran = run(Path.of("/"), Map.of(), second.toString(), "check", "x");
    assertThat(ran.out()).contains(checkout + "/target/image");
    assertThat(ran.code()).isZero();
  }

  @Test
  void passesOverAnOldJdk() throws IOException, InterruptedException {
    var old = jdk("old", "17.0.15");
    var ran =
        run(
            folder,
            Map.of("WATARI_JAVA_HOME", "", "JAVA_HOME", old.toString(), "PATH", path(jdk)),
            checkout.resolve("watari").toString(),
            "check",
            "x");
    assertThat(ran.out()).startsWith(jdk + "/bin/java ");
  }

  @Test
  void findsTheJdkOfThePackagesBehindAnOldOneOnThePath() throws IOException, InterruptedException {
    var old = jdk("old", "17.0.15");
    var packages = Files.createDirectories(folder.resolve("jvm"));
    Files.move(jdk, packages.resolve("java-25"));
    var place = "mount -t tmpfs none /opt && mount --bind '" + packages + "' /usr/lib/jvm";
    var ran =
        run(
            folder,
            Map.of("WATARI_JAVA_HOME", "", "JAVA_HOME", "", "HOME", "/", "PATH", path(old)),
            with(
                alone(place + " && exec \"$@\""),
                checkout.resolve("watari").toString(),
                "check",
                "x"));
    assertThat(ran.out()).startsWith("/usr/lib/jvm/java-25/bin/java ");
  }

  @Test
  void saysWhatToInstallWithoutAJdk() throws IOException, InterruptedException {
    var hide = "mount -t tmpfs none /opt && mount -t tmpfs none /usr/lib/jvm && exec \"$@\"";
    var alone = alone(hide);
    var path = "/usr/bin:/bin:/usr/sbin:/sbin";
    var none =
        Map.of("WATARI_JAVA_HOME", "", "JAVA_HOME", "", "HOME", folder.toString(), "PATH", path);
    var ran = run(folder, none, with(alone, checkout.resolve("watari").toString(), "check", "x"));
    assertThat(ran.code()).isEqualTo(78);
    assertThat(ran.err()).contains("no JDK 25 or newer").contains("JDK 25 以降");
  }

  /// Runs a script with mounts of its own: a container lets root make them, but no user.
  private List<String> alone(String script) throws IOException, InterruptedException {
    var words = List.of("unshare", "--mount", "sh", "-c", script, "sh");
    var mapped = List.of("unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh");
    boolean isAllowed = run(folder, Map.of(), with(words, "true")).code() == 0;
    assumeTrue(
        isAllowed || run(folder, Map.of(), with(mapped, "true")).code() == 0,
        "neither root nor namespaces of a user: nothing can be hidden");
    return isAllowed ? words : mapped;
  }

  @Test
  void saysThatABuildFailedAndKeepsNothingOfIt() throws IOException, InterruptedException {
    maven("echo '[ERROR] A.java:[1,2] no such thing'; exit 1");
    for (String verb : List.of("check", "test")) {
      var ran = watari(verb);
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.err()).contains("A.java:[1,2] no such thing").contains("the build failed");
      assertThat(checkout.resolve("target/image")).doesNotExist();
    }
  }

  @Test
  void namesEachSkippedTestAndWhy() throws IOException, InterruptedException {
    reports(
        "<testsuite tests=\"3\" errors=\"0\" skipped=\"2\" failures=\"0\">",
        "<testcase name=\"a\" classname=\"A\"><skipped message=\"no &lt;TUN&gt;\"/></testcase>",
        "<testcase name=\"b\" classname=\"A\">",
        "<skipped type=\"Aborted\"><![CDATA[Aborted: Assumption failed: no tshark",
        "\tat A.b(A.java:1)",
        "]]></skipped></testcase>",
        "<testcase name=\"c\" classname=\"A\"/></testsuite>");
    var ran = watari("test");
    assertThat(ran.code()).isZero();
    assertThat(ran.err())
        .endsWith(
            """
            watari test: 3 tests, 0 failed, 2 skipped
              skipped A.a: no <TUN>
              skipped A.b: Assumption failed: no tshark
            """);
  }

  @Test
  void failsOnASkippedTestInCi() throws IOException, InterruptedException {
    reports(
        "<testsuite tests=\"1\" errors=\"0\" skipped=\"1\" failures=\"0\">",
        "<testcase name=\"a\" classname=\"A\"><skipped message=\"why\"/></testcase></testsuite>");
    var ran = run(folder, Map.of("CI", "true"), checkout.resolve("watari").toString(), "test");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).endsWith("with CI=true a skipped test is a failure\n");
  }

  @Test
  void failsWhenNoTestRan() throws IOException, InterruptedException {
    var ran = watari("test");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).endsWith("no test ran\n");
  }

  private record Ran(int code, String out, String err) {}

  private Ran watari(String... words) throws IOException, InterruptedException {
    return run(folder, Map.of(), with(List.of(checkout.resolve("watari").toString()), words));
  }

  private Ran run(Path where, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var builder = new ProcessBuilder(command).directory(where.toFile());
    builder.environment().remove("CI");
    builder.environment().remove("WATARI_BUILD");
    builder.environment().put("WATARI_JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  /// A Maven that runs these shell commands instead.
  private void maven(String commands) throws IOException {
    program(checkout.resolve("mvnw"), "#!/bin/sh\n" + commands + "\n");
  }

  /// A Maven that builds nothing and whose tests end with this report.
  private void reports(String... lines) throws IOException {
    var report = folder.resolve("report.xml");
    Files.write(report, List.of(lines));
    maven(
        """
        case "$*" in *verify*) mkdir -p core/target/surefire-reports
        cp '%s' core/target/surefire-reports/TEST-A.xml;; esac
        """
            .formatted(report));
  }

  private Path jdk(String name, String version) throws IOException {
    var home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    program(home.resolve("bin/java"), ECHO);
    program(home.resolve("bin/javac"), ECHO);
    return home;
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static String path(Path jdk) {
    return jdk.resolve("bin") + ":" + System.getenv("PATH");
  }

  private static String[] with(List<String> first, String... then) {
    var all = new ArrayList<>(first);
    all.addAll(List.of(then));
    return all.toArray(String[]::new);
  }
}
