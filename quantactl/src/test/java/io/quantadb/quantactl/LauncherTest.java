package io.quantadb.quantactl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: both launchers find a JDK 25 and their jars from any directory, through symbolic links and with blanks in the
 * path, and say what is missing. Method: installations with made-up JDKs that print their arguments.
 */
class LauncherTest {
    @TempDir
    private Path root;
    private Path jdks;
    private Path path;

    private record Result(int status, String out) {
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        jdks = Files.createDirectories(root.resolve("jdks"));
        // The commands the scripts need, without any java that is on the PATH of this machine.
        path = Files.createDirectories(root.resolve("path"));
        for (String command : new String[] {"bash", "sh", "dirname", "readlink", "mktemp", "rm", "mv"}) {
            for (String directory : new String[] {"/usr/bin", "/bin"}) {
                Path file = Path.of(directory, command);
                if (Files.exists(file) && !Files.exists(path.resolve(command))) {
                    executable(path.resolve(command), "#!/bin/sh\nexec " + file + " \"$@\"\n");
                }
            }
        }
    }

    private static Path checkout() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("config-examples"))) {
            at = at.getParent();
        }
        return at;
    }

    /** Copies a launcher into an installation of its own, with an empty jar beside it. */
    private Path install(String name) throws IOException {
        Path home = root.resolve("an installation");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/quantadb-server-1.jar"), "");
        String module = name.equals("quantadb") ? "server" : name;
        return executable(home.resolve("bin").resolve(name),
                Files.readString(checkout().resolve(module).resolve("bin").resolve(name)));
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = jdks.resolve(name);
        executable(home.resolve("bin/java"), """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=y' >&2
                    echo 'openjdk version "%s" 2025-09-16' >&2
                    exit 0
                fi
                echo "%s runs:" "$@"
                """.formatted(version, name));
        return home;
    }

    private Result run(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.directory(Files.createDirectories(root.resolve("elsewhere")).toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("QUANTADB_JDK_DIRS", jdks.toString());
        builder.environment().put("QUANTADB_AOT", "off");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    @Test
    void shouldRunFromAnywhereThroughLinks() throws Exception {
        jdk("jdk-25-good", "25.0.3");
        for (String name : new String[] {"quantadb", "quantactl"}) {
            Path launcher = install(name);
            Path first = Files.createSymbolicLink(root.resolve(name + "-first"), launcher);
            Path second = Files.createSymbolicLink(root.resolve(name + "-second"), first.getFileName());
            for (Path start : new Path[] {launcher, first, second}) {
                Result result = run(start, Map.of(), "inspect", "two words");
                assertEquals(0, result.status(), result.out());
                assertTrue(result.out().startsWith("jdk-25-good runs:"), result.out());
                assertTrue(result.out().contains("an installation/lib/*"), result.out());
                assertTrue(result.out().strip().endsWith("inspect two words"), result.out());
            }
        }
    }

    @Test
    void shouldPreferJavaHomeAndPassOverOtherVersions() throws Exception {
        jdk("a-25-in-name-only", "21.0.250");
        jdk("jdk-25-good", "25");
        Path chosen = jdk("chosen", "25.0.1");
        Path old = jdk("old", "17.0.25");
        for (String name : new String[] {"quantadb", "quantactl"}) {
            Path launcher = install(name);
            assertTrue(run(launcher, Map.of()).out().startsWith("jdk-25-good runs:"));
            assertTrue(run(launcher, Map.of("JAVA_HOME", chosen.toString())).out().startsWith("chosen runs:"));
            assertTrue(run(launcher, Map.of("JAVA_HOME", old.toString())).out().startsWith("jdk-25-good runs:"));
        }
    }

    @Test
    void shouldFindJdkOnPath() throws Exception {
        Path good = jdk("somewhere", "25.0.2-ea");
        Files.createSymbolicLink(path.resolve("java"), good.resolve("bin/java"));
        for (String name : new String[] {"quantadb", "quantactl"}) {
            assertTrue(run(install(name), Map.of()).out().startsWith("somewhere runs:"));
        }
    }

    @Test
    void shouldSayThatThereIsNoJdk() throws Exception {
        jdk("jdk-24", "24.0.25");
        for (String name : new String[] {"quantadb", "quantactl"}) {
            Result result = run(install(name), Map.of());
            assertEquals(1, result.status(), result.out());
            assertTrue(result.out().startsWith(name + ": needs a JDK 25 and found none."), result.out());
            assertEquals(1, result.out().lines().count(), result.out());
        }
    }

    @Test
    void shouldSearchTheSameWayInBothLaunchers() throws IOException {
        assertEquals(search("server/bin/quantadb"), search("quantactl/bin/quantactl"));
    }

    private static String search(String launcher) throws IOException {
        String text = Files.readString(checkout().resolve(launcher));
        return text.substring(text.indexOf("is_java_25() {"), text.indexOf("\n}\n", text.indexOf("find_jdk() {")));
    }
}
