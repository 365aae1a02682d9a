package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement.AssignmentTarget;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OverrideKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which columns may be assigned, and what identity and generated columns accept. */
final class AssignmentChecks {
    private static final List<String> SYSTEM = List.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid");

    private AssignmentChecks() {
    }

    static ColumnDescriptor column(Analysis analysis, RelationDescriptor relation, AssignmentTarget target,
                                   ExprKind kind) {
        ColumnDescriptor column = relation.column(target.column());
        if (column == null) {
            if (kind == ExprKind.UPDATE_TARGET && SYSTEM.contains(target.column())) {
                throw analysis.notSupported("cannot assign to system column \"" + target.column() + "\"",
                        target.position());
            }
            throw analysis.error(SqlState.UNDEFINED_COLUMN, "column \"" + target.column() + "\" of relation \""
                    + relation.name() + "\" does not exist", target.position());
        }
        return column;
    }

    /** Targets of an INSERT: as written, or all columns. */
    static List<AssignmentTarget> insertTargets(Analysis analysis, RelationDescriptor relation,
                                                List<AssignmentTarget> written) {
        List<AssignmentTarget> result = new ArrayList<>();
        if (written.isEmpty()) {
            relation.liveColumns().forEach(c -> result.add(new AssignmentTarget(c.name(), List.of(), -1)));
            return result;
        }
        Set<String> whole = new HashSet<>();
        Set<String> partial = new HashSet<>();
        for (AssignmentTarget target : written) {
            column(analysis, relation, target, ExprKind.INSERT_TARGET);
            boolean duplicate = target.accessors().isEmpty()
                    ? !whole.add(target.column()) || partial.contains(target.column())
                    : whole.contains(target.column());
            partial.add(target.column());
            if (duplicate) {
                throw analysis.error(SqlState.DUPLICATE_COLUMN, "column \"" + target.column()
                        + "\" specified more than once", target.position());
            }
            result.add(target);
        }
        return result;
    }

    /** Whether a value of an INSERT is to be replaced by the column's default; 428C9 if it may not be given at all. */
    static boolean replacesByDefault(Analysis analysis, ColumnDescriptor column, Expr value, OverrideKind overriding) {
        if (value instanceof Expr.SetToDefault) {
            return true;
        }
        if (column.isGenerated()) {
            throw nonDefault(column, "insert a non-DEFAULT value into",
                    "Column \"" + column.name() + "\" is a generated column.");
        }
        if (column.isIdentity() && overriding == OverrideKind.USER_VALUE) {
            return true;
        }
        if (column.identity() == 'a' && overriding != OverrideKind.SYSTEM_VALUE) {
            throw nonDefault(column, "insert a non-DEFAULT value into", "Column \"" + column.name()
                    + "\" is an identity column defined as GENERATED ALWAYS.")
                    .withHint("Use OVERRIDING SYSTEM VALUE to override.");
        }
        return false;
    }

    private static SqlException nonDefault(ColumnDescriptor column, String what, String detail) {
        return new SqlException(SqlState.GENERATED_ALWAYS, "cannot " + what + " column \"" + column.name() + "\"")
                .withDetail(detail);
    }

    static void checkUpdate(ColumnDescriptor column, Expr value) {
        if (value instanceof Expr.SetToDefault || column.identity() != 'a' && !column.isGenerated()) {
            return;
        }
        throw new SqlException(SqlState.GENERATED_ALWAYS, "column \"" + column.name()
                + "\" can only be updated to DEFAULT").withDetail(column.isGenerated()
                ? "Column \"" + column.name() + "\" is a generated column."
                : "Column \"" + column.name() + "\" is an identity column defined as GENERATED ALWAYS.");
    }
}
