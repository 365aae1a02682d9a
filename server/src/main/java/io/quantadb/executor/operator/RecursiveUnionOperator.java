package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** WITH RECURSIVE: the first query, then the recursive one over the rows of the round before until a round is empty. */
final class RecursiveUnionOperator extends Operator {
    private final Operator start;
    private final Operator recursive;
    private final boolean all;
    private final WorkTable workTable;
    private final Batch batch;
    private final int[] groups = new int[Vector.CAPACITY];
    private final int[] selection = new int[Vector.CAPACITY];
    private KeyTable seen;
    private RowBuffer nextRound;
    private boolean inStart;
    private boolean recursiveOpen;
    private boolean opened;
    private boolean done;

    RecursiveUnionOperator(List<PgType> types, Operator start, Operator recursive, boolean all,
            WorkTable workTable) {
        super(types);
        this.start = start;
        this.recursive = recursive;
        this.all = all;
        this.workTable = workTable;
        this.batch = new Batch(new Vector[types.size()]);
    }

    @Override
    protected void doOpen() {
        seen = all ? null : new KeyTable(outputTypes()).payBy(query);
        nextRound = new RowBuffer(query, outputTypes(), query.workMemBytes);
        workTable.rows = new RowBuffer(query, outputTypes(), query.workMemBytes);
        inStart = true;
        done = false;
        opened = true;
        start.open(query);
    }

    @Override
    public Batch next() {
        while (!done) {
            Batch rows = inStart ? start.next() : recursive.next();
            if (rows == null) {
                inStart = false;
                if (nextRound.count() == 0) {
                    done = true;
                    return null;
                }
                beginRound();
                continue;
            }
            Batch fresh = all ? rows : withoutSeen(rows);
            if (fresh != null) {
                nextRound.add(fresh);
                return fresh;
            }
            query.checkInterrupts();
        }
        return null;
    }

    private void beginRound() {
        query.checkInterrupts();
        RowBuffer finished = workTable.rows;
        workTable.rows = nextRound;
        workTable.rows.rewind();
        finished.close();
        nextRound = new RowBuffer(query, outputTypes(), query.workMemBytes);
        if (recursiveOpen) {
            recursive.rescan();
        } else {
            recursive.open(query);
            recursiveOpen = true;
        }
    }

    private Batch withoutSeen(Batch rows) {
        int known = seen.count();
        seen.assign(rows.columns, rows.selection(), rows.size(), groups);
        int kept = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (groups[i] == known) {
                known++;
                selection[kept++] = rows.position(i);
            }
        }
        if (kept == 0) {
            return null;
        }
        System.arraycopy(rows.columns, 0, batch.columns, 0, batch.columns.length);
        batch.selectLike(rows);
        batch.select(selection, kept);
        return batch;
    }

    @Override
    public void close() {
        if (!opened) {
            return;
        }
        opened = false;
        done = true;
        start.close();
        if (recursiveOpen) {
            recursive.close();
        }
        recursiveOpen = false;
        nextRound.close();
        workTable.rows.close();
        if (seen != null) {
            seen.clear();
        }
        seen = null;
    }
}
