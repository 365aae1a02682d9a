package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.DataStatement.Assignment;
import io.quantadb.sql.ast.DataStatement.AssignmentTarget;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.OverrideKind;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** INSERT, UPDATE and DELETE; MERGE is next door. */
final class ChangeAnalyzer {
    private final Analysis analysis;

    ChangeAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    Query analyze(Scope scope, DataStatement statement) {
        switch (statement) {
            case DataStatement.Insert insert -> insert(scope, insert);
            case DataStatement.Update update -> update(scope, update);
            case DataStatement.Delete delete -> delete(scope, delete);
            case DataStatement.Merge merge -> new MergeAnalyzer(analysis, this).analyze(scope, merge);
            case DataStatement.Truncate _, DataStatement.Copy _ -> throw new IllegalStateException("a utility");
        }
        return ViewUpdates.rewrite(analysis, analysis.queries.finish(scope));
    }

    /** Opens the table to change. */
    RelationDescriptor target(Scope scope, FromItem.TableRef table, String verb) {
        if (table.name().schema() == null) {
            for (Scope s = scope; s != null; s = s.parent) {
                if (analysis.with.find(s, table.name().name()) != null) {
                    throw analysis.error(SqlState.UNDEFINED_TABLE, "relation \"" + table.name().name()
                            + "\" cannot be the target of a modifying statement", table.position());
                }
            }
        }
        RelationDescriptor relation = analysis.from.open(scope, table.name());
        String name = "\"" + relation.name() + "\"";
        switch (relation.kind()) {
            case TABLE, PARTITIONED_TABLE, FOREIGN_TABLE, VIEW -> {
            }
            case MATERIALIZED_VIEW -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "cannot change materialized view " + name);
            case SEQUENCE -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change sequence " + name);
            default -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot " + verb + " relation " + name);
        }
        return relation;
    }

    // INSERT

    private void insert(Scope scope, DataStatement.Insert insert) {
        scope.query.command = CommandType.INSERT;
        if (insert.with() != null) {
            analysis.with.analyze(scope, insert.with());
        }
        FromItem.TableRef table = new FromItem.TableRef(insert.table(), false, insert.alias(), null,
                insert.table().position());
        RelationDescriptor relation = target(scope, table, "insert into");
        scope.query.overriding = switch (insert.overriding()) {
            case NONE -> OverrideKind.NOT_SET;
            case USER -> OverrideKind.USER_VALUE;
            case SYSTEM -> OverrideKind.SYSTEM_VALUE;
        };
        Query source = null;
        if (insert.source() != null && !isValues(insert.source())) {
            source = analysis.queries.subquery(scope, insert.source(), false);
        }
        NamespaceItem target = analysis.from.target(scope, table, relation);
        scope.access(target.rangeIndex, relation.oid()).insert = true;
        List<AssignmentTarget> targets = AssignmentChecks.insertTargets(analysis, relation, insert.columns());
        boolean named = !insert.columns().isEmpty();
        List<JoinTree> from = new ArrayList<>();
        Map<Integer, Expr> assigned = new TreeMap<>();
        if (source != null) {
            assignAll(scope, relation, targets, select(scope, source, from), assigned, named);
        } else if (insert.source() != null) {
            values(scope, relation, targets, (QueryBody.Values) insert.source().body(), assigned, from, named);
        }
        for (int attribute : assigned.keySet()) {
            scope.access(target.rangeIndex, relation.oid()).inserted.add(attribute);
        }
        fillDefaults(scope, relation, assigned);
        scope.query.targetList = entries(relation, assigned);
        scope.query.joinTree = new JoinTree.From(from, null);
        if (insert.onConflict() != null) {
            new ConflictAnalyzer(analysis, this).analyze(scope, insert.onConflict(), relation, target);
        }
        if (!insert.returning().isEmpty()) {
            scope.namespace = new ArrayList<>(List.of(target));
            scope.query.returning = new ArrayList<>(analysis.clauses.returning(scope, insert.returning()));
        }
    }

    private static boolean isValues(io.quantadb.sql.ast.Query source) {
        return source.body() instanceof QueryBody.Values && source.isPlain();
    }

    private List<Expr> select(Scope scope, Query source, List<JoinTree> from) {
        NamespaceItem item = scope.add(new RangeTableEntry.Subquery(source, 0, false, false, "*SELECT*", null,
                FromAnalyzer.columnsOf(source)));
        from.add(new JoinTree.Leaf(item.rangeIndex));
        List<Expr> result = new ArrayList<>();
        int attribute = 0;
        for (TargetEntry column : source.resultColumns()) {
            attribute++;
            Expr expr = column.expr();
            boolean literal = expr.type().oid() == Oids.UNKNOWN
                    && (expr instanceof Expr.Const || expr instanceof Expr.Parameter);
            result.add(literal ? expr : new Expr.ColumnRef(item.rangeIndex, attribute, 0, expr.type(), expr.typmod(),
                    expr.collation(), Origin.at(Locations.of(expr))));
        }
        return result;
    }

    private void values(Scope scope, RelationDescriptor relation, List<AssignmentTarget> targets,
                        QueryBody.Values values, Map<Integer, Expr> assigned, List<JoinTree> from, boolean named) {
        if (values.rows().size() == 1) {
            List<Expr> row = row(scope, values.rows().getFirst(), ExprKind.VALUES_SINGLE);
            assignAll(scope, relation, targets, row, assigned, named);
            return;
        }
        List<Map<Integer, Expr>> rows = new ArrayList<>();
        int width = -1;
        for (List<Expression> syntax : values.rows()) {
            List<Expr> row = row(scope, syntax, ExprKind.VALUES);
            if (width >= 0 && row.size() != width) {
                throw analysis.error(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length",
                        Locations.of(syntax.getFirst()));
            }
            width = row.size();
            Map<Integer, Expr> converted = new TreeMap<>();
            assignAll(scope, relation, targets, row, converted, named);
            rows.add(converted);
        }
        List<Integer> attributes = List.copyOf(rows.getFirst().keySet());
        List<List<Expr>> lists = new ArrayList<>();
        List<RangeColumn> columns = new ArrayList<>();
        for (Map<Integer, Expr> row : rows) {
            List<Expr> list = new ArrayList<>();
            for (int attribute : attributes) {
                list.add(value(scope, relation, relation.column(attribute), row.get(attribute)));
            }
            lists.add(list);
        }
        for (int i = 0; i < attributes.size(); i++) {
            ColumnDescriptor column = relation.column(attributes.get(i));
            columns.add(new RangeColumn("column" + (i + 1), column.type(), column.typmod(), column.collation()));
        }
        NamespaceItem item = QueryAnalyzer.addValues(scope, lists, columns);
        from.add(new JoinTree.Leaf(item.rangeIndex));
        scope.query.values = item.rangeIndex;
        for (int i = 0; i < attributes.size(); i++) {
            ColumnDescriptor column = relation.column(attributes.get(i));
            if (!column.isGenerated()) {
                assigned.put(column.attnum(), new Expr.ColumnRef(item.rangeIndex, i + 1, 0, column.type(),
                        column.typmod(), column.collation(), Origin.NONE));
            }
        }
    }

    /** The final value of one column in a row of VALUES. */
    private Expr value(Scope scope, RelationDescriptor relation, ColumnDescriptor column, Expr value) {
        if (!AssignmentChecks.replacesByDefault(analysis, column, value, scope.query.overriding)) {
            return value;
        }
        return column.isGenerated() ? analysis.nullConst(column.type().oid(), -1)
                : StoredExpressions.columnDefault(analysis, relation, column);
    }

    List<Expr> row(Scope scope, List<Expression> row, ExprKind kind) {
        List<Expr> result = new ArrayList<>();
        for (Expression expression : row) {
            if (expression instanceof Expression.DefaultValue d) {
                result.add(defaultMark(d.position()));
            } else {
                result.addAll(analysis.targets.expressionList(scope, List.of(expression), kind));
            }
        }
        return result;
    }

    Expr defaultMark(int position) {
        return new Expr.SetToDefault(analysis.pgType(Oids.UNKNOWN), -1, 0, Origin.at(position));
    }

    void assignAll(Scope scope, RelationDescriptor relation, List<AssignmentTarget> targets, List<Expr> row,
                   Map<Integer, Expr> assigned, boolean named) {
        if (row.size() > targets.size()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns",
                    Locations.of(row.get(targets.size())));
        }
        if (named && row.size() < targets.size()) {
            SqlException error = analysis.error(SqlState.SYNTAX_ERROR,
                    "INSERT has more target columns than expressions", targets.get(row.size()).position());
            boolean rowShaped = row.size() == 1 && row.getFirst() instanceof Expr.RowExpr r
                    && r.fields().size() == targets.size();
            throw rowShaped ? error.withHint("The insertion source is a row expression containing the same number of "
                    + "columns expected by the INSERT. Did you accidentally use extra parentheses?") : error;
        }
        for (int i = 0; i < row.size(); i++) {
            AssignmentTarget target = targets.get(i);
            ColumnDescriptor column = AssignmentChecks.column(analysis, relation, target, ExprKind.INSERT_TARGET);
            Expr value = analysis.targets.assign(scope, row.get(i), column, target.accessors(),
                    ExprKind.INSERT_TARGET, target.position());
            Expr previous = assigned.get(column.attnum());
            assigned.put(column.attnum(), previous == null ? value : rebase(value, previous));
        }
    }

    /** Applies a later partial assignment on top of an earlier one to the same column. */
    private static Expr rebase(Expr later, Expr earlier) {
        return switch (later) {
            case Expr.Subscript s when s.assignment() != null -> new Expr.Subscript(rebase(s.container(), earlier),
                    s.upper(), s.lower(), s.assignment(), s.elementType(), s.type(), s.typmod(), s.collation(),
                    s.origin());
            case Expr.FieldStore f -> new Expr.FieldStore(rebase(f.operand(), earlier), f.values(), f.numbers(),
                    f.type(), f.origin());
            default -> earlier;
        };
    }

    void fillDefaults(Scope scope, RelationDescriptor relation, Map<Integer, Expr> assigned) {
        if (relation.kind() == RelationKind.VIEW) {
            fillViewDefaults(relation, assigned);
            return;
        }
        for (ColumnDescriptor column : relation.liveColumns()) {
            Expr value = assigned.get(column.attnum());
            boolean fromValues = scope.query.values != 0 && value instanceof Expr.ColumnRef;
            if (value != null && !fromValues
                    && !AssignmentChecks.replacesByDefault(analysis, column, value, scope.query.overriding)) {
                continue;
            }
            if (column.isGenerated()) {
                assigned.remove(column.attnum());
            } else if (!fromValues) {
                scope.query.defaultsOf.add(column.attnum());
                assigned.put(column.attnum(), StoredExpressions.columnDefault(analysis, relation, column));
            }
        }
    }

    /** A view's own defaults only: where it has none, those of its table apply, see {@link ViewUpdates}. */
    private void fillViewDefaults(RelationDescriptor view, Map<Integer, Expr> assigned) {
        assigned.values().removeIf(Expr.SetToDefault.class::isInstance);
        for (ColumnDescriptor column : view.liveColumns()) {
            if (column.defaultExpression() != null && !assigned.containsKey(column.attnum())) {
                assigned.put(column.attnum(), StoredExpressions.columnDefault(analysis, view, column));
            }
        }
    }

    static List<TargetEntry> entries(RelationDescriptor relation, Map<Integer, Expr> assigned) {
        List<TargetEntry> result = new ArrayList<>();
        assigned.forEach((attribute, expr) -> result.add(new TargetEntry(expr, attribute,
                relation.column(attribute).name(), 0, 0, 0, false)));
        return result;
    }

    // UPDATE and DELETE

    private void update(Scope scope, DataStatement.Update update) {
        scope.query.command = CommandType.UPDATE;
        if (update.with() != null) {
            analysis.with.analyze(scope, update.with());
        }
        RelationDescriptor relation = target(scope, update.table(), "update");
        NamespaceItem target = analysis.from.target(scope, update.table(), relation);
        scope.access(target.rangeIndex, relation.oid()).update = true;
        Expr where = sources(scope, target, update.from(), update.where());
        if (!update.returning().isEmpty()) {
            scope.query.returning = new ArrayList<>(analysis.clauses.returning(scope, update.returning()));
        }
        scope.query.targetList = assignments(scope, relation, update.assignments());
        scope.query.joinTree = new JoinTree.From(scope.query.joinTree.items(), where);
    }

    private Expr sources(Scope scope, NamespaceItem target, List<FromItem> from, Expression where) {
        scope.namespace.add(target);
        target.lateralOnly = true;
        target.lateralOk = false;
        List<JoinTree> items = new ArrayList<>();
        items.add(new JoinTree.Leaf(target.rangeIndex));
        items.addAll(analysis.from.analyze(scope, from));
        target.lateralOnly = false;
        target.lateralOk = true;
        scope.query.joinTree = new JoinTree.From(items, null);
        return analysis.clauses.condition(scope, where, ExprKind.WHERE, "WHERE");
    }

    private void delete(Scope scope, DataStatement.Delete delete) {
        scope.query.command = CommandType.DELETE;
        if (delete.with() != null) {
            analysis.with.analyze(scope, delete.with());
        }
        RelationDescriptor relation = target(scope, delete.table(), "delete from");
        NamespaceItem target = analysis.from.target(scope, delete.table(), relation);
        scope.access(target.rangeIndex, relation.oid()).delete = true;
        Expr where = sources(scope, target, delete.using(), delete.where());
        scope.query.joinTree = new JoinTree.From(scope.query.joinTree.items(), where);
        if (!delete.returning().isEmpty()) {
            scope.query.returning = new ArrayList<>(analysis.clauses.returning(scope, delete.returning()));
        }
    }

    /** SET of UPDATE, ON CONFLICT and MERGE: one entry a column, then junk ones for multi-column subqueries. */
    List<TargetEntry> assignments(Scope scope, RelationDescriptor relation, List<Assignment> assignments) {
        ExprKind saved = scope.kind;
        scope.kind = ExprKind.UPDATE_SOURCE;
        Map<Integer, Expr> assigned = new TreeMap<>();
        List<TargetEntry> junk = new ArrayList<>();
        for (Assignment assignment : assignments) {
            List<Expr> values = assignment.multiple() ? multiple(scope, assignment, junk)
                    : List.of(source(scope, assignment.value()));
            for (int i = 0; i < values.size(); i++) {
                AssignmentTarget target = assignment.targets().get(i);
                ColumnDescriptor column = AssignmentChecks.column(analysis, relation, target, ExprKind.UPDATE_TARGET);
                Expr value = analysis.targets.assign(scope, values.get(i), column, target.accessors(),
                        ExprKind.UPDATE_TARGET, target.position());
                Expr previous = assigned.get(column.attnum());
                if (previous != null) {
                    boolean partial = value instanceof Expr.Subscript || value instanceof Expr.FieldStore;
                    if (!partial || !(previous instanceof Expr.Subscript || previous instanceof Expr.FieldStore)) {
                        throw new SqlException(SqlState.SYNTAX_ERROR, "multiple assignments to same column \""
                                + column.name() + "\"");
                    }
                    value = rebase(value, previous);
                }
                assigned.put(column.attnum(), value);
                scope.access(scope.target.rangeIndex, relation.oid()).updated.add(column.attnum());
            }
        }
        scope.kind = saved;
        for (Map.Entry<Integer, Expr> entry : assigned.entrySet()) {
            ColumnDescriptor column = relation.column(entry.getKey());
            AssignmentChecks.checkUpdate(column, entry.getValue());
            if (entry.getValue() instanceof Expr.SetToDefault && !column.isGenerated()) {
                entry.setValue(StoredExpressions.columnDefault(analysis, relation, column));
            }
        }
        assigned.values().removeIf(Expr.SetToDefault.class::isInstance);
        List<TargetEntry> result = entries(relation, assigned);
        result.addAll(junk);
        return result;
    }

    private Expr source(Scope scope, Expression expression) {
        return expression instanceof Expression.DefaultValue d ? defaultMark(d.position())
                : analysis.expressions.analyze(scope, expression);
    }

    private List<Expr> multiple(Scope scope, Assignment assignment, List<TargetEntry> junk) {
        List<Expr> result = new ArrayList<>();
        int count = assignment.targets().size();
        if (assignment.value() instanceof Expression.ScalarSubquery subquery) {
            scope.query.hasSubLinks = true;
            Query query = analysis.queries.subquery(scope, subquery.query(), true);
            if (query.resultColumns().size() != count) {
                throw analysis.error(SqlState.SYNTAX_ERROR, "number of columns does not match number of values",
                        subquery.position());
            }
            int id = ++scope.multiAssignCount;
            junk.add(new TargetEntry(new Expr.SubLink(Expr.SubLinkKind.MULTI_ASSIGN, id, null, null, query,
                    analysis.pgType(Oids.RECORD), -1, 0, Origin.at(subquery.position())), 0, null, 0, 0, 0, true));
            for (TargetEntry column : query.resultColumns()) {
                result.add(new Expr.SubLinkColumn(id, result.size() + 1, column.expr().type(),
                        column.expr().typmod(), column.expr().collation(), Origin.at(subquery.position())));
            }
            return result;
        }
        if (!(assignment.value() instanceof Expression.Row row)) {
            throw analysis.notSupported(
                    "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression",
                    Locations.of(assignment.value()));
        }
        for (Expression field : row.fields()) {
            result.add(source(scope, field));
        }
        if (result.size() != count) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "number of columns does not match number of values",
                    row.position());
        }
        return result;
    }
}
