package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.WithClause;
import io.quantadb.sql.typed.CommonTable;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SetOperationTree;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * SEARCH and CYCLE of a recursive WITH query, worked into the query: both terms become subqueries of queries that
 * compute the further columns, and rows that closed a cycle are not followed.
 *
 * <p>Source: SQL:2016 Foundation, "search or cycle clause"; columns and types as PostgreSQL 15 gives them.
 */
final class SearchAndCycle {
    private static final int INT8INC = 1219;
    private static final int ARRAY_CAT = 383;
    private static final int RECORD_EQUALS = 2988;

    private final Analysis analysis;
    private final CteDraft draft;
    private final WithClause.SearchClause search;
    private final WithClause.CycleClause cycle;
    private final List<RangeColumn> columns;
    private final List<RangeColumn> added = new ArrayList<>();
    private Expr markValue;
    private Expr markDefault;

    private SearchAndCycle(Analysis analysis, CteDraft draft) {
        this.analysis = analysis;
        this.draft = draft;
        this.search = draft.syntax.search();
        this.cycle = draft.syntax.cycle();
        this.columns = draft.columns;
    }

    /** Rewrites a draft that has one of the clauses and whose query was analysed. */
    static void apply(Analysis analysis, CteDraft draft) {
        new SearchAndCycle(analysis, draft).run();
    }

    private void run() {
        if (!draft.recursive) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "WITH query is not recursive", draft.syntax.position());
        }
        SetOperationTree.Operation union = (SetOperationTree.Operation) draft.query.setOperations();
        if (!(union.left() instanceof SetOperationTree.Leaf left)) {
            throw analysis.notSupported("with a SEARCH or CYCLE clause, the left side of the UNION must be a SELECT",
                    -1);
        }
        if (!(union.right() instanceof SetOperationTree.Leaf right)) {
            throw analysis.error(SqlState.SYNTAX_ERROR,
                    "with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT", -1);
        }
        check();
        addColumns();
        QueryBuilder b = draft.query.toBuilder();
        b.rangeTable.set(left.rangeIndex() - 1, leaf(b, left.rangeIndex(),
                first(b.rangeTable.get(left.rangeIndex() - 1))));
        b.rangeTable.set(right.rangeIndex() - 1, leaf(b, right.rangeIndex(),
                next(b.rangeTable.get(right.rangeIndex() - 1))));
        List<PgType> types = new ArrayList<>(union.types());
        List<Integer> typmods = new ArrayList<>(union.typmods());
        List<Integer> collations = new ArrayList<>(union.collations());
        List<SortGroupClause> groups = new ArrayList<>(union.groups());
        for (RangeColumn column : added) {
            types.add(column.type());
            typmods.add(column.typmod());
            collations.add(column.collation());
            if (!union.all()) {
                groups.add(analysis.clauses.groupingKey(column.type().oid(), -1));
            }
            int number = b.targetList.size() + 1;
            b.targetList.add(new TargetEntry(new Expr.ColumnRef(left.rangeIndex(), number, 0, column.type(),
                    column.typmod(), column.collation(), Origin.NONE), number, column.name(), 0, 0, 0, false));
        }
        b.setOperations = new SetOperationTree.Operation(union.operator(), union.all(), left, right, types, typmods,
                collations, groups);
        draft.query = b.build();
        List<RangeColumn> all = new ArrayList<>(columns);
        all.addAll(added);
        draft.columns = all;
        remember();
    }

    private void remember() {
        if (search != null) {
            draft.search = new CommonTable.Search(search.breadthFirst(), names(search.columns()),
                    search.sequenceColumn());
        }
        if (cycle != null) {
            draft.cycle = new CommonTable.Cycle(names(cycle.columns()), cycle.markColumn(), markValue, markDefault,
                    cycle.pathColumn());
        }
    }

    private static List<String> names(List<Identifier> columns) {
        return columns.stream().map(Identifier::name).toList();
    }

    // ---- Checks

    private SqlException error(String message, int position) {
        return analysis.error(SqlState.SYNTAX_ERROR, message, position);
    }

    private void check() {
        if (search != null) {
            listed("search", search.columns(), search.position());
            unused("search sequence", search.sequenceColumn(), search.position());
        }
        if (cycle != null) {
            listed("cycle", cycle.columns(), cycle.position());
            unused("cycle mark", cycle.markColumn(), cycle.position());
            unused("cycle path", cycle.pathColumn(), cycle.position());
            if (cycle.markColumn().equals(cycle.pathColumn())) {
                throw error("cycle mark column name and cycle path column name are the same", cycle.position());
            }
            marks();
        }
        if (search != null && cycle != null) {
            if (search.sequenceColumn().equals(cycle.markColumn())) {
                throw error("search sequence column name and cycle mark column name are the same", search.position());
            }
            if (search.sequenceColumn().equals(cycle.pathColumn())) {
                throw error("search sequence column name and cycle path column name are the same", search.position());
            }
        }
    }

    private void listed(String clause, List<Identifier> wanted, int position) {
        Set<String> seen = new HashSet<>();
        for (Identifier column : wanted) {
            if (columns.stream().noneMatch(c -> c.name().equals(column.name()))) {
                throw error(clause + " column \"" + column.name() + "\" not in WITH query column list", position);
            }
            if (!seen.add(column.name())) {
                throw analysis.error(SqlState.DUPLICATE_COLUMN, clause + " column \"" + column.name()
                        + "\" specified more than once", position);
            }
        }
    }

    private void unused(String what, String name, int position) {
        if (columns.stream().anyMatch(c -> c.name().equals(name))) {
            throw error(what + " column name \"" + name + "\" already used in WITH query column list", position);
        }
    }

    private void marks() {
        if (cycle.markValue() == null) {
            markValue = analysis.boolConst(true);
            markDefault = analysis.boolConst(false);
            return;
        }
        Scope scope = new Scope(analysis, null);
        Expr value = analysis.expressions.analyze(scope, cycle.markValue(), ExprKind.OTHER);
        Expr otherwise = analysis.expressions.analyze(scope, cycle.markDefault(), ExprKind.OTHER);
        int type = analysis.coercion.commonType(List.of(value, otherwise), "CYCLE");
        markValue = analysis.coercion.toCommon(scope, value, type, "CYCLE/TO");
        markDefault = analysis.coercion.toCommon(scope, otherwise, type, "CYCLE/DEFAULT");
    }

    // ---- The columns

    private void addColumns() {
        PgType rows = analysis.pgType(Oids.RECORD_ARRAY);
        if (search != null) {
            added.add(new RangeColumn(search.sequenceColumn(), search.breadthFirst() ? analysis.pgType(Oids.RECORD)
                    : rows, -1, 0));
        }
        if (cycle != null) {
            added.add(new RangeColumn(cycle.markColumn(), markValue.type(), -1, markValue.collation()));
            added.add(new RangeColumn(cycle.pathColumn(), rows, -1, 0));
        }
    }

    private static RangeTableEntry leaf(QueryBuilder b, int rangeIndex, Query query) {
        return new RangeTableEntry.Subquery(query, 0, false, false, b.rangeTable.get(rangeIndex - 1).name(), null,
                FromAnalyzer.columnsOf(query));
    }

    private Expr.ColumnRef column(RangeColumn c, int attribute) {
        return new Expr.ColumnRef(1, attribute, 0, c.type(), c.typmod(), c.collation(), Origin.NONE);
    }

    /** ROW of some columns of the term, after {@code first} if that is not null. */
    private Expr row(List<Identifier> wanted, Expr first) {
        List<Expr> fields = new ArrayList<>();
        List<String> fieldNames = new ArrayList<>();
        if (first != null) {
            fields.add(first);
            fieldNames.add("*DEPTH*");
        }
        for (Identifier name : wanted) {
            for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).name().equals(name.name())) {
                    fields.add(column(columns.get(i), i + 1));
                    fieldNames.add(name.name());
                    break;
                }
            }
        }
        return new Expr.RowExpr(fields, fieldNames, analysis.pgType(Oids.RECORD), Origin.NONE);
    }

    private Expr array(Expr row) {
        return new Expr.ArrayExpr(List.of(row), analysis.pgType(Oids.RECORD), false, analysis.pgType(Oids.RECORD_ARRAY),
                -1, 0, Origin.NONE);
    }

    private Expr call(int function, PgType type, Expr... arguments) {
        FunctionRef ref = analysis.functionRef(function);
        return new Expr.FunctionCall(ref, List.of(arguments), false, type, -1, 0, 0, Origin.NONE);
    }

    private Query wrap(Query term, List<Expr> values, Expr where) {
        QueryBuilder outer = new QueryBuilder();
        Query shifted = LevelShifter.shift(term, 1, 1);
        outer.rangeTable.add(new RangeTableEntry.Subquery(shifted, 0, false, false, "*TERM*", null,
                FromAnalyzer.columnsOf(shifted)));
        outer.joinTree = new JoinTree.From(List.of(new JoinTree.Leaf(1)), where);
        for (int i = 0; i < columns.size(); i++) {
            outer.targetList.add(new TargetEntry(column(columns.get(i), i + 1), i + 1, columns.get(i).name(), 0, 0, 0,
                    false));
        }
        for (int i = 0; i < values.size(); i++) {
            outer.targetList.add(new TargetEntry(values.get(i), columns.size() + i + 1, added.get(i).name(), 0, 0, 0,
                    false));
        }
        return outer.build();
    }

    /** The term without recursion, with the first values of the new columns. */
    private Query first(RangeTableEntry entry) {
        List<Expr> values = new ArrayList<>();
        if (search != null) {
            values.add(search.breadthFirst() ? row(search.columns(), new Expr.Const(0L, analysis.pgType(Oids.INT8), -1,
                    0, Origin.NONE)) : array(row(search.columns(), null)));
        }
        if (cycle != null) {
            values.add(markDefault);
            values.add(array(row(cycle.columns(), null)));
        }
        return wrap(((RangeTableEntry.Subquery) entry).query(), values, null);
    }

    /** The recursive term, which hands the new columns of the row it came from through to their next values. */
    private Query next(RangeTableEntry entry) {
        QueryBuilder term = ((RangeTableEntry.Subquery) entry).query().toBuilder();
        int self = 0;
        for (int i = 1; i <= term.rangeTable.size(); i++) {
            if (term.rangeTable.get(i - 1) instanceof RangeTableEntry.Cte c && c.selfReference()
                    && c.cteName().equals(draft.syntax.name())) {
                self = i;
                List<RangeColumn> all = new ArrayList<>(c.columns());
                all.addAll(added);
                term.rangeTable.set(i - 1, new RangeTableEntry.Cte(c.cteName(), c.levelsUp(), true, c.name(), c.alias(),
                        all));
            }
        }
        if (self == 0) {
            throw analysis.notSupported("with a SEARCH or CYCLE clause, the recursive reference to WITH query \""
                    + draft.syntax.name() + "\" must be at the top level of its right-hand SELECT", -1);
        }
        List<TargetEntry> visible = new ArrayList<>(term.targetList.stream().filter(t -> !t.junk()).toList());
        List<TargetEntry> junk = term.targetList.stream().filter(TargetEntry::junk).toList();
        List<Expr.ColumnRef> previous = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            RangeColumn c = added.get(i);
            visible.add(new TargetEntry(new Expr.ColumnRef(self, columns.size() + i + 1, 0, c.type(), c.typmod(),
                    c.collation(), Origin.NONE), visible.size() + 1, c.name(), 0, 0, 0, false));
            previous.add(column(c, columns.size() + i + 1));
        }
        for (TargetEntry t : junk) {
            visible.add(new TargetEntry(t.expr(), visible.size() + 1, t.name(), t.sortGroupRef(), 0, 0, true));
        }
        term.targetList = visible;
        List<Expr> values = new ArrayList<>();
        if (search != null) {
            values.add(search.breadthFirst() ? row(search.columns(), call(INT8INC, analysis.pgType(Oids.INT8),
                    new Expr.FieldSelect(previous.getFirst(), 1, "*DEPTH*", analysis.pgType(Oids.INT8), -1, 0,
                            Origin.NONE))) : call(ARRAY_CAT, analysis.pgType(Oids.RECORD_ARRAY), previous.getFirst(),
                    array(row(search.columns(), null))));
        }
        Expr where = null;
        if (cycle != null) {
            Expr.ColumnRef mark = previous.get(previous.size() - 2);
            Expr.ColumnRef path = previous.getLast();
            Expr seen = new Expr.ScalarArrayOp(analysis.operatorRef(RECORD_EQUALS), true, row(cycle.columns(), null),
                    path, analysis.bool(), 0, Origin.NONE);
            values.add(new Expr.CaseExpr(null, List.of(new Expr.CaseBranch(seen, markValue)), markDefault,
                    markValue.type(), markValue.collation(), Origin.NONE));
            values.add(call(ARRAY_CAT, analysis.pgType(Oids.RECORD_ARRAY), path, array(row(cycle.columns(), null))));
            where = cycle.markValue() == null
                    ? new Expr.BoolExpr(Expr.BoolKind.NOT, List.of(mark), analysis.bool(), Origin.NONE)
                    : analysis.operators.call(null, null, "<>", mark, markValue, cycle.position());
        }
        return wrap(term.build(), values, where);
    }
}
