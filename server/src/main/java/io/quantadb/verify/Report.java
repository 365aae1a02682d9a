package io.quantadb.verify;

import io.quantadb.base.RelationId;
import io.quantadb.verify.Finding.Severity;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Passes findings on, counts them, and keeps one block from being reported as unreadable again and again. */
public final class Report {
    private final Consumer<Finding> sink;
    private final Set<DamagedBlock> damagedBlocks = new HashSet<>();
    private int damaged;
    private int notices;
    long rows;
    long indexEntries;
    int relations;

    private record DamagedBlock(RelationId relation, int block) {
    }

    public Report(Consumer<Finding> sink) {
        this.sink = sink;
    }

    public void add(Finding finding) {
        if (finding.severity() == Severity.DAMAGED) {
            damaged++;
        } else {
            notices++;
        }
        sink.accept(finding);
    }

    void noteDamagedBlock(RelationId relation, int block) {
        damagedBlocks.add(new DamagedBlock(relation, block));
    }

    boolean isKnownDamaged(RelationId relation, int block) {
        return damagedBlocks.contains(new DamagedBlock(relation, block));
    }

    public int damaged() {
        return damaged;
    }

    public int notices() {
        return notices;
    }

    /** Rows that were read and looked up in their indexes. */
    public long rows() {
        return rows;
    }

    public long indexEntries() {
        return indexEntries;
    }

    /** Tables and indexes checked. */
    public int relations() {
        return relations;
    }
}
