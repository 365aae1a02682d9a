package io.quantadb.executor.expr;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.json.JsonSubscripts;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Row-at-a-time evaluators of array constructs: ARRAY[], subscripts, element-wise casts, ANY and ALL over arrays. */
final class ArrayEvaluators {
    private static final int NAME_BYTES = 63;

    /** Constant lists from this length on are searched by hash. */
    private static final int HASH_THRESHOLD = 9;

    private ArrayEvaluators() {
    }

    static ScalarEvaluator array(ScalarEvaluator[] elements, PgType elementType, boolean multidimensional) {
        if (!multidimensional) {
            return new ScalarEvaluator() {
                @Override
                public Object eval(RowContext row) {
                    Object[] values = new Object[elements.length];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = elements[i].eval(row);
                    }
                    return ArrayValue.of(elementType, values);
                }
            };
        }
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                List<ArrayValue> parts = new ArrayList<>();
                for (ScalarEvaluator element : elements) {
                    ArrayValue part = (ArrayValue) element.eval(row);
                    if (part != null && part.dimensionCount() > 0) {
                        parts.add(part);
                    }
                }
                return parts.isEmpty() ? ArrayValue.empty(elementType) : nest(parts, elements.length, elementType);
            }
        };
    }

    private static ArrayValue nest(List<ArrayValue> parts, int expected, PgType elementType) {
        ArrayValue first = parts.getFirst();
        if (first.dimensionCount() >= ArrayValue.MAX_DIMENSIONS) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "number of array dimensions ("
                    + (first.dimensionCount() + 1) + ") exceeds the maximum allowed (" + ArrayValue.MAX_DIMENSIONS
                    + ")");
        }
        boolean uneven = parts.size() != expected;
        List<Object> values = new ArrayList<>();
        for (ArrayValue part : parts) {
            uneven |= !Arrays.equals(part.dimensions(), first.dimensions())
                    || !Arrays.equals(part.lowerBounds(), first.lowerBounds());
            values.addAll(Arrays.asList(part.elements()));
        }
        if (uneven) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "multidimensional arrays must have array expressions with matching dimensions");
        }
        int[] dimensions = new int[first.dimensionCount() + 1];
        int[] lowerBounds = new int[dimensions.length];
        dimensions[0] = parts.size();
        lowerBounds[0] = 1;
        System.arraycopy(first.dimensions(), 0, dimensions, 1, first.dimensionCount());
        System.arraycopy(first.lowerBounds(), 0, lowerBounds, 1, first.dimensionCount());
        return new ArrayValue(elementType, dimensions, lowerBounds, values.toArray());
    }

    /** {@code name[n]}: a byte of it, from 0. */
    private static ScalarEvaluator nameByte(Expr.Subscript expr, ExprCompiler compiler) {
        ScalarEvaluator container = compiler.scalar(expr.container());
        ScalarEvaluator[] upper = optional(expr.upper(), compiler);
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                String name = (String) container.eval(row);
                int[] index = name == null ? null : bounds(upper, row, false);
                if (index == null || index[0] < 0 || index[0] > NAME_BYTES) {
                    return null;
                }
                byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                return index[0] >= bytes.length ? "" : String.valueOf((char) (bytes[index[0]] & 0xFF));
            }
        };
    }

    static ScalarEvaluator subscript(Expr.Subscript expr, ExprCompiler compiler) {
        if (expr.container().type().oid() == io.quantadb.types.Oids.JSONB) {
            return jsonSubscript(expr, compiler);
        }
        if (expr.container().type().oid() == Oids.NAME && expr.lower() == null && expr.assignment() == null
                && expr.upper().size() == 1) {
            return nameByte(expr, compiler);
        }
        if (!expr.container().type().isArray()) {
            throw SqlException.notSupported("subscripting type " + expr.container().type().name()
                    + " is not supported");
        }
        ScalarEvaluator container = compiler.scalar(expr.container());
        ScalarEvaluator[] upper = optional(expr.upper(), compiler);
        ScalarEvaluator[] lower = expr.lower() == null ? null : optional(expr.lower(), compiler);
        PgType element = expr.container().type().arrayOps().element();
        if (expr.assignment() != null) {
            ScalarEvaluator value = compiler.scalar(expr.assignment());
            return new ScalarEvaluator() {
                @Override
                public Object eval(RowContext row) {
                    ArrayValue old = (ArrayValue) container.eval(row);
                    int[] high = bounds(upper, row, true);
                    int[] low = lower == null ? null : bounds(lower, row, true);
                    Object saved = row.caseValue;
                    row.caseValue = old == null || lower != null ? null : old.getSubscript(high);
                    Object newValue = value.eval(row);
                    row.caseValue = saved;
                    return lower == null ? ArrayAssignment.setElement(old, element, high, newValue)
                            : ArrayAssignment.setSlice(old, element, low, high, upper, lower, (ArrayValue) newValue);
                }
            };
        }
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                ArrayValue array = (ArrayValue) container.eval(row);
                if (array == null) {
                    return null;
                }
                int[] high = bounds(upper, row, false);
                int[] low = lower == null ? null : bounds(lower, row, false);
                if (high == null || lower != null && low == null) {
                    return null;
                }
                return lower == null ? array.getSubscript(high) : slice(array, low, high, lower, upper);
            }
        };
    }

    private static ScalarEvaluator jsonSubscript(Expr.Subscript expr, ExprCompiler compiler) {
        ScalarEvaluator container = compiler.scalar(expr.container());
        ScalarEvaluator[] steps = compiler.scalars(expr.upper());
        ScalarEvaluator value = expr.assignment() == null ? null : compiler.scalar(expr.assignment());
        boolean startsWithArray = expr.upper().getFirst().type().oid() == io.quantadb.types.Oids.INT4;
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                JsonValue json = (JsonValue) container.eval(row);
                if (json == null && value == null) {
                    return null;
                }
                String[] path = new String[steps.length];
                for (int i = 0; i < path.length; i++) {
                    Object step = steps[i].eval(row);
                    if (step == null && value == null) {
                        return null;
                    }
                    if (step == null) {
                        throw new SqlException(io.quantadb.error.SqlState.NULL_VALUE_NOT_ALLOWED,
                                "jsonb subscript in assignment must not be null");
                    }
                    path[i] = step.toString();
                }
                if (value == null) {
                    return JsonSubscripts.get(json, path);
                }
                JsonValue part = (JsonValue) value.eval(row);
                return JsonSubscripts.set(json, path, startsWithArray, part == null ? JsonValue.NULL : part);
            }
        };
    }

    private static ScalarEvaluator[] optional(List<Expr> exprs, ExprCompiler compiler) {
        ScalarEvaluator[] result = new ScalarEvaluator[exprs.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = exprs.get(i) == null ? null : compiler.scalar(exprs.get(i));
        }
        return result;
    }

    /** Values of subscripts; null if one of them is NULL and that is no error. Left-out ones read 0. */
    private static int[] bounds(ScalarEvaluator[] evaluators, RowContext row, boolean assigning) {
        int[] result = new int[evaluators.length];
        for (int i = 0; i < result.length; i++) {
            if (evaluators[i] != null) {
                Long value = (Long) evaluators[i].eval(row);
                if (value == null) {
                    if (assigning) {
                        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED,
                                "array subscript in assignment must not be null");
                    }
                    return null;
                }
                result[i] = value.intValue();
            }
        }
        return result;
    }

    private static ArrayValue slice(ArrayValue array, int[] low, int[] high, ScalarEvaluator[] lowGiven,
            ScalarEvaluator[] highGiven) {
        int n = array.dimensionCount();
        if (n == 0 || low.length > n) {
            return ArrayValue.empty(array.elementType());
        }
        int[] from = new int[n];
        int[] sizes = new int[n];
        int total = 1;
        for (int d = 0; d < n; d++) {
            int first = array.lowerBound(d);
            int last = first + array.dimension(d) - 1;
            int a = d < low.length && lowGiven[d] != null ? Math.max(low[d], first) : first;
            int b = d < high.length && highGiven[d] != null ? Math.min(high[d], last) : last;
            if (a > b) {
                return ArrayValue.empty(array.elementType());
            }
            from[d] = a - first;
            sizes[d] = b - a + 1;
            total *= sizes[d];
        }
        Object[] values = new Object[total];
        int[] index = new int[n];
        for (int i = 0; i < total; i++) {
            int position = 0;
            for (int d = 0; d < n; d++) {
                position = position * array.dimension(d) + from[d] + index[d];
            }
            values[i] = array.get(position);
            for (int d = n - 1; d >= 0 && ++index[d] == sizes[d]; d--) {
                index[d] = 0;
            }
        }
        int[] lowerBounds = new int[n];
        Arrays.fill(lowerBounds, 1);
        return new ArrayValue(array.elementType(), sizes, lowerBounds, values);
    }

    static ScalarEvaluator coerce(ScalarEvaluator operand, ScalarEvaluator element, PgType elementType) {
        return new ScalarEvaluator() {
            @Override
            public Object eval(RowContext row) {
                ArrayValue array = (ArrayValue) operand.eval(row);
                if (array == null) {
                    return null;
                }
                Object[] values = new Object[array.size()];
                Object saved = row.caseValue;
                for (int i = 0; i < values.length; i++) {
                    row.caseValue = array.get(i);
                    values[i] = element.eval(row);
                }
                row.caseValue = saved;
                return new ArrayValue(elementType, array.dimensions(), array.lowerBounds(), values);
            }
        };
    }

    static ScalarEvaluator scalarArrayOp(Expr.ScalarArrayOp op, ScalarEvaluator scalar, ScalarEvaluator array,
            ExprCompiler.Comparison comparison) {
        ArrayValue list = op.array() instanceof Expr.Const c ? (ArrayValue) c.value() : null;
        boolean equality = op.useOr() && op.operator().name().equals("=");
        boolean inequality = !op.useOr() && op.operator().name().equals("<>");
        if (list != null && list.size() >= HASH_THRESHOLD && (equality || inequality)
                && list.elementType().ops() == op.scalar().type().ops() && list.elementType().ops().hashable()) {
            return hashed(scalar, list, equality);
        }
        boolean any = op.useOr();
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                ArrayValue values = (ArrayValue) array.eval(row);
                if (values == null) {
                    row.isNull = true;
                    return 0;
                }
                row.isNull = false;
                if (values.size() == 0) {
                    return any ? 0 : 1;
                }
                Object left = scalar.eval(row);
                boolean unknown = false;
                for (int i = 0; i < values.size(); i++) {
                    Boolean result = comparison.test(row, left, values.get(i));
                    if (result == null) {
                        unknown = true;
                    } else if (result == any) {
                        row.isNull = false;
                        return any ? 1 : 0;
                    }
                }
                row.isNull = unknown;
                return any || unknown ? 0 : 1;
            }
        };
    }

    /** {@code IN} and {@code NOT IN} of a long constant list. */
    private static ScalarEvaluator hashed(ScalarEvaluator scalar, ArrayValue list, boolean in) {
        Set<Object> keys = new HashSet<>();
        var ops = list.elementType().ops();
        boolean hasNull = list.hasNulls();
        for (Object value : list.elements()) {
            if (value != null) {
                keys.add(ops.hashKey(value));
            }
        }
        return new ScalarEvaluator.OfBoolean() {
            @Override
            public long evalLong(RowContext row) {
                Object value = scalar.eval(row);
                row.isNull = value == null;
                if (value == null) {
                    return 0;
                }
                if (keys.contains(ops.hashKey(value))) {
                    return in ? 1 : 0;
                }
                row.isNull = hasNull;
                return in ? 0 : 1;
            }
        };
    }
}
