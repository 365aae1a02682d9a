package io.quantadb.planner.rule;

import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Makes outer joins simpler where conditions above reject the rows they would add.
 *
 * <pre>
 * before: a LEFT JOIN b ON ... WHERE b.x = 1
 * after:  a JOIN b ON ... WHERE b.x = 1
 * </pre>
 */
public final class OuterJoinReduction {
    private OuterJoinReduction() {
    }

    public static JoinNode apply(JoinNode node) {
        return reduce(node, new BitSet());
    }

    private static JoinNode reduce(JoinNode node, BitSet rejected) {
        return switch (node) {
            case JoinNode.Leaf leaf -> leaf;
            case JoinNode.Inner inner -> {
                BitSet all = (BitSet) rejected.clone();
                inner.conditions().forEach(condition -> all.or(StrictRels.rejects(condition)));
                List<JoinNode> items = new ArrayList<>();
                inner.items().forEach(item -> items.add(reduce(item, all)));
                yield new JoinNode.Inner(items, inner.conditions());
            }
            case JoinNode.Outer outer -> outer(outer, rejected);
        };
    }

    private static JoinNode outer(JoinNode.Outer outer, BitSet rejected) {
        boolean left = rejected.intersects(outer.left().relids());
        boolean right = rejected.intersects(outer.right().relids());
        BitSet own = (BitSet) rejected.clone();
        outer.conditions().forEach((Expr condition) -> own.or(StrictRels.rejects(condition)));
        return switch (outer.type()) {
            case LEFT -> right
                    ? reduce(new JoinNode.Inner(List.of(outer.left(), outer.right()), outer.conditions()), rejected)
                    : new JoinNode.Outer(JoinType.LEFT, reduce(outer.left(), rejected),
                            reduce(outer.right(), rejectedInside(own, outer.right())), outer.conditions());
            case FULL -> {
                if (left && right) {
                    yield reduce(new JoinNode.Inner(List.of(outer.left(), outer.right()), outer.conditions()),
                            rejected);
                }
                if (left) {
                    yield reduce(new JoinNode.Outer(JoinType.LEFT, outer.left(), outer.right(), outer.conditions()),
                            rejected);
                }
                if (right) {
                    yield reduce(new JoinNode.Outer(JoinType.LEFT, outer.right(), outer.left(), outer.conditions()),
                            rejected);
                }
                yield new JoinNode.Outer(JoinType.FULL, reduce(outer.left(), new BitSet()),
                        reduce(outer.right(), new BitSet()), outer.conditions());
            }
            case SEMI -> new JoinNode.Outer(JoinType.SEMI, reduce(outer.left(), own),
                    reduce(outer.right(), rejectedInside(own, outer.right())), outer.conditions());
            default -> new JoinNode.Outer(outer.type(), reduce(outer.left(), rejected),
                    reduce(outer.right(), rejectedInside(own, outer.right())), outer.conditions());
        };
    }

    private static BitSet rejectedInside(BitSet rejected, JoinNode side) {
        BitSet result = (BitSet) rejected.clone();
        result.and(side.relids());
        return Relids.union(result, new BitSet());
    }
}
