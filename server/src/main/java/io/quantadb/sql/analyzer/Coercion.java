package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CastDescriptor;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/**
 * Type conversion: whether one type can become another in a context, the expression that does it, and the common type
 * of several.
 *
 * <p>Source: PostgreSQL documentation, chapter "Type Conversion", and {@code pg_cast}.
 */
final class Coercion {
    /** Strength of the wish to convert; a cast applies in its own context and in all stronger ones. */
    enum Context { IMPLICIT, ASSIGNMENT, PLPGSQL, EXPLICIT }

    private enum Path { NONE, RELABEL, FUNCTION, ARRAY, IO }

    private record Pathway(Path path, int function) {
        static final Pathway NONE = new Pathway(Path.NONE, 0);
        static final Pathway RELABEL = new Pathway(Path.RELABEL, 0);
        static final Pathway IO = new Pathway(Path.IO, 0);
    }

    private final Analysis analysis;
    private final TypeRules types;

    Coercion(Analysis analysis) {
        this.analysis = analysis;
        types = analysis.types;
    }

    boolean canCoerce(int from, int to, Context context) {
        return canCoerce(new int[] {from}, new int[] {to}, context);
    }

    boolean canCoerce(int[] from, int[] to, Context context) {
        boolean generic = false;
        for (int i = 0; i < from.length; i++) {
            int source = from[i];
            int target = to[i];
            if (source == target || target == Oids.ANY) {
                continue;
            }
            if (TypeRules.isPolymorphic(target)) {
                generic = true;
                continue;
            }
            if (source == Oids.UNKNOWN || pathway(target, source, context).path != Path.NONE
                    || source == Oids.RECORD && types.isComplex(target)
                    || target == Oids.RECORD && types.isComplex(source)
                    || target == Oids.RECORD_ARRAY && types.isComplexArray(source)
                    || types.inheritsFrom(source, target)) {
                continue;
            }
            return false;
        }
        return !generic || analysis.generics.fits(from, to);
    }

    /** Whether a function form {@code type(x)} may be read as a cast. */
    boolean isFunctionFormCast(int source, int target) {
        if (source == Oids.UNKNOWN) {
            return true;
        }
        return switch (pathway(target, source, Context.EXPLICIT).path) {
            case RELABEL -> true;
            case IO -> !(types.isRowType(source) && types.category(target) == 'S');
            case NONE, FUNCTION, ARRAY -> false;
        };
    }

    boolean isBinaryCoercible(int source, int target) {
        if (source == target || target == Oids.ANY || target == Oids.ANYELEMENT || target == Oids.ANYCOMPATIBLE) {
            return true;
        }
        int base = types.base(source);
        if (base == target || (target == Oids.ANYARRAY || target == Oids.ANYCOMPATIBLEARRAY)
                && types.element(base) != 0) {
            return true;
        }
        if ((target == Oids.ANYNONARRAY || target == Oids.ANYCOMPATIBLENONARRAY) && types.element(base) == 0
                || target == Oids.ANYENUM && types.isEnum(base)
                || (target == Oids.ANYRANGE || target == Oids.ANYCOMPATIBLERANGE) && types.isRange(base)
                || (target == Oids.ANYMULTIRANGE || target == Oids.ANYCOMPATIBLEMULTIRANGE)
                && types.isMultirange(base)
                || target == Oids.RECORD && types.isComplex(base)
                || target == Oids.RECORD_ARRAY && types.isComplexArray(base)) {
            return true;
        }
        CastDescriptor cast = analysis.catalog.cast(base, target);
        return cast != null && cast.isBinary() && cast.isImplicit();
    }

    private Pathway pathway(int targetType, int sourceType, Context context) {
        int source = types.base(sourceType);
        int target = types.base(targetType);
        if (source == target) {
            return Pathway.RELABEL;
        }
        CastDescriptor cast = analysis.catalog.cast(source, target);
        if (cast != null) {
            Context needed = switch (cast.context()) {
                case 'i' -> Context.IMPLICIT;
                case 'a' -> Context.ASSIGNMENT;
                default -> Context.EXPLICIT;
            };
            if (context.compareTo(needed) < 0) {
                return context == Context.PLPGSQL ? Pathway.IO : Pathway.NONE;
            }
            return switch (cast.method()) {
                case 'f' -> new Pathway(Path.FUNCTION, cast.functionOid());
                case 'i' -> Pathway.IO;
                default -> Pathway.RELABEL;
            };
        }
        if (target != Oids.OIDVECTOR && target != Oids.INT2VECTOR) {
            int targetElement = types.element(target);
            int sourceElement = types.element(source);
            if (targetElement != 0 && sourceElement != 0
                    && pathway(targetElement, sourceElement, context).path != Path.NONE) {
                return new Pathway(Path.ARRAY, 0);
            }
        }
        if (context.compareTo(Context.ASSIGNMENT) >= 0 && types.category(target) == 'S'
                || context == Context.EXPLICIT && types.category(source) == 'S' || context == Context.PLPGSQL) {
            return Pathway.IO;
        }
        return Pathway.NONE;
    }

    /** Converts, modifier included; null if there is no way. */
    Expr toTarget(Scope scope, Expr expr, int targetType, int targetTypmod, Context context, CoercionForm form,
                  int position) {
        if (!canCoerce(expr.type().oid(), targetType, context)) {
            return null;
        }
        Expr stripped = expr;
        while (stripped instanceof Expr.CollateExpr collate) {
            stripped = collate.operand();
        }
        Expr result = coerce(scope, stripped, targetType, targetTypmod, context, form, position);
        result = applyTypmod(result, targetType, targetTypmod, context, form, position,
                result != stripped && !(result instanceof Expr.Const));
        if (stripped != expr && types.collationOf(targetType) != 0) {
            result = new Expr.CollateExpr(result, result.type(), result.typmod(), expr.collation(), expr.origin());
        }
        return result;
    }

    /** As {@link #toTarget}, with the error an explicit or assignment cast reports. */
    Expr toTargetOrFail(Scope scope, Expr expr, int targetType, int targetTypmod, Context context, CoercionForm form,
                        int position) {
        Expr result = toTarget(scope, expr, targetType, targetTypmod, context, form, position);
        if (result == null) {
            throw analysis.error(SqlState.CANNOT_COERCE, "cannot cast type " + analysis.formatType(expr.type())
                    + " to " + analysis.formatType(targetType), position);
        }
        return result;
    }

    /** Converts to a type, not its modifier; the caller knows that it is possible. */
    Expr coerce(Scope scope, Expr expr, int targetType, int targetTypmod, Context context, CoercionForm form,
                int position) {
        int source = expr.type().oid();
        if (source == targetType) {
            return expr;
        }
        switch (targetType) {
            case Oids.ANY, Oids.ANYELEMENT, Oids.ANYNONARRAY, Oids.ANYCOMPATIBLE, Oids.ANYCOMPATIBLENONARRAY -> {
                return expr;
            }
            case Oids.ANYARRAY, Oids.ANYENUM, Oids.ANYRANGE, Oids.ANYMULTIRANGE, Oids.ANYCOMPATIBLEARRAY,
                    Oids.ANYCOMPATIBLERANGE, Oids.ANYCOMPATIBLEMULTIRANGE -> {
                if (source != Oids.UNKNOWN) {
                    int base = types.base(source);
                    return base == source ? expr : relabel(expr, base, -1, CoercionForm.IMPLICIT_CAST, position);
                }
            }
            default -> {
            }
        }
        if (source == Oids.UNKNOWN && expr instanceof Expr.Const constant) {
            return literal(constant, targetType, targetTypmod, context, form, position);
        }
        if (expr instanceof Expr.Parameter parameter) {
            Expr result = analysis.parameters.coerce(analysis, parameter, targetType, targetTypmod, position);
            if (result != null) {
                return result;
            }
        }
        if (expr instanceof Expr.CollateExpr collate) {
            Expr inner = coerce(scope, collate.operand(), targetType, targetTypmod, context, form, position);
            return types.collationOf(targetType) == 0 ? inner
                    : new Expr.CollateExpr(inner, inner.type(), inner.typmod(), collate.collation(),
                            collate.origin());
        }
        Pathway pathway = pathway(targetType, source, context);
        if (pathway.path == Path.RELABEL) {
            Expr result = toDomain(expr, 0, -1, targetType, context, form, position, false);
            return result != expr ? result : relabel(expr, targetType, -1, form, position);
        }
        if (pathway.path != Path.NONE) {
            TypeRules.Typed base = types.base(targetType, targetTypmod);
            Expr result = convert(expr, pathway, base.oid(), base.typmod(), context, form, position);
            return base.oid() == targetType ? result
                    : toDomain(result, base.oid(), base.typmod(), targetType, context, form, position, true);
        }
        if (source == Oids.RECORD && types.isComplex(targetType)) {
            return recordToComplex(scope, expr, targetType, context, form, position);
        }
        if (targetType == Oids.RECORD || targetType == Oids.RECORD_ARRAY) {
            return expr;
        }
        if (types.inheritsFrom(source, targetType)) {
            Expr result = new Expr.ConvertRowType(expr, analysis.pgType(types.base(targetType)),
                    Origin.at(position, form));
            return types.isDomain(targetType)
                    ? toDomain(result, 0, -1, targetType, context, form, position, true) : result;
        }
        throw analysis.error(SqlState.CANNOT_COERCE, "cannot cast type " + analysis.formatType(source) + " to "
                + analysis.formatType(targetType), position);
    }

    private Expr literal(Expr.Const constant, int targetType, int targetTypmod, Context context, CoercionForm form,
                         int position) {
        TypeRules.Typed base = types.base(targetType, targetTypmod);
        int inputTypmod = base.oid() == Oids.INTERVAL ? base.typmod() : -1;
        PgType type = analysis.pgType(base.oid());
        Object value = null;
        if (constant.value() != null) {
            try {
                if (type.isPseudo() && type.oid() != Oids.UNKNOWN && type.oid() != Oids.CSTRING
                        && type.oid() != Oids.RECORD && type.oid() != Oids.VOID) {
                    throw SqlException.notSupported("cannot accept a value of type " + type.name());
                }
                value = type.ops().fromText((String) constant.value(), inputTypmod, analysis.context.text());
            } catch (SqlException e) {
                throw analysis.locate(e, constant.position());
            }
        }
        Origin origin = Origin.at(constant.position(), form);
        Expr result = new Expr.Const(value, type, inputTypmod, types.collationOf(base.oid()), origin);
        return base.oid() == targetType ? result
                : toDomain(result, base.oid(), base.typmod(), targetType, context, form, position, false);
    }

    private Expr relabel(Expr expr, int type, int typmod, CoercionForm form, int position) {
        int collation = types.collationOf(type);
        if (collation != 0 && expr.collation() != 0) {
            collation = expr.collation();
        }
        Expr operand = expr;
        while (operand instanceof Expr.RelabelType inner && inner.origin().form() == CoercionForm.IMPLICIT_CAST) {
            operand = inner.operand();
        }
        return operand.type().oid() == type && operand.typmod() == typmod && operand.collation() == collation
                ? operand
                : new Expr.RelabelType(operand, analysis.pgType(type), typmod, collation, Origin.at(position, form));
    }

    Expr toDomain(Expr expr, int baseType, int baseTypmod, int domain, Context context, CoercionForm form,
                  int position, boolean hideInput) {
        int base = baseType;
        int typmod = baseTypmod;
        if (base == 0) {
            TypeRules.Typed typed = types.base(domain, typmod);
            base = typed.oid();
            typmod = typed.typmod();
        }
        if (base == domain) {
            return expr;
        }
        Expr operand = hideInput ? withForm(expr, CoercionForm.IMPLICIT_CAST) : expr;
        if (operand.type().oid() != base) {
            operand = relabel(operand, base, -1, CoercionForm.IMPLICIT_CAST, position);
        }
        operand = applyTypmod(operand, base, typmod, context, CoercionForm.IMPLICIT_CAST, position, false);
        int collation = types.collationOf(domain);
        return new Expr.CoerceToDomain(operand, analysis.pgType(domain), -1,
                collation != 0 && operand.collation() != 0 ? operand.collation() : collation,
                Origin.at(position, form));
    }

    /** The expression with another display form at its top. */
    static Expr withForm(Expr expr, CoercionForm form) {
        Origin origin = Origin.at(expr.position(), form);
        return switch (expr) {
            case Expr.FunctionCall e -> new Expr.FunctionCall(e.function(), e.arguments(), e.variadic(), e.type(),
                    e.typmod(), e.collation(), e.inputCollation(), origin);
            case Expr.RelabelType e -> new Expr.RelabelType(e.operand(), e.type(), e.typmod(), e.collation(), origin);
            case Expr.CoerceViaIo e -> new Expr.CoerceViaIo(e.operand(), e.type(), e.collation(), origin);
            case Expr.ArrayCoerce e -> new Expr.ArrayCoerce(e.operand(), e.elementExpr(), e.type(), e.typmod(),
                    e.collation(), origin);
            case Expr.CoerceToDomain e -> new Expr.CoerceToDomain(e.operand(), e.type(), e.typmod(), e.collation(),
                    origin);
            case Expr.RowExpr e -> new Expr.RowExpr(e.fields(), e.names(), e.type(), origin);
            case Expr.ConvertRowType e -> new Expr.ConvertRowType(e.operand(), e.type(), origin);
            default -> expr;
        };
    }

    Expr applyTypmod(Expr expr, int targetType, int targetTypmod, Context context, CoercionForm form, int position,
                     boolean hideInput) {
        if (targetTypmod == expr.typmod()) {
            return expr;
        }
        Expr operand = hideInput ? withForm(expr, CoercionForm.IMPLICIT_CAST) : expr;
        if (targetTypmod < 0) {
            if (operand instanceof Expr.CoerceToDomain || targetType != operand.type().oid()) {
                return operand;
            }
            return relabel(operand, targetType, targetTypmod, form, position);
        }
        int element = types.element(targetType);
        CastDescriptor cast = element != 0 && targetType != Oids.INT2VECTOR && targetType != Oids.OIDVECTOR
                ? analysis.catalog.cast(element, element) : analysis.catalog.cast(targetType, targetType);
        if (cast == null || cast.functionOid() == 0) {
            return operand;
        }
        Pathway pathway = element != 0 ? new Pathway(Path.ARRAY, cast.functionOid())
                : new Pathway(Path.FUNCTION, cast.functionOid());
        return convert(operand, pathway, targetType, targetTypmod, context, form, position);
    }

    private Expr convert(Expr expr, Pathway pathway, int targetType, int targetTypmod, Context context,
                         CoercionForm form, int position) {
        Origin origin = Origin.at(position, form);
        PgType type = analysis.pgType(targetType);
        int collation = types.collationOf(targetType);
        if (collation != 0 && expr.collation() != 0) {
            collation = expr.collation();
        }
        return switch (pathway.path) {
            case FUNCTION -> {
                FunctionDescriptor function = analysis.catalog.function(pathway.function);
                List<Expr> arguments = new ArrayList<>();
                Expr input = expr;
                if (function.argTypes()[0] != expr.type().oid() && types.isDomain(expr.type().oid())) {
                    input = relabel(expr, types.base(expr.type().oid()), -1, CoercionForm.IMPLICIT_CAST, -1);
                }
                arguments.add(input);
                if (function.argCount() >= 2) {
                    arguments.add(analysis.intConst(targetTypmod));
                }
                if (function.argCount() == 3) {
                    arguments.add(analysis.boolConst(context == Context.EXPLICIT));
                }
                yield new Expr.FunctionCall(Analysis.functionRef(function), arguments, false, type,
                        function.argCount() >= 2 ? targetTypmod : -1, collation, expr.collation(), origin);
            }
            case ARRAY -> {
                int sourceElement = types.baseElement(expr.type().oid());
                int targetElement = types.element(targetType);
                int sourceTypmod = types.base(expr.type().oid(), expr.typmod()).typmod();
                Expr test = new Expr.CaseTestValue(analysis.pgType(sourceElement), sourceTypmod,
                        types.collationOf(sourceElement), Origin.NONE);
                Expr element = toTargetOrFail(null, test, targetElement, targetTypmod, context,
                        CoercionForm.IMPLICIT_CAST, position);
                yield new Expr.ArrayCoerce(expr, element, type, element.typmod(), collation, origin);
            }
            case IO -> new Expr.CoerceViaIo(expr, type, collation, origin);
            case RELABEL, NONE -> throw new IllegalStateException("no conversion to build");
        };
    }

    private Expr recordToComplex(Scope scope, Expr expr, int targetType, Context context, CoercionForm form,
                                 int position) {
        int place = position >= 0 ? position : Locations.of(expr);
        List<Expr> fields;
        if (expr instanceof Expr.RowExpr row) {
            fields = row.fields();
        } else if (expr instanceof Expr.ColumnRef c && c.attribute() == 0 && scope != null) {
            RangeTableEntry entry = scope.entry(c.rangeIndex(), c.levelsUp());
            fields = new ArrayList<>();
            for (int i = 1; i <= entry.columns().size(); i++) {
                RangeColumn column = entry.columns().get(i - 1);
                fields.add(new Expr.ColumnRef(c.rangeIndex(), i, c.levelsUp(), column.type(), column.typmod(),
                        column.collation(), c.origin()));
            }
        } else {
            throw analysis.error(SqlState.CANNOT_COERCE, "cannot cast type record to "
                    + analysis.formatType(targetType), place);
        }
        int base = types.base(targetType);
        List<ColumnDescriptor> columns = fieldsOf(base);
        List<Expr> converted = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnDescriptor column = columns.get(i);
            if (i >= fields.size()) {
                throw recordMismatch(targetType, "Input has too few columns.", place);
            }
            Expr field = toTarget(scope, fields.get(i), column.type().oid(), column.typmod(), context,
                    CoercionForm.IMPLICIT_CAST, -1);
            if (field == null) {
                throw recordMismatch(targetType, "Cannot cast type " + analysis.formatType(fields.get(i).type())
                        + " to " + analysis.formatType(column.type()) + " in column " + (i + 1) + ".", place);
            }
            converted.add(field);
            names.add(column.name());
        }
        if (fields.size() > columns.size()) {
            throw recordMismatch(targetType, "Input has too many columns.", place);
        }
        Expr row = new Expr.RowExpr(converted, names, analysis.pgType(base), Origin.at(position, form));
        return base == targetType ? row : toDomain(row, base, -1, targetType, context, form, position, false);
    }

    private SqlException recordMismatch(int targetType, String detail, int position) {
        return analysis.error(SqlState.CANNOT_COERCE, "cannot cast type record to "
                + analysis.formatType(targetType), position).withDetail(detail);
    }

    /** Live columns of a composite type. */
    List<ColumnDescriptor> fieldsOf(int compositeType) {
        TypeDescriptor type = types.descriptor(compositeType);
        if (!type.fields().isEmpty()) {
            return type.fields();
        }
        RelationDescriptor relation = type.relationOid() == 0 ? null : analysis.catalog.relation(type.relationOid());
        return relation == null ? List.of() : relation.liveColumns();
    }

    /** A condition; {@code construct} is what messages call it, such as WHERE. */
    Expr toBoolean(Scope scope, Expr expr, String construct) {
        return toSpecific(scope, expr, Oids.BOOL, construct);
    }

    Expr toSpecific(Scope scope, Expr expr, int targetType, String construct) {
        Expr result = expr;
        if (expr.type().oid() != targetType) {
            result = toTarget(scope, expr, targetType, -1, Context.ASSIGNMENT, CoercionForm.IMPLICIT_CAST, -1);
            if (result == null) {
                throw analysis.error(SqlState.DATATYPE_MISMATCH, "argument of " + construct + " must be type "
                        + analysis.formatType(targetType) + ", not type " + analysis.formatType(expr.type()),
                        Locations.of(expr));
            }
        }
        if (ExprFacts.returnsSet(result)) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "argument of " + construct
                    + " must not return a set", Locations.of(expr));
        }
        return result;
    }

    /** The type all expressions can take; {@code construct} null: 0 instead of an error. */
    int commonType(List<Expr> exprs, String construct) {
        int[] all = new int[exprs.size()];
        int[] places = new int[exprs.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = exprs.get(i).type().oid();
            places[i] = construct == null ? -1 : Locations.of(exprs.get(i));
        }
        return commonType(all, places, construct);
    }

    int commonType(int[] all) {
        return commonType(all, null, null);
    }

    private int commonType(int[] all, int[] places, String construct) {
        int best = all[0];
        if (best != Oids.UNKNOWN) {
            boolean same = true;
            for (int type : all) {
                same &= type == best;
            }
            if (same) {
                return best;
            }
        }
        best = types.base(best);
        for (int i = 1; i < all.length; i++) {
            int next = types.base(all[i]);
            if (next == Oids.UNKNOWN || next == best) {
                continue;
            }
            if (best == Oids.UNKNOWN) {
                best = next;
            } else if (types.category(next) != types.category(best)) {
                if (construct == null) {
                    return 0;
                }
                throw analysis.error(SqlState.DATATYPE_MISMATCH, construct + " types " + analysis.formatType(best)
                        + " and " + analysis.formatType(next) + " cannot be matched", places[i]);
            } else if (!types.preferred(best) && canCoerce(best, next, Context.IMPLICIT)
                    && !canCoerce(next, best, Context.IMPLICIT)) {
                best = next;
            }
        }
        return best == Oids.UNKNOWN ? Oids.TEXT : best;
    }

    Expr toCommon(Scope scope, Expr expr, int targetType, String construct) {
        if (expr.type().oid() == targetType) {
            return expr;
        }
        if (!canCoerce(expr.type().oid(), targetType, Context.IMPLICIT)) {
            throw analysis.error(SqlState.CANNOT_COERCE, construct + " could not convert type "
                    + analysis.formatType(expr.type()) + " to " + analysis.formatType(targetType),
                    Locations.of(expr));
        }
        return coerce(scope, expr, targetType, -1, Context.IMPLICIT, CoercionForm.IMPLICIT_CAST, -1);
    }

    List<Expr> toCommon(Scope scope, List<Expr> exprs, int targetType, String construct) {
        List<Expr> result = new ArrayList<>(exprs.size());
        exprs.forEach(expr -> result.add(toCommon(scope, expr, targetType, construct)));
        return result;
    }

    /** Modifier all expressions share at that type, else -1. */
    static int commonTypmod(List<Expr> exprs, int type) {
        int typmod = exprs.getFirst().typmod();
        for (Expr expr : exprs) {
            if (expr.type().oid() != type || expr.typmod() != typmod) {
                return -1;
            }
        }
        return typmod;
    }

    /** Converts arguments to declared types after resolution. */
    List<Expr> arguments(Scope scope, List<Expr> arguments, int[] actual, int[] declared) {
        List<Expr> result = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            Expr argument = arguments.get(i);
            if (i < declared.length && actual[i] != declared[i]) {
                argument = argument instanceof Expr.NamedArgument named
                        ? new Expr.NamedArgument(argument(scope, named.operand(), declared[i]), named.name(),
                                named.origin())
                        : argument(scope, argument, declared[i]);
            }
            result.add(argument);
        }
        return result;
    }

    private Expr argument(Scope scope, Expr argument, int declared) {
        return coerce(scope, argument, declared, -1, Context.IMPLICIT, CoercionForm.IMPLICIT_CAST, -1);
    }
}
