package io.quantadb.executor.operator;

import io.quantadb.base.RecordAccessors;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.TargetEntry;
import java.lang.reflect.Method;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Finds what an expression refers to, by walking it. Plan nodes are walked by their records' components. Used
 * when plans are built only, which for a statement that runs once is part of its time. */
final class ExprColumns {
    private final int rangeIndex;
    private final BitSet columns = new BitSet();
    private final Set<Integer> execParameters = new HashSet<>();
    private final Consumer<Expr> child = this::visit;

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
            case Expr expr -> visit(expr);
            case List<?> list -> {
                for (Object element : list) {
                    visit(element);
                }
            }
            case Record record when isPlanPart(record) -> visitComponents(record);
            default -> {
            }
        }
    }

    private void visit(Expr expr) {
        switch (expr) {
            case Expr.ColumnRef column -> {
                if (column.rangeIndex() == rangeIndex && column.attribute() > 0) {
                    columns.set(column.attribute());
                }
            }
            case Expr.ExecParameter parameter -> execParameters.add(parameter.id());
            default -> Exprs.forEachChild(expr, child);
        }
    }

    private static boolean isPlanPart(Record record) {
        return record instanceof TargetEntry
                || record.getClass().getPackageName().equals("io.quantadb.planner.physical");
    }

    private void visitComponents(Record record) {
        for (Method accessor : RecordAccessors.of(record.getClass())) {
            try {
                visit(accessor.invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(accessor + " cannot be called", e);
            }
        }
    }
}
