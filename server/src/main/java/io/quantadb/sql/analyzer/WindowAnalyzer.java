package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Window;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.sql.typed.WindowClause;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** Window definitions, after all calls that refer to them are known. */
final class WindowAnalyzer {
    private final Analysis analysis;
    private final Scope scope;
    private final List<TargetEntry> targets;
    private final List<WindowClause> result = new ArrayList<>();

    WindowAnalyzer(Scope scope, List<TargetEntry> targets) {
        this.analysis = scope.analysis;
        this.scope = scope;
        this.targets = targets;
    }

    List<WindowClause> run() {
        for (int i = 0; i < scope.windows.size(); i++) {
            result.add(window(scope.windows.get(i), i + 1));
        }
        return result;
    }

    private WindowClause byName(String name) {
        return result.stream().filter(w -> name.equals(w.name())).findFirst().orElse(null);
    }

    private WindowClause window(Window definition, int reference) {
        if (definition.name() != null && byName(definition.name()) != null) {
            throw analysis.error(SqlState.WINDOWING_ERROR, "window \"" + definition.name() + "\" is already defined",
                    definition.position());
        }
        WindowClause base = null;
        if (definition.base() != null) {
            base = byName(definition.base());
            if (base == null) {
                throw analysis.error(SqlState.UNDEFINED_OBJECT, "window \"" + definition.base()
                        + "\" does not exist", definition.position());
            }
        }
        List<SortGroupClause> order = analysis.clauses.sortClause(scope, targets, definition.orderBy(),
                ExprKind.WINDOW_ORDER, true);
        List<SortGroupClause> partition = new ArrayList<>();
        for (Expression expression : definition.partitionBy()) {
            int index = analysis.clauses.findSql99(scope, expression, targets, ExprKind.WINDOW_PARTITION);
            analysis.clauses.addGroupKey(scope, targets, index, partition, order, Locations.of(expression));
        }
        boolean copied = false;
        if (base != null) {
            if (!partition.isEmpty()) {
                throw override("PARTITION BY clause of", definition);
            }
            partition = base.partitionBy();
            if (!order.isEmpty() && !base.orderBy().isEmpty()) {
                throw override("ORDER BY clause of", definition);
            }
            copied = order.isEmpty();
            order = order.isEmpty() ? base.orderBy() : order;
            if (base.frame().written()) {
                boolean bare = definition.orderBy().isEmpty() && definition.frame() == null;
                var error = analysis.error(SqlState.WINDOWING_ERROR, "cannot copy window \"" + definition.base()
                        + "\" because it has a frame clause", definition.position());
                throw bare ? error.withHint("Omit the parentheses in this OVER clause.") : error;
            }
        }
        return new WindowClause(definition.name(), definition.base(), partition, order,
                frame(definition.frame(), order, definition.position()), reference, copied);
    }

    private RuntimeException override(String what, Window definition) {
        return analysis.error(SqlState.WINDOWING_ERROR, "cannot override " + what + " window \"" + definition.base()
                + "\"", definition.position());
    }

    private WindowClause.Frame frame(Window.Frame frame, List<SortGroupClause> order, int position) {
        if (frame == null) {
            return WindowClause.Frame.DEFAULT;
        }
        WindowClause.Unit unit = WindowClause.Unit.valueOf(frame.unit().name());
        if (unit == WindowClause.Unit.GROUPS && order.isEmpty()) {
            throw analysis.error(SqlState.WINDOWING_ERROR, "GROUPS mode requires an ORDER BY clause",
                    position);
        }
        boolean offsets = frame.start().offset() != null || frame.end().offset() != null;
        Expr key = null;
        SortGroupClause sort = null;
        if (unit == WindowClause.Unit.RANGE && offsets) {
            if (order.size() != 1) {
                throw analysis.error(SqlState.WINDOWING_ERROR,
                        "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column",
                        position);
            }
            sort = order.getFirst();
            key = ClauseAnalyzer.byReference(targets, sort.targetRef()).expr();
        }
        FunctionRef[] inRange = new FunctionRef[2];
        Expr start = offset(unit, frame.start().offset(), key, sort, inRange, 0);
        Expr end = offset(unit, frame.end().offset(), key, sort, inRange, 1);
        return new WindowClause.Frame(true, frame.startOnly(), unit,
                WindowClause.Bound.valueOf(frame.start().kind().name()), start,
                WindowClause.Bound.valueOf(frame.end().kind().name()), end,
                WindowClause.Exclusion.valueOf(frame.exclusion().name()), inRange[0], inRange[1],
                key == null ? 0 : key.collation(), sort == null || !sort.descending(),
                sort != null && sort.nullsFirst());
    }

    private Expr offset(WindowClause.Unit unit, Expression expression, Expr key, SortGroupClause sort,
                        FunctionRef[] inRange, int slot) {
        if (expression == null) {
            return null;
        }
        ExprKind kind = switch (unit) {
            case ROWS -> ExprKind.WINDOW_FRAME_ROWS;
            case RANGE -> ExprKind.WINDOW_FRAME_RANGE;
            case GROUPS -> ExprKind.WINDOW_FRAME_GROUPS;
        };
        Expr value = analysis.expressions.analyze(scope, expression, kind);
        Expr result = unit == WindowClause.Unit.RANGE ? rangeOffset(value, key, sort, inRange, slot)
                : analysis.coercion.toSpecific(scope, value, Oids.INT8, unit.name());
        if (ExprFacts.usesLevel(result, 0)) {
            throw analysis.error(SqlState.INVALID_COLUMN_REFERENCE, "argument of " + unit
                    + " must not contain variables", Locations.of(result));
        }
        return result;
    }

    private Expr rangeOffset(Expr value, Expr key, SortGroupClause sort, FunctionRef[] inRange, int slot) {
        int keyType = key.type().oid();
        int family = 0;
        int inputType = 0;
        for (OperatorFamilyMember member : analysis.catalog.operatorMemberships(sort.ordering().oid())) {
            if (member.accessMethod() == CatalogIds.AM_BTREE) {
                family = member.familyOid();
                inputType = member.leftType();
            }
        }
        int given = value.type().oid() == Oids.UNKNOWN ? preferredOffset(inputType) : value.type().oid();
        int procedure = family == 0 ? 0 : analysis.catalog.familyProcedure(family, inputType, given, 3);
        int offsetType = given;
        if (procedure == 0 && family != 0) {
            for (int candidate : new int[] {Oids.INT8, Oids.INT4, Oids.INT2, Oids.FLOAT8, Oids.NUMERIC,
                    Oids.INTERVAL}) {
                int found = analysis.catalog.familyProcedure(family, inputType, candidate, 3);
                if (found != 0 && analysis.coercion.canCoerce(given, candidate, Coercion.Context.IMPLICIT)) {
                    procedure = found;
                    offsetType = candidate;
                    break;
                }
            }
        }
        if (procedure == 0) {
            boolean any = family != 0 && (analysis.catalog.familyProcedure(family, inputType, Oids.INTERVAL, 3) != 0
                    || analysis.catalog.familyProcedure(family, inputType, inputType, 3) != 0);
            throw any ? analysis.notSupported("RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
                    + analysis.formatType(keyType) + " and offset type " + analysis.formatType(given),
                    Locations.of(value)).withHint("Cast the offset value to an appropriate type.")
                    : analysis.notSupported("RANGE with offset PRECEDING/FOLLOWING is not supported for column type "
                            + analysis.formatType(keyType), Locations.of(value));
        }
        inRange[slot] = analysis.functionRef(procedure);
        return analysis.coercion.toTargetOrFail(scope, value, offsetType, -1, Coercion.Context.IMPLICIT,
                CoercionForm.IMPLICIT_CAST, -1);
    }

    private static int preferredOffset(int keyType) {
        return switch (keyType) {
            case Oids.DATE, Oids.TIME, Oids.TIMETZ, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.INTERVAL -> Oids.INTERVAL;
            default -> keyType;
        };
    }
}
