package io.quantadb.executor.operator;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;

/** LIMIT, OFFSET and FETCH FIRST ... WITH TIES. */
final class LimitOperator extends Operator {
    static final long NO_LIMIT = Long.MAX_VALUE;

    private final Operator input;
    private final ScalarEvaluator limit;
    private final ScalarEvaluator offset;
    private final RowComparator ties;
    private final RowStore lastRow;
    private final int[] selection = new int[Vector.CAPACITY];
    private final Batch batch;
    private long toSkip;
    private long left;
    private boolean inTies;
    private boolean opened;

    LimitOperator(List<PgType> types, Operator input, ScalarEvaluator limit, ScalarEvaluator offset,
            List<SortKey> tiesKeys) {
        super(types);
        this.input = input;
        this.limit = limit;
        this.offset = offset;
        this.ties = tiesKeys.isEmpty() ? null : new RowComparator(types.toArray(PgType[]::new), tiesKeys);
        this.lastRow = new RowStore(types.toArray(PgType[]::new));
        this.batch = new Batch(new Vector[types.size()]);
    }

    static long limitValue(ScalarEvaluator evaluator, RowContext row) {
        if (evaluator == null) {
            return NO_LIMIT;
        }
        Long value = (Long) evaluator.eval(row);
        if (value == null) {
            return NO_LIMIT;
        }
        if (value < 0) {
            throw new SqlException(SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative");
        }
        return value;
    }

    static long offsetValue(ScalarEvaluator evaluator, RowContext row) {
        Long value = evaluator == null ? null : (Long) evaluator.eval(row);
        if (value == null) {
            return 0;
        }
        if (value < 0) {
            throw new SqlException(SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET must not be negative");
        }
        return value;
    }

    @Override
    protected void doOpen() {
        start();
        opened = true;
        input.open(query);
    }

    private void start() {
        toSkip = offsetValue(offset, row);
        left = limitValue(limit, row);
        if (limit != null && ties != null && left == NO_LIMIT && limit.eval(row) == null) {
            throw new SqlException(SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE,
                    "row count cannot be null in FETCH FIRST ... WITH TIES clause");
        }
        inTies = false;
        lastRow.clear();
    }

    @Override
    public Batch next() {
        while (left > 0 || inTies) {
            Batch source = input.next();
            if (source == null) {
                return null;
            }
            if (toSkip >= source.size()) {
                toSkip -= source.size();
                continue;
            }
            int from = (int) toSkip;
            toSkip = 0;
            int available = source.size() - from;
            int taken = inTies ? 0 : (int) Math.min(available, left);
            System.arraycopy(source.selection(), from, selection, 0, available);
            if (!inTies) {
                left -= taken;
                if (left == 0 && ties != null) {
                    inTies = true;
                    lastRow.append(source, selection[taken - 1]);
                }
            }
            if (inTies) {
                taken = takeTies(source, taken, available);
            }
            if (taken == 0) {
                return null;
            }
            if (taken == source.size() && from == 0) {
                return source;
            }
            System.arraycopy(source.columns, 0, batch.columns, 0, batch.columns.length);
            batch.selectLike(source);
            batch.select(selection, taken);
            return batch;
        }
        return null;
    }

    private int takeTies(Batch source, int taken, int available) {
        int n = taken;
        while (n < available && ties.compare(source.columns, selection[n], lastRow.chunk(0).columns, 0) == 0) {
            n++;
        }
        inTies = n == available;
        return n;
    }

    @Override
    public void rescan() {
        start();
        input.rescan();
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
        left = 0;
        inTies = false;
    }

}
