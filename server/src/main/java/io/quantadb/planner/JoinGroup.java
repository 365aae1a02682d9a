package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.rule.ConstantPropagation;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The items of one join group and what connects them: inner joins in any order, and LEFT, SEMI and ANTI joins whose
 * right side is one item. FULL joins are items. Sets of items are bits of a long.
 */
final class JoinGroup {
    /** One input of the group. */
    static final class Item {
        BitSet relids;
        BitSet lateral = new BitSet();
        /** Null unless a single entry. */
        BaseRel base;
        /** Conditions on this item alone. */
        final List<Expr> filters = new ArrayList<>();
        /** Conditions of the join that brings it in, if it is the right side of one. */
        List<Expr> joinConditions = List.of();
        JoinNode node;
        boolean nullable;
        /** Estimated, its own filters applied. */
        double rows = 1;
    }

    /** A join whose right side is the item {@code item}. */
    record Special(JoinType type, int item, List<Expr> conditions, long minLeft) {
    }

    /** A condition and the items it uses. */
    private record Placed(Expr condition, long mask) {
    }

    final List<Item> items = new ArrayList<>();
    private final QueryPlanner planner;
    private final List<Special> specials = new ArrayList<>();
    private final List<Expr> conditions = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();
    private final EquivalenceClasses classes = new EquivalenceClasses();
    private long[] neighbours;

    JoinGroup(QueryPlanner planner) {
        this.planner = planner;
    }

    /** Adds a node's items and conditions. @return its items */
    long flatten(JoinNode node) {
        return switch (node) {
            case JoinNode.Leaf leaf -> {
                Item item = new Item();
                item.base = planner.base(leaf.rangeIndex());
                item.relids = leaf.relids();
                item.lateral = item.base.lateral;
                yield add(item);
            }
            case JoinNode.Inner inner -> {
                long mask = 0;
                for (JoinNode child : inner.items()) {
                    mask |= flatten(child);
                }
                conditions.addAll(inner.conditions());
                yield mask;
            }
            case JoinNode.Outer outer when outer.type() == JoinType.FULL -> {
                Item item = new Item();
                item.relids = outer.relids();
                item.node = outer;
                yield add(item);
            }
            case JoinNode.Outer outer -> {
                long left = flatten(outer.left());
                yield left | special(outer, left);
            }
        };
    }

    private long add(Item item) {
        Invariant.check(items.size() < 62, "too many items in one join group: %d of %d", items.size(), 62);
        items.add(item);
        return 1L << items.size() - 1;
    }

    private long special(JoinNode.Outer outer, long leftMask) {
        Item item = new Item();
        item.relids = outer.right().relids();
        item.node = outer.right();
        item.nullable = true;
        JoinNode right = outer.right();
        while (right instanceof JoinNode.Inner inner && inner.items().size() == 1) {
            item.filters.addAll(inner.conditions());
            right = inner.items().getFirst();
        }
        if (right instanceof JoinNode.Leaf leaf) {
            item.base = planner.base(leaf.rangeIndex());
            item.lateral = item.base.lateral;
            item.node = null;
        } else {
            item.filters.clear();
        }
        List<Expr> own = new ArrayList<>();
        for (Expr condition : outer.conditions()) {
            BitSet relids = Expressions.relids(condition);
            boolean inside = !relids.isEmpty() && Relids.contains(item.relids, relids);
            (inside && !Expressions.isVolatile(condition) ? item.filters : own).add(condition);
        }
        item.joinConditions = own;
        long bit = add(item);
        long needed = 0;
        BitSet used = new BitSet();
        own.forEach(condition -> used.or(Expressions.relids(condition)));
        used.or(item.lateral);
        for (int i = 0; i < items.size() - 1; i++) {
            if ((leftMask & 1L << i) != 0 && items.get(i).relids.intersects(used)) {
                needed |= 1L << i;
            }
        }
        specials.add(new Special(outer.type(), items.size() - 1, own, needed == 0 ? leftMask : needed));
        return bit;
    }

    /** All conditions that hold for the group, further ones included: for a group without items. */
    List<Expr> conditions(List<Expr> further) {
        List<Expr> result = new ArrayList<>(conditions);
        result.addAll(further);
        return result;
    }

    /** Gives each condition its place; returns those to check at the very end. */
    List<Expr> place(List<Expr> further) {
        List<Expr> last = new ArrayList<>();
        for (Expr condition : ConstantPropagation.apply(conditions(further))) {
            long mask = maskOf(Expressions.relids(condition));
            boolean single = Long.bitCount(mask) == 1;
            Item only = single ? items.get(Long.numberOfTrailingZeros(mask)) : null;
            if (mask == 0 || Expressions.isVolatile(condition)) {
                last.add(condition);
            } else if (single && !only.nullable) {
                only.filters.add(condition);
            } else if (single && items.size() == 1) {
                last.add(condition);
            } else if (single || !classes.absorb(condition, this::ownItem)) {
                placed.add(new Placed(condition, mask));
            }
        }
        classes.complete();
        classes.withinItems((condition, item) -> items.get(Long.numberOfTrailingZeros(item)).filters.add(condition));
        connect();
        return last;
    }

    /** The items of an expression that may become member of an equivalence class; 0 if it may not. */
    private long ownItem(Expr expr) {
        long mask = maskOf(Expressions.relids(expr));
        return Long.bitCount(mask) == 1 && !items.get(Long.numberOfTrailingZeros(mask)).nullable ? mask : 0;
    }

    private void connect() {
        neighbours = new long[items.size()];
        for (int i = 0; i < neighbours.length; i++) {
            long bit = 1L << i;
            neighbours[i] = classes.neighbours(bit);
            for (Placed p : placed) {
                neighbours[i] |= (p.mask & bit) != 0 ? p.mask : 0;
            }
            neighbours[i] &= ~bit;
        }
        for (Special s : specials) {
            link(1L << s.item, s.minLeft);
        }
        connectLateral();
    }

    /** To be called again when the needs of items planned on their own have become known. */
    void connectLateral() {
        for (int i = 0; i < items.size(); i++) {
            link(1L << i, maskOf(items.get(i).lateral));
        }
    }

    private void link(long a, long b) {
        for (int i = 0; i < neighbours.length; i++) {
            neighbours[i] |= (a & 1L << i) != 0 ? b : 0;
            neighbours[i] |= (b & 1L << i) != 0 ? a : 0;
        }
    }

    /** Items some condition relates to one of the set. */
    long neighboursOf(long set) {
        long result = 0;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            result |= neighbours[Long.numberOfTrailingZeros(rest)];
        }
        return result & ~set;
    }

    long maskOf(BitSet relids) {
        long mask = 0;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).relids.intersects(relids)) {
                mask |= 1L << i;
            }
        }
        return mask;
    }

    /** Conditions a scan of the item may be driven by, with values of other items or of {@code outside}. */
    List<Expr> drivers(int index, List<Expr> outside) {
        Item item = items.get(index);
        List<Expr> result = new ArrayList<>(item.joinConditions);
        if (!item.nullable) {
            classes.reaching(1L << index, result);
            for (Placed p : placed) {
                if ((p.mask & 1L << index) != 0) {
                    result.add(p.condition);
                }
            }
            for (Special s : specials) {
                if (s.item != index && !uniqueColumns(s).isEmpty()) {
                    s.conditions.stream().filter(c -> Expressions.relids(c).intersects(item.relids))
                            .forEach(result::add);
                }
            }
            for (Expr condition : outside) {
                if (Expressions.relids(condition).intersects(item.relids)) {
                    result.add(condition);
                }
            }
        }
        result.removeIf(c -> Expressions.isVolatile(c)
                || Relids.minus(Expressions.relids(c), item.relids).isEmpty());
        return result;
    }

    /**
     * The outer join that makes {@code right} the right side of {@code left}; null for an inner join.
     *
     * @param legal element 0 receives whether the two may be joined this way round
     */
    Special special(long left, long right, boolean[] legal) {
        legal[0] = true;
        Special found = null;
        for (Special s : specials) {
            long bit = 1L << s.item;
            if (left == bit || right == bit && (s.minLeft & ~left) != 0) {
                legal[0] = false;
                return null;
            }
            if (right == bit) {
                found = s;
            }
        }
        return found;
    }

    /** The semi join whose right side is all of {@code left} and whose left side is in {@code right}; null if none. */
    Special swappedSemi(long left, long right) {
        for (Special s : specials) {
            if (left == 1L << s.item && (s.minLeft & ~right) == 0 && !uniqueColumns(s).isEmpty()) {
                return s;
            }
        }
        return null;
    }

    /**
     * Columns of a semi join's right side such that with one row for each of their values it is an inner join; empty if
     * there are none.
     */
    List<Expr> uniqueColumns(Special s) {
        Item item = items.get(s.item);
        if (s.type != JoinType.SEMI || !item.lateral.isEmpty() || s.conditions.isEmpty()) {
            return List.of();
        }
        List<Expr> result = new ArrayList<>();
        for (Expr condition : s.conditions) {
            if (!(condition instanceof Expr.OperatorCall op) || op.arguments().size() != 2
                    || !op.operator().hashable() || !op.operator().name().equals("=")) {
                return List.of();
            }
            boolean rightIsOwn = Relids.contains(item.relids, Expressions.relids(op.right()));
            Expr own = rightIsOwn ? op.right() : op.left();
            Expr other = rightIsOwn ? op.left() : op.right();
            if (!(own instanceof Expr.ColumnRef c) || c.attribute() <= 0 || !item.relids.get(c.rangeIndex())
                    || Expressions.relids(other).intersects(item.relids)) {
                return List.of();
            }
            result.add(own);
        }
        return result;
    }

    /** Whether the item is a table with a unique index on some of these columns. */
    boolean isUnique(int index, List<Expr> columns) {
        Item item = items.get(index);
        if (item.base == null || item.base.relation == null || !item.base.members.isEmpty()) {
            return false;
        }
        Set<Integer> attributes = new HashSet<>();
        columns.forEach(c -> attributes.add(((Expr.ColumnRef) c).attribute()));
        return item.base.relation.indexes().stream().anyMatch(i -> i.unique() && i.valid() && !i.isPartial()
                && !i.deferrable() && i.keyColumns().stream().allMatch(k -> !k.isExpression()
                && attributes.contains(k.attnum())));
    }

    /** Conditions that become checkable when the two sets are joined, those of an outer join itself left out. */
    List<Expr> conditionsAt(long left, long right, boolean outer) {
        List<Expr> result = new ArrayList<>();
        classes.between(left, right, result);
        for (Placed p : placed) {
            if ((p.mask & ~(left | right)) == 0 && (p.mask & ~left) != 0 && (p.mask & ~right) != 0
                    || outer && p.mask == right) {
                result.add(p.condition);
            }
        }
        return result;
    }

    EquivalenceClasses classes() {
        return classes;
    }

    int specialCount() {
        return specials.size();
    }

    BitSet relids(long set) {
        BitSet result = new BitSet();
        for (long rest = set; rest != 0; rest &= rest - 1) {
            result.or(items.get(Long.numberOfTrailingZeros(rest)).relids);
        }
        return result;
    }

    /** Expressions an order by which may still serve a merge join with items outside the set. */
    Set<Object> usefulOrders(long set) {
        Set<Object> result = new HashSet<>();
        classes.pending(set, expr -> result.add(ColumnKey.lookup(expr)));
        for (Special s : specials) {
            if ((set & 1L << s.item) == 0 || Long.bitCount(set) == 1) {
                for (Expr condition : s.conditions) {
                    if (condition instanceof Expr.OperatorCall op && op.operator().mergeable()
                            && op.arguments().size() == 2) {
                        result.add(ColumnKey.lookup(op.left()));
                        result.add(ColumnKey.lookup(op.right()));
                    }
                }
            }
        }
        return result;
    }

    /** Entries outside the set that its LATERAL items need. */
    BitSet lateralOf(long set) {
        BitSet result = new BitSet();
        for (long rest = set; rest != 0; rest &= rest - 1) {
            result.or(items.get(Long.numberOfTrailingZeros(rest)).lateral);
        }
        return result;
    }
}
