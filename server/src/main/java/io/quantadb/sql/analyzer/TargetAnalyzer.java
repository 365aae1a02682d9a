package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** Select lists: expansion of stars, names, origins; and assignment to columns and parts of them. */
final class TargetAnalyzer {
    private final Analysis analysis;

    TargetAnalyzer(Analysis analysis) {
        this.analysis = analysis;
    }

    List<TargetEntry> targetList(Scope scope, List<QueryBody.SelectItem> items, ExprKind kind) {
        List<TargetEntry> targets = new ArrayList<>();
        ExprKind saved = scope.kind;
        scope.kind = kind;
        for (QueryBody.SelectItem item : items) {
            if (item.expression() instanceof Expression.ColumnRef c && c.star()) {
                expandColumns(scope, c, targets);
            } else if (item.expression() instanceof Expression.Indirection i
                    && i.accessors().getLast() instanceof Expression.Accessor.AllFields) {
                expandRow(scope, rowOf(scope, i), targets, i.position());
            } else {
                targets.add(target(scope, item, targets.size() + 1));
            }
        }
        scope.kind = saved;
        return targets;
    }

    private TargetEntry target(Scope scope, QueryBody.SelectItem item, int number) {
        Expr expr = analysis.expressions.analyze(scope, item.expression());
        String name = item.alias() != null ? item.alias() : ColumnNames.of(analysis, item.expression());
        return new TargetEntry(expr, number, name, 0, 0, 0, false);
    }

    private Expr rowOf(Scope scope, Expression.Indirection i) {
        return analysis.expressions.access(scope, analysis.expressions.analyze(scope, i.base()),
                i.accessors().subList(0, i.accessors().size() - 1), i.position());
    }

    private void expandColumns(Scope scope, Expression.ColumnRef star, List<TargetEntry> targets) {
        List<String> fields = star.fields();
        if (fields.isEmpty()) {
            boolean found = false;
            for (NamespaceItem item : scope.namespace) {
                if (item.columnsVisible) {
                    found = true;
                    expandItem(scope, item, 0, targets, star.position());
                }
            }
            if (!found) {
                throw analysis.error(SqlState.SYNTAX_ERROR, "SELECT * with no tables specified is not valid",
                        star.position());
            }
            return;
        }
        int last = fields.size() - 1;
        QualifiedName name = new QualifiedName(null, last >= 1 ? fields.get(last - 1) : null, fields.get(last),
                star.position());
        NameResolver.Found table = analysis.names.table(scope, name.schema(), name.name(), star.position());
        if (table == null) {
            Expr row = fields.size() == 1 ? null : compositeColumn(scope, fields, star.position());
            if (row == null) {
                throw analysis.names.missingTable(scope, name);
            }
            expandRow(scope, row, targets, star.position());
            return;
        }
        expandItem(scope, table.item(), table.levelsUp(), targets, star.position());
    }

    /** {@code t.composite.*}; null if the table is not there either. */
    private Expr compositeColumn(Scope scope, List<String> fields, int position) {
        int last = fields.size() - 1;
        NameResolver.Found table = analysis.names.table(scope, last >= 2 ? fields.get(last - 2) : null,
                fields.get(last - 1), position);
        return table == null ? null : analysis.names.columnOf(scope.up(table.levelsUp()), table.item(),
                table.levelsUp(), fields.get(last), position);
    }

    private void expandItem(Scope scope, NamespaceItem item, int levelsUp, List<TargetEntry> targets, int position) {
        Scope owner = scope.up(levelsUp);
        switch (item.entry) {
            case RangeTableEntry.Relation relation -> owner.access(item.rangeIndex, relation.relationOid()).select =
                    true;
            default -> {
            }
        }
        for (NamespaceItem.Column column : item.columns) {
            if (!column.dropped()) {
                Expr expr = analysis.names.reference(owner, column, levelsUp, position);
                targets.add(new TargetEntry(expr, targets.size() + 1, column.name(), 0, 0, 0, false));
            }
        }
    }

    private void expandRow(Scope scope, Expr row, List<TargetEntry> targets, int position) {
        List<RangeColumn> columns = RowTypes.columnsOf(analysis, scope, row);
        if (columns == null) {
            if (!analysis.types.isRowType(row.type().oid())) {
                throw analysis.error(SqlState.WRONG_OBJECT_TYPE, "type " + analysis.formatType(row.type())
                        + " is not composite", -1);
            }
            throw analysis.error(SqlState.UNDEFINED_COLUMN, "record type has not been registered", -1);
        }
        for (int i = 0; i < columns.size(); i++) {
            RangeColumn c = columns.get(i);
            if (!c.dropped()) {
                Expr field = row instanceof Expr.RowExpr r ? r.fields().get(i) : new Expr.FieldSelect(row, i + 1,
                        c.name(), c.type(), c.typmod(), c.collation(), Origin.at(position));
                targets.add(new TargetEntry(field, targets.size() + 1, c.name(), 0, 0, 0, false));
            }
        }
    }

    /** Expressions of ROW(...) or VALUES, in which stars expand too. */
    List<Expr> expressionList(Scope scope, List<Expression> expressions, ExprKind kind) {
        List<QueryBody.SelectItem> items = expressions.stream()
                .map(e -> new QueryBody.SelectItem(e, null, e.position())).toList();
        ExprKind saved = scope.kind;
        scope.kind = kind;
        List<Expr> result = new ArrayList<>();
        for (QueryBody.SelectItem item : items) {
            boolean star = item.expression() instanceof Expression.ColumnRef c && c.star()
                    || item.expression() instanceof Expression.Indirection i
                    && i.accessors().getLast() instanceof Expression.Accessor.AllFields;
            if (star) {
                targetList(scope, List.of(item), kind).forEach(t -> result.add(t.expr()));
            } else {
                result.add(analysis.expressions.analyze(scope, item.expression()));
            }
        }
        scope.kind = saved;
        return result;
    }

    /** Literals of unknown type become text. */
    List<TargetEntry> resolveUnknowns(Scope scope, List<TargetEntry> targets) {
        List<TargetEntry> result = new ArrayList<>(targets.size());
        for (TargetEntry target : targets) {
            result.add(target.expr().type().oid() == Oids.UNKNOWN ? target.withExpr(analysis.coercion.coerce(scope,
                    target.expr(), Oids.TEXT, -1, Coercion.Context.IMPLICIT, CoercionForm.IMPLICIT_CAST, -1))
                    : target);
        }
        return result;
    }

    /** Fills in which table column each output column is. */
    List<TargetEntry> markOrigins(Scope scope, List<TargetEntry> targets) {
        List<TargetEntry> result = new ArrayList<>(targets.size());
        for (TargetEntry t : targets) {
            int[] origin = {0, 0};
            findOrigin(scope, t.expr(), origin);
            result.add(origin[0] == 0 ? t : new TargetEntry(t.expr(), t.number(), t.name(), t.sortGroupRef(),
                    origin[0], origin[1], t.junk()));
        }
        return result;
    }

    private void findOrigin(Scope scope, Expr expr, int[] origin) {
        if (!(expr instanceof Expr.ColumnRef column) || column.attribute() == 0) {
            return;
        }
        Scope owner = scope.up(column.levelsUp());
        switch (owner.query.entry(column.rangeIndex())) {
            case RangeTableEntry.Relation relation -> {
                origin[0] = relation.relationOid();
                origin[1] = column.attribute();
            }
            case RangeTableEntry.Subquery subquery when column.attribute() > 0 -> {
                if (subquery.viewOid() != 0) {
                    origin[0] = subquery.viewOid();
                    origin[1] = column.attribute();
                    return;
                }
                TargetEntry inner = subquery.query().resultColumns().get(column.attribute() - 1);
                origin[0] = inner.originTable();
                origin[1] = inner.originColumn();
            }
            case RangeTableEntry.Join join when column.attribute() > 0 ->
                    findOrigin(owner, join.expressions().get(column.attribute() - 1), origin);
            case RangeTableEntry.Cte cte when column.attribute() > 0 && !cte.selfReference() -> {
                CteDraft draft = analysis.with.find(owner.up(cte.levelsUp()), cte.cteName());
                if (draft != null && draft.query != null
                        && column.attribute() <= draft.query.resultColumns().size()) {
                    TargetEntry inner = draft.query.resultColumns().get(column.attribute() - 1);
                    origin[0] = inner.originTable();
                    origin[1] = inner.originColumn();
                }
            }
            default -> {
            }
        }
    }

    // Assignment

    /**
     * Converts a value for a column, or builds the column's new value with a part replaced.
     *
     * @param accessors of the target; empty for the whole column
     */
    Expr assign(Scope scope, Expr value, ColumnDescriptor column, List<Expression.Accessor> accessors,
                ExprKind kind, int position) {
        int columnType = column.type().oid();
        if (value instanceof Expr.SetToDefault d) {
            if (!accessors.isEmpty()) {
                boolean field = accessors.getFirst() instanceof Expression.Accessor.Field;
                throw analysis.notSupported(field ? "cannot set a subfield to DEFAULT"
                        : "cannot set an array element to DEFAULT", position);
            }
            return new Expr.SetToDefault(column.type(), column.typmod(), column.collation(), d.origin());
        }
        if (!accessors.isEmpty()) {
            Expr base = kind == ExprKind.UPDATE_SOURCE || kind == ExprKind.UPDATE_TARGET
                    ? analysis.names.reference(scope, scope.target.columns.get(column.attnum() - 1), 0, position)
                    : analysis.nullConst(columnType, column.typmod());
            return assignPart(scope, base, column.name(), columnType, column.typmod(), accessors, value, position);
        }
        Expr result = analysis.coercion.toTarget(scope, value, columnType, column.typmod(),
                Coercion.Context.ASSIGNMENT, CoercionForm.IMPLICIT_CAST, -1);
        if (result == null) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "column \"" + column.name() + "\" is of type "
                    + analysis.formatType(columnType) + " but expression is of type "
                    + analysis.formatType(value.type()), Locations.of(value))
                    .withHint("You will need to rewrite or cast the expression.");
        }
        return result;
    }

    private Expr assignPart(Scope scope, Expr base, String name, int type, int typmod,
                            List<Expression.Accessor> accessors, Expr value, int position) {
        if (accessors.isEmpty()) {
            Expr result = analysis.coercion.toTarget(scope, value, type, typmod, Coercion.Context.ASSIGNMENT,
                    CoercionForm.IMPLICIT_CAST, -1);
            if (result == null) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "subfield \"" + name + "\" is of type "
                        + analysis.formatType(type) + " but expression is of type "
                        + analysis.formatType(value.type()), Locations.of(value))
                        .withHint("You will need to rewrite or cast the expression.");
            }
            return result;
        }
        if (accessors.getFirst() instanceof Expression.Accessor.Field field) {
            return assignField(scope, base, name, type, field, accessors, value, position);
        }
        int count = 0;
        while (count < accessors.size() && !(accessors.get(count) instanceof Expression.Accessor.Field)) {
            count++;
        }
        List<Expression.Accessor> subscripts = accessors.subList(0, count);
        List<Expression.Accessor> rest = accessors.subList(count, accessors.size());
        int part = Subscripts.partType(analysis, base, subscripts);
        int partTypmod = analysis.types.base(type, typmod).typmod();
        Expr inner = rest.isEmpty() ? base : Subscripts.fetch(analysis, scope, base, subscripts);
        Expr newPart;
        if (rest.isEmpty()) {
            newPart = analysis.coercion.toTarget(scope, value, part, partTypmod, Coercion.Context.ASSIGNMENT,
                    CoercionForm.IMPLICIT_CAST, -1);
            if (newPart == null) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "subscripted assignment to \"" + name
                        + "\" requires type " + analysis.formatType(part) + " but expression is of type "
                        + analysis.formatType(value.type()), position)
                        .withHint("You will need to rewrite or cast the expression.");
            }
        } else {
            newPart = assignPart(scope, inner, name, part, partTypmod, rest, value, position);
        }
        Expr result = Subscripts.build(analysis, scope, base, subscripts, newPart);
        return result.type().oid() == type ? result : analysis.coercion.toTargetOrFail(scope, result, type, typmod,
                Coercion.Context.ASSIGNMENT, CoercionForm.IMPLICIT_CAST, position);
    }

    private Expr assignField(Scope scope, Expr base, String name, int type, Expression.Accessor.Field field,
                             List<Expression.Accessor> accessors, Expr value, int position) {
        int baseType = analysis.types.base(type);
        if (!analysis.types.isComplex(baseType)) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "cannot assign to field \"" + field.name()
                    + "\" of column \"" + name + "\" because its type " + analysis.formatType(type)
                    + " is not a composite type", position);
        }
        List<RangeColumn> columns = RowTypes.columnsOfType(analysis, baseType);
        for (int i = 0; i < columns.size(); i++) {
            RangeColumn c = columns.get(i);
            if (!c.dropped() && c.name().equals(field.name())) {
                Expr current = new Expr.FieldSelect(base, i + 1, c.name(), c.type(), c.typmod(), c.collation(),
                        Origin.NONE);
                Expr part = assignPart(scope, current, field.name(), c.type().oid(), c.typmod(),
                        accessors.subList(1, accessors.size()), value, position);
                Expr store = new Expr.FieldStore(base, List.of(part), List.of(i + 1), analysis.pgType(baseType),
                        Origin.NONE);
                return baseType == type ? store : analysis.coercion.toDomain(store, 0, -1, type,
                        Coercion.Context.ASSIGNMENT, CoercionForm.IMPLICIT_CAST, position, false);
            }
        }
        throw analysis.error(SqlState.UNDEFINED_COLUMN, "cannot assign to field \"" + field.name()
                + "\" of column \"" + name + "\" because there is no such column in data type "
                + analysis.formatType(type), position);
    }
}
