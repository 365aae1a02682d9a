package io.quantadb.planner.rule;

import io.quantadb.catalog.BtreeStrategy;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds which part of a btree index a list of conditions selects.
 *
 * <pre>
 * before: filters a = 1, b > 2, c = 3 over a table with an index on (a, b, c)
 * after:  index condition a = 1, b > 2; filter c = 3
 * </pre>
 */
public final class IndexMatcher {
    private static final Set<Integer> INTEGERS = Set.of(Oids.INT2, Oids.INT4, Oids.INT8);
    private static final Set<Integer> TEXTS = Set.of(Oids.TEXT, Oids.VARCHAR, Oids.NAME);

    private final CatalogReader catalog;
    private final IndexDescriptor index;
    private final List<Expr> keys;
    private final int rangeIndex;

    /** @param keys what each key column holds, as an expression over the range table entry {@code rangeIndex} */
    public IndexMatcher(CatalogReader catalog, IndexDescriptor index, List<Expr> keys, int rangeIndex) {
        this.catalog = catalog;
        this.index = index;
        this.keys = keys;
        this.rangeIndex = rangeIndex;
    }

    /**
     * @param condition bounds are expressions without columns of the entry
     * @param used      conditions the scan takes over completely
     * @param unique    all of a unique index is fixed by single values
     */
    public record Match(IndexCondition condition, List<Expr> used, boolean unique) {
    }

    /** A comparison of one key column: {@code key strategy value}, the value being of the key's type. */
    private record Comparison(BtreeStrategy strategy, Expr value) {
    }

    /** The best use of the index for these conditions; an empty condition if none applies. */
    public Match match(List<Expr> conditions) {
        List<IndexCondition.Equality> equals = new ArrayList<>();
        List<Expr> used = new ArrayList<>();
        boolean single = true;
        while (equals.size() < keys.size()) {
            int column = equals.size();
            IndexCondition.Equality found = null;
            for (Expr condition : conditions) {
                IndexCondition.Equality candidate = equality(column, condition);
                if (candidate != null && (found == null || rank(candidate) < rank(found))) {
                    found = candidate;
                    if (used.size() > column) {
                        used.removeLast();
                    }
                    used.add(condition);
                }
            }
            if (found == null) {
                break;
            }
            single &= rank(found) == 0;
            equals.add(found);
        }
        IndexCondition.Bound lower = null;
        IndexCondition.Bound upper = null;
        if (equals.size() < keys.size()) {
            for (Expr condition : conditions) {
                List<Comparison> comparisons = comparisons(equals.size(), condition);
                boolean all = !comparisons.isEmpty();
                for (Comparison c : comparisons) {
                    boolean low = c.strategy == BtreeStrategy.GT || c.strategy == BtreeStrategy.GE;
                    boolean inclusive = c.strategy == BtreeStrategy.GE || c.strategy == BtreeStrategy.LE;
                    if (c.strategy == BtreeStrategy.EQ || (low ? lower : upper) != null) {
                        all = false;
                    } else if (low) {
                        lower = new IndexCondition.Bound(c.value, inclusive);
                    } else {
                        upper = new IndexCondition.Bound(c.value, inclusive);
                    }
                }
                if (all && !(condition instanceof Expr.OperatorCall op && isLike(op))) {
                    used.add(condition);
                }
            }
            if (lower == null && upper == null) {
                Expr notNull = notNull(equals.size(), conditions);
                if (notNull != null) {
                    lower = new IndexCondition.Bound(null, true);
                    used.add(notNull);
                }
            }
        }
        boolean unique = index.unique() && !index.deferrable() && single && equals.size() == keys.size();
        return new Match(new IndexCondition(index, equals, lower, upper), used, unique);
    }

    private static int rank(IndexCondition.Equality equality) {
        return equality.isNull() ? 1 : equality.array() || equality.values().size() != 1 ? 2 : 0;
    }

    private Expr notNull(int column, List<Expr> conditions) {
        for (Expr condition : conditions) {
            if (condition instanceof Expr.IsNull n && n.negated() && !n.rowForm() && isKey(column, n.operand())) {
                return condition;
            }
        }
        return null;
    }

    private boolean isKey(int column, Expr expr) {
        Expr key = keys.get(column);
        Expr stripped = Expressions.strip(expr);
        if (key instanceof Expr.ColumnRef k) {
            return stripped instanceof Expr.ColumnRef c && c.levelsUp() == 0 && c.rangeIndex() == k.rangeIndex()
                    && c.attribute() == k.attribute();
        }
        return stripped.equals(Expressions.strip(key));
    }

    private IndexCondition.Equality equality(int column, Expr condition) {
        switch (condition) {
            case Expr.OperatorCall op -> {
                for (Comparison c : operator(column, op)) {
                    if (c.strategy == BtreeStrategy.EQ) {
                        return IndexCondition.Equality.of(c.value);
                    }
                }
                return null;
            }
            case Expr.ScalarArrayOp op when op.useOr() && isKey(column, op.scalar()) -> {
                return list(column, op);
            }
            case Expr.IsNull n when !n.negated() && !n.rowForm() && isKey(column, n.operand()) -> {
                return new IndexCondition.Equality(List.of(), false, true);
            }
            case Expr.BoolExpr not when not.kind() == Expr.BoolKind.NOT && isBoolKey(column)
                    && isKey(column, not.arguments().getFirst()) -> {
                return IndexCondition.Equality.of(bool(false, condition.type()));
            }
            default -> {
                return isBoolKey(column) && isKey(column, condition)
                        ? IndexCondition.Equality.of(bool(true, condition.type())) : null;
            }
        }
    }

    private boolean isBoolKey(int column) {
        return keys.get(column).type().oid() == Oids.BOOL;
    }

    private static Expr bool(boolean value, PgType type) {
        return new Expr.Const(value, type, -1, 0, Origin.NONE);
    }

    private IndexCondition.Equality list(int column, Expr.ScalarArrayOp op) {
        if (strategy(column, op.operator().oid(), op.inputCollation(), false) != BtreeStrategy.EQ
                || !outside(op.array())) {
            return null;
        }
        PgType key = index.keyColumns().get(column).type();
        if (op.array() instanceof Expr.Const c && c.value() instanceof ArrayValue array) {
            List<Expr> values = new ArrayList<>();
            for (Object element : array.elements()) {
                if (element != null) {
                    Expr value = convert(new Expr.Const(element, array.elementType(), -1, 0, Origin.NONE), key);
                    if (value == null) {
                        return null;
                    }
                    values.add(value);
                }
            }
            return values.isEmpty() ? null : new IndexCondition.Equality(values, false, false);
        }
        if (op.array() instanceof Expr.ArrayExpr array && !array.multidimensional() && !array.elements().isEmpty()) {
            List<Expr> values = new ArrayList<>();
            for (Expr element : array.elements()) {
                Expr value = convert(element, key);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return new IndexCondition.Equality(values, false, false);
        }
        Expr array = op.array();
        boolean sameElement = array.type().isArray() && array.type().elementOid() == key.oid();
        return sameElement ? new IndexCondition.Equality(List.of(array), true, false) : null;
    }

    /** The range comparisons a condition implies for a key column; LIKE 'prefix%' implies two. */
    private List<Comparison> comparisons(int column, Expr condition) {
        if (!(condition instanceof Expr.OperatorCall op)) {
            return List.of();
        }
        if (isLike(op) && isKey(column, op.left())) {
            return like(column, op);
        }
        return operator(column, op);
    }

    private List<Comparison> operator(int column, Expr.OperatorCall op) {
        if (op.arguments().size() != 2) {
            return List.of();
        }
        boolean swapped = false;
        Expr value = op.right();
        if (!isKey(column, op.left())) {
            if (!isKey(column, op.right())) {
                return List.of();
            }
            swapped = true;
            value = op.left();
        }
        BtreeStrategy strategy = strategy(column, op.operator().oid(), op.inputCollation(), swapped);
        if (strategy == null || !outside(value)) {
            return List.of();
        }
        PgType key = index.keyColumns().get(column).type();
        Expr converted = convert(value, key);
        if (converted == null && strategy == BtreeStrategy.EQ) {
            converted = narrow(value, key);
        }
        return converted == null ? List.of() : List.of(new Comparison(strategy, converted));
    }

    /** Strategy of the operator in the index's family with the key on the left; null if it is not a member. */
    private BtreeStrategy strategy(int column, int operatorOid, int collation, boolean swapped) {
        IndexColumn key = index.keyColumns().get(column);
        if (key.collation() != 0 && collation != 0 && differs(key.collation(), collation)) {
            return null;
        }
        for (OperatorFamilyMember member : catalog.operatorMemberships(operatorOid)) {
            if (member.familyOid() == key.opfamily() && member.purpose() == 's'
                    && member.accessMethod() == CatalogIds.AM_BTREE) {
                BtreeStrategy strategy = member.btreeStrategy();
                return swapped ? strategy.commuted() : strategy;
            }
        }
        return null;
    }

    /** All collations of a database sort by code point; only their names differ. */
    private static boolean differs(int a, int b) {
        Set<Integer> alike = Set.of(CatalogIds.COLLATION_DEFAULT, CatalogIds.COLLATION_C, CatalogIds.COLLATION_POSIX);
        return a != b && !(alike.contains(a) && alike.contains(b));
    }

    /** Whether the value is known before the table is read. */
    private boolean outside(Expr value) {
        return !Expressions.relids(value).get(rangeIndex) && !Expressions.isVolatile(value)
                && !Expressions.returnsSet(value);
    }

    /** The value as the key's type where that is only another name for the same object; null otherwise. */
    private static Expr convert(Expr value, PgType key) {
        PgType type = value.type();
        if (type.equals(key)) {
            return value;
        }
        if (value instanceof Expr.Const c && c.isNull()) {
            return new Expr.Const(null, key, -1, c.collation(), c.origin());
        }
        if (INTEGERS.contains(type.oid()) && INTEGERS.contains(key.oid())) {
            if (value instanceof Expr.Const c) {
                return fits((Long) c.value(), key) ? Expressions.relabel(value, key) : null;
            }
            return type.storageWidth() <= key.storageWidth() ? Expressions.relabel(value, key) : null;
        }
        boolean texts = TEXTS.contains(type.oid()) && TEXTS.contains(key.oid());
        boolean sameValues = type.typtype() == 'd' && type.ops() == key.ops()
                || key.typtype() == 'd' && type.ops() == key.ops();
        boolean oids = isOidLike(type) && isOidLike(key);
        return texts || sameValues || oids ? Expressions.relabel(value, key) : null;
    }

    private static boolean isOidLike(PgType type) {
        return type.unsigned() && type.storageWidth() == 4;
    }

    private static boolean fits(long value, PgType key) {
        return switch (key.storageWidth()) {
            case 2 -> value == (short) value;
            case 4 -> value == (int) value;
            default -> true;
        };
    }

    /** A wider integer for an equality with a narrower key: NULL, which matches nothing, if it does not fit. */
    private Expr narrow(Expr value, PgType key) {
        if (!INTEGERS.contains(value.type().oid()) || !INTEGERS.contains(key.oid()) || value instanceof Expr.Const) {
            return null;
        }
        long max = key.oid() == Oids.INT2 ? Short.MAX_VALUE : Integer.MAX_VALUE;
        Expr inRange = Comparisons.between(catalog, value, -max - 1, max);
        if (inRange == null) {
            return null;
        }
        return new Expr.CaseExpr(null, List.of(new Expr.CaseBranch(inRange, Expressions.relabel(value, key))),
                new Expr.Const(null, key, -1, 0, Origin.NONE), key, 0, Origin.NONE);
    }

    private static boolean isLike(Expr.OperatorCall op) {
        return op.operator().name().equals("~~") && op.arguments().size() == 2;
    }

    /** LIKE 'abc%' is also {@code >= 'abc'} and {@code < 'abd'}, as text sorts by code point. */
    private List<Comparison> like(int column, Expr.OperatorCall op) {
        PgType key = index.keyColumns().get(column).type();
        if (!TEXTS.contains(key.oid()) || !(op.right() instanceof Expr.Const c)
                || !(c.value() instanceof String pattern)) {
            return List.of();
        }
        String prefix = LikePrefix.of(pattern);
        if (prefix.isEmpty()) {
            return List.of();
        }
        List<Comparison> result = new ArrayList<>();
        result.add(new Comparison(BtreeStrategy.GE, new Expr.Const(prefix, key, -1, c.collation(), Origin.NONE)));
        String end = LikePrefix.successor(prefix);
        if (end != null) {
            result.add(new Comparison(BtreeStrategy.LT, new Expr.Const(end, key, -1, c.collation(), Origin.NONE)));
        }
        return result;
    }
}
