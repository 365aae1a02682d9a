package io.quantadb.executor.expr;

import io.quantadb.executor.QueryContext;

/**
 * What a row-at-a-time evaluation sees: the input rows, the running query, and the values some constructs pass
 * downwards. Confined to one thread; one for each operator.
 */
public final class RowContext {
    public QueryContext query;
    public RowView outer;
    public RowView inner;

    /** Set by every {@code evalLong} and {@code evalDouble}: whether the result was NULL. */
    public boolean isNull;

    /** Operand of the innermost simple CASE, or element of an array coercion. */
    Object caseValue;
    /** VALUE of a domain's check. */
    Object domainValue;
    /** Current row of the innermost subplan with a test. */
    Object[] subLinkRow;

    /** Identifies the batch, and the selection of it, for which shared subexpressions are computed once. */
    long batchNumber;
    int[] batchSelection;
    int batchSize;

    public RowContext() {
    }

    /**
     * Announces that several expressions will be evaluated for these rows of one batch, whose contents stay the same
     * until the next call: common subexpressions of theirs are then computed once.
     */
    public void beginBatch(int[] selection, int size) {
        batchNumber++;
        batchSelection = selection;
        batchSize = size;
    }

    /** Sets the row that {@code SubLinkColumn}s of a subplan's test read. @return the one before */
    public Object[] swapSubLinkRow(Object[] values) {
        Object[] before = subLinkRow;
        subLinkRow = values;
        return before;
    }

    public RowContext(QueryContext query) {
        this.query = query;
    }

    /** For system columns: not every row has them. */
    public interface SystemColumns {
        Object systemColumn(int attribute);
    }
}
