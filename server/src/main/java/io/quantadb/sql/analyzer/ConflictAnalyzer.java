package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.OrderItem;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.OnConflict;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ON CONFLICT: which unique indexes arbitrate, and the action. */
final class ConflictAnalyzer {
    private final Analysis analysis;
    private final ChangeAnalyzer changes;

    ConflictAnalyzer(Analysis analysis, ChangeAnalyzer changes) {
        this.analysis = analysis;
        this.changes = changes;
    }

    void analyze(Scope scope, DataStatement.OnConflict syntax, RelationDescriptor relation, NamespaceItem target) {
        if (syntax.doUpdate() && syntax.elements().isEmpty() && syntax.constraint() == null) {
            throw analysis.error(SqlState.SYNTAX_ERROR,
                    "ON CONFLICT DO UPDATE requires inference specification or constraint name", syntax.position())
                    .withHint("For example, ON CONFLICT (column_name).");
        }
        scope.namespace = new ArrayList<>(List.of(target));
        List<OnConflict.ArbiterElement> elements = new ArrayList<>();
        for (IndexElement element : syntax.elements()) {
            elements.add(element(scope, element));
        }
        Expr arbiterWhere = analysis.clauses.condition(scope, syntax.inferenceWhere(), ExprKind.INDEX_PREDICATE,
                "WHERE");
        int constraintOid = 0;
        List<Integer> indexes = new ArrayList<>();
        if (syntax.constraint() != null) {
            ConstraintDescriptor constraint = relation.constraint(syntax.constraint());
            if (constraint == null) {
                throw analysis.error(SqlState.UNDEFINED_OBJECT, "constraint \"" + syntax.constraint()
                        + "\" for table \"" + relation.name() + "\" does not exist", -1);
            }
            if (constraint.indexOid() == 0 || constraint.isForeignKey() || constraint.isCheck()) {
                throw analysis.error(SqlState.WRONG_OBJECT_TYPE,
                        "constraint in ON CONFLICT clause has no associated index", -1);
            }
            constraintOid = constraint.oid();
            indexes.add(constraint.indexOid());
        } else if (!elements.isEmpty()) {
            // A view's indexes are those of its table, which ViewUpdates finds.
            if (relation.kind() != RelationKind.VIEW) {
                infer(relation, target, elements, arbiterWhere, indexes);
            }
        }
        List<TargetEntry> assignments = List.of();
        Expr where = null;
        int excludedIndex = 0;
        if (syntax.doUpdate()) {
            RangeTableEntry.Relation base = (RangeTableEntry.Relation) target.entry;
            NamespaceItem excluded = scope.add(new RangeTableEntry.Relation(base.relationOid(), base.schema(),
                    base.relationName(), 'c', false, null, base.lockMode(), "excluded",
                    new RangeTableEntry.Alias("excluded", List.of()), FromAnalyzer.columnsOf(relation)));
            excludedIndex = excluded.rangeIndex;
            scope.namespace = new ArrayList<>(List.of(target, excluded));
            assignments = changes.assignments(scope, relation, syntax.assignments());
            where = analysis.clauses.condition(scope, syntax.where(), ExprKind.WHERE, "WHERE");
            scope.access(target.rangeIndex, relation.oid()).update = true;
        }
        scope.query.onConflict = new OnConflict(syntax.doUpdate(), elements, arbiterWhere, constraintOid, indexes,
                assignments, where, excludedIndex);
    }

    private OnConflict.ArbiterElement element(Scope scope, IndexElement element) {
        if (element.direction() != OrderItem.Direction.DEFAULT) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                    "ASC/DESC is not allowed in ON CONFLICT clause", element.position());
        }
        if (element.nulls() != OrderItem.Nulls.DEFAULT) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                    "NULLS FIRST/LAST is not allowed in ON CONFLICT clause", element.position());
        }
        Expression expression = element.expression() != null ? element.expression()
                : new Expression.ColumnRef(List.of(element.column()), false, element.position());
        Expr expr = analysis.expressions.analyze(scope, expression, ExprKind.INDEX_EXPRESSION);
        int collation = element.collation() == null ? 0 : Collations.find(analysis, element.collation());
        int operatorClass = 0;
        if (element.opclass() != null) {
            OperatorClassDescriptor found = analysis.catalog.operatorClass(403, element.opclass().schema(),
                    element.opclass().name());
            if (found == null) {
                throw analysis.error(SqlState.UNDEFINED_OBJECT, "operator class \""
                        + Names.qualified(element.opclass())
                        + "\" does not exist for access method \"btree\"", element.opclass().position());
            }
            operatorClass = found.oid();
        }
        return new OnConflict.ArbiterElement(expr, collation, operatorClass);
    }

    void infer(RelationDescriptor relation, NamespaceItem target,
                       List<OnConflict.ArbiterElement> elements, Expr where, List<Integer> indexes) {
        for (IndexDescriptor index : relation.indexes()) {
            if (index.unique() && index.valid() && !index.deferrable() && matches(target, index, elements)
                    && (!index.isPartial() || where != null && implies(where, predicate(target, index)))) {
                indexes.add(index.oid());
            }
        }
        if (indexes.isEmpty()) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE,
                    "there is no unique or exclusion constraint matching the ON CONFLICT specification", -1);
        }
    }

    private Expr stored(NamespaceItem target, String text, ExprKind kind) {
        Analysis nested = analysis.nested(text, 0);
        Scope scope = new Scope(nested, null);
        for (int i = 1; i < target.rangeIndex; i++) {
            scope.query.addEntry(target.entry);
        }
        scope.query.addEntry(target.entry);
        NamespaceItem item = NamespaceItem.of(target.rangeIndex, target.entry);
        scope.items.add(item);
        scope.namespace.add(item);
        return nested.expressions.analyze(scope, SqlParser.parseStoredExpression(text), kind);
    }

    private Expr predicate(NamespaceItem target, IndexDescriptor index) {
        return stored(target, index.predicate(), ExprKind.INDEX_PREDICATE);
    }

    private boolean matches(NamespaceItem target, IndexDescriptor index, List<OnConflict.ArbiterElement> elements) {
        Set<Expr> wanted = new HashSet<>();
        elements.forEach(element -> wanted.add(element.expr()));
        Set<Expr> offered = new HashSet<>();
        for (IndexColumn column : index.keyColumns()) {
            NamespaceItem.Column c = column.isExpression() ? null : target.columns.get(column.attnum() - 1);
            Expr expr = c == null ? stored(target, column.expression(), ExprKind.INDEX_EXPRESSION)
                    : new Expr.ColumnRef(target.rangeIndex, c.attribute(), 0, c.type(), c.typmod(), c.collation(),
                            io.quantadb.sql.typed.Origin.NONE);
            offered.add(expr);
            for (OnConflict.ArbiterElement element : elements) {
                if (element.expr().equals(expr) && (element.collation() != 0
                        && element.collation() != column.collation() || element.operatorClass() != 0
                        && element.operatorClass() != column.opclass())) {
                    return false;
                }
            }
        }
        return offered.equals(wanted);
    }

    /** Whether every conjunct of the predicate is among those of the condition. */
    private static boolean implies(Expr condition, Expr predicate) {
        return conjuncts(condition).containsAll(conjuncts(predicate));
    }

    private static List<Expr> conjuncts(Expr expr) {
        if (expr instanceof Expr.BoolExpr b && b.kind() == Expr.BoolKind.AND) {
            List<Expr> result = new ArrayList<>();
            Exprs.children(b).forEach(child -> result.addAll(conjuncts(child)));
            return result;
        }
        return List.of(expr);
    }
}
