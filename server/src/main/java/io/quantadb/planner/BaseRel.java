package io.quantadb.planner;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.planner.logical.Rel;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What is known about one range table entry while its level is planned. */
final class BaseRel {
    final int rangeIndex;
    final RangeTableEntry entry;
    /** Null unless a table. */
    final RelationDescriptor relation;
    /** Identifies the scan in the physical plan; 0 for entries that are no tables. */
    final int scanId;
    /** Children of an inheritance or partition tree to read instead of or with the table itself; usually empty. */
    List<RelationDescriptor> members = List.of();
    final List<Integer> memberScanIds = new ArrayList<>();
    /** Entries of this level a LATERAL entry needs. */
    BitSet lateral = new BitSet();
    /** A subquery's plan, made ahead because its estimate is needed; its columns are this entry's. */
    Rel subquery;
    /** Slots that plan needs from its siblings. */
    List<io.quantadb.planner.physical.SubPlan.Binding> bindings = List.of();
    double pages = 1;
    double tuples = 1;

    BaseRel(int rangeIndex, RangeTableEntry entry, RelationDescriptor relation, int scanId) {
        this.rangeIndex = rangeIndex;
        this.entry = entry;
        this.relation = relation;
        this.scanId = scanId;
    }
}
