package io.quantadb.sql.analyzer;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.MergeAction;
import io.quantadb.sql.typed.OverrideKind;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** MERGE. The join of source and target is a left join from the source if anything is done about unmatched rows. */
final class MergeAnalyzer {
    private final Analysis analysis;
    private final ChangeAnalyzer changes;

    MergeAnalyzer(Analysis analysis, ChangeAnalyzer changes) {
        this.analysis = analysis;
        this.changes = changes;
    }

    void analyze(Scope scope, DataStatement.Merge merge) {
        scope.query.command = CommandType.MERGE;
        if (merge.with() != null) {
            if (merge.with().recursive()) {
                throw analysis.notSupported("WITH RECURSIVE is not supported for MERGE statement", -1);
            }
            analysis.with.analyze(scope, merge.with());
        }
        checkReachable(merge);
        RelationDescriptor relation = changes.target(scope, merge.target(), "merge into");
        if (relation.kind() == RelationKind.VIEW) {
            throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot execute MERGE on relation \""
                    + relation.name() + "\"").withDetail("This operation is not supported for views.");
        }
        NamespaceItem target = analysis.from.target(scope, merge.target(), relation);
        FromAnalyzer.Item source = analysis.from.item(scope, merge.source());
        analysis.from.checkConflicts(List.of(target), source.namespace());
        List<NamespaceItem> both = new ArrayList<>(source.namespace());
        both.add(target);
        scope.namespace = both;
        Expr condition = analysis.clauses.condition(scope, merge.on(), ExprKind.JOIN_ON, "JOIN/ON");
        boolean outer = false;
        for (DataStatement.MergeWhen when : merge.branches()) {
            outer |= when.action() instanceof DataStatement.MergeAction.Insert;
            scope.query.mergeActions.add(action(scope, relation, target, source.namespace(), when));
        }
        scope.query.mergeSource = source.top().rangeIndex;
        JoinTree leaf = new JoinTree.Leaf(target.rangeIndex);
        List<RangeColumn> columns = new ArrayList<>();
        List<Expr> expressions = new ArrayList<>();
        for (NamespaceItem item : List.of(source.top(), target)) {
            for (NamespaceItem.Column c : item.columns) {
                if (!c.dropped()) {
                    columns.add(new RangeColumn(c.name(), c.type(), c.typmod(), c.collation()));
                    expressions.add(new Expr.ColumnRef(c.rangeIndex(), c.attribute(), 0, c.type(), c.typmod(),
                            c.collation(), io.quantadb.sql.typed.Origin.NONE));
                }
            }
        }
        RangeTableEntry.JoinKind kind = outer ? RangeTableEntry.JoinKind.LEFT : RangeTableEntry.JoinKind.INNER;
        int join = scope.query.addEntry(new RangeTableEntry.Join(kind, 0, expressions, null, "unnamed_join", null,
                columns));
        scope.query.joinTree = new JoinTree.From(List.of(new JoinTree.Join(kind, false, source.tree(), leaf,
                List.of(), condition, join)), null);
    }

    private void checkReachable(DataStatement.Merge merge) {
        boolean[] closed = new boolean[2];
        for (DataStatement.MergeWhen when : merge.branches()) {
            int side = when.matched() ? 1 : 0;
            if (closed[side]) {
                throw analysis.error(SqlState.SYNTAX_ERROR,
                        "unreachable WHEN clause specified after unconditional WHEN clause", -1);
            }
            closed[side] = when.condition() == null;
        }
    }

    private MergeAction action(Scope scope, RelationDescriptor relation, NamespaceItem target,
                               List<NamespaceItem> source, DataStatement.MergeWhen when) {
        List<NamespaceItem> visible = new ArrayList<>(source);
        if (when.matched()) {
            visible.add(target);
        }
        scope.namespace = visible;
        Expr condition = analysis.clauses.condition(scope, when.condition(), ExprKind.MERGE_WHEN, "WHEN");
        Scope.Access access = scope.access(target.rangeIndex, relation.oid());
        return switch (when.action()) {
            case DataStatement.MergeAction.Update u -> {
                access.update = true;
                yield new MergeAction(when.matched(), MergeAction.Kind.UPDATE, OverrideKind.NOT_SET, condition,
                        changes.assignments(scope, relation, u.assignments()));
            }
            case DataStatement.MergeAction.Delete _ -> {
                access.delete = true;
                yield new MergeAction(when.matched(), MergeAction.Kind.DELETE, OverrideKind.NOT_SET, condition,
                        List.of());
            }
            case DataStatement.MergeAction.DoNothing _ -> new MergeAction(when.matched(),
                    MergeAction.Kind.DO_NOTHING, OverrideKind.NOT_SET, condition, List.of());
            case DataStatement.MergeAction.Insert i -> {
                access.insert = true;
                OverrideKind overriding = switch (i.overriding()) {
                    case NONE -> OverrideKind.NOT_SET;
                    case USER -> OverrideKind.USER_VALUE;
                    case SYSTEM -> OverrideKind.SYSTEM_VALUE;
                };
                yield new MergeAction(when.matched(), MergeAction.Kind.INSERT, overriding, condition,
                        insert(scope, relation, i, overriding, access));
            }
        };
    }

    private List<TargetEntry> insert(Scope scope, RelationDescriptor relation, DataStatement.MergeAction.Insert i,
                                     OverrideKind overriding, Scope.Access access) {
        Map<Integer, Expr> assigned = new TreeMap<>();
        if (i.values() != null) {
            changes.assignAll(scope, relation, AssignmentChecks.insertTargets(analysis, relation, i.columns()),
                    changes.row(scope, i.values(), ExprKind.VALUES_SINGLE), assigned, !i.columns().isEmpty());
        }
        access.inserted.addAll(assigned.keySet());
        scope.query.overriding = overriding;
        changes.fillDefaults(scope, relation, assigned);
        return ChangeAnalyzer.entries(relation, assigned);
    }
}
