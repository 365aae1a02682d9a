package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** First row of each run of equal keys in sorted input. */
final class UniqueOperator extends Operator {
    private final Operator input;
    private final int[] columns;
    private final Keys keys;
    private final Vector[] keyVectors;
    private final RowStore last;
    private final PgType[] keyTypes;
    private final int[] selection = new int[Vector.CAPACITY];
    private final Batch batch;

    UniqueOperator(List<PgType> types, Operator input, List<Integer> columns) {
        super(types);
        this.input = input;
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
        this.keyTypes = columns.stream().map(types::get).toArray(PgType[]::new);
        this.keys = new Keys(keyTypes);
        this.keyVectors = new Vector[this.columns.length];
        this.last = new RowStore(keyTypes);
        this.batch = new Batch(new Vector[types.size()]);
    }

    @Override
    protected void doOpen() {
        last.clear();
        input.open(query);
    }

    @Override
    public Batch next() {
        while (true) {
            Batch source = input.next();
            if (source == null) {
                return null;
            }
            for (int i = 0; i < columns.length; i++) {
                keyVectors[i] = source.columns[columns[i]];
            }
            int kept = 0;
            int previous = -1;
            for (int i = 0; i < source.size(); i++) {
                int position = source.position(i);
                boolean same = previous >= 0 ? keys.equal(keyVectors, previous, keyVectors, position)
                        : last.count() > 0 && keys.equal(last.chunk(0).columns, 0, keyVectors, position);
                if (!same) {
                    selection[kept++] = position;
                }
                previous = position;
            }
            last.clear();
            last.append(keyVectors, previous);
            if (kept > 0) {
                System.arraycopy(source.columns, 0, batch.columns, 0, batch.columns.length);
                batch.selectLike(source);
                batch.select(selection, kept);
                return batch;
            }
            query.checkInterrupts();
        }
    }

    @Override
    public void rescan() {
        last.clear();
        input.rescan();
    }

    @Override
    public void close() {
        last.clear();
        input.close();
    }
}
