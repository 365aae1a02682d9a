package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.MergeAction;
import io.quantadb.sql.typed.OnConflict;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** INSERT, UPDATE, DELETE and MERGE: a SELECT that delivers what ModifyTable asks for, and the ModifyTable. */
final class ModifyPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;
    private final boolean top;
    private final int targetIndex;
    private final RelationDescriptor relation;

    ModifyPlanner(QueryPlanner planner, Query query, boolean top) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
        this.top = top;
        this.targetIndex = query.resultRelation();
        RangeTableEntry.Relation entry = (RangeTableEntry.Relation) query.entry(targetIndex);
        this.relation = state.catalog.relation(entry.relationOid());
        if (relation.kind() == RelationKind.FOREIGN_TABLE || relation.kind() == RelationKind.PARTITIONED_TABLE) {
            throw SqlException.notSupported("modifying " + (relation.kind() == RelationKind.FOREIGN_TABLE
                    ? "foreign" : "partitioned") + " table \"" + relation.name() + "\" is not supported");
        }
    }

    Rel plan() {
        List<TargetEntry> assignments = query.targetList().stream().filter(t -> !t.junk()).toList();
        List<Expr> input = new ArrayList<>();
        List<Integer> attributes = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        switch (query.command()) {
            case INSERT -> input.addAll(insertColumns(assignments));
            case UPDATE -> {
                Map<Integer, Expr> links = multiAssignLinks();
                for (TargetEntry target : assignments) {
                    attributes.add(target.number());
                    positions.add(input.size());
                    input.add(withLinks(target.expr(), links));
                }
            }
            case DELETE, MERGE -> {
            }
            case SELECT -> throw Invariant.broken("a SELECT modifies nothing");
        }
        int rowId = query.command() == CommandType.INSERT ? -1 : input.size();
        if (rowId >= 0) {
            input.add(SelectPlanner.rowId(state, targetIndex));
        }
        boolean family = query.command() != CommandType.INSERT && hasChildren();
        int tableOid = family ? input.size() : -1;
        if (family) {
            input.add(new Expr.ColumnRef(targetIndex, -6, 0, state.catalog.pgType(io.quantadb.types.Oids.OID), -1, 0,
                    Origin.NONE));
        }
        input.addAll(otherColumns(input));
        Rel source = select(input);
        return modify(source, input, rowId, tableOid, attributes, positions);
    }

    private boolean hasChildren() {
        RangeTableEntry.Relation entry = (RangeTableEntry.Relation) query.entry(targetIndex);
        return entry.inherit() && relation.hasSubclass() && !planner.base(targetIndex).members.isEmpty();
    }

    private List<Expr> insertColumns(List<TargetEntry> assignments) {
        List<Expr> result = new ArrayList<>();
        for (ColumnDescriptor column : relation.columns()) {
            Expr value = null;
            for (TargetEntry target : assignments) {
                if (target.number() == column.attnum()) {
                    value = target.expr();
                }
            }
            result.add(value != null ? value : new Expr.Const(null, column.type(), -1, column.collation(),
                    Origin.NONE));
        }
        return result;
    }

    // ---- SET (a, b) = (SELECT ...)

    private Map<Integer, Expr> multiAssignLinks() {
        Map<Integer, Expr> result = new LinkedHashMap<>();
        for (TargetEntry target : query.targetList()) {
            if (target.junk() && target.expr() instanceof Expr.SubLink link
                    && link.kind() == Expr.SubLinkKind.MULTI_ASSIGN) {
                result.put(link.subLinkId(), link);
            }
        }
        return result;
    }

    private static Expr withLinks(Expr expr, Map<Integer, Expr> links) {
        if (links.isEmpty()) {
            return expr;
        }
        if (expr instanceof Expr.SubLinkColumn c && links.containsKey(c.subLinkId())) {
            return new Expr.FieldSelect(links.get(c.subLinkId()), c.column(), "f" + c.column(), c.type(), c.typmod(),
                    c.collation(), c.origin());
        }
        return Exprs.mapChildren(expr, child -> withLinks(child, links));
    }

    // ---- the input

    /** Columns of other entries that RETURNING and MERGE's actions use. */
    private List<Expr> otherColumns(List<Expr> have) {
        Map<ColumnKey, Expr.ColumnRef> columns = new LinkedHashMap<>();
        query.returning().forEach(target -> Expressions.collectColumns(target.expr(), columns));
        for (MergeAction action : query.mergeActions()) {
            if (action.condition() != null) {
                Expressions.collectColumns(action.condition(), columns);
            }
            action.targets().forEach(target -> Expressions.collectColumns(target.expr(), columns));
        }
        columns.keySet().removeIf(key -> key.rangeIndex() == targetIndex
                || query.onConflict() != null && key.rangeIndex() == query.onConflict().excludedIndex());
        columns.values().removeIf(have::contains);
        return List.copyOf(columns.values());
    }

    /** A SELECT over the same FROM and WHERE, planned as such. */
    private Rel select(List<Expr> columns) {
        QueryBuilder builder = query.toBuilder();
        builder.command = CommandType.SELECT;
        builder.resultRelation = 0;
        builder.targetList = new ArrayList<>();
        for (Expr column : columns) {
            builder.targetList.add(new TargetEntry(column, builder.targetList.size() + 1, null, 0, 0, 0, false));
        }
        builder.returning = new ArrayList<>();
        builder.onConflict = null;
        builder.mergeActions = new ArrayList<>();
        builder.viewChecks = new ArrayList<>();
        builder.commonTables = new ArrayList<>();
        return new SelectPlanner(planner, builder.build()).plan();
    }

    // ---- ModifyTable

    private Rel modify(Rel source, List<Expr> input, int rowId, int tableOid, List<Integer> attributes,
            List<Integer> positions) {
        Rel named = source.withColumns(input);
        Translator translator = new Translator(planner, expr -> column(expr, named), null);
        List<Expr> returning = new ArrayList<>();
        List<OutputColumn> output = new ArrayList<>();
        List<Expr> columns = new ArrayList<>();
        for (TargetEntry target : query.returning()) {
            returning.add(translator.translate(target.expr()));
            output.add(PlanNodes.column(target.name(), target.expr()));
            columns.add(target.expr());
        }
        PlanInfo in = source.plan().info();
        PlanInfo info = state.nodes.info(output, in.startupCost(), in.totalCost(), returning.isEmpty() ? 0 : in.rows());
        PhysicalPlan plan = new ModifyTable(info, source.plan(), ModifyTable.Operation.valueOf(query.command().name()),
                targets(tableOid >= 0, checkOptions(translator)), null, rowId, tableOid, attributes, positions, conflict(translator),
                mergeSteps(translator), returning, top);
        return new Rel(plan, columns);
    }

    /** The changed table is OUTER by attribute number; the input, or the row proposed for insertion, is INNER. */
    private Expr column(Expr expr, Rel input) {
        if (!(expr instanceof Expr.ColumnRef c) || c.levelsUp() > 0) {
            return null;
        }
        boolean target = c.rangeIndex() == targetIndex;
        boolean excluded = query.onConflict() != null && c.rangeIndex() == query.onConflict().excludedIndex();
        if (!target && !excluded) {
            return input.inner(expr);
        }
        int side = target ? InputRef.OUTER : InputRef.INNER;
        if (c.attribute() != 0) {
            return reference(side, c.attribute(), c);
        }
        List<Expr> fields = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ColumnDescriptor column : relation.liveColumns()) {
            fields.add(new Expr.ColumnRef(side, column.attnum(), 0, column.type(), column.typmod(),
                    column.collation(), Origin.NONE));
            names.add(column.name());
        }
        return new Expr.RowExpr(fields, names, c.type(), c.origin());
    }

    private static Expr reference(int side, int attribute, Expr.ColumnRef c) {
        return new Expr.ColumnRef(side, attribute, 0, c.type(), c.typmod(), c.collation(), c.origin());
    }

    private List<ModifyTable.CheckOption> checkOptions(Translator translator) {
        return query.viewChecks().stream().map(check -> new ModifyTable.CheckOption(check.viewName(), null,
                translator.translate(check.condition()))).toList();
    }

    private List<ModifyTable.Target> targets(boolean family, List<ModifyTable.CheckOption> options) {
        StoredExpressions stored = new StoredExpressions(state);
        if (query.command() == CommandType.INSERT) {
            return List.of(target(0, relation, stored, options));
        }
        BaseRel base = planner.base(targetIndex);
        if (!family) {
            return List.of(target(base.scanId, relation, stored, options));
        }
        List<ModifyTable.Target> result = new ArrayList<>();
        for (int i = 0; i < base.members.size(); i++) {
            result.add(target(base.memberScanIds.get(i), base.members.get(i), stored, options));
        }
        return result;
    }

    private ModifyTable.Target target(int scanId, RelationDescriptor table, StoredExpressions stored,
            List<ModifyTable.CheckOption> options) {
        List<ModifyTable.ColumnValue> generated = new ArrayList<>();
        for (ColumnDescriptor column : table.liveColumns()) {
            if (column.isGenerated()) {
                generated.add(new ModifyTable.ColumnValue(column.attnum(), physical(stored.generated(table, column))));
            }
        }
        List<ModifyTable.CheckConstraint> checks = new ArrayList<>();
        for (ConstraintDescriptor constraint : table.constraints()) {
            if (constraint.isCheck() && changes()) {
                checks.add(new ModifyTable.CheckConstraint(constraint.name(),
                        physical(stored.check(table, constraint.expression()))));
            }
        }
        List<ModifyTable.IndexTarget> indexes = new ArrayList<>();
        for (IndexDescriptor index : table.indexes()) {
            if (index.ready()) {
                List<Expr> expressions = new ArrayList<>();
                for (IndexColumn column : index.keyColumns()) {
                    expressions.add(column.isExpression() ? physical(stored.indexExpression(table, column)) : null);
                }
                indexes.add(new ModifyTable.IndexTarget(index, expressions,
                        index.isPartial() ? physical(stored.indexPredicate(table, index)) : null));
            }
        }
        return new ModifyTable.Target(scanId, table, generated, checks, options, indexes);
    }

    private boolean changes() {
        return query.command() != CommandType.DELETE;
    }

    /** Range table entry 1 of a stored expression is the table itself, which is what OUTER means here. */
    private Expr physical(Expr stored) {
        return new Translator(planner, e -> e instanceof Expr.ColumnRef ? e : null, null).translate(stored);
    }

    private ModifyTable.ConflictClause conflict(Translator translator) {
        OnConflict conflict = query.onConflict();
        if (conflict == null) {
            return null;
        }
        List<ModifyTable.ColumnValue> values = new ArrayList<>();
        Map<Integer, Expr> links = new LinkedHashMap<>();
        for (TargetEntry target : conflict.assignments()) {
            if (target.junk() && target.expr() instanceof Expr.SubLink link) {
                links.put(link.subLinkId(), link);
            }
        }
        for (TargetEntry target : conflict.assignments()) {
            if (!target.junk()) {
                values.add(new ModifyTable.ColumnValue(target.number(),
                        translator.translate(withLinks(target.expr(), links))));
            }
        }
        return new ModifyTable.ConflictClause(conflict.update(), conflict.arbiterIndexes(), values,
                translator.translate(conflict.where()));
    }

    private List<ModifyTable.MergeStep> mergeSteps(Translator translator) {
        List<ModifyTable.MergeStep> result = new ArrayList<>();
        for (MergeAction action : query.mergeActions()) {
            Map<Integer, Expr> links = new LinkedHashMap<>();
            action.targets().stream().filter(TargetEntry::junk).forEach(t -> {
                if (t.expr() instanceof Expr.SubLink link) {
                    links.put(link.subLinkId(), link);
                }
            });
            List<ModifyTable.ColumnValue> values = new ArrayList<>();
            for (TargetEntry target : action.targets()) {
                if (!target.junk()) {
                    values.add(new ModifyTable.ColumnValue(target.number(),
                            translator.translate(withLinks(target.expr(), links))));
                }
            }
            result.add(new ModifyTable.MergeStep(action.matched(), action.kind(),
                    translator.translate(action.condition()), values));
        }
        return result;
    }
}
