package io.quantadb.sql.typed;

/**
 * FOR UPDATE and its siblings on one range table entry.
 *
 * @param pushedDown it was applied to a subquery because the outer query has it
 */
public record RowMark(int rangeIndex, Strength strength, WaitPolicy waitPolicy, boolean pushedDown) {
    /** Weakest first. */
    public enum Strength { KEY_SHARE, SHARE, NO_KEY_UPDATE, UPDATE }

    public enum WaitPolicy { BLOCK, SKIP_LOCKED, NOWAIT }
}
