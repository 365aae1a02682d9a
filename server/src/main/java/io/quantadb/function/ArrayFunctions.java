package io.quantadb.function;

import static io.quantadb.function.Args.array;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayOps;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Functions and operators of arrays. */
public final class ArrayFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerShape(registry);
        registerChanges(registry);
        registerSearch(registry);
        registerContainment(registry);
        registerConstruction(registry);
        registerText(registry);
        registerSets(registry);
    }

    private static void registerShape(FunctionRegistry.Builder registry) {
        registry.fn1("array_ndims", (c, a) -> array(a).dimensionCount() == 0 ? null
                : (Long) (long) array(a).dimensionCount());
        registry.fn1("array_cardinality", (c, a) -> (long) array(a).size());
        registry.fn2("array_length", (c, a, d) -> hasDimension(a, d)
                ? (Long) (long) array(a).dimension(int4(d) - 1) : null);
        registry.fn2("array_lower", (c, a, d) -> hasDimension(a, d)
                ? (Long) (long) array(a).lowerBound(int4(d) - 1) : null);
        registry.fn2("array_upper", (c, a, d) -> hasDimension(a, d)
                ? (Long) ((long) array(a).lowerBound(int4(d) - 1) + array(a).dimension(int4(d) - 1) - 1) : null);
        registry.fn1("array_dims", (c, a) -> {
            ArrayValue value = array(a);
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < value.dimensionCount(); i++) {
                out.append('[').append(value.lowerBound(i)).append(':')
                        .append(value.lowerBound(i) + value.dimension(i) - 1).append(']');
            }
            return out.isEmpty() ? null : out.toString();
        });
    }

    private static boolean hasDimension(Object array, Object dimension) {
        return num(dimension) >= 1 && num(dimension) <= array(array).dimensionCount();
    }

    // ---- append, prepend, concatenate, remove, replace, trim

    private static void registerChanges(FunctionRegistry.Builder registry) {
        registry.scalarFactory("array_append", site -> {
            PgType element = elementOf(site.resultType());
            return (ScalarFunction.Fn2) (c, a, value) -> push(element, array(a), value, false);
        });
        registry.scalarFactory("array_prepend", site -> {
            PgType element = elementOf(site.resultType());
            return (ScalarFunction.Fn2) (c, value, a) -> push(element, array(a), value, true);
        });
        registry.fn2("array_cat", (c, a, b) -> a == null ? b : b == null ? a : concat(array(a), array(b)));
        registry.fn2("array_remove", (c, a, value) -> a == null ? null : replace(array(a), value, null, true));
        registry.fn3("array_replace", (c, a, from, to) -> a == null ? null : replace(array(a), from, to, false));
        registry.fn2("trim_array", (c, a, n) -> trim(array(a), num(n)));
    }

    static PgType elementOf(PgType arrayType) {
        return arrayType.arrayOps().element();
    }

    private static ArrayValue push(PgType element, ArrayValue array, Object value, boolean front) {
        if (array == null || array.dimensionCount() == 0) {
            return ArrayValue.of(element, new Object[] {value});
        }
        if (array.dimensionCount() != 1) {
            throw new SqlException(SqlState.DATA_EXCEPTION, "argument must be empty or one-dimensional array");
        }
        int n = array.size();
        if (front ? array.lowerBound(0) == Integer.MIN_VALUE : (long) array.lowerBound(0) + n > Integer.MAX_VALUE) {
            throw CoreArithmetic.outOfRange("integer");
        }
        Object[] elements = new Object[n + 1];
        System.arraycopy(array.elements(), 0, elements, front ? 1 : 0, n);
        elements[front ? 0 : n] = value;
        // Prepending keeps the lower bound.
        return new ArrayValue(array.elementType(), new int[] {n + 1}, new int[] {array.lowerBound(0)}, elements);
    }

    private static ArrayValue concat(ArrayValue a, ArrayValue b) {
        if (a.dimensionCount() == 0) {
            return b;
        }
        if (b.dimensionCount() == 0) {
            return a;
        }
        int m = a.dimensionCount();
        int n = b.dimensionCount();
        if (Math.abs(m - n) > 1) {
            throw incompatible("Arrays of " + m + " and " + n + " dimensions are not compatible for concatenation.");
        }
        ArrayValue outer = m >= n ? a : b;
        int[] dimensions = outer.dimensions().clone();
        int[] lowerBounds = m >= n ? a.lowerBounds() : b.lowerBounds();
        int skipA = m > n ? 1 : m == n ? 1 : 0;
        int skipB = n > m ? 1 : m == n ? 1 : 0;
        int inner = Math.min(m, n) - (m == n ? 1 : 0);
        for (int i = 0; i < inner; i++) {
            if (a.dimension(i + skipA) != b.dimension(i + skipB)) {
                throw incompatible(m == n
                        ? "Arrays with differing element dimensions are not compatible for concatenation."
                        : "Arrays with differing dimensions are not compatible for concatenation.");
            }
        }
        dimensions[0] = m == n ? a.dimension(0) + b.dimension(0) : outer.dimension(0) + 1;
        if (m == n) {
            lowerBounds = a.lowerBounds();
        }
        ArrayOps.checkedSize(dimensions);
        Object[] elements = Arrays.copyOf(a.elements(), a.size() + b.size());
        System.arraycopy(b.elements(), 0, elements, a.size(), b.size());
        return new ArrayValue(a.elementType(), dimensions, lowerBounds, elements);
    }

    private static SqlException incompatible(String detail) {
        return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays")
                .withDetail(detail);
    }

    private static boolean same(TypeOps ops, Object a, Object b) {
        return a == null || b == null ? a == b : ops.equal(a, b);
    }

    private static ArrayValue replace(ArrayValue array, Object from, Object to, boolean remove) {
        if (remove && array.dimensionCount() > 1) {
            throw SqlException.notSupported("removing elements from multidimensional arrays is not supported");
        }
        TypeOps ops = array.elementType().ops();
        List<Object> kept = new ArrayList<>(array.size());
        boolean changed = false;
        for (Object element : array.elements()) {
            boolean hit = same(ops, element, from);
            changed |= hit;
            if (!hit) {
                kept.add(element);
            } else if (!remove) {
                kept.add(to);
            }
        }
        if (!changed) {
            return array;
        }
        if (remove) {
            return kept.isEmpty() ? ArrayValue.empty(array.elementType()) : new ArrayValue(array.elementType(),
                    new int[] {kept.size()}, array.lowerBounds(), kept.toArray());
        }
        return new ArrayValue(array.elementType(), array.dimensions(), array.lowerBounds(), kept.toArray());
    }

    private static ArrayValue trim(ArrayValue array, long n) {
        int length = array.dimensionCount() == 0 ? 0 : array.dimension(0);
        if (n < 0 || n > length) {
            throw new SqlException(SqlState.ARRAY_ELEMENT_ERROR, "number of elements to trim must be between 0 and "
                    + length);
        }
        int kept = length - (int) n;
        if (kept == 0) {
            return ArrayValue.empty(array.elementType());
        }
        int[] dimensions = array.dimensions().clone();
        int[] lowerBounds = new int[dimensions.length];
        Arrays.fill(lowerBounds, 1);
        dimensions[0] = kept;
        return new ArrayValue(array.elementType(), dimensions, lowerBounds,
                Arrays.copyOf(array.elements(), array.size() / length * kept));
    }

    // ---- positions

    private static void registerSearch(FunctionRegistry.Builder registry) {
        registry.fn2("array_position", (c, a, value) -> position(array(a), value, null));
        registry.fn3("array_position_start", (c, a, value, start) -> {
            if (start == null) {
                throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "initial position must not be null");
            }
            return position(array(a), value, num(start));
        });
        registry.fn2("array_positions", (c, a, value) -> {
            if (a == null) {
                return null;
            }
            checkOneDimensional(array(a));
            List<Object> found = new ArrayList<>();
            TypeOps ops = array(a).elementType().ops();
            for (int i = 0; i < array(a).size(); i++) {
                if (same(ops, array(a).get(i), value)) {
                    found.add((long) array(a).lowerBound(0) + i);
                }
            }
            return ArrayValue.of(BuiltinTypes.INT4, found);
        });
    }

    private static void checkOneDimensional(ArrayValue array) {
        if (array.dimensionCount() > 1) {
            throw SqlException.notSupported("searching for elements in multidimensional arrays is not supported");
        }
    }

    private static Object position(ArrayValue array, Object value, Long start) {
        if (array == null) {
            return null;
        }
        checkOneDimensional(array);
        if (array.size() == 0) {
            return null;
        }
        TypeOps ops = array.elementType().ops();
        long lower = array.lowerBound(0);
        for (long i = start == null ? 0 : Math.max(0, start - lower); i < array.size(); i++) {
            if (same(ops, array.get((int) i), value)) {
                return lower + i;
            }
        }
        return null;
    }

    // ---- @>, <@, &&

    private static void registerContainment(FunctionRegistry.Builder registry) {
        registry.objectTest("arraycontains", (a, b) -> contains(array(a), array(b)));
        registry.objectTest("arraycontained", (a, b) -> contains(array(b), array(a)));
        registry.objectTest("arrayoverlap", (a, b) -> {
            TypeOps ops = array(a).elementType().ops();
            for (Object x : array(a).elements()) {
                for (Object y : array(b).elements()) {
                    if (x != null && y != null && ops.equal(x, y)) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    private static boolean contains(ArrayValue whole, ArrayValue part) {
        TypeOps ops = whole.elementType().ops();
        for (Object wanted : part.elements()) {
            boolean found = false;
            for (Object element : whole.elements()) {
                if (wanted != null && element != null && ops.equal(element, wanted)) {
                    found = true;
                    break;
                }
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    // ---- array_fill

    private static void registerConstruction(FunctionRegistry.Builder registry) {
        registry.scalarFactory("array_fill", site -> {
            PgType element = elementOf(site.resultType());
            return (ScalarFunction.Fn2) (c, value, dims) -> fill(element, value, array(dims), null, false);
        });
        registry.scalarFactory("array_fill_with_lower_bounds", site -> {
            PgType element = elementOf(site.resultType());
            return (ScalarFunction.Fn3) (c, value, dims, lower) -> fill(element, value, array(dims), array(lower), true);
        });
    }

    private static ArrayValue fill(PgType element, Object value, ArrayValue dims, ArrayValue lower, boolean bounded) {
        if (dims == null || bounded && lower == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED,
                    "dimension array or low bound array cannot be null");
        }
        int[] dimensions = ints(dims, "Dimension array must be one dimensional.");
        int[] lowerBounds = new int[dimensions.length];
        Arrays.fill(lowerBounds, 1);
        if (bounded) {
            lowerBounds = ints(lower, "Dimension array must be one dimensional.");
            if (lowerBounds.length != dimensions.length) {
                throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
                        .withDetail("Low bound array has different size than dimensions array.");
            }
        }
        if (dimensions.length > ArrayValue.MAX_DIMENSIONS) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "number of array dimensions ("
                    + dimensions.length + ") exceeds the maximum allowed (" + ArrayValue.MAX_DIMENSIONS + ")");
        }
        int size = ArrayOps.checkedSize(dimensions);
        if (size == 0) {
            return ArrayValue.empty(element);
        }
        Object[] elements = new Object[size];
        Arrays.fill(elements, value);
        return new ArrayValue(element, dimensions, lowerBounds, elements);
    }

    private static int[] ints(ArrayValue array, String notFlat) {
        if (array.dimensionCount() > 1) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts")
                    .withDetail(notFlat);
        }
        if (array.hasNulls()) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
        }
        return Arrays.stream(array.elements()).mapToInt(Args::int4).toArray();
    }

    // ---- array_to_string

    private static void registerText(FunctionRegistry.Builder registry) {
        registry.fn2("array_to_text", (c, a, separator) -> join(c, array(a), text(separator), null));
        registry.fn3("array_to_text_null", (c, a, separator, nulls) -> a == null || separator == null ? null
                : join(c, array(a), text(separator), text(nulls)));
    }

    private static String join(FunctionContext context, ArrayValue array, String separator, String nulls) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object element : array.elements()) {
            if (element == null && nulls == null) {
                continue;
            }
            out.append(first ? "" : separator)
                    .append(element == null ? nulls : TextOutput.print(array.elementType(), element, context));
            first = false;
        }
        return out.toString();
    }

    // ---- unnest, generate_subscripts

    private static void registerSets(FunctionRegistry.Builder registry) {
        registry.set("array_unnest", (c, a) -> SetFunction.RowCursor.ofValues(
                Arrays.asList(array(a[0]).elements()).iterator()));
        registry.set("generate_subscripts_nodir", (c, a) -> subscripts(array(a[0]), num(a[1]), false));
        registry.set("generate_subscripts", (c, a) -> subscripts(array(a[0]), num(a[1]), Args.bool(a[2])));
    }

    private static SetFunction.RowCursor subscripts(ArrayValue array, long dimension, boolean reverse) {
        if (dimension < 1 || dimension > array.dimensionCount()) {
            return SetFunction.RowCursor.EMPTY;
        }
        long lower = array.lowerBound((int) dimension - 1);
        long upper = lower + array.dimension((int) dimension - 1) - 1;
        return new SetFunction.RowCursor() {
            private long next = reverse ? upper : lower;

            @Override
            public boolean next(Object[] row) {
                if (next < lower || next > upper) {
                    return false;
                }
                row[0] = next;
                next += reverse ? -1 : 1;
                return true;
            }
        };
    }
}
