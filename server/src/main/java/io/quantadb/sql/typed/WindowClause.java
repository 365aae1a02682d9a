package io.quantadb.sql.typed;

import java.util.List;

/**
 * A window definition.
 *
 * @param name        null if not from the WINDOW clause
 * @param baseName    the window copied from, or null
 * @param reference   what {@link Expr.WindowCall#windowReference} names, from 1
 * @param frame       never null: the default is RANGE UNBOUNDED PRECEDING to CURRENT ROW
 * @param copiedOrder ORDER BY came from the base window
 */
public record WindowClause(String name, String baseName, List<SortGroupClause> partitionBy,
                           List<SortGroupClause> orderBy, Frame frame, int reference, boolean copiedOrder) {
    /** What offsets count. */
    public enum Unit { ROWS, RANGE, GROUPS }

    public enum Bound { UNBOUNDED_PRECEDING, OFFSET_PRECEDING, CURRENT_ROW, OFFSET_FOLLOWING, UNBOUNDED_FOLLOWING }

    public enum Exclusion { NO_OTHERS, CURRENT_ROW, GROUP, TIES }

    /**
     * @param written         the user wrote a frame
     * @param startOnly       without BETWEEN, only the start, which matters for printing
     * @param startOffset     only for OFFSET bounds; bigint for ROWS and GROUPS
     * @param startInRange    for RANGE with offsets: the in_range support function, else null
     * @param inRangeAscending order of the sort column in RANGE with offsets
     */
    public record Frame(boolean written, boolean startOnly, Unit unit, Bound start, Expr startOffset, Bound end,
            Expr endOffset,
                        Exclusion exclusion, FunctionRef startInRange, FunctionRef endInRange,
                        int inRangeCollation, boolean inRangeAscending, boolean inRangeNullsFirst) {
        /** What applies when nothing is written. */
        public static final Frame DEFAULT = new Frame(false, false, Unit.RANGE, Bound.UNBOUNDED_PRECEDING, null,
                Bound.CURRENT_ROW, null, Exclusion.NO_OTHERS, null, null, 0, true, false);
    }
}
