package io.quantadb.replication;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: a package imports only from those in front of it; step functions know no sockets, files or Raft. */
class ArchitectureTest {
    private static final String ROOT = "io.quantadb.replication.";
    /** In order; see README.md. */
    private static final List<String> PACKAGES = List.of(ROOT + "protocol", ROOT + "slot", ROOT + "sender",
            ROOT + "receiver", ROOT + "sync", ROOT + "control", ROOT + "failover");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.quantadb.replication");

    @Test
    void shouldImportOnlyFromPackagesInFront() {
        for (int i = 0; i < PACKAGES.size() - 1; i++) {
            List<String> behind = PACKAGES.subList(i + 1, PACKAGES.size());
            ArchRuleDefinition.noClasses().that().resideInAPackage(PACKAGES.get(i))
                    .should().dependOnClassesThat().resideInAnyPackage(behind.toArray(String[]::new)).check(classes);
        }
        ArchRuleDefinition.classes().should().resideInAnyPackage(PACKAGES.toArray(String[]::new)).check(classes);
    }

    @Test
    void shouldHaveNoCycles() {
        SlicesRuleDefinition.slices().matching("io.quantadb.replication.(*)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldKeepStepFunctionsFreeOfNetworkAndTime() {
        ArchRuleDefinition.noClasses().that().haveNameMatching(
                ".*\\.(SenderLink|ReceiverLink|SyncTracker|FailoverAgent|ControlState|ControlRules)")
                .should().dependOnClassesThat().resideInAnyPackage("io.netty..", "org.apache.ratis..", "java.net..")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(System.class,
                        "currentTimeMillis")
                .check(classes);
    }

    @Test
    void shouldConfineRaftToControl() {
        ArchRuleDefinition.noClasses().that().resideOutsideOfPackage(ROOT + "control")
                .should().dependOnClassesThat().resideInAPackage("org.apache.ratis..").check(classes);
    }
}
