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

    public RowContext() {
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
