package io.quantadb.sql.typed;

import io.quantadb.types.PgType;
import java.util.List;

/** UNION, INTERSECT, EXCEPT over subquery entries of the range table. */
public sealed interface SetOperationTree {
    /** @param rangeIndex a {@link RangeTableEntry.Subquery} */
    record Leaf(int rangeIndex) implements SetOperationTree {
    }

    /**
     * @param types      result column types; leaves have been converted to them
     * @param groups     one a column unless UNION ALL: how duplicates are found; targetRef is 0, the index counts
     */
    record Operation(SetOperator operator, boolean all, SetOperationTree left, SetOperationTree right,
                     List<PgType> types, List<Integer> typmods, List<Integer> collations,
                     List<SortGroupClause> groups) implements SetOperationTree {
    }

    /** The three operations. */
    enum SetOperator { UNION, INTERSECT, EXCEPT }
}
