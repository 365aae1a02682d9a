package io.quantadb.sql.typed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Generic traversal of expressions: every pass that is not about one kind of node is written with these.
 *
 * <p>Queries inside sublinks are not entered; {@link ExprRewriter} and {@link QueryWalker} do that. Functions are pure.
 */
public final class Exprs {
    private Exprs() {
    }

    /** Calls {@code action} for each direct child expression, in evaluation order. */
    public static void forEachChild(Expr expr, Consumer<Expr> action) {
        switch (expr) {
            case Expr.FunctionCall e -> e.arguments().forEach(action);
            case Expr.OperatorCall e -> e.arguments().forEach(action);
            case Expr.BoolExpr e -> e.arguments().forEach(action);
            case Expr.CaseExpr e -> {
                accept(e.operand(), action);
                e.branches().forEach(b -> {
                    action.accept(b.condition());
                    action.accept(b.result());
                });
                action.accept(e.otherwise());
            }
            case Expr.CaseTestValue _ -> {
            }
            case Expr.Coalesce e -> e.arguments().forEach(action);
            case Expr.MinMax e -> e.arguments().forEach(action);
            case Expr.NullIf e -> {
                action.accept(e.left());
                action.accept(e.right());
            }
            case Expr.IsNull e -> action.accept(e.operand());
            case Expr.BooleanTest e -> action.accept(e.operand());
            case Expr.DistinctFrom e -> {
                action.accept(e.left());
                action.accept(e.right());
            }
            case Expr.ScalarArrayOp e -> {
                action.accept(e.scalar());
                action.accept(e.array());
            }
            case Expr.ArrayExpr e -> e.elements().forEach(action);
            case Expr.Subscript e -> {
                action.accept(e.container());
                acceptAll(e.upper(), action);
                acceptAll(e.lower(), action);
                accept(e.assignment(), action);
            }
            case Expr.FieldSelect e -> action.accept(e.operand());
            case Expr.FieldStore e -> {
                action.accept(e.operand());
                e.values().forEach(action);
            }
            case Expr.RowExpr e -> e.fields().forEach(action);
            case Expr.RowCompare e -> {
                e.left().forEach(action);
                e.right().forEach(action);
            }
            case Expr.RelabelType e -> action.accept(e.operand());
            case Expr.CoerceViaIo e -> action.accept(e.operand());
            case Expr.ArrayCoerce e -> {
                action.accept(e.operand());
                action.accept(e.elementExpr());
            }
            case Expr.ConvertRowType e -> action.accept(e.operand());
            case Expr.CoerceToDomain e -> action.accept(e.operand());
            case Expr.SubLink e -> accept(e.test(), action);
            case Expr.AggregateCall e -> {
                e.directArguments().forEach(action);
                e.arguments().forEach(t -> action.accept(t.expr()));
                accept(e.filter(), action);
            }
            case Expr.GroupingCall e -> e.arguments().forEach(action);
            case Expr.WindowCall e -> {
                e.arguments().forEach(action);
                accept(e.filter(), action);
            }
            case Expr.CollateExpr e -> action.accept(e.operand());
            case Expr.NamedArgument e -> action.accept(e.operand());
            case Expr.Const _, Expr.Parameter _, Expr.ExecParameter _, Expr.ColumnRef _, Expr.DomainValue _,
                Expr.SubLinkColumn _, Expr.SqlValueFunction _, Expr.SetToDefault _, Expr.CurrentOf _,
                Expr.NextValue _ -> {
            }
        }
    }

    private static void accept(Expr child, Consumer<Expr> action) {
        if (child != null) {
            action.accept(child);
        }
    }

    private static void acceptAll(List<Expr> children, Consumer<Expr> action) {
        if (children != null) {
            children.forEach(child -> accept(child, action));
        }
    }

    /** Direct children, in evaluation order. */
    public static List<Expr> children(Expr expr) {
        List<Expr> result = new ArrayList<>();
        forEachChild(expr, result::add);
        return result;
    }

    /** Whether the predicate holds for the expression or anything below it (not inside sublinks' queries). */
    public static boolean contains(Expr expr, Predicate<Expr> predicate) {
        if (predicate.test(expr)) {
            return true;
        }
        boolean[] found = {false};
        forEachChild(expr, child -> found[0] = found[0] || contains(child, predicate));
        return found[0];
    }

    /** A copy with each direct child replaced; the same object if no child changed. */
    public static Expr mapChildren(Expr expr, UnaryOperator<Expr> function) {
        boolean[] changed = {false};
        UnaryOperator<Expr> f = child -> {
            Expr mapped = function.apply(child);
            changed[0] |= mapped != child;
            return mapped;
        };
        Expr copy = rebuild(expr, f);
        return changed[0] ? copy : expr;
    }

    private static Expr rebuild(Expr expr, UnaryOperator<Expr> f) {
        return switch (expr) {
            case Expr.FunctionCall e -> new Expr.FunctionCall(e.function(), mapList(e.arguments(), f), e.variadic(),
                    e.type(), e.typmod(), e.collation(), e.inputCollation(), e.origin());
            case Expr.OperatorCall e -> new Expr.OperatorCall(e.operator(), mapList(e.arguments(), f), e.type(),
                    e.collation(), e.inputCollation(), e.origin());
            case Expr.BoolExpr e -> new Expr.BoolExpr(e.kind(), mapList(e.arguments(), f), e.type(), e.origin());
            case Expr.CaseExpr e -> new Expr.CaseExpr(map(e.operand(), f), mapBranches(e.branches(), f),
                    f.apply(e.otherwise()), e.type(), e.collation(), e.origin());
            case Expr.CaseTestValue e -> e;
            case Expr.Coalesce e -> new Expr.Coalesce(mapList(e.arguments(), f), e.type(), e.collation(), e.origin());
            case Expr.MinMax e -> new Expr.MinMax(e.greatest(), mapList(e.arguments(), f), e.type(), e.collation(),
                    e.inputCollation(), e.origin());
            case Expr.NullIf e -> new Expr.NullIf(e.operator(), f.apply(e.left()), f.apply(e.right()), e.type(),
                    e.collation(), e.inputCollation(), e.origin());
            case Expr.IsNull e -> new Expr.IsNull(f.apply(e.operand()), e.negated(), e.rowForm(), e.type(),
                    e.origin());
            case Expr.BooleanTest e -> new Expr.BooleanTest(f.apply(e.operand()), e.kind(), e.type(), e.origin());
            case Expr.DistinctFrom e -> new Expr.DistinctFrom(e.operator(), f.apply(e.left()), f.apply(e.right()),
                    e.type(), e.inputCollation(), e.origin());
            case Expr.ScalarArrayOp e -> new Expr.ScalarArrayOp(e.operator(), e.useOr(), f.apply(e.scalar()),
                    f.apply(e.array()), e.type(), e.inputCollation(), e.origin());
            case Expr.ArrayExpr e -> new Expr.ArrayExpr(mapList(e.elements(), f), e.elementType(),
                    e.multidimensional(), e.type(), e.typmod(), e.collation(), e.origin());
            case Expr.Subscript e -> new Expr.Subscript(f.apply(e.container()), mapList(e.upper(), f),
                    mapList(e.lower(), f), map(e.assignment(), f), e.elementType(), e.type(), e.typmod(),
                    e.collation(), e.origin());
            case Expr.FieldSelect e -> new Expr.FieldSelect(f.apply(e.operand()), e.field(), e.fieldName(), e.type(),
                    e.typmod(), e.collation(), e.origin());
            case Expr.FieldStore e -> new Expr.FieldStore(f.apply(e.operand()), mapList(e.values(), f), e.numbers(),
                    e.type(), e.origin());
            case Expr.RowExpr e -> new Expr.RowExpr(mapList(e.fields(), f), e.names(), e.type(), e.origin());
            case Expr.RowCompare e -> new Expr.RowCompare(e.kind(), e.operators(), mapList(e.left(), f),
                    mapList(e.right(), f), e.inputCollations(), e.type(), e.origin());
            case Expr.RelabelType e -> new Expr.RelabelType(f.apply(e.operand()), e.type(), e.typmod(),
                    e.collation(), e.origin());
            case Expr.CoerceViaIo e -> new Expr.CoerceViaIo(f.apply(e.operand()), e.type(), e.collation(),
                    e.origin());
            case Expr.ArrayCoerce e -> new Expr.ArrayCoerce(f.apply(e.operand()), f.apply(e.elementExpr()), e.type(),
                    e.typmod(), e.collation(), e.origin());
            case Expr.ConvertRowType e -> new Expr.ConvertRowType(f.apply(e.operand()), e.type(), e.origin());
            case Expr.CoerceToDomain e -> new Expr.CoerceToDomain(f.apply(e.operand()), e.type(), e.typmod(),
                    e.collation(), e.origin());
            case Expr.SubLink e -> new Expr.SubLink(e.kind(), e.subLinkId(), map(e.test(), f), e.operatorName(),
                    e.query(), e.type(), e.typmod(), e.collation(), e.origin());
            case Expr.AggregateCall e -> new Expr.AggregateCall(e.function(), mapList(e.directArguments(), f),
                    mapTargets(e.arguments(), f), e.orderBy(), e.distinct(), map(e.filter(), f), e.star(),
                    e.variadic(), e.kind(), e.argumentTypes(), e.levelsUp(), e.type(), e.collation(),
                    e.inputCollation(), e.origin());
            case Expr.GroupingCall e -> new Expr.GroupingCall(mapList(e.arguments(), f), e.references(),
                    e.levelsUp(), e.type(), e.origin());
            case Expr.WindowCall e -> new Expr.WindowCall(e.function(), mapList(e.arguments(), f),
                    map(e.filter(), f), e.windowReference(), e.star(), e.aggregate(), e.variadic(), e.type(),
                    e.collation(), e.inputCollation(), e.origin());
            case Expr.CollateExpr e -> new Expr.CollateExpr(f.apply(e.operand()), e.type(), e.typmod(),
                    e.collation(), e.origin());
            case Expr.NamedArgument e -> new Expr.NamedArgument(f.apply(e.operand()), e.name(), e.origin());
            case Expr.Const _, Expr.Parameter _, Expr.ExecParameter _, Expr.ColumnRef _, Expr.DomainValue _,
                Expr.SubLinkColumn _, Expr.SqlValueFunction _, Expr.SetToDefault _, Expr.CurrentOf _,
                Expr.NextValue _ -> expr;
        };
    }

    private static Expr map(Expr child, UnaryOperator<Expr> f) {
        return child == null ? null : f.apply(child);
    }

    private static List<Expr> mapList(List<Expr> children, UnaryOperator<Expr> f) {
        if (children == null) {
            return null;
        }
        List<Expr> result = new ArrayList<>(children.size());
        for (Expr child : children) {
            result.add(map(child, f));
        }
        return result;
    }

    private static List<Expr.CaseBranch> mapBranches(List<Expr.CaseBranch> branches, UnaryOperator<Expr> f) {
        List<Expr.CaseBranch> result = new ArrayList<>(branches.size());
        for (Expr.CaseBranch branch : branches) {
            result.add(new Expr.CaseBranch(f.apply(branch.condition()), f.apply(branch.result())));
        }
        return result;
    }

    /** Target entries with their expressions replaced. */
    public static List<TargetEntry> mapTargets(List<TargetEntry> targets, UnaryOperator<Expr> f) {
        List<TargetEntry> result = new ArrayList<>(targets.size());
        for (TargetEntry target : targets) {
            result.add(target.withExpr(f.apply(target.expr())));
        }
        return result;
    }
}
