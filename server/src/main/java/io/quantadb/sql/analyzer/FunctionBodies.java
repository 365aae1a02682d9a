package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Bodies of functions in language SQL: their statements, and whether the last one gives what the function returns. */
final class FunctionBodies {
    private final Analysis analysis;
    private final PgType result;
    private final List<RangeColumn> columns;

    private FunctionBodies(Analysis analysis, PgType result, List<RangeColumn> columns) {
        this.analysis = analysis;
        this.result = result;
        this.columns = columns;
    }

    /** The statements of {@code source}, or of {@code standardBody} if that is not null. */
    static List<ParsedStatement> parse(String source, String standardBody) {
        if (standardBody == null) {
            return SqlParser.parse(source);
        }
        String text = "CREATE FUNCTION f() " + standardBody;
        RoutineStatement.SqlBody body = ((RoutineStatement.CreateFunction) SqlParser.parse(text).getFirst()
                .statement()).body();
        List<Statement> statements = body.returnValue() == null ? body.statements() : List.of(select(body));
        return statements.stream().map(s -> new ParsedStatement(s, 0, text.length())).toList();
    }

    private static io.quantadb.sql.ast.Query select(RoutineStatement.SqlBody body) {
        var item = new QueryBody.SelectItem(body.returnValue(), null, body.returnValue().position());
        var select = new QueryBody.Select(false, List.of(), List.of(item), null, List.of(), null, null, null, List.of(),
                body.position());
        return new io.quantadb.sql.ast.Query(null, select, List.of(), null, List.of(), body.position());
    }

    static Analyzer.FunctionBody analyze(String source, String standardBody, PgType result, List<RangeColumn> columns,
                                         AnalyzerContext context) {
        String text = standardBody == null ? source : "CREATE FUNCTION f() " + standardBody;
        List<AnalyzedStatement> statements = new ArrayList<>();
        for (ParsedStatement parsed : parse(source, standardBody)) {
            statements.add(Analyzer.analyze(parsed, text, context));
        }
        FunctionBodies check = new FunctionBodies(new Analysis(text, context), result, columns);
        boolean wholeRow = false;
        if (result.oid() != Oids.VOID) {
            AnalyzedStatement last = statements.isEmpty() ? null : statements.getLast();
            if (!(last instanceof AnalyzedStatement.Plannable p) || p.query().resultColumns().isEmpty()
                    && (p.query().command() != CommandType.SELECT)) {
                throw check.mismatch("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
            }
            wholeRow = columns != null && check.isWholeRow(p.query());
            Query query = columns == null || wholeRow ? check.single(p.query()) : check.row(p.query());
            statements.set(statements.size() - 1, new AnalyzedStatement.Plannable(query, p.statement(),
                    p.parameterTypes()));
        }
        return new Analyzer.FunctionBody(List.copyOf(statements), wholeRow);
    }

    private SqlException mismatch(String detail) {
        return new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "return type mismatch in function declared to "
                + "return " + analysis.formatType(result)).withDetail(detail);
    }

    private boolean isWholeRow(Query query) {
        List<TargetEntry> targets = query.resultColumns();
        return targets.size() == 1 && (targets.getFirst().expr().type().oid() == result.oid()
                || result.oid() != Oids.RECORD && targets.getFirst().expr().type().oid() == Oids.RECORD
                && columns.size() != 1);
    }

    private Query single(Query query) {
        List<TargetEntry> targets = query.resultColumns();
        if (targets.size() != 1) {
            throw mismatch("Final statement must return exactly one column.");
        }
        PgType actual = targets.getFirst().expr().type();
        Expr converted = convert(targets.getFirst().expr(), result.oid());
        if (converted == null) {
            throw mismatch("Actual return type is " + analysis.formatType(actual) + ".");
        }
        return withTypes(query, List.of(result.oid()));
    }

    private Query row(Query query) {
        if (columns.isEmpty()) {
            return query;
        }
        List<TargetEntry> targets = query.resultColumns();
        List<RangeColumn> live = columns.stream().filter(c -> !c.dropped()).toList();
        List<Integer> types = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            if (i >= live.size()) {
                throw mismatch("Final statement returns too many columns.");
            }
            int wanted = live.get(i).type().oid();
            if (convert(targets.get(i).expr(), wanted) == null) {
                throw mismatch("Final statement returns " + analysis.formatType(targets.get(i).expr().type())
                        + " instead of " + analysis.formatType(wanted) + " at column " + (i + 1) + ".");
            }
            types.add(wanted);
        }
        if (targets.size() < live.size()) {
            throw mismatch("Final statement returns too few columns.");
        }
        return withTypes(query, types);
    }

    private Expr convert(Expr expr, int type) {
        return analysis.coercion.toTarget(null, expr, type, -1, Coercion.Context.ASSIGNMENT,
                CoercionForm.IMPLICIT_CAST, -1);
    }

    /** The query with its result columns converted; as a subquery of the conversion where it must not change. */
    private Query withTypes(Query query, List<Integer> types) {
        List<TargetEntry> targets = query.resultColumns();
        boolean same = true;
        for (int i = 0; i < types.size(); i++) {
            same &= targets.get(i).expr().type().oid() == types.get(i);
        }
        if (same) {
            return query;
        }
        if (query.command() != CommandType.SELECT) {
            QueryBuilder b = query.toBuilder();
            for (int i = 0; i < types.size(); i++) {
                b.returning.set(i, b.returning.get(i).withExpr(convert(b.returning.get(i).expr(), types.get(i))));
            }
            return b.build();
        }
        boolean plain = query.setOperations() == null && query.distinct().isEmpty() && query.values() == 0
                && targets.stream().allMatch(t -> t.sortGroupRef() == 0);
        if (plain) {
            QueryBuilder b = query.toBuilder();
            int next = 0;
            for (int i = 0; i < b.targetList.size(); i++) {
                if (!b.targetList.get(i).junk()) {
                    b.targetList.set(i, b.targetList.get(i).withExpr(convert(b.targetList.get(i).expr(),
                            types.get(next++))));
                }
            }
            return b.build();
        }
        QueryBuilder outer = new QueryBuilder();
        outer.rangeTable.add(new RangeTableEntry.Subquery(query, 0, false, false, "*SELECT*", null,
                FromAnalyzer.columnsOf(query)));
        outer.joinTree = new JoinTree.From(List.of(new JoinTree.Leaf(1)), null);
        for (int i = 0; i < types.size(); i++) {
            Expr inner = targets.get(i).expr();
            Expr column = new Expr.ColumnRef(1, i + 1, 0, inner.type(), inner.typmod(), inner.collation(), Origin.NONE);
            outer.targetList.add(new TargetEntry(convert(column, types.get(i)), i + 1, targets.get(i).name(), 0, 0, 0,
                    false));
        }
        return outer.build();
    }
}
