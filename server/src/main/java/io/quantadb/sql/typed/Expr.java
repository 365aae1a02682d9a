package io.quantadb.sql.typed;

import io.quantadb.types.PgType;
import java.util.List;
import java.util.Objects;

/**
 * A typed expression. Immutable; {@code equals} is structural and ignores {@link Origin}.
 *
 * <p>Optional children are null. Boolean results have the type {@code bool}; that type object is a component even
 * where it is always the same, so that no node needs a registry of types.
 */
public sealed interface Expr {
    PgType type();

    /** Type modifier of the result, -1 if none. */
    default int typmod() {
        return -1;
    }

    /** Oid of the result's collation (100: default), 0 if its type has none. */
    default int collation() {
        return 0;
    }

    Origin origin();

    /** Zero-based UTF-16 offset in the statement's text, -1 if unknown. */
    default int position() {
        return origin().position();
    }

    /** A constant; {@code value} is a datum of the module's README, null for NULL. */
    record Const(Object value, PgType type, int typmod, int collation, Origin origin) implements Expr {
        public boolean isNull() {
            return value == null;
        }

        /** Stricter than SQL equality: 1.0 and 1.00 are equal numbers but different constants. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Const that && type.equals(that.type) && typmod == that.typmod
                    && collation == that.collation && Objects.equals(value, that.value)
                    && Objects.toString(value).equals(Objects.toString(that.value));
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(value) * 31 + type.oid();
        }
    }

    /** {@code $number}, from 1; the type is inferred or given. */
    record Parameter(int number, PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** A value the executor passes into a correlated or lateral subplan; made by the planner only. */
    record ExecParameter(int id, PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /**
     * A column of a range table entry.
     *
     * @param rangeIndex from 1, in the range table of the query {@code levelsUp} levels out
     * @param attribute  from 1; 0 is the whole row; negative a system column (-1 ctid, -2 xmin, -3 cmin, -4 xmax,
     *                   -5 cmax, -6 tableoid)
     */
    record ColumnRef(int rangeIndex, int attribute, int levelsUp, PgType type, int typmod, int collation,
                     Origin origin) implements Expr {
    }

    /**
     * @param arguments      in the function's order, defaults filled in, converted to its types; where
     *                       {@code variadic} is false and the function is variadic over a typed array, the trailing
     *                       arguments have been gathered into one {@link ArrayExpr}
     * @param variadic       VARIADIC was written or the arguments were gathered (decides printing)
     * @param inputCollation what collation-aware functions use
     */
    record FunctionCall(FunctionRef function, List<Expr> arguments, boolean variadic, PgType type, int typmod,
                        int collation, int inputCollation, Origin origin) implements Expr {
        public boolean returnsSet() {
            return function.returnsSet();
        }
    }

    /** An operator with one (prefix) or two operands. */
    record OperatorCall(OperatorRef operator, List<Expr> arguments, PgType type, int collation, int inputCollation,
                        Origin origin) implements Expr {
        public Expr left() {
            return arguments.getFirst();
        }

        public Expr right() {
            return arguments.getLast();
        }
    }

    /** The three connectives. */
    enum BoolKind { AND, OR, NOT }

    /** AND and OR of two or more operands, NOT of one. */
    record BoolExpr(BoolKind kind, List<Expr> arguments, PgType type, Origin origin) implements Expr {
    }

    /** The modifier all expressions share, -1 if they differ or one is not of that type. */
    private static int commonTypmod(List<Expr> expressions, PgType type) {
        int common = expressions.getFirst().typmod();
        for (Expr expression : expressions) {
            if (expression.type().oid() != type.oid() || expression.typmod() != common) {
                return -1;
            }
        }
        return common;
    }

    /**
     * CASE.
     *
     * @param operand   null for a searched CASE; branch conditions of a simple one contain a {@link CaseTestValue}
     * @param otherwise never null: a NULL constant without ELSE
     */
    record CaseExpr(Expr operand, List<CaseBranch> branches, Expr otherwise, PgType type, int collation,
                    Origin origin) implements Expr {
        @Override
        public int typmod() {
            int common = otherwise.type().oid() == type.oid() ? otherwise.typmod() : -1;
            for (int i = 0; common >= 0 && i < branches.size(); i++) {
                Expr result = branches.get(i).result();
                common = result.type().oid() == type.oid() && result.typmod() == common ? common : -1;
            }
            return common;
        }
    }

    /** WHEN condition THEN result. */
    record CaseBranch(Expr condition, Expr result) {
    }

    /** The operand of the innermost enclosing simple CASE, or the element inside an {@link ArrayCoerce}. */
    record CaseTestValue(PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    record Coalesce(List<Expr> arguments, PgType type, int collation, Origin origin) implements Expr {
        @Override
        public int typmod() {
            return commonTypmod(arguments, type);
        }
    }

    /** GREATEST or LEAST. */
    record MinMax(boolean greatest, List<Expr> arguments, PgType type, int collation, int inputCollation,
                  Origin origin) implements Expr {
        @Override
        public int typmod() {
            return commonTypmod(arguments, type);
        }
    }

    /** NULLIF; the operator is the type's {@code =}. The result is {@code left} (unconverted) or NULL. */
    record NullIf(OperatorRef operator, Expr left, Expr right, PgType type, int collation, int inputCollation,
                  Origin origin) implements Expr {
    }

    /** IS [NOT] NULL; {@code rowForm}: the operand is a composite, all (no) fields of which must be null. */
    record IsNull(Expr operand, boolean negated, boolean rowForm, PgType type, Origin origin) implements Expr {
    }

    /** What {@link BooleanTest} asks. */
    enum BooleanTestKind { IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE, IS_UNKNOWN, IS_NOT_UNKNOWN }

    record BooleanTest(Expr operand, BooleanTestKind kind, PgType type, Origin origin) implements Expr {
    }

    /** IS DISTINCT FROM; the operator is the types' {@code =}. IS NOT DISTINCT FROM is a NOT around it. */
    record DistinctFrom(OperatorRef operator, Expr left, Expr right, PgType type, int inputCollation, Origin origin)
            implements Expr {
    }

    /** {@code scalar op ANY|ALL (array)}; also IN lists without variables ({@code useOr}) and NOT IN (ALL). */
    record ScalarArrayOp(OperatorRef operator, boolean useOr, Expr scalar, Expr array, PgType type,
                         int inputCollation, Origin origin) implements Expr {
    }

    /**
     * ARRAY[...].
     *
     * @param multidimensional elements are arrays of the same type as the result
     */
    record ArrayExpr(List<Expr> elements, PgType elementType, boolean multidimensional, PgType type, int typmod,
                     int collation, Origin origin) implements Expr {
    }

    /**
     * Element or slice of an array or jsonb, or the container with that part replaced.
     *
     * @param upper      one entry a subscript
     * @param lower      null for an element; for a slice as many entries as {@code upper}; an entry may be null
     *                   where a bound was left out, in {@code upper} too
     * @param assignment null to fetch, else the new value
     * @param elementType declared element type of the container
     */
    record Subscript(Expr container, List<Expr> upper, List<Expr> lower, Expr assignment, PgType elementType,
                     PgType type, int typmod, int collation, Origin origin) implements Expr {
        public boolean isSlice() {
            return lower != null;
        }
    }

    /** One field of a composite value; {@code field} from 1. */
    record FieldSelect(Expr operand, int field, String fieldName, PgType type, int typmod, int collation,
                       Origin origin) implements Expr {
    }

    /** The composite with fields {@code numbers} (from 1) replaced. */
    record FieldStore(Expr operand, List<Expr> values, List<Integer> numbers, PgType type, Origin origin)
            implements Expr {
    }

    /** ROW(...) of type record or a named composite; {@code names} has a name for each field. */
    record RowExpr(List<Expr> fields, List<String> names, PgType type, Origin origin) implements Expr {
    }

    /** Ordering comparisons of rows ({@code =} and {@code <>} become AND and OR of column comparisons). */
    enum RowCompareKind { LT, LE, EQ, GE, GT, NE }

    record RowCompare(RowCompareKind kind, List<OperatorRef> operators, List<Expr> left, List<Expr> right,
                      List<Integer> inputCollations, PgType type, Origin origin) implements Expr {
    }

    /** Another type for the same bits; nothing happens at run time. */
    record RelabelType(Expr operand, PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** Output function of the operand's type, then input function of this type. */
    record CoerceViaIo(Expr operand, PgType type, int collation, Origin origin) implements Expr {
    }

    /**
     * An array converted element by element.
     *
     * @param elementExpr the conversion of one element, which is a {@link CaseTestValue}
     */
    record ArrayCoerce(Expr operand, Expr elementExpr, PgType type, int typmod, int collation, Origin origin)
            implements Expr {
    }

    /** A whole-row value as another row type (a child table's row as its parent's). */
    record ConvertRowType(Expr operand, PgType type, Origin origin) implements Expr {
    }

    /** Checks a domain's constraints; the operand has the base type. */
    record CoerceToDomain(Expr operand, PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** VALUE in a domain's check expression. */
    record DomainValue(PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** Forms of {@link SubLink}. CTE and MULTIEXPR need none. */
    enum SubLinkKind { EXISTS, ALL, ANY, ROW_COMPARE, SCALAR, ARRAY, MULTI_ASSIGN }

    /**
     * A subquery in an expression.
     *
     * @param test      for ANY, ALL and ROW_COMPARE: the comparison, with the subquery's columns as
     *                  {@link SubLinkColumn}; null otherwise
     * @param operatorName the operator as written for ANY and ALL ({@code =} of IN is null)
     * @param subLinkId for MULTI_ASSIGN: number within the statement, from 1; its columns are {@link SubLinkColumn}s
     *                  in the target list; the link itself is a junk target
     */
    record SubLink(SubLinkKind kind, int subLinkId, Expr test, String operatorName, Query query, PgType type,
                   int typmod, int collation, Origin origin) implements Expr {
    }

    /**
     * A column of a sublink's result row.
     *
     * @param subLinkId 0: the sublink whose {@code test} this stands in; else the MULTI_ASSIGN sublink of that number
     * @param column    from 1
     */
    record SubLinkColumn(int subLinkId, int column, PgType type, int typmod, int collation, Origin origin)
            implements Expr {
    }

    /**
     * An aggregate.
     *
     * @param directArguments of ordered-set aggregates; empty otherwise
     * @param arguments       aggregated ones as a target list: ORDER BY and DISTINCT refer to their sort-group
     *                        references; junk entries only serve the order. For an ordered-set aggregate: the
     *                        WITHIN GROUP expressions
     * @param kind            {@code aggkind}: n normal, o ordered set, h hypothetical set
     * @param star            {@code count(*)}
     * @param filter          null if none
     * @param levelsUp        the query that evaluates it
     */
    record AggregateCall(FunctionRef function, List<Expr> directArguments, List<TargetEntry> arguments,
                         List<SortGroupClause> orderBy, List<SortGroupClause> distinct, Expr filter, boolean star,
                         boolean variadic, char kind, List<PgType> argumentTypes, int levelsUp, PgType type,
                         int collation, int inputCollation, Origin origin) implements Expr {
    }

    /**
     * GROUPING(...).
     *
     * @param references sort-group references of the arguments; empty until grouping was resolved
     */
    record GroupingCall(List<Expr> arguments, List<Integer> references, int levelsUp, PgType type, Origin origin)
            implements Expr {
    }

    /** @param windowReference number of the {@link WindowClause}, {@link WindowClause#reference} */
    record WindowCall(FunctionRef function, List<Expr> arguments, Expr filter, int windowReference, boolean star,
                      boolean aggregate, boolean variadic, PgType type, int collation, int inputCollation,
                      Origin origin) implements Expr {
    }

    /** CURRENT_DATE and its family. */
    enum SqlValueKind {
        CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP,
        CURRENT_ROLE, CURRENT_USER, USER, SESSION_USER, CURRENT_CATALOG, CURRENT_SCHEMA
    }

    /** @param typmod the precision, -1 if none */
    record SqlValueFunction(SqlValueKind kind, PgType type, int typmod, int collation, Origin origin)
            implements Expr {
    }

    record CollateExpr(Expr operand, PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** DEFAULT in VALUES or SET before it was replaced; never reaches the planner. */
    record SetToDefault(PgType type, int typmod, int collation, Origin origin) implements Expr {
    }

    /** WHERE CURRENT OF; {@code parameter} &gt; 0 if the cursor's name is a parameter. */
    record CurrentOf(int rangeIndex, String cursor, int parameter, PgType type, Origin origin) implements Expr {
    }

    /** The next value of an identity column's sequence. */
    record NextValue(int sequenceOid, PgType type, Origin origin) implements Expr {
    }

    /** {@code (a).b => v}: an argument by name, before it was moved to its place; never leaves the analyzer. */
    record NamedArgument(Expr operand, String name, Origin origin) implements Expr {
        @Override
        public PgType type() {
            return operand.type();
        }

        @Override
        public int typmod() {
            return operand.typmod();
        }

        @Override
        public int collation() {
            return operand.collation();
        }
    }
}
