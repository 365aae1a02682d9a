package io.quantadb.executor.operator;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.TargetEntry;
import java.lang.reflect.RecordComponent;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what an expression refers to, by walking the components of its records. Used when plans are built only. */
final class ExprColumns {
    private final int rangeIndex;
    private final BitSet columns = new BitSet();
    private final Set<Integer> execParameters = new HashSet<>();

    private ExprColumns(int rangeIndex) {
        this.rangeIndex = rangeIndex;
    }

    /** Attributes (bit n: attribute n) of one side that the expression reads; system columns are left out. */
    static BitSet of(Expr expr, int rangeIndex) {
        ExprColumns walker = new ExprColumns(rangeIndex);
        walker.visit(expr);
        return walker.columns;
    }

    /** Ids of the ExecParameters the value (an expression, a plan node, a list of them) mentions. */
    static Set<Integer> execParameters(Object value) {
        ExprColumns walker = new ExprColumns(0);
        walker.visit(value);
        return walker.execParameters;
    }

    private void visit(Object value) {
        switch (value) {
            case null -> {
            }
            case Expr.ColumnRef column -> {
                if (column.rangeIndex() == rangeIndex && column.attribute() > 0) {
                    columns.set(column.attribute());
                }
            }
            case Expr.ExecParameter parameter -> execParameters.add(parameter.id());
            case List<?> list -> list.forEach(this::visit);
            case Record record when isPlanOrExpr(record) -> visitComponents(record);
            default -> {
            }
        }
    }

    private static boolean isPlanOrExpr(Record record) {
        return record instanceof Expr || record instanceof TargetEntry
                || record.getClass().getPackageName().equals("io.quantadb.planner.physical")
                || record instanceof Expr.CaseBranch;
    }

    private void visitComponents(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Class<?> type = component.getType();
            if (type.isPrimitive() || type.isEnum() || type == String.class) {
                continue;
            }
            try {
                visit(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("component " + component + " cannot be read", e);
            }
        }
    }
}
