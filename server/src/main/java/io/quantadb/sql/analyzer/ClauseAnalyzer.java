package io.quantadb.sql.analyzer;

import io.quantadb.catalog.BtreeStrategy;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.ast.QueryBody.SelectItem;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** ORDER BY, DISTINCT, LIMIT and the search of clause expressions in the target list. */
final class ClauseAnalyzer {
    private final Analysis analysis;

    ClauseAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    Expr condition(Scope scope, Expression expression, ExprKind kind, String construct) {
        return expression == null ? null
                : analysis.coercion.toBoolean(scope, analysis.expressions.analyze(scope, expression, kind), construct);
    }

    /** LIMIT or OFFSET, as int8. */
    Expr limit(Scope scope, Expression expression, ExprKind kind, String construct, boolean withTies) {
        if (expression == null) {
            return null;
        }
        Expr result = analysis.coercion.toSpecific(scope, analysis.expressions.analyze(scope, expression, kind),
                Oids.INT8, construct);
        int[] place = {-1};
        ExprFacts.anywhere(result, 0, (e, depth) -> {
            if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth) {
                place[0] = e.position();
                return true;
            }
            return false;
        });
        if (place[0] >= 0) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE, "argument of " + construct
                    + " must not contain variables", place[0]);
        }
        if (withTies && expression instanceof Expression.NullLiteral) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                    "row count cannot be null in FETCH FIRST ... WITH TIES clause", -1).withCode("2201W");
        }
        return result;
    }

    List<SortGroupClause> sortClause(Scope scope, List<TargetEntry> targets, List<OrderItem> items, ExprKind kind,
                                     boolean sql99) {
        List<SortGroupClause> keys = new ArrayList<>();
        for (OrderItem item : items) {
            int index = sql99 ? findSql99(scope, item.expression(), targets, kind)
                    : findSql92(scope, item.expression(), targets, kind);
            addSortKey(scope, targets, index, keys, item);
        }
        return keys;
    }

    /** Index in the target list of what an ORDER BY, GROUP BY or DISTINCT ON expression means by SQL92 rules. */
    int findSql92(Scope scope, Expression expression, List<TargetEntry> targets, ExprKind kind) {
        if (expression instanceof Expression.ColumnRef c && c.fields().size() == 1 && !c.star()) {
            String name = c.fields().getFirst();
            boolean column = kind == ExprKind.GROUP_BY
                    && analysis.names.column(scope, name, true, c.position()) != null;
            if (!column) {
                int found = -1;
                for (int i = 0; i < targets.size(); i++) {
                    TargetEntry target = targets.get(i);
                    if (target.junk() || !name.equals(target.name())) {
                        continue;
                    }
                    if (found >= 0 && !targets.get(found).expr().equals(target.expr())) {
                        throw analysis.error(SqlState.AMBIGUOUS_COLUMN, kind.clause() + " \"" + name
                                + "\" is ambiguous", c.position());
                    }
                    found = found < 0 ? i : found;
                }
                if (found >= 0) {
                    checkTarget(targets.get(found), kind);
                    return found;
                }
            }
        }
        if (isConstant(expression)) {
            return findOrdinal(expression, targets, kind);
        }
        return findSql99(scope, expression, targets, kind);
    }

    private static boolean isConstant(Expression e) {
        return e instanceof Expression.NumberLiteral || e instanceof Expression.StringLiteral
                || e instanceof Expression.NullLiteral || e instanceof Expression.BitStringLiteral;
    }

    private int findOrdinal(Expression expression, List<TargetEntry> targets, ExprKind kind) {
        if (!(expression instanceof Expression.NumberLiteral n) || !n.integral() || n.text().length() > 10) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "non-integer constant in " + kind.clause(),
                    expression.position());
        }
        long number = Long.parseLong(n.text());
        int position = 0;
        for (int i = 0; i < targets.size(); i++) {
            if (!targets.get(i).junk() && ++position == number) {
                checkTarget(targets.get(i), kind);
                return i;
            }
        }
        throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE, kind.clause() + " position " + number
                + " is not in select list", expression.position());
    }

    private void checkTarget(TargetEntry target, ExprKind kind) {
        if (kind != ExprKind.GROUP_BY) {
            return;
        }
        ExprFacts.anywhere(target.expr(), 0, (e, depth) -> {
            if (e instanceof Expr.AggregateCall a && a.levelsUp() == depth) {
                throw analysis.error(SqlState.GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY",
                        a.position());
            }
            if (depth == 0 && e instanceof Expr.WindowCall w) {
                throw analysis.error(SqlState.WINDOWING_ERROR, "window functions are not allowed in GROUP BY",
                        w.position());
            }
            return false;
        });
    }

    /** SQL99: any expression, matched structurally; a new junk entry if it is not in the list. */
    int findSql99(Scope scope, Expression expression, List<TargetEntry> targets, ExprKind kind) {
        Expr expr = analysis.expressions.analyze(scope, expression, kind);
        for (int i = 0; i < targets.size(); i++) {
            Expr existing = targets.get(i).expr();
            if (existing.equals(expr) || strip(existing).equals(expr)) {
                return i;
            }
        }
        targets.add(new TargetEntry(expr, targets.size() + 1, null, 0, 0, 0, true));
        return targets.size() - 1;
    }

    /** Without conversions put on top implicitly: {@code SELECT DISTINCT 'x' ... ORDER BY 'x'}. */
    private static Expr strip(Expr expr) {
        return expr instanceof Expr.RelabelType r && r.origin().form() == CoercionForm.IMPLICIT_CAST
                ? strip(r.operand()) : expr;
    }

    private void makeSortable(Scope scope, List<TargetEntry> targets, int index) {
        TargetEntry target = targets.get(index);
        if (target.expr().type().oid() == Oids.UNKNOWN) {
            targets.set(index, target.withExpr(analysis.coercion.coerce(scope, target.expr(), Oids.TEXT, -1,
                    Coercion.Context.IMPLICIT, CoercionForm.IMPLICIT_CAST, -1)));
        }
    }

    private int reference(List<TargetEntry> targets, int index) {
        TargetEntry target = targets.get(index);
        if (target.sortGroupRef() == 0) {
            int max = targets.stream().mapToInt(TargetEntry::sortGroupRef).max().orElse(0);
            target = target.withSortGroupRef(max + 1);
            targets.set(index, target);
        }
        return target.sortGroupRef();
    }

    void addSortKey(Scope scope, List<TargetEntry> targets, int index, List<SortGroupClause> keys, OrderItem item) {
        makeSortable(scope, targets, index);
        int type = targets.get(index).expr().type().oid();
        boolean descending = item.direction() == OrderItem.Direction.DESCENDING;
        SortGroupClause key;
        if (item.direction() == OrderItem.Direction.USING) {
            key = usingOperator(targets, index, item, type);
        } else {
            key = orderingKey(type, descending, item.position() >= 0 ? Locations.of(item.expression()) : -1);
        }
        boolean nullsFirst = item.nulls() == OrderItem.Nulls.DEFAULT ? key.descending()
                : item.nulls() == OrderItem.Nulls.FIRST;
        int reference = reference(targets, index);
        for (SortGroupClause other : keys) {
            if (other.targetRef() == reference) {
                return;
            }
        }
        keys.add(new SortGroupClause(reference, key.equality(), key.ordering(), key.descending(), nullsFirst,
                key.hashable()));
    }

    private SortGroupClause usingOperator(List<TargetEntry> targets, int index, OrderItem item, int type) {
        OperatorDescriptor operator = analysis.operators.find(item.usingOperator().schema(),
                item.usingOperator().name(), new int[] {type, type}, item.usingOperator().position());
        for (OperatorFamilyMember member : analysis.catalog.operatorMemberships(operator.oid())) {
            boolean less = member.strategy() == 1;
            if (member.accessMethod() == CatalogIds.AM_BTREE && (less || member.strategy() == 5)) {
                int equality = analysis.catalog.familyOperator(member.familyOid(), member.leftType(),
                        member.rightType(), 3);
                return new SortGroupClause(0, analysis.operatorRef(equality), analysis.operatorRef(operator), !less,
                        !less, analysis.catalog.operator(equality).canHash());
            }
        }
        throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "operator " + operator.name()
                + " is not a valid ordering operator", item.usingOperator().position())
                .withHint("Ordering operators must be \"<\" or \">\" members of btree operator families.");
    }

    private SortGroupClause orderingKey(int type, boolean descending, int position) {
        OperatorDescriptor ordering = analysis.catalog.btreeOperator(type,
                descending ? BtreeStrategy.GT : BtreeStrategy.LT);
        OperatorDescriptor equality = analysis.catalog.btreeOperator(type, BtreeStrategy.EQ);
        if (ordering == null || equality == null || !comparable(type, new java.util.HashSet<>())) {
            throw analysis.error(SqlState.UNDEFINED_FUNCTION, "could not identify an ordering operator for type "
                    + analysis.formatType(type), position)
                    .withHint("Use an explicit ordering operator or modify the query.");
        }
        return new SortGroupClause(0, analysis.operatorRef(equality), analysis.operatorRef(ordering), descending,
                descending, hashable(type, equality));
    }

    /** Whether the element types of an array, or the fields of a composite, can be ordered too. */
    private boolean comparable(int type, java.util.Set<Integer> open) {
        int base = analysis.types.base(type);
        int element = analysis.types.element(base);
        if (element != 0) {
            return analysis.catalog.btreeOperator(element, BtreeStrategy.LT) != null && comparable(element, open);
        }
        if (analysis.types.isComplex(base) && open.add(base)) {
            return analysis.coercion.fieldsOf(base).stream().allMatch(f ->
                    analysis.catalog.btreeOperator(f.type().oid(), BtreeStrategy.LT) != null
                            && comparable(f.type().oid(), open));
        }
        return true;
    }

    private boolean hashable(int type, OperatorDescriptor equality) {
        int element = analysis.types.baseElement(type);
        if (element != 0) {
            OperatorDescriptor inner = analysis.catalog.btreeOperator(element, BtreeStrategy.EQ);
            return inner != null && hashable(element, inner);
        }
        return equality.canHash();
    }

    /** Equality of a type for GROUP BY and DISTINCT; 42883 if it has none. */
    SortGroupClause groupingKey(int type, int position) {
        OperatorDescriptor equality = analysis.catalog.btreeOperator(type, BtreeStrategy.EQ);
        if (equality != null && comparable(type, new java.util.HashSet<>())) {
            OperatorDescriptor ordering = analysis.catalog.btreeOperator(type, BtreeStrategy.LT);
            return new SortGroupClause(0, analysis.operatorRef(equality), analysis.operatorRef(ordering), false,
                    false, hashable(type, equality));
        }
        OperatorClassDescriptor hash = equality != null ? null
                : analysis.catalog.defaultOperatorClass(CatalogIds.AM_HASH, type);
        if (hash != null) {
            int operator = analysis.catalog.familyOperator(hash.familyOid(), hash.inputType(), hash.inputType(), 1);
            if (operator != 0) {
                return new SortGroupClause(0, analysis.operatorRef(operator), null, false, false, true);
            }
        }
        throw analysis.error(SqlState.UNDEFINED_FUNCTION, "could not identify an equality operator for type "
                + analysis.formatType(type), position);
    }

    /** Adds a grouping key unless it is there; an ORDER BY key for the same target lends its direction. */
    void addGroupKey(Scope scope, List<TargetEntry> targets, int index, List<SortGroupClause> keys,
                     List<SortGroupClause> order, int position) {
        makeSortable(scope, targets, index);
        int reference = reference(targets, index);
        for (SortGroupClause key : keys) {
            if (key.targetRef() == reference) {
                return;
            }
        }
        for (SortGroupClause key : order) {
            if (key.targetRef() == reference) {
                keys.add(key);
                return;
            }
        }
        SortGroupClause key = groupingKey(targets.get(index).expr().type().oid(), position);
        keys.add(new SortGroupClause(reference, key.equality(), key.ordering(), false, false, key.hashable()));
    }

    List<SortGroupClause> distinct(Scope scope, List<TargetEntry> targets, List<SortGroupClause> order) {
        List<SortGroupClause> result = new ArrayList<>();
        for (SortGroupClause key : order) {
            TargetEntry target = byReference(targets, key.targetRef());
            if (target.junk()) {
                throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                        "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
                        Locations.of(target.expr()));
            }
            result.add(key);
        }
        for (int i = 0; i < targets.size(); i++) {
            if (!targets.get(i).junk()) {
                addGroupKey(scope, targets, i, result, order, Locations.of(targets.get(i).expr()));
            }
        }
        if (result.isEmpty()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "SELECT DISTINCT must have at least one column", -1);
        }
        return result;
    }

    /** DISTINCT in an aggregate: all arguments, which must be sortable; ORDER BY may use nothing else. */
    List<SortGroupClause> aggregateDistinct(List<TargetEntry> targets, List<SortGroupClause> order, int position) {
        List<SortGroupClause> result = new ArrayList<>();
        for (SortGroupClause key : order) {
            TargetEntry target = byReference(targets, key.targetRef());
            if (target.junk()) {
                throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                        "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list",
                        Locations.of(target.expr()));
            }
            result.add(key);
        }
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).junk()) {
                continue;
            }
            int place = Locations.of(targets.get(i).expr());
            addGroupKey(null, targets, i, result, order, place);
            if (result.getLast().ordering() == null) {
                throw analysis.error(SqlState.UNDEFINED_FUNCTION, "could not identify an ordering operator for type "
                        + analysis.formatType(targets.get(i).expr().type()), place)
                        .withDetail("Aggregates with DISTINCT must be able to sort their inputs.");
            }
        }
        if (result.isEmpty()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "an aggregate with DISTINCT must have at least one argument",
                    position);
        }
        return result;
    }

    List<SortGroupClause> distinctOn(Scope scope, List<Expression> expressions, List<TargetEntry> targets,
                                     List<SortGroupClause> order) {
        List<Integer> references = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        for (Expression expression : expressions) {
            int index = findSql92(scope, expression, targets, ExprKind.DISTINCT_ON);
            makeSortable(scope, targets, index);
            references.add(reference(targets, index));
            indexes.add(index);
        }
        List<SortGroupClause> result = new ArrayList<>();
        SortGroupClause skipped = null;
        for (SortGroupClause key : order) {
            if (references.contains(key.targetRef())) {
                if (skipped != null) {
                    throw distinctOnMismatch(Locations.of(expressions.getFirst()));
                }
                result.add(key);
            } else {
                skipped = key;
            }
        }
        for (int i = 0; i < indexes.size(); i++) {
            int reference = references.get(i);
            if (result.stream().anyMatch(k -> k.targetRef() == reference)) {
                continue;
            }
            if (skipped != null) {
                throw distinctOnMismatch(Locations.of(expressions.get(i)));
            }
            addGroupKey(scope, targets, indexes.get(i), result, order, Locations.of(expressions.get(i)));
        }
        return result;
    }

    private SqlException distinctOnMismatch(int position) {
        return analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", position);
    }

    static TargetEntry byReference(List<TargetEntry> targets, int reference) {
        return targets.stream().filter(t -> t.sortGroupRef() == reference).findFirst().orElseThrow();
    }

    List<TargetEntry> returning(Scope scope, List<SelectItem> items) {
        List<TargetEntry> targets = analysis.targets.targetList(scope, items, ExprKind.RETURNING);
        targets = analysis.targets.resolveUnknowns(scope, targets);
        return analysis.targets.markOrigins(scope, targets);
    }
}
