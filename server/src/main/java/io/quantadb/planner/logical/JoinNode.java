package io.quantadb.planner.logical;

import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import java.util.BitSet;
import java.util.List;

/** The FROM clause and WHERE as the join planner sees them: RIGHT joins turned round, sublinks turned into joins. */
public sealed interface JoinNode {
    /** Range table entries below. */
    BitSet relids();

    record Leaf(int rangeIndex) implements JoinNode {
        @Override
        public BitSet relids() {
            return Relids.of(rangeIndex);
        }
    }

    /** Any number of items, in any order, for which all conditions hold. */
    record Inner(List<JoinNode> items, List<Expr> conditions) implements JoinNode {
        @Override
        public BitSet relids() {
            BitSet result = new BitSet();
            items.forEach(item -> result.or(item.relids()));
            return result;
        }
    }

    /** @param type LEFT, FULL, SEMI or ANTI */
    record Outer(JoinType type, JoinNode left, JoinNode right, List<Expr> conditions) implements JoinNode {
        @Override
        public BitSet relids() {
            return Relids.union(left.relids(), right.relids());
        }
    }
}
