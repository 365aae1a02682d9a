package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * Joins two inputs sorted by their keys. The right rows of the current key are kept, so that each left row of that key
 * meets all of them. Keys with NULLs match nothing.
 */
final class MergeJoinOperator extends Operator {
    private final JoinType type;
    private final Operator left;
    private final Operator right;
    private final RowComparator comparator;
    private final int[] leftColumns;
    private final int[] rightColumns;
    private final JoinOutput output;
    private final Side leftSide;
    private final Side rightSide;
    private final RowStore group;
    private boolean[] groupMatched = new boolean[16];
    private boolean hasGroup;
    private int groupRow;
    private boolean rowStarted;
    private boolean rowMatched;
    /** Unmatched rows of a finished group still to be emitted. */
    private int flushRow = -1;
    private boolean opened;

    /** One input with the row it stands on. */
    private static final class Side {
        private final Operator input;
        Batch batch;
        int index;
        boolean done;

        Side(Operator input) {
            this.input = input;
        }

        void start() {
            batch = null;
            index = 0;
            done = false;
        }

        /** Whether there is a current row. */
        boolean ready() {
            while (!done && (batch == null || index == batch.size())) {
                batch = input.next();
                index = 0;
                done = batch == null;
            }
            return !done;
        }

        int position() {
            return batch.position(index);
        }
    }

    MergeJoinOperator(List<PgType> types, JoinType type, Operator left, Operator right, List<SortKey> leftKeys,
            List<SortKey> rightKeys, JoinOutput output) {
        super(types);
        this.type = type;
        this.left = left;
        this.right = right;
        this.comparator = new RowComparator(left.outputTypes(), leftKeys);
        this.leftColumns = leftKeys.stream().mapToInt(SortKey::column).toArray();
        this.rightColumns = rightKeys.stream().mapToInt(SortKey::column).toArray();
        this.output = output;
        this.leftSide = new Side(left);
        this.rightSide = new Side(right);
        this.group = new RowStore(right.outputTypes());
    }

    @Override
    protected void doOpen() {
        leftSide.start();
        rightSide.start();
        group.clear();
        group.payBy(query);
        hasGroup = false;
        flushRow = -1;
        rowStarted = false;
        opened = true;
        left.open(query);
        right.open(query);
    }

    private static boolean anyNull(Batch batch, int position, int[] columns) {
        for (int column : columns) {
            if (batch.columns[column].isNull(position)) {
                return true;
            }
        }
        return false;
    }

    private int compareTo(Vector[] rightVectors, int rightPosition) {
        return comparator.compare(leftSide.batch.columns, leftSide.position(), rightColumns, rightVectors,
                rightPosition);
    }

    @Override
    public Batch next() {
        output.clear();
        while (!output.isFull()) {
            if (flushRow >= 0) {
                flushGroup();
                continue;
            }
            if (!step()) {
                break;
            }
        }
        return output.take();
    }

    /** One unit of work; false at the end. */
    private boolean step() {
        // Reading a new left batch must not happen while rows of the old one wait in nobody's hands: output copies.
        if (!leftSide.ready()) {
            if (hasGroup) {
                endGroup();
                return true;
            }
            if (!type.keepsRight() || !rightSide.ready()) {
                return false;
            }
            output.add(null, 0, rightSide.batch, rightSide.position());
            rightSide.index++;
            return true;
        }
        if (rowStarted) {
            pairRow();
            return true;
        }
        query.checkInterrupts();
        if (anyNull(leftSide.batch, leftSide.position(), leftColumns)) {
            leftAlone();
            return true;
        }
        if (hasGroup) {
            if (compareTo(group.batchOf(0).columns, 0) == 0) {
                rowStarted = true;
                rowMatched = false;
                groupRow = 0;
            } else {
                endGroup();
            }
            return true;
        }
        if (!rightSide.ready()) {
            if (!type.keepsLeft() && type != JoinType.ANTI) {
                leftSide.done = true;
            } else {
                leftAlone();
            }
            return true;
        }
        if (anyNull(rightSide.batch, rightSide.position(), rightColumns)) {
            rightAlone();
            return true;
        }
        int order = compareTo(rightSide.batch.columns, rightSide.position());
        if (order < 0) {
            leftAlone();
        } else if (order > 0) {
            rightAlone();
        } else {
            readGroup();
        }
        return true;
    }

    private void leftAlone() {
        if (type.keepsLeft() || type == JoinType.ANTI) {
            output.add(leftSide.batch, leftSide.position(), null, 0);
        }
        leftSide.index++;
    }

    private void rightAlone() {
        if (type.keepsRight()) {
            output.add(null, 0, rightSide.batch, rightSide.position());
        }
        rightSide.index++;
    }

    /** Keeps all right rows with the key of the current left row. */
    private void readGroup() {
        group.clear();
        do {
            group.append(rightSide.batch, rightSide.position());
            rightSide.index++;
        } while (rightSide.ready() && compareTo(rightSide.batch.columns, rightSide.position()) == 0);
        if (groupMatched.length < group.count()) {
            groupMatched = new boolean[group.count() * 2];
        }
        java.util.Arrays.fill(groupMatched, 0, group.count(), false);
        hasGroup = true;
    }

    private void pairRow() {
        int position = leftSide.position();
        while (groupRow < group.count()) {
            if (output.isFull()) {
                return;
            }
            int candidate = groupRow++;
            if (!output.matches(leftSide.batch, position, group.batchOf(candidate), RowStore.position(candidate),
                    row)) {
                continue;
            }
            rowMatched = true;
            groupMatched[candidate] = true;
            if (!type.outputsRight()) {
                break;
            }
            output.add(leftSide.batch, position, group.batchOf(candidate), RowStore.position(candidate));
        }
        if (output.isFull()) {
            return;
        }
        rowStarted = false;
        if (type == JoinType.SEMI) {
            if (rowMatched) {
                output.add(leftSide.batch, position, null, 0);
            }
            leftSide.index++;
        } else if (rowMatched) {
            leftSide.index++;
        } else {
            leftAlone();
        }
    }

    private void endGroup() {
        hasGroup = false;
        flushRow = type.keepsRight() ? 0 : -1;
        if (flushRow < 0) {
            group.clear();
        }
    }

    private void flushGroup() {
        while (flushRow < group.count() && !output.isFull()) {
            int candidate = flushRow++;
            if (!groupMatched[candidate]) {
                output.add(null, 0, group.batchOf(candidate), RowStore.position(candidate));
            }
        }
        if (flushRow == group.count()) {
            flushRow = -1;
            group.clear();
        }
    }

    @Override
    public void close() {
        if (opened) {
            left.close();
            right.close();
        }
        opened = false;
        group.clear();
        hasGroup = false;
        flushRow = -1;
        leftSide.done = true;
        rightSide.done = true;
    }
}
