package io.quantadb.executor.operator;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.function.ScalarFunction;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.WindowClause.Bound;
import io.quantadb.sql.typed.WindowClause.Exclusion;
import io.quantadb.sql.typed.WindowClause.Frame;
import io.quantadb.sql.typed.WindowClause.Unit;
import java.util.Arrays;
import java.util.List;

/**
 * Peers and frames of the rows of one partition. Rows are numbered from 0; ranges are half-open. Frame bounds only move
 * forward with the current row, which is what makes them cheap. Confined to one thread.
 */
final class WindowPartition {
    private final RowStore rows;
    private final Frame frame;
    private final RowComparator order;
    private final int orderColumn;
    private final ScalarEvaluator startOffset;
    private final ScalarEvaluator endOffset;
    private final ScalarFunction.FnN startInRange;
    private final ScalarFunction.FnN endInRange;
    private RowContext row;
    private Object startValue;
    private Object endValue;
    /** For each peer group its first row; one entry more than groups. */
    private int[] groupStarts = new int[16];
    private int groups;
    private int[] groupOf = new int[16];
    private int current;
    private int start;
    private int end;

    WindowPartition(RowStore rows, Frame frame, List<SortKey> orderKeys, ScalarEvaluator startOffset,
            ScalarEvaluator endOffset, ScalarFunction.FnN startInRange, ScalarFunction.FnN endInRange) {
        this.rows = rows;
        this.frame = frame;
        this.order = orderKeys.isEmpty() ? null : new RowComparator(rows.types(), orderKeys);
        this.orderColumn = orderKeys.isEmpty() ? -1 : orderKeys.getFirst().column();
        this.startOffset = startOffset;
        this.endOffset = endOffset;
        this.startInRange = startInRange;
        this.endInRange = endInRange;
    }

    void open(RowContext context) {
        row = context;
        startValue = offset(startOffset, "starting");
        endValue = offset(endOffset, "ending");
    }

    private Object offset(ScalarEvaluator evaluator, String which) {
        if (evaluator == null) {
            return null;
        }
        Object value = evaluator.eval(row);
        if (value == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
        }
        if (frame.unit() != Unit.RANGE && (Long) value < 0) {
            throw new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
                    "frame " + which + " offset must not be negative");
        }
        return value;
    }

    /** Finds the peer groups of a new partition. */
    void start() {
        int n = rows.count();
        if (groupOf.length < n) {
            groupOf = new int[Math.max(n, groupOf.length * 2)];
        }
        groups = 0;
        for (int r = 0; r < n; r++) {
            boolean first = r == 0 || order != null && order.compare(rows.batchOf(r - 1).columns,
                    RowStore.position(r - 1), rows.batchOf(r).columns, RowStore.position(r)) != 0;
            if (first) {
                if (groups + 1 >= groupStarts.length) {
                    groupStarts = Arrays.copyOf(groupStarts, groupStarts.length * 2);
                }
                groupStarts[groups++] = r;
            }
            groupOf[r] = groups - 1;
        }
        groupStarts[groups] = n;
        start = 0;
        end = 0;
    }

    void moveTo(int newCurrent) {
        current = newCurrent;
        start = bound(true);
        end = Math.max(start, bound(false));
    }

    int rowCount() {
        return rows.count();
    }

    int current() {
        return current;
    }

    int peerStart() {
        return groupStarts[groupOf[current]];
    }

    int peerEnd() {
        return groupStarts[groupOf[current] + 1];
    }

    int peerGroup() {
        return groupOf[current];
    }

    int frameStart() {
        return start;
    }

    int frameEnd() {
        return end;
    }

    boolean excludes() {
        return frame.exclusion() != Exclusion.NO_OTHERS;
    }

    /** Whether EXCLUDE removes a row of the frame. */
    boolean isExcluded(int r) {
        return switch (frame.exclusion()) {
            case NO_OTHERS -> false;
            case CURRENT_ROW -> r == current;
            case GROUP -> r >= peerStart() && r < peerEnd();
            case TIES -> r != current && r >= peerStart() && r < peerEnd();
        };
    }

    private int bound(boolean isStart) {
        Bound bound = isStart ? frame.start() : frame.end();
        int n = rows.count();
        return switch (bound) {
            case UNBOUNDED_PRECEDING -> 0;
            case UNBOUNDED_FOLLOWING -> n;
            case CURRENT_ROW -> frame.unit() == Unit.ROWS ? isStart ? current : current + 1
                    : isStart ? peerStart() : peerEnd();
            case OFFSET_PRECEDING, OFFSET_FOLLOWING -> {
                boolean preceding = bound == Bound.OFFSET_PRECEDING;
                yield switch (frame.unit()) {
                    case ROWS -> rowsBound(isStart, preceding, (Long) (isStart ? startValue : endValue), n);
                    case GROUPS -> groupsBound(isStart, preceding, (Long) (isStart ? startValue : endValue));
                    case RANGE -> rangeBound(isStart, preceding);
                };
            }
        };
    }

    private int rowsBound(boolean isStart, boolean preceding, long offset, int n) {
        long capped = Math.min(offset, n);
        long place = preceding ? current - capped : current + capped;
        return (int) Math.clamp(isStart ? place : place + 1, 0, n);
    }

    private int groupsBound(boolean isStart, boolean preceding, long offset) {
        long capped = Math.min(offset, groups);
        long group = preceding ? groupOf[current] - capped : groupOf[current] + capped;
        if (!isStart) {
            group++;
        }
        return groupStarts[(int) Math.clamp(group, 0, groups)];
    }

    private int rangeBound(boolean isStart, boolean preceding) {
        Object base = rows.get(current, orderColumn);
        if (base == null) {
            return isStart ? peerStart() : peerEnd();
        }
        boolean ascending = frame.inRangeAscending();
        boolean subtract = preceding == ascending;
        boolean less = isStart != ascending;
        int n = rows.count();
        int r = isStart ? start : end;
        while (r < n) {
            Object candidate = rows.get(r, orderColumn);
            boolean inside;
            if (candidate == null) {
                // NULLs are on one side of everything: before (skip them) or after (stop).
                inside = isStart ? !frame.inRangeNullsFirst() : frame.inRangeNullsFirst();
            } else {
                ScalarFunction.FnN test = isStart ? startInRange : endInRange;
                inside = (Boolean) test.call(row.query.functions,
                        new Object[] {candidate, base, isStart ? startValue : endValue, subtract, less});
            }
            if (inside == isStart) {
                break;
            }
            r++;
        }
        return r;
    }
}
