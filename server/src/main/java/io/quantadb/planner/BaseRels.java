package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Opens range table entries: descriptor, size, LATERAL needs, subquery plan. */
final class BaseRels {
    private BaseRels() {
    }

    static BaseRel open(QueryPlanner planner, int rangeIndex, RangeTableEntry entry) {
        StatementState state = planner.state();
        return switch (entry) {
            case RangeTableEntry.Relation relation -> relation(state, rangeIndex, relation);
            case RangeTableEntry.Subquery subquery -> {
                BaseRel base = new BaseRel(rangeIndex, entry, null, 0);
                planner.planSubquery(base, subquery.query());
                base.tuples = base.subquery.plan().info().rows();
                yield base;
            }
            case RangeTableEntry.Cte cte -> {
                BaseRel base = new BaseRel(rangeIndex, entry, null, 0);
                planner.ctes().open(base, cte);
                base.tuples = base.subquery.plan().info().rows();
                yield base;
            }
            case RangeTableEntry.Function function -> {
                BaseRel base = new BaseRel(rangeIndex, entry, null, 0);
                base.tuples = 1;
                for (RangeTableEntry.RangeFunction f : function.functions()) {
                    base.lateral.or(Expressions.relids(f.call()));
                    base.tuples = Math.max(base.tuples, FunctionRows.of(f.call()));
                }
                yield base;
            }
            case RangeTableEntry.Values values -> {
                BaseRel base = new BaseRel(rangeIndex, entry, null, 0);
                base.tuples = values.rows().size();
                values.rows().forEach(row -> row.forEach(expr -> base.lateral.or(Expressions.relids(expr))));
                yield base;
            }
            case RangeTableEntry.Join _ -> throw Invariant.broken("join entry %d has no rows of its own", rangeIndex);
        };
    }

    private static BaseRel relation(StatementState state, int rangeIndex, RangeTableEntry.Relation entry) {
        RelationDescriptor relation = state.catalog.relation(entry.relationOid());
        Invariant.check(relation != null, "relation %s (%s) is gone", entry.relationOid(), entry.relationName());
        if (relation.kind() == RelationKind.FOREIGN_TABLE) {
            throw SqlException.notSupported("foreign tables are not supported");
        }
        if (relation.kind() == RelationKind.MATERIALIZED_VIEW && !relation.populated()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "materialized view \"" + relation.name()
                    + "\" has not been populated").withHint("Use the REFRESH MATERIALIZED VIEW command.");
        }
        BaseRel base = new BaseRel(rangeIndex, entry, relation, state.nextScan());
        boolean partitioned = relation.kind() == RelationKind.PARTITIONED_TABLE;
        if (partitioned || entry.inherit() && relation.hasSubclass()) {
            List<RelationDescriptor> members = new ArrayList<>();
            collect(state, relation, members, new BitSet());
            if (partitioned || members.size() > 1) {
                base.members = members;
            }
        }
        if (entry.sample() != null) {
            base.lateral = new BitSet();
            entry.sample().arguments().forEach(e -> base.lateral.or(Expressions.relids(e)));
        }
        base.pages = 0;
        base.tuples = 0;
        for (RelationDescriptor member : base.members.isEmpty() ? List.of(relation) : base.members) {
            if (!base.members.isEmpty()) {
                base.memberScanIds.add(state.nextScan());
            }
            double pages = pages(state, member);
            base.pages += pages;
            base.tuples += tuples(member, pages);
        }
        base.tuples = Math.max(1, base.tuples);
        return base;
    }

    /** The table, if it has rows itself, and all below it. */
    static void collect(StatementState state, RelationDescriptor relation, List<RelationDescriptor> into, BitSet seen) {
        if (seen.get(relation.oid())) {
            return;
        }
        seen.set(relation.oid());
        if (relation.kind() != RelationKind.PARTITIONED_TABLE) {
            into.add(relation);
        }
        for (int child : state.catalog.children(relation.oid())) {
            collect(state, state.catalog.relation(child), into, seen);
        }
    }

    /**
     * A table never vacuumed is taken for at least ten pages, so that a plan made while it was empty is no
     * disaster.
     */
    private static double pages(StatementState state, RelationDescriptor relation) {
        long actual = state.context.pages().applyAsLong(relation);
        double pages = actual >= 0 ? actual : relation.pages();
        return pages < 10 && relation.tuples() < 0 ? 10 : pages;
    }

    private static double tuples(RelationDescriptor relation, double pages) {
        if (relation.tuples() >= 0 && relation.pages() > 0) {
            return Math.rint(relation.tuples() / relation.pages() * pages);
        }
        int width = 32;
        for (var column : relation.columns()) {
            width += PlanNodes.width(column.type());
        }
        return Math.rint(pages * 8160.0 / (width + 4));
    }
}
