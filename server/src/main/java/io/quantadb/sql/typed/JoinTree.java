package io.quantadb.sql.typed;

import java.util.List;

/** How the entries of the range table are joined. */
public sealed interface JoinTree {
    /** An entry that is not itself a join; from 1. */
    record Leaf(int rangeIndex) implements JoinTree {
    }

    /**
     * @param condition  null if there is none (cross join)
     * @param using      names of USING or NATURAL columns; empty otherwise
     * @param natural    as written; {@code using} and {@code condition} say the same
     * @param rangeIndex its {@link RangeTableEntry.Join}
     */
    record Join(RangeTableEntry.JoinKind kind, boolean natural, JoinTree left, JoinTree right, List<String> using,
                Expr condition, int rangeIndex) implements JoinTree {
    }

    /** The FROM list with WHERE; items are joined without condition, there may be none. {@code where} may be null. */
    record From(List<JoinTree> items, Expr where) implements JoinTree {
    }
}
