package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;

/**
 * Expressions that equalities of one join group force to be equal.
 *
 * <pre>
 * conditions: a.x = b.y AND b.y = c.z
 * class:      {a.x, b.y, c.z}, so that a and c may be joined by a.x = c.z
 * </pre>
 *
 * A join of two sets of items then needs one equality for each class with members on both sides: within each side all
 * members are equal already. Only expressions of one type and collation on single items become members.
 */
final class EquivalenceClasses {
    /** An expression and the one item (as a bit) it belongs to. */
    private record Member(Expr expr, long item) {
    }

    private static final class EqualityClass {
        final OperatorRef operator;
        final Expr.OperatorCall sample;
        final List<Member> members = new ArrayList<>();
        final List<Expr> originals = new ArrayList<>();
        /** By the numbers of two members. */
        final Map<Integer, Expr> pairs = new HashMap<>();
        final Set<Integer> written = new HashSet<>();
        long items;

        EqualityClass(Expr.OperatorCall sample) {
            this.operator = sample.operator();
            this.sample = sample;
        }

        void add(Expr expr, long item) {
            Member member = new Member(expr, item);
            if (!members.contains(member)) {
                members.add(member);
                items |= item;
            }
        }
    }

    private final List<EqualityClass> classes = new ArrayList<>();
    /** By identity: each condition is one object throughout. */
    private final Map<Expr, EqualityClass> byCondition = new IdentityHashMap<>();

    /**
     * Takes the condition in if it is an equality between two items.
     *
     * @param itemOf the items an expression uses, as bits
     */
    boolean absorb(Expr condition, ToLongFunction<Expr> itemOf) {
        if (!(condition instanceof Expr.OperatorCall op) || op.arguments().size() != 2 || !op.operator().mergeable()
                || !op.operator().name().equals("=") || Expressions.isVolatile(op) || Expressions.hasSubLink(op)) {
            return false;
        }
        Expr a = op.left();
        Expr b = op.right();
        long left = itemOf.applyAsLong(a);
        long right = itemOf.applyAsLong(b);
        if (Long.bitCount(left) != 1 || Long.bitCount(right) != 1 || left == right || !a.type().equals(b.type())
                || a.collation() != b.collation()) {
            return false;
        }
        EqualityClass one = find(op, a, left);
        EqualityClass other = find(op, b, right);
        if (one == null && other == null) {
            one = new EqualityClass(op);
            classes.add(one);
        } else if (one == null) {
            one = other;
        } else if (other != null && one != other) {
            merge(one, other);
        }
        one.add(a, left);
        one.add(b, right);
        one.originals.add(condition);
        byCondition.put(condition, one);
        return true;
    }

    private EqualityClass find(Expr.OperatorCall op, Expr expr, long item) {
        for (EqualityClass c : classes) {
            if (c.operator.equals(op.operator()) && c.sample.inputCollation() == op.inputCollation()
                    && c.members.contains(new Member(expr, item))) {
                return c;
            }
        }
        return null;
    }

    private void merge(EqualityClass into, EqualityClass from) {
        from.members.forEach(m -> into.add(m.expr, m.item));
        into.originals.addAll(from.originals);
        byCondition.replaceAll((_, c) -> c == from ? into : c);
        classes.remove(from);
    }

    /** Equalities between members of a single item, which its scan has to check, handed out with the item's bit. */
    void withinItems(ObjLongConsumer<Expr> action) {
        for (EqualityClass c : classes) {
            for (int i = 0; i < c.members.size(); i++) {
                for (int k = 0; k < i; k++) {
                    if (c.members.get(i).item == c.members.get(k).item) {
                        action.accept(pair(c, k, i), c.members.get(i).item);
                        break;
                    }
                }
            }
        }
    }

    /** Items that share a class with the item. */
    long neighbours(long item) {
        long result = 0;
        for (EqualityClass c : classes) {
            if ((c.items & item) != 0) {
                result |= c.items;
            }
        }
        return result & ~item;
    }

    /** Members within the set whose class has others outside. */
    void pending(long set, Consumer<Expr> action) {
        for (EqualityClass c : classes) {
            if ((c.items & set) != 0 && (c.items & ~set) != 0) {
                c.members.stream().filter(m -> (m.item & set) != 0).forEach(m -> action.accept(m.expr));
            }
        }
    }

    /** One equality for each class with members on both sides. */
    void between(long left, long right, List<Expr> into) {
        for (EqualityClass c : classes) {
            if ((c.items & left) != 0 && (c.items & right) != 0) {
                into.add(between(c, left, right));
            }
        }
    }

    private Expr between(EqualityClass c, long left, long right) {
        int first = -1;
        int second = -1;
        for (int i = 0; i < c.members.size(); i++) {
            if ((c.members.get(i).item & left) == 0) {
                continue;
            }
            first = first < 0 ? i : first;
            for (int k = 0; k < c.members.size(); k++) {
                if ((c.members.get(k).item & right) != 0) {
                    second = second < 0 ? k : second;
                    if (c.written.contains(pairKey(i, k))) {
                        return pair(c, i, k);
                    }
                }
            }
        }
        return pair(c, first, second);
    }

    /** Every equality a scan of the item could be driven by. */
    void reaching(long item, List<Expr> into) {
        for (EqualityClass c : classes) {
            for (int i = 0; i < c.members.size(); i++) {
                for (int k = 0; c.members.get(i).item == item && k < c.members.size(); k++) {
                    if (c.members.get(k).item != item) {
                        into.add(pair(c, i, k));
                    }
                }
            }
        }
    }

    private static int pairKey(int i, int k) {
        return Math.max(i, k) << 16 | Math.min(i, k);
    }

    /** The equality of two members: as it was written if it was, else a derived one; always the same object. */
    private Expr pair(EqualityClass c, int i, int k) {
        return c.pairs.computeIfAbsent(pairKey(i, k), _ -> {
            Expr.OperatorCall s = c.sample;
            Expr result = new Expr.OperatorCall(c.operator, List.of(c.members.get(i).expr, c.members.get(k).expr),
                    s.type(), s.collation(), s.inputCollation(), Origin.NONE);
            byCondition.put(result, c);
            return result;
        });
    }

    /** Makes the written equalities known by the members they compare; to be called once all are absorbed. */
    void complete() {
        for (EqualityClass c : classes) {
            for (Expr condition : c.originals) {
                Expr.OperatorCall op = (Expr.OperatorCall) condition;
                int key = pairKey(indexOf(c, op.left()), indexOf(c, op.right()));
                c.written.add(key);
                c.pairs.putIfAbsent(key, condition);
            }
        }
    }

    private static int indexOf(EqualityClass c, Expr expr) {
        for (int i = 0; i < c.members.size(); i++) {
            if (c.members.get(i).expr.equals(expr)) {
                return i;
            }
        }
        throw Invariant.broken("equality of %d members without its own", c.members.size());
    }

    /** Whether both conditions come from one class: where one holds within a join, the other does. */
    boolean sameClass(Expr a, Expr b) {
        EqualityClass c = byCondition.get(a);
        return c != null && c == byCondition.get(b);
    }
}
