package io.quantadb.sql.ast;

import java.util.List;

/**
 * SELECT, VALUES, TABLE or a set operation, with the clauses around it.
 *
 * @param limit null if there is none of LIMIT, OFFSET, FETCH
 */
public record Query(WithClause with, QueryBody body, List<OrderItem> orderBy, Limit limit, List<Locking> locking,
                    int position) implements Statement, QueryBody {

    /** Whether the body stands alone, without any of the surrounding clauses. */
    public boolean isPlain() {
        return with == null && orderBy.isEmpty() && limit == null && locking.isEmpty();
    }

    /**
     * @param count   null: no limit, also for LIMIT ALL
     * @param offset  null: none
     */
    public record Limit(Expression count, Expression offset, boolean withTies, int position) implements Node {
    }

    /** @param tables of OF; empty: all */
    public record Locking(LockStrength strength, List<QualifiedName> tables, WaitPolicy waitPolicy, int position)
            implements Node {
    }

    /** Row lock modes, weakest first. */
    public enum LockStrength { KEY_SHARE, SHARE, NO_KEY_UPDATE, UPDATE }

    /** What to do about a row somebody else has locked. */
    public enum WaitPolicy { BLOCK, SKIP_LOCKED, NOWAIT }
}
