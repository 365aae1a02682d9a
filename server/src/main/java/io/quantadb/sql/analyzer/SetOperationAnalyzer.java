package io.quantadb.sql.analyzer;

import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
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
import java.util.List;

/** UNION, INTERSECT and EXCEPT: common column types, and ORDER BY over the result's names. */
final class SetOperationAnalyzer {
    private final Analysis analysis;

    SetOperationAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    /** One side while types are settled; a leaf's query may still have its columns converted. */
    private static final class Side {
        private SetOperationTree tree;
        private final List<TargetEntry> columns = new ArrayList<>();
        /** Range index of the leaf, 0 for an operation. */
        private int leaf;
        private int position;
    }

    void analyze(Scope scope, io.quantadb.sql.ast.Query query, QueryBody.SetOperation operation) {
        if (!query.locking().isEmpty()) {
            throw analysis.notSupported(QueryAnalyzer.name(query.locking().getFirst())
                    + " is not allowed with UNION/INTERSECT/EXCEPT", -1);
        }
        Side top = operation(scope, operation, true);
        scope.query.setOperations = top.tree;
        SetOperationTree tree = top.tree;
        while (tree instanceof SetOperationTree.Operation o) {
            tree = o.left();
        }
        int leftIndex = ((SetOperationTree.Leaf) tree).rangeIndex();
        Query leftQuery = ((RangeTableEntry.Subquery) scope.query.entry(leftIndex)).query();
        List<TargetEntry> targets = new ArrayList<>();
        List<NamespaceItem.Column> columns = new ArrayList<>();
        SetOperationTree.Operation types = (SetOperationTree.Operation) top.tree;
        for (int i = 0; i < top.columns.size(); i++) {
            TargetEntry left = leftQuery.resultColumns().get(i);
            Expr column = new Expr.ColumnRef(leftIndex, i + 1, 0, types.types().get(i), types.typmods().get(i),
                    types.collations().get(i), Origin.at(Locations.of(left.expr())));
            targets.add(new TargetEntry(column, i + 1, left.name(), 0, 0, 0, false));
            columns.add(new NamespaceItem.Column(left.name(), leftIndex, i + 1, types.types().get(i),
                    types.typmods().get(i), types.collations().get(i)));
        }
        NamespaceItem item = new NamespaceItem(leftIndex, scope.query.entry(leftIndex), "*SETOP*", columns);
        item.relationVisible = false;
        List<NamespaceItem> saved = scope.namespace;
        scope.namespace = new ArrayList<>(List.of(item));
        int before = targets.size();
        List<SortGroupClause> order = analysis.clauses.sortClause(scope, targets, query.orderBy(), ExprKind.ORDER_BY,
                false);
        scope.namespace = saved;
        if (targets.size() > before) {
            throw analysis.notSupported("invalid UNION/INTERSECT/EXCEPT ORDER BY clause",
                    Locations.of(targets.get(before).expr()))
                    .withDetail("Only result column names can be used, not expressions or functions.")
                    .withHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
        }
        scope.query.orderBy = order;
        scope.query.targetList = targets;
        analysis.queries.limit(scope, query.limit(), !query.orderBy().isEmpty());
        scope.query.joinTree = new JoinTree.From(List.of(), null);
    }

    private Side side(Scope scope, QueryBody body) {
        QueryBody inner = body;
        while (inner instanceof io.quantadb.sql.ast.Query q && q.isPlain()) {
            inner = q.body();
        }
        if (inner instanceof QueryBody.SetOperation operation) {
            return operation(scope, operation, false);
        }
        if (inner instanceof QueryBody.Select select && select.into() != null) {
            throw analysis.error(SqlState.SYNTAX_ERROR,
                    "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT", select.into().position());
        }
        io.quantadb.sql.ast.Query query = inner instanceof io.quantadb.sql.ast.Query q ? q
                : new io.quantadb.sql.ast.Query(null, inner, List.of(), null, List.of(), inner.position());
        Query analyzed = analysis.queries.subquery(scope, query, false);
        Side result = new Side();
        String name = "*SELECT* " + (scope.query.rangeTable.size() + 1);
        NamespaceItem item = scope.add(new RangeTableEntry.Subquery(analyzed, 0, false, false, name, null,
                FromAnalyzer.columnsOf(analyzed)));
        result.leaf = item.rangeIndex;
        result.tree = new SetOperationTree.Leaf(item.rangeIndex);
        result.columns.addAll(analyzed.resultColumns());
        result.position = result.columns.isEmpty() ? -1 : Locations.of(result.columns.getFirst().expr());
        return result;
    }

    private Side operation(Scope scope, QueryBody.SetOperation operation, boolean top) {
        String context = operation.operator().name();
        Side left = side(scope, operation.left());
        if (top && scope.parentCte != null && scope.parentCte.underConstruction && scope.parentCte.recursive) {
            analysis.with.setRecursiveColumns(scope.parentCte, left.columns);
        }
        Side right = side(scope, operation.right());
        if (left.columns.size() != right.columns.size()) {
            throw analysis.error(SqlState.SYNTAX_ERROR, "each " + context
                    + " query must have the same number of columns", right.position);
        }
        List<PgType> types = new ArrayList<>();
        List<Integer> typmods = new ArrayList<>();
        List<Integer> collations = new ArrayList<>();
        List<SortGroupClause> groups = new ArrayList<>();
        Side result = new Side();
        boolean all = operation.all();
        for (int i = 0; i < left.columns.size(); i++) {
            Expr l = left.columns.get(i).expr();
            Expr r = right.columns.get(i).expr();
            int type = analysis.coercion.commonType(List.of(l, r), context);
            l = convert(scope, left, i, l, type, context);
            r = convert(scope, right, i, r, type, context);
            int typmod = Coercion.commonTypmod(List.of(l, r), type);
            int collation = analysis.types.collationOf(type) == 0 ? 0
                    : combined(List.of(l, r), analysis.types.collationOf(type));
            types.add(analysis.pgType(type));
            typmods.add(typmod);
            collations.add(collation);
            if (!all || operation.operator() != QueryBody.SetOperator.UNION) {
                groups.add(analysis.clauses.groupingKey(type, Locations.of(l)));
            }
            Expr column = new Expr.ColumnRef(1, i + 1, 0, analysis.pgType(type), typmod, collation,
                    Origin.at(Locations.of(l)));
            result.columns.add(new TargetEntry(column, i + 1, left.columns.get(i).name(), 0, 0, 0, false));
        }
        result.position = left.position;
        result.tree = new SetOperationTree.Operation(
                SetOperationTree.SetOperator.valueOf(operation.operator().name()), all, left.tree, right.tree, types,
                typmods, collations, groups);
        return result;
    }

    private int combined(List<Expr> inputs, int own) {
        int collation = Collations.combine(analysis, inputs);
        return collation == 0 ? own : collation;
    }

    /** Unknown literals of a leaf become the common type in place; other mismatches are converted by the planner. */
    private Expr convert(Scope scope, Side side, int index, Expr expr, int type, String context) {
        Expr converted = analysis.coercion.toCommon(scope, expr, type, context);
        boolean replaceable = expr.type().oid() == Oids.UNKNOWN
                && (expr instanceof Expr.Const || expr instanceof Expr.Parameter);
        if (side.leaf != 0 && replaceable) {
            RangeTableEntry.Subquery entry = (RangeTableEntry.Subquery) scope.query.entry(side.leaf);
            QueryBuilder builder = entry.query().toBuilder();
            int target = targetIndex(builder, index);
            builder.targetList.set(target, builder.targetList.get(target).withExpr(converted));
            Query query = builder.build();
            List<RangeColumn> columns = FromAnalyzer.columnsOf(query);
            scope.query.rangeTable.set(side.leaf - 1, new RangeTableEntry.Subquery(query, 0, false, false,
                    entry.name(), null, columns));
        }
        return converted;
    }

    private static int targetIndex(QueryBuilder builder, int column) {
        int seen = -1;
        for (int i = 0; i < builder.targetList.size(); i++) {
            if (!builder.targetList.get(i).junk() && ++seen == column) {
                return i;
            }
        }
        throw new IllegalStateException("no column " + column);
    }
}
