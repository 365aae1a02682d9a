package io.quantadb.session.command;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.PgType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Analyses, compiles and stores the expressions that hang on tables: defaults, checks, generation and index expressions. Confined to
 * one command.
 */
final class Expressions {
    private final CommandContext context;

    Expressions(CommandContext context) {
        this.context = context;
    }

    private AnalyzerContext analyzer() {
        return context.analyzer();
    }

    /** Analyses a written expression, converted to {@code target} if that is not null. */
    Expr analyze(Expression expression, RelationDescriptor relation, ExprKind kind, PgType target, int typmod) {
        return Analyzer.analyzeExpression(expression, context.sql, relation, kind, target, typmod, analyzer());
    }

    Expr condition(Expression expression, RelationDescriptor relation, ExprKind kind, String construct) {
        return Analyzer.analyzeCondition(expression, context.sql, relation, kind, construct, analyzer());
    }

    /** An expression from the catalog. */
    Expr stored(String text, RelationDescriptor relation, ExprKind kind, PgType target, int typmod) {
        return Analyzer.analyzeStored(text, relation, kind, target, typmod, analyzer());
    }

    ScalarEvaluator compile(Expr expr) {
        return new ExprCompiler(context.session.services().runner().environment(context.session)).scalar(expr);
    }

    // ---- Stored form

    /** Objects an expression over one table (range index 1) uses. */
    static List<ObjectAddress> references(Expr expr, int relationOid) {
        Set<ObjectAddress> found = new LinkedHashSet<>();
        collect(expr, relationOid, found);
        return List.copyOf(found);
    }

    private static void collect(Expr expr, int relationOid, Set<ObjectAddress> found) {
        if (expr instanceof Expr.ColumnRef column) {
            if (relationOid != 0 && column.attribute() > 0) {
                found.add(ObjectAddress.column(relationOid, column.attribute()));
            }
            return;
        }
        collectOne(expr, found);
        Exprs.forEachChild(expr, child -> collect(child, relationOid, found));
    }

    /** What one node uses, its children and columns left out. */
    static void collectOne(Expr expr, Set<ObjectAddress> found) {
        switch (expr) {
            case Expr.FunctionCall call -> function(call.function(), found);
            case Expr.OperatorCall call -> function(call.operator().function(), found);
            case Expr.AggregateCall call -> function(call.function(), found);
            case Expr.WindowCall call -> function(call.function(), found);
            case Expr.NextValue next -> found.add(ObjectAddress.relation(next.sequenceOid()));
            case Expr.Const constant -> constant(constant, found);
            default -> {
                // Nothing but its type.
            }
        }
        found.add(ObjectAddress.type(expr.type().oid()));
    }

    private static void function(FunctionRef function, Set<ObjectAddress> found) {
        found.add(ObjectAddress.function(function.oid()));
    }

    private static void constant(Expr.Const constant, Set<ObjectAddress> found) {
        if (constant.type().oid() == io.quantadb.types.Oids.REGCLASS && constant.value() instanceof Long oid) {
            found.add(ObjectAddress.relation(oid.intValue()));
        }
    }

    /** Attribute numbers an expression over one table reads, ascending. */
    static List<Integer> columns(Expr expr) {
        Set<Integer> found = new java.util.TreeSet<>();
        columns(expr, found);
        return List.copyOf(found);
    }

    private static void columns(Expr expr, Set<Integer> found) {
        if (expr instanceof Expr.ColumnRef column && column.attribute() > 0) {
            found.add(column.attribute());
        }
        Exprs.forEachChild(expr, child -> columns(child, found));
    }

    /** Whether some function in it is not immutable ({@code 'i'}), or volatile if {@code volatileOnly}. */
    static boolean hasMutable(Expr expr, boolean volatileOnly) {
        boolean[] found = {false};
        visitMutable(expr, volatileOnly, found);
        return found[0];
    }

    private static void visitMutable(Expr expr, boolean volatileOnly, boolean[] found) {
        char volatility = switch (expr) {
            case Expr.FunctionCall call -> call.function().volatility();
            case Expr.OperatorCall call -> call.operator().function().volatility();
            case Expr.NextValue _ -> 'v';
            case Expr.SqlValueFunction _ -> 's';
            default -> 'i';
        };
        found[0] |= volatileOnly ? volatility == 'v' : volatility != 'i';
        Exprs.forEachChild(expr, child -> visitMutable(child, volatileOnly, found));
    }
}
