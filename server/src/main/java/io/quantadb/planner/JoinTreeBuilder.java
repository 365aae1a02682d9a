package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.rule.SublinkPullUp;
import io.quantadb.planner.rule.SubqueryPullUp;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;

/** FROM and WHERE as a join node; EXISTS and IN at the top of a condition become semi and anti joins. */
final class JoinTreeBuilder {
    private final QueryPlanner planner;
    private final Query query;

    JoinTreeBuilder(QueryPlanner planner, Query query) {
        this.planner = planner;
        this.query = query;
    }

    JoinNode build() {
        planner.useRangeTable(query.rangeTable());
        return node(query.joinTree());
    }

    private JoinNode node(JoinTree tree) {
        return switch (tree) {
            case JoinTree.Leaf leaf -> new JoinNode.Leaf(leaf.rangeIndex());
            case JoinTree.From from -> inner(from.items().stream().map(this::node).toList(), from.where());
            case JoinTree.Join join -> switch (join.kind()) {
                case INNER -> inner(List.of(node(join.left()), node(join.right())), join.condition());
                case LEFT -> outer(JoinType.LEFT, node(join.left()), node(join.right()), join.condition());
                case RIGHT -> outer(JoinType.LEFT, node(join.right()), node(join.left()), join.condition());
                case FULL -> outer(JoinType.FULL, node(join.left()), node(join.right()), join.condition());
            };
        };
    }

    private static JoinNode outer(JoinType type, JoinNode left, JoinNode right, Expr condition) {
        return new JoinNode.Outer(type, left, right, Expressions.conjuncts(condition));
    }

    private JoinNode inner(List<JoinNode> inputs, Expr condition) {
        List<JoinNode> items = new ArrayList<>(inputs);
        List<Expr> conditions = new ArrayList<>();
        List<SublinkPullUp.Pulled> pulled = new ArrayList<>();
        List<Expr> conjuncts = Expressions.conjuncts(condition);
        for (Expr conjunct : conjuncts) {
            SublinkPullUp.Candidate candidate = items.isEmpty() ? null : SublinkPullUp.match(conjunct);
            Decorrelation.Result joined = candidate != null || items.isEmpty() ? null
                    : Decorrelation.apply(planner, conjunct, conjuncts);
            if (joined != null) {
                items.add(new JoinNode.Leaf(joined.rangeIndex()));
                conditions.addAll(joined.conditions());
            } else if (candidate == null) {
                conditions.add(conjunct);
            } else {
                pulled.add(candidate.kind() == Expr.SubLinkKind.EXISTS ? exists(candidate) : in(candidate));
            }
        }
        JoinNode result = new JoinNode.Inner(items, conditions);
        for (SublinkPullUp.Pulled p : pulled) {
            result = new JoinNode.Outer(p.type(), result, p.right(), p.conditions());
        }
        return result;
    }

    /** The subquery's FROM beside ours, its WHERE as the join's condition. */
    private SublinkPullUp.Pulled exists(SublinkPullUp.Candidate candidate) {
        Query inner = planner.prepareNested(candidate.query());
        int offset = planner.addEntries(List.of()) - 1;
        Query moved = SubqueryPullUp.move(inner, offset);
        planner.addEntries(moved.rangeTable());
        List<Expr> conditions = new ArrayList<>();
        JoinTree.From from = moved.joinTree();
        JoinNode right = new JoinTreeBuilder(planner, query).inner(from.items().stream().map(this::node).toList(),
                null);
        List<Expr> own = new ArrayList<>();
        for (Expr conjunct : Expressions.conjuncts(from.where())) {
            boolean inside = io.quantadb.planner.logical.Relids.contains(right.relids(), Expressions.relids(conjunct));
            (inside ? own : conditions).add(conjunct);
        }
        JoinNode filtered = inner(List.of(right), Expressions.and(own));
        return new SublinkPullUp.Pulled(candidate.negated() ? JoinType.ANTI : JoinType.SEMI, filtered, conditions);
    }

    /** The subquery as an entry of ours; the test compares with its columns. */
    private SublinkPullUp.Pulled in(SublinkPullUp.Candidate candidate) {
        Query inner = candidate.query();
        List<RangeColumn> columns = new ArrayList<>();
        for (TargetEntry target : inner.resultColumns()) {
            columns.add(new RangeColumn(target.name(), target.expr().type(), target.expr().typmod(),
                    target.expr().collation()));
        }
        Query prepared = SubqueryPullUp.canMerge(inner) ? planner.prepareNested(inner) : inner;
        if (SubqueryPullUp.canMerge(prepared)) {
            int offset = planner.addEntries(List.of()) - 1;
            Query moved = SubqueryPullUp.move(prepared, offset);
            planner.addEntries(moved.rangeTable());
            List<Expr> values = moved.resultColumns().stream().map(TargetEntry::expr).toList();
            JoinTree.From from = moved.joinTree();
            JoinNode right = inner(from.items().stream().map(this::node).toList(), from.where());
            return new SublinkPullUp.Pulled(JoinType.SEMI, right,
                    Expressions.conjuncts(SublinkPullUp.test(candidate.link(), values)));
        }
        int index = planner.addEntries(List.of(new RangeTableEntry.Subquery(inner, 0, false, false, "ANY_subquery",
                null,
                columns)));
        List<Expr> values = planner.columnsOf(index);
        return new SublinkPullUp.Pulled(JoinType.SEMI, new JoinNode.Leaf(index),
                Expressions.conjuncts(SublinkPullUp.test(candidate.link(), values)));
    }
}
