package io.quantadb.wal;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Goal: a package imports only from packages in front of it, and files and time are reached through the seams of base
 * alone.
 */
class ArchitectureTest {
    /** In order; see README.md. */
    private static final List<String> PACKAGES = List.of("io.quantadb.base", "io.quantadb.wal.record",
            "io.quantadb.wal.segment",
            "io.quantadb.wal.writer", "io.quantadb.wal.reader", "io.quantadb.wal.rmgr", "io.quantadb.wal.recovery");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("/tc/"))
            .importPackages("io.quantadb");

    @Test
    void shouldImportOnlyFromPackagesInFront() {
        for (int i = 0; i < PACKAGES.size(); i++) {
            List<String> behind = PACKAGES.subList(i + 1, PACKAGES.size());
            if (!behind.isEmpty()) {
                ArchRuleDefinition.noClasses().that().resideInAPackage(PACKAGES.get(i))
                        .should().dependOnClassesThat().resideInAnyPackage(behind.toArray(String[]::new))
                        .check(classes);
            }
        }
        ArchRuleDefinition.classes().should().resideInAnyPackage(PACKAGES.toArray(String[]::new)).check(classes);
    }

    @Test
    void shouldHaveNoCycles() {
        SlicesRuleDefinition.slices().matching("io.quantadb.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldReachFilesAndTimeOnlyThroughTheSeams() {
        ArchRuleDefinition.noClasses().that().resideOutsideOfPackage("io.quantadb.base").should().dependOnClassesThat(
                DescribedPredicate.describe("do file or socket I/O", (JavaClass type) ->
                        type.getName().equals("java.nio.file.Files")
                        || type.getPackageName().equals("java.nio.channels")
                                || type.getPackageName().equals("java.net") || type.getName().equals("java.io.File")))
                .check(classes);
        ArchRuleDefinition.noClasses().that().resideOutsideOfPackage("io.quantadb.base")
                .should().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(java.time.Instant.class, "now").check(classes);
    }
}
