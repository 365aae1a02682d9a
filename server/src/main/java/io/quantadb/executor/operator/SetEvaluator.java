package io.quantadb.executor.operator;

import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.function.CallSite;
import io.quantadb.function.SetFunction;
import io.quantadb.function.SetFunction.RowCursor;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.RecordOps;
import io.quantadb.types.RowFields;
import io.quantadb.types.RowValue;
import java.util.List;

/** A call of a set-returning function: evaluates its arguments and starts it. Confined to one thread. */
final class SetEvaluator {
    private final SetFunction function;
    private final ExprEnvironment.UserFunction user;
    private final ScalarEvaluator[] arguments;
    private final boolean strict;
    private final PgType type;
    private final PgType[] columnTypes;

    private SetEvaluator(SetFunction function, ExprEnvironment.UserFunction user, ScalarEvaluator[] arguments,
            boolean strict, PgType type, PgType[] columnTypes) {
        this.function = function;
        this.user = user;
        this.arguments = arguments;
        this.strict = strict;
        this.type = type;
        this.columnTypes = columnTypes;
    }

    /** Whether the expression is a set-returning call. */
    static boolean isSet(Expr expr) {
        return expr instanceof Expr.FunctionCall call && call.returnsSet();
    }

    /** @param columns types of the columns of a record result where the caller knows them, else null */
    static SetEvaluator of(Expr.FunctionCall call, ExprCompiler compiler, ExprEnvironment environment,
            PgType[] columns) {
        List<PgType> types = call.arguments().stream().map(Expr::type).toList();
        PgType[] fields = columns != null ? columns : fieldsOf(call.type());
        ScalarEvaluator[] arguments = compiler.scalars(call.arguments());
        if (environment.functions().hasSet(call.function().internalName())) {
            SetFunction function = environment.functions().set(call.function().internalName(),
                    new CallSite(call.function().name(), types, call.type(), call.variadic(), call.inputCollation()));
            return new SetEvaluator(function, null, arguments, call.function().strict(), call.type(), fields);
        }
        if (call.function().language().equals("internal") || call.function().language().equals("c")) {
            throw io.quantadb.error.SqlException.notSupported("function \"" + call.function().name()
                    + "\" is not supported");
        }
        ExprEnvironment.UserFunction user = environment.userFunction(call.function(), types, call.type());
        return new SetEvaluator(null, user, arguments, call.function().strict(), call.type(),
                fields != null ? fields : user.resultColumns());
    }

    private static PgType[] fieldsOf(PgType type) {
        if (type.kind() != PhysicalKind.OBJECT || !(type.ops() instanceof RecordOps ops) || ops.fields() == null) {
            return null;
        }
        RowFields fields = ops.fields();
        PgType[] types = new PgType[fields.count()];
        for (int i = 0; i < types.length; i++) {
            types[i] = fields.type(i);
        }
        return types;
    }

    /** Columns a row has: more than one only for composite results. */
    int width() {
        return columnTypes == null ? 1 : columnTypes.length;
    }

    RowCursor start(RowContext row) {
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].eval(row);
            if (strict && values[i] == null) {
                return RowCursor.EMPTY;
            }
        }
        return function != null ? function.call(row.query.functions, values)
                : (RowCursor) user.call(row.query, values);
    }

    /** A row as one value: itself, or a composite. */
    Object value(Object[] columns) {
        return columnTypes == null ? columns[0] : new RowValue(columnTypes, columns.clone());
    }

    PgType type() {
        return type;
    }
}
