package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * For each row of the left input runs the right one: again with new parameters, or, if it does not depend on the left
 * row, over rows kept from its first run.
 */
final class NestedLoopOperator extends Operator {
    private final JoinType type;
    private final Operator left;
    private final Operator right;
    private final int[] parameterIds;
    private final ScalarEvaluator[] parameterValues;
    private final JoinOutput output;
    private final RowView.BatchRow leftView = new RowView.BatchRow();
    private Batch leftBatch;
    private int leftIndex;
    private Batch rightBatch;
    private int rightIndex;
    private boolean rowActive;
    private boolean matched;
    private boolean rightOpen;
    private boolean opened;
    private RowBuffer kept;
    private boolean keptComplete;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    NestedLoopOperator(List<PgType> types, JoinType type, Operator left, Operator right, int[] parameterIds,
            ScalarEvaluator[] parameterValues, JoinOutput output) {
        super(types);
        this.type = type;
        this.left = left;
        this.right = right;
        this.parameterIds = parameterIds;
        this.parameterValues = parameterValues;
        this.output = output;
    }

    @Override
    protected void doOpen() {
        start();
        opened = true;
        left.open(query);
    }

    private void start() {
        leftBatch = null;
        leftIndex = 0;
        rowActive = false;
        rightBatch = null;
    }

    @Override
    public Batch next() {
        output.clear();
        while (true) {
            if (!rowActive) {
                if (output.rows() > 0 && leftBatch != null && leftIndex == leftBatch.size()) {
                    return output.take();
                }
                if (!nextLeft()) {
                    return output.take();
                }
            }
            if (runRight()) {
                return output.take();
            }
        }
    }

    /** Goes to the next left row and starts the right input for it. */
    private boolean nextLeft() {
        while (leftBatch == null || leftIndex == leftBatch.size()) {
            leftBatch = left.next();
            leftIndex = 0;
            if (leftBatch == null) {
                return false;
            }
        }
        rowActive = true;
        matched = false;
        rightBatch = null;
        rightIndex = 0;
        if (parameterIds.length == 0) {
            if (kept == null) {
                kept = new RowBuffer(query, right.outputTypes(), query.workMemBytes);
                keptComplete = false;
                right.open(query);
                rightOpen = true;
            } else {
                completeKept();
                kept.rewind();
            }
            return true;
        }
        row.outer = leftView.at(leftBatch, leftBatch.position(leftIndex));
        for (int i = 0; i < parameterIds.length; i++) {
            query.execParameters[parameterIds[i]] = parameterValues[i].eval(row);
        }
        if (rightOpen) {
            right.rescan();
        } else {
            right.open(query);
            rightOpen = true;
        }
        return true;
    }

    private void completeKept() {
        while (!keptComplete) {
            Batch batch = right.next();
            if (batch == null) {
                keptComplete = true;
            } else {
                kept.add(batch);
            }
        }
    }

    private Batch nextRight() {
        if (parameterIds.length > 0) {
            return right.next();
        }
        if (keptComplete) {
            return kept.next();
        }
        Batch batch = right.next();
        if (batch == null) {
            keptComplete = true;
            // Everything was read by the current left row already.
            return null;
        }
        kept.add(batch);
        return batch;
    }

    /** Pairs the current left row; true if the output is full. */
    private boolean runRight() {
        int position = leftBatch.position(leftIndex);
        while (true) {
            if (rightBatch == null || rightIndex == rightBatch.size()) {
                query.checkInterrupts();
                rightBatch = nextRight();
                rightIndex = 0;
                if (rightBatch == null) {
                    return finishLeftRow(position);
                }
            }
            int rightPosition = rightBatch.position(rightIndex++);
            if (!output.matches(leftBatch, position, rightBatch, rightPosition, row)) {
                if (counters != null) {
                    counters.removedByJoinFilter++;
                }
                continue;
            }
            matched = true;
            if (type == JoinType.SEMI || type == JoinType.ANTI) {
                return finishLeftRow(position);
            }
            output.add(leftBatch, position, rightBatch, rightPosition);
            if (output.isFull()) {
                return true;
            }
        }
    }

    private boolean finishLeftRow(int position) {
        boolean emit = switch (type) {
            case SEMI -> matched;
            case ANTI, LEFT -> !matched;
            case INNER, RIGHT, FULL -> false;
        };
        if (emit) {
            output.add(leftBatch, position, null, 0);
        }
        rowActive = false;
        leftIndex++;
        return output.isFull();
    }

    @Override
    public void rescan() {
        start();
        left.rescan();
        if (kept != null) {
            // The right input may depend on slots set outside of this join.
            kept.close();
            kept = null;
            right.close();
            rightOpen = false;
        }
    }

    @Override
    public void close() {
        if (opened) {
            left.close();
        }
        if (rightOpen) {
            right.close();
        }
        if (kept != null) {
            kept.close();
            kept = null;
        }
        rightOpen = false;
        opened = false;
        start();
    }

}
