package io.quantadb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Goal: the order of packages in README.md holds, and each package stays ignorant of what it must not know. Exceptions
 * are listed with their reason; one that is no longer needed fails the test, so the lists only shrink.
 */
class ArchitectureTest {
    private static final String ROOT = "io.quantadb.";

    /** In order; a name covers the packages below it that are not named themselves. */
    private static final List<String> ORDER = List.of("base", "wal", "replication", "error", "config", "types",
            "function", "storage",
            "storage.page", "storage.file", "storage.buffer", "txn.lock", "txn.snapshot", "txn", "access.heap",
            "access.btree", "catalog", "catalog.table", "catalog.bootstrap", "catalog.cache", "catalog.ddl",
                    "maintenance",
            "backup", "verify", "sql.ast", "sql.parser", "sql.typed", "sql.analyzer", "planner", "executor", "session",
            "pgwire", "management", "main");

    /** "from -> to" by the names above, with the reason. */
    private static final Map<String, String> ORDER_EXCEPTIONS = Map.of();

    /** What a package must not know although it stands in front of it: last column of the style guide's table. */
    private static final Map<String, List<String>> IGNORANCE = Map.ofEntries(
            Map.entry("config", List.of("error")),
            Map.entry("types", List.of("wal", "config")),
            Map.entry("storage.page", List.of("wal", "storage.file", "types", "function", "config")),
            Map.entry("storage.file", List.of("types", "function", "config")),
            Map.entry("storage.buffer", List.of("types", "function", "config", "txn")),
            Map.entry("txn", List.of("access", "catalog", "sql", "types", "function", "config")),
            Map.entry("access.heap", List.of("catalog", "sql", "function", "config")),
            Map.entry("access.btree", List.of("catalog", "sql", "function", "types", "config", "access.heap")),
            Map.entry("catalog", List.of("sql", "planner", "config")),
            Map.entry("maintenance", List.of("session", "pgwire", "config")),
            Map.entry("verify", List.of("session", "executor", "config")),
            Map.entry("sql.ast", List.of("catalog", "types", "storage", "txn", "access", "function")),
            Map.entry("sql.parser", List.of("catalog", "storage", "txn", "access", "function", "sql.typed")),
            Map.entry("sql.typed", List.of("storage", "txn", "access", "planner")),
            Map.entry("sql.analyzer", List.of("storage", "txn", "access", "planner", "executor")),
            Map.entry("planner", List.of("sql.ast", "sql.parser", "storage.buffer", "pgwire", "session")),
            Map.entry("executor", List.of("sql.ast", "sql.parser", "pgwire")),
            Map.entry("session", List.of("pgwire", "storage.page", "storage.file")),
            Map.entry("pgwire", List.of("planner", "executor", "storage", "access", "catalog", "sql")),
            Map.entry("management", List.of("sql", "planner", "executor", "access", "catalog")));

    /** Class or package that may be known nevertheless, as "from -> class name prefix", with the reason. */
    private static final Map<String, String> IGNORANCE_EXCEPTIONS = Map.of(
            "pgwire -> executor.vector.Batch", "rows are encoded from batches without a copy in between",
            "pgwire -> executor.vector.", "as Batch: its columns",
            "session -> storage.page.", "a sequence is one page, which its command reads and writes; an index build "
                    + "reads the heap's versions");

    /** Packages whose parts know each other, with the reason. */
    private static final Map<String, String> ONE_SLICE = Map.of(
            "types", "a type's operations use the parsers and formats of its family (datetime, json), which work "
                    + "on its values",
            "executor", "operators and expressions work on the statement's context, which holds both");

    /** Who does I/O by himself: the seams, and those that stand outside of them. */
    private static final Set<String> IO_PACKAGES = Set.of("base", "main", "config", "management");
    private static final Map<String, String> IO_EXCEPTIONS = Map.of(
            "io.quantadb.pgwire.TlsContext", "reads certificates before anything runs",
            "io.quantadb.replication.control.ControlGroup", "Raft's files are Ratis's own",
            "io.quantadb.replication.control.ControlStateMachine", "Ratis hands out the files of its snapshots",
            "io.quantadb.replication.control.RaftSettings", "Ratis's settings name directories by File",
            "io.quantadb.replication.control.DeathWatch", "asks whether a port is refused, beside Ratis's connections",
            "io.quantadb.replication.sender.ServerConnection", "sends files to sockets without a copy");

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
                .importPackages("io.quantadb")
                .that(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage("io.quantadb.quantactl..")));
    }

    /** The longest name of the order that covers the package; null for classes that are not ours. */
    private static String rowOf(String packageName) {
        if (!packageName.startsWith(ROOT)) {
            return null;
        }
        String name = packageName.substring(ROOT.length());
        return ORDER.stream().filter(row -> covers(row, name)).max(Comparator.comparingInt(String::length))
                .orElse(null);
    }

    private static boolean covers(String row, String name) {
        return name.equals(row) || name.startsWith(row + ".");
    }

    private static List<Dependency> dependencies() {
        return classes.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(d -> rowOf(d.getTargetClass().getPackageName()) != null).toList();
    }

    private static void assertNone(Map<String, Set<String>> violations, Map<String, String> exceptions) {
        Set<String> needless = new TreeSet<>(exceptions.keySet());
        needless.removeAll(violations.keySet());
        Map<String, Set<String>> left = new TreeMap<>(violations);
        left.keySet().removeAll(exceptions.keySet());
        assertEquals("", left.entrySet().stream().map(e -> e.getKey() + ":\n    "
                + e.getValue().stream().limit(8).collect(Collectors.joining("\n    ")))
                        .collect(Collectors.joining("\n")));
        assertEquals(Set.of(), needless, "exceptions that nothing needs any more");
    }

    private static void note(Map<String, Set<String>> violations, String key, Dependency dependency) {
        violations.computeIfAbsent(key, k -> new TreeSet<>()).add(dependency.getOriginClass().getName() + " knows "
                + dependency.getTargetClass().getName());
    }

    @Test
    void shouldKnowEveryPackage() {
        Set<String> unknown = classes.stream().map(JavaClass::getPackageName).filter(name -> rowOf(name) == null)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unknown, "packages without a place in the order");
    }

    @Test
    void shouldImportOnlyFromPackagesInFront() {
        Map<String, Set<String>> violations = new TreeMap<>();
        for (Dependency dependency : dependencies()) {
            String from = rowOf(dependency.getOriginClass().getPackageName());
            String to = rowOf(dependency.getTargetClass().getPackageName());
            if (from != null && ORDER.indexOf(to) > ORDER.indexOf(from)) {
                note(violations, from + " -> " + to, dependency);
            }
        }
        assertNone(violations, ORDER_EXCEPTIONS);
    }

    @Test
    void shouldNotKnowWhatIsNoneOfItsBusiness() {
        Map<String, Set<String>> violations = new TreeMap<>();
        for (Dependency dependency : dependencies()) {
            String from = dependency.getOriginClass().getPackageName().substring(ROOT.length());
            String to = dependency.getTargetClass().getName().substring(ROOT.length());
            IGNORANCE.forEach((row, unknown) -> {
                if (covers(row, from)) {
                    unknown.stream().filter(name -> to.startsWith(name + ".")).forEach(name -> note(violations,
                            exceptionFor(row, to, row + " -> " + name), dependency));
                }
            });
        }
        assertNone(violations, IGNORANCE_EXCEPTIONS);
    }

    /** The key of the exception that covers the class, otherwise {@code key}. */
    private static String exceptionFor(String row, String to, String key) {
        return IGNORANCE_EXCEPTIONS.keySet().stream().filter(e -> (row + " -> " + to).startsWith(e))
                .max(Comparator.comparingInt(String::length)).orElse(key);
    }

    @Test
    void shouldHaveNoCycles() {
        SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                return SliceIdentifier.of(ONE_SLICE.keySet().stream().map(ROOT::concat)
                        .filter(slice -> name.equals(slice) || name.startsWith(slice + ".")).findFirst().orElse(name));
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        }).should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldReachFilesAndSocketsOnlyThroughTheSeams() {
        Predicate<JavaClass> io = type -> type.getName().equals("java.nio.file.Files")
                || type.getPackageName().equals("java.nio.channels") || type.getName().equals("java.io.File")
                || type.getName().startsWith("java.io.File") && type.getName().endsWith("Stream")
                || type.getName().equals("java.io.RandomAccessFile")
                || type.getPackageName().equals("java.net") && type.getSimpleName().endsWith("Socket");
        Map<String, Set<String>> violations = new TreeMap<>();
        for (JavaClass type : classes) {
            String row = rowOf(type.getPackageName());
            if (row == null || IO_PACKAGES.contains(row)) {
                continue;
            }
            type.getDirectDependenciesFromSelf().stream().filter(d -> io.test(d.getTargetClass()))
                    .forEach(d -> note(violations, outermost(type), d));
        }
        assertNone(violations, IO_EXCEPTIONS);
    }

    private static String outermost(JavaClass type) {
        int end = type.getName().indexOf('$');
        return end < 0 ? type.getName() : type.getName().substring(0, end);
    }

    @Test
    void shouldPrintOnlyFromMain() {
        Set<String> printers = classes.stream().filter(type -> !type.getPackageName().equals(ROOT + "main"))
                .flatMap(type -> type.getFieldAccessesFromSelf().stream()).map(JavaAccess::getDescription)
                .filter(access -> access.contains("java.lang.System.out") || access.contains("java.lang.System.err"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), printers);
    }

    @Test
    void shouldDescribeEveryPackageOfThreeClasses() {
        Map<String, Long> sizes = classes.stream().filter(type -> !type.isNestedClass())
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        Set<String> described = classes.stream().filter(type -> type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        sizes.forEach((name, size) -> {
            if (size >= 3 && !described.contains(name) && !hasPackageInfo(name)) {
                missing.add(name);
            }
        });
        assertTrue(missing.isEmpty(), "packages without package-info.java: " + missing);
    }

    /** A package-info without annotations has no class file. */
    private static boolean hasPackageInfo(String name) {
        return SourceTree.ROOT.resolve("server/src/main/java/" + name.replace('.', '/') + "/package-info.java").toFile()
                .exists() || SourceTree.ROOT.resolve("wal/src/main/java/" + name.replace('.', '/')
                        + "/package-info.java").toFile().exists();
    }
}
