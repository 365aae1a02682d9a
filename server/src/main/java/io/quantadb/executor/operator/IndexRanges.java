package io.quantadb.executor.operator;

import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.access.heap.ToastReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns an index condition into ranges of key bytes. Confined to one thread. */
final class IndexRanges {
    private final IndexDescriptor index;
    private final KeyEncoder[] encoders;
    private final List<Equality> equals = new ArrayList<>();
    private final IndexCondition.Bound lower;
    private final IndexCondition.Bound upper;
    private final ScalarEvaluator lowerValue;
    private final ScalarEvaluator upperValue;
    private final boolean single;
    private final KeyBuffer buffer = new KeyBuffer(64);

    private record Equality(ScalarEvaluator[] values, boolean array, boolean isNull) {
    }

    IndexRanges(IndexCondition condition, ExprCompiler compiler) {
        index = condition.index();
        encoders = encoders(index);
        boolean one = true;
        for (IndexCondition.Equality equality : condition.equals()) {
            equals.add(new Equality(compiler.scalars(equality.values()), equality.array(), equality.isNull()));
            one &= !equality.array() && (equality.isNull() || equality.values().size() == 1);
        }
        single = one;
        lower = condition.lower();
        upper = condition.upper();
        lowerValue = value(lower, compiler);
        upperValue = value(upper, compiler);
    }

    private static ScalarEvaluator value(IndexCondition.Bound bound, ExprCompiler compiler) {
        Expr value = bound == null ? null : bound.value();
        return value == null ? null : compiler.scalar(value);
    }

    static KeyEncoder[] encoders(IndexDescriptor index) {
        return index.keyColumns().stream().map(c -> KeyEncoder.of(c.type(), c.typmod())).toArray(KeyEncoder[]::new);
    }

    /** The ranges in key order, disjoint; none if a bound is NULL. */
    List<KeyRange> ranges(RowContext row) {
        buffer.reset();
        if (single) {
            for (int i = 0; i < equals.size(); i++) {
                Equality equality = equals.get(i);
                Object value = equality.isNull ? null : equality.values[0].eval(row);
                if (value == null && !equality.isNull) {
                    return List.of();
                }
                encode(i, value);
            }
            KeyRange range = range(row);
            return range == null || range.isEmpty() ? List.of() : List.of(range);
        }
        List<KeyRange> result = new ArrayList<>();
        product(0, row, result);
        result.sort((a, b) -> compareLower(a.lower(), b.lower()));
        return withoutDuplicates(result);
    }

    private void encode(int column, Object value) {
        IndexColumn descriptor = index.keyColumns().get(column);
        encoders[column].encode(value, descriptor.descending(), descriptor.nullsFirst(), buffer);
    }

    private void product(int column, RowContext row, List<KeyRange> result) {
        if (column == equals.size()) {
            KeyRange range = range(row);
            if (range != null && !range.isEmpty()) {
                result.add(range);
            }
            return;
        }
        Equality equality = equals.get(column);
        int start = buffer.length();
        if (equality.isNull) {
            encode(column, null);
            product(column + 1, row, result);
        } else if (equality.array) {
            ArrayValue array = (ArrayValue) equality.values[0].eval(row);
            for (int i = 0; array != null && i < array.size(); i++) {
                if (array.get(i) != null) {
                    encode(column, array.get(i));
                    product(column + 1, row, result);
                    buffer.truncate(start);
                }
            }
        } else {
            for (ScalarEvaluator evaluator : equality.values) {
                Object value = evaluator.eval(row);
                if (value != null) {
                    encode(column, value);
                    product(column + 1, row, result);
                    buffer.truncate(start);
                }
            }
        }
        buffer.truncate(start);
    }

    /** The range for the equality prefix in the buffer; null if a bound is NULL. */
    private KeyRange range(RowContext row) {
        int length = buffer.length();
        if (lower == null && upper == null) {
            return length == 0 ? KeyRange.ALL : KeyRange.prefix(buffer.array(), length);
        }
        int column = equals.size();
        boolean descending = index.keyColumns().get(column).descending();
        buffer.putByte(KeyEncoder.VALUE);
        byte[] from = buffer.toByteArray();
        byte[] to = KeyRange.successor(from, from.length);
        buffer.truncate(length);
        if (lowerValue != null) {
            byte[] key = bound(column, lowerValue.eval(row));
            if (key == null) {
                return null;
            }
            if (descending) {
                to = lower.inclusive() ? KeyRange.successor(key, key.length) : key;
            } else {
                from = lower.inclusive() ? key : KeyRange.successor(key, key.length);
            }
        }
        if (upperValue != null) {
            byte[] key = bound(column, upperValue.eval(row));
            if (key == null) {
                return null;
            }
            if (descending) {
                from = upper.inclusive() ? key : KeyRange.successor(key, key.length);
            } else {
                to = upper.inclusive() ? KeyRange.successor(key, key.length) : key;
            }
        }
        return new KeyRange(from, to);
    }

    private byte[] bound(int column, Object value) {
        if (value == null) {
            return null;
        }
        int length = buffer.length();
        encode(column, value);
        byte[] key = buffer.toByteArray();
        buffer.truncate(length);
        return key;
    }

    private static int compareLower(byte[] a, byte[] b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? -1 : 1;
        }
        return Arrays.compareUnsigned(a, b);
    }

    private static List<KeyRange> withoutDuplicates(List<KeyRange> sorted) {
        List<KeyRange> result = new ArrayList<>();
        for (KeyRange range : sorted) {
            if (result.isEmpty() || compareLower(result.getLast().lower(), range.lower()) != 0) {
                result.add(range);
            }
        }
        return result;
    }

    /**
     * Whether a row's key is in one of the ranges. Expression columns are taken to match: their value is not at hand,
     * and
     * nothing but a concurrent update of what they are computed from could have changed it.
     */
    boolean contains(List<KeyRange> ranges, TupleLayout layout, ToastReader toast, long tuple) {
        buffer.reset();
        for (int i = 0; i < index.keyColumns().size(); i++) {
            IndexColumn column = index.keyColumns().get(i);
            if (column.isExpression()) {
                break;
            }
            encode(i, TupleReader.getObject(layout, tuple, column.attnum() - 1, toast));
        }
        byte[] key = buffer.toByteArray();
        for (KeyRange range : ranges) {
            boolean aboveLower = range.lower() == null || Arrays.compareUnsigned(key, range.lower()) >= 0;
            boolean belowUpper = range.upper() == null || Arrays.compareUnsigned(key, range.upper()) < 0;
            if (aboveLower && belowUpper || index.hasExpressions()) {
                return true;
            }
        }
        return false;
    }
}
