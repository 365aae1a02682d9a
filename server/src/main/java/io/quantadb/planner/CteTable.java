package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement.CommonTablePlan;
import io.quantadb.sql.typed.CommonTable;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SetOperationTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The WITH queries of one level: inlined, planned once on first use, or recursive. */
final class CteTable {
    private final QueryPlanner owner;
    private final StatementState state;
    private final Map<String, Entry> entries = new HashMap<>();

    /** A WITH query and what has been made of it. */
    private static final class Entry {
        final CommonTable table;
        /** Null until planned. */
        CommonTablePlan plan;
        /** While the recursive term is planned. */
        int workTableId = -1;
        double workRows;

        Entry(CommonTable table) {
            this.table = table;
        }
    }

    CteTable(QueryPlanner owner) {
        this.owner = owner;
        this.state = owner.state();
    }

    /** Takes the query's WITH list; data-modifying ones are planned now, as they run whether or not they are read. */
    void register(Query query) {
        for (CommonTable table : query.commonTables()) {
            Entry entry = new Entry(table);
            entries.put(table.name(), entry);
            if (table.query().modifiesData()) {
                materialize(entry);
            }
        }
    }

    private static Entry find(QueryPlanner planner, RangeTableEntry.Cte cte) {
        QueryPlanner level = planner;
        for (int i = 0; i < cte.levelsUp(); i++) {
            level = level.parent();
        }
        Entry entry = level.ctes().entries.get(cte.cteName());
        Invariant.check(entry != null, "no WITH query \"%s\" %d levels up", cte.cteName(), cte.levelsUp());
        return entry;
    }

    /** Replaces references to WITH queries that need not be materialised by subqueries. */
    Query inline(Query query) {
        QueryBuilder builder = null;
        for (int i = 1; i <= query.rangeTable().size(); i++) {
            if (query.entry(i) instanceof RangeTableEntry.Cte cte && !cte.selfReference()) {
                CommonTable table = find(owner, cte).table;
                if (canInline(table)) {
                    builder = builder == null ? query.toBuilder() : builder;
                    Query body = LevelShifter.shift(table.query(), cte.levelsUp(), 1);
                    builder.rangeTable.set(i - 1, new RangeTableEntry.Subquery(body, 0, false, false, cte.name(),
                            cte.alias(), cte.columns()));
                }
            }
        }
        return builder == null ? query : builder.build();
    }

    private static boolean canInline(CommonTable table) {
        Query query = table.query();
        if (table.recursive() || query.modifiesData() || !query.rowMarks().isEmpty()) {
            return false;
        }
        if (Expressions.isCorrelated(query)) {
            return true;
        }
        boolean wanted = switch (table.materialization()) {
            case NEVER -> true;
            case ALWAYS -> false;
            case DEFAULT -> table.referenceCount() == 1;
        };
        return wanted && !Expressions.isVolatile(query);
    }

    /** Plans the reading of a WITH query. */
    void open(BaseRel base, RangeTableEntry.Cte cte) {
        Entry entry = find(owner, cte);
        List<OutputColumn> output = new ArrayList<>();
        for (RangeColumn column : cte.columns()) {
            output.add(new OutputColumn(column.name(), column.type(), column.typmod(), column.collation()));
        }
        if (cte.selfReference()) {
            Invariant.check(entry.workTableId >= 0, "work table of \"%s\" outside its recursion, scan %s",
                    cte.cteName(),
                    base.rangeIndex);
            base.subquery = new Rel(new PhysicalPlan.WorkTableScan(state.nodes.info(output, 0,
                    entry.workRows * state.settings.cpuTupleCost(), entry.workRows), entry.workTableId),
                    owner.columnsOf(base));
            return;
        }
        if (entry.table.recursive() && Expressions.isCorrelated(entry.table.query())) {
            Query body = LevelShifter.shift(entry.table.query(), cte.levelsUp(), 1);
            base.subquery = recursive(entry, body, owner);
            return;
        }
        if (entry.plan == null) {
            materialize(entry);
        }
        double rows = entry.plan.plan().info().rows();
        base.subquery = new Rel(new PhysicalPlan.CteScan(state.nodes.info(output, 0,
                rows * state.settings.cpuTupleCost(), rows), entry.plan.cteId(), cte.cteName()), owner.columnsOf(base));
    }

    private void materialize(Entry entry) {
        int id = state.nextCte();
        QueryPlanner definer = entryOwner(entry);
        Rel rel = entry.table.recursive() ? recursive(entry, entry.table.query(), definer)
                : new QueryPlanner(state, definer, outside(definer)).plan(entry.table.query(), false);
        entry.plan = new CommonTablePlan(id, entry.table.name(), rel.plan(), entry.table.query().modifiesData());
        state.commonTables.add(entry.plan);
    }

    private QueryPlanner entryOwner(Entry entry) {
        QueryPlanner level = owner;
        while (level.ctes().entries.get(entry.table.name()) != entry) {
            level = level.parent();
        }
        return level;
    }

    /** What a WITH query sees outside the level that defines it is that level's own outside. */
    private static ParamScope outside(QueryPlanner definer) {
        return new ParamScope(definer.state()::nextParam,
                expr -> definer.outerScope().parameter(LevelShifter.shift(expr, -1, 0)));
    }

    /** UNION [ALL] of a start and a term that reads the rows of the round before. */
    private Rel recursive(Entry entry, Query query, QueryPlanner level) {
        QueryPlanner planner = new QueryPlanner(state, level, outside(level));
        planner.ctes().register(query);
        planner.useRangeTable(query.rangeTable());
        SetOperationTree.Operation union = (SetOperationTree.Operation) query.setOperations();
        Rel start = planner.ctes().term(planner, query, union, union.left());
        int saved = entry.workTableId;
        entry.workTableId = state.nextWorkTable();
        entry.workRows = Math.max(1, start.plan().info().rows() * 10);
        Rel step = planner.ctes().term(planner, query, union, union.right());
        List<OutputColumn> output = new ArrayList<>();
        for (RangeColumn column : entry.table.columns()) {
            output.add(new OutputColumn(column.name(), column.type(), column.typmod(), column.collation()));
        }
        double rows = start.plan().info().rows() + 10 * step.plan().info().rows();
        double total = start.plan().info().totalCost() + 10 * step.plan().info().totalCost();
        PhysicalPlan plan = new PhysicalPlan.RecursiveUnion(state.nodes.info(output,
                start.plan().info().startupCost(), total, rows), start.plan(), step.plan(), union.all(),
                entry.workTableId);
        entry.workTableId = saved;
        return new Rel(plan, start.columns());
    }

    private Rel term(QueryPlanner planner, Query query, SetOperationTree.Operation union, SetOperationTree side) {
        if (side instanceof SetOperationTree.Leaf leaf) {
            return planner.base(leaf.rangeIndex()).subquery;
        }
        return new SetOperationPlanner(planner, query).tree(side);
    }
}
