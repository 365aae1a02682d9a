package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.IntervalFields;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Role;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Names, qualified names, roles and types. */
abstract class NameParser extends TokenStream {
    private static final QualifiedName BOOL = QualifiedName.system("bool");
    private static final QualifiedName INT2 = QualifiedName.system("int2");
    private static final QualifiedName INT4 = QualifiedName.system("int4");
    private static final QualifiedName INT8 = QualifiedName.system("int8");
    private static final QualifiedName FLOAT4 = QualifiedName.system("float4");
    private static final QualifiedName FLOAT8 = QualifiedName.system("float8");
    private static final QualifiedName NUMERIC = QualifiedName.system("numeric");
    private static final QualifiedName BIT = QualifiedName.system("bit");
    private static final QualifiedName VARBIT = QualifiedName.system("varbit");
    private static final QualifiedName BPCHAR = QualifiedName.system("bpchar");
    private static final QualifiedName VARCHAR = QualifiedName.system("varchar");
    private static final QualifiedName TIMESTAMP = QualifiedName.system("timestamp");
    private static final QualifiedName TIMESTAMPTZ = QualifiedName.system("timestamptz");
    private static final QualifiedName TIME = QualifiedName.system("time");
    private static final QualifiedName TIMETZ = QualifiedName.system("timetz");
    static final QualifiedName INTERVAL = QualifiedName.system("interval");
    private static final List<Integer> ONE_DIMENSION = List.of(-1);
    private static final int FLOAT4_BITS_MAX = 24;
    private static final int FLOAT8_BITS_MAX = 53;

    NameParser(String sql) {
        super(sql);
    }

    abstract Expression expression();

    /** Function arguments without the parentheses, as modifiers of a type. */
    abstract List<Expression> expressionList();

    // ---- names

    static boolean isColumnId(Token t) {
        return t.type == Token.IDENT || t.type == Token.KEYWORD && t.keyword.isColumnId();
    }

    static boolean isTypeOrFunctionName(Token t) {
        return t.type == Token.IDENT || t.type == Token.KEYWORD && t.keyword.isTypeOrFunctionName();
    }

    static boolean isLabel(Token t) {
        return t.type == Token.IDENT || t.type == Token.KEYWORD;
    }

    final boolean atColumnId() {
        return isColumnId(token);
    }

    /** A name of a column, table, schema ...: any word but reserved ones and function names. */
    final String columnId() {
        if (!isColumnId(token)) {
            throw syntaxError();
        }
        return take();
    }

    /** Any word at all. */
    final String label() {
        if (!isLabel(token)) {
            throw syntaxError();
        }
        return take();
    }

    final String typeOrFunctionName() {
        if (!isTypeOrFunctionName(token)) {
            throw syntaxError();
        }
        return take();
    }

    /** A word that is no reserved keyword (PostgreSQL's NonReservedWord). */
    final String nonReservedWord() {
        if (token.type != Token.IDENT
                && (token.type != Token.KEYWORD || token.keyword.category() == Keyword.Category.RESERVED)) {
            throw syntaxError();
        }
        return take();
    }

    final String nonReservedWordOrString() {
        return token.type == Token.STRING ? string() : nonReservedWord();
    }

    private String take() {
        String text = token.text;
        advance();
        return text;
    }

    final Identifier identifier() {
        int start = token.start;
        return new Identifier(columnId(), start);
    }

    final List<Identifier> identifiers() {
        List<Identifier> names = new ArrayList<>();
        do {
            names.add(identifier());
        } while (accept(','));
        return names;
    }

    /** {@code (a, b)}; an empty list without the parentheses. */
    final List<Identifier> optionalIdentifiers() {
        return at('(') ? parenthesizedIdentifiers() : List.of();
    }

    final List<Identifier> parenthesizedIdentifiers() {
        expect('(');
        List<Identifier> names = identifiers();
        expect(')');
        return names;
    }

    /** A table's or other object's name with up to two qualifiers. */
    final QualifiedName qualifiedName() {
        int start = token.start;
        return qualified(columnId(), start);
    }

    /** Continues a name after its first part. */
    final QualifiedName qualified(String first, int start) {
        if (!at('.')) {
            return new QualifiedName(null, null, first, start);
        }
        advance();
        String second = label();
        if (!at('.')) {
            return new QualifiedName(null, first, second, start);
        }
        advance();
        String third = label();
        if (at('.')) {
            StringBuilder whole = new StringBuilder(first).append('.').append(second).append('.').append(third);
            while (accept('.')) {
                whole.append('.').append(label());
            }
            throw error("improper qualified name (too many dotted names): " + whole, start);
        }
        return new QualifiedName(first, second, third, start);
    }

    final List<QualifiedName> qualifiedNames() {
        List<QualifiedName> names = new ArrayList<>();
        do {
            names.add(qualifiedName());
        } while (accept(','));
        return names;
    }

    /** A function's name: unqualified it must not be a column-name keyword, qualified its first part may be. */
    final QualifiedName functionName() {
        int start = token.start;
        if (peekIs('.')) {
            return qualified(columnId(), start);
        }
        if (isColumnId(token) && !isTypeOrFunctionName(token)) {
            // Legal so far as the first part of a qualified name; what follows is not.
            throw syntaxError(peek(1));
        }
        return QualifiedName.of(typeOrFunctionName(), start);
    }

    /** A name made only of ColLabels separated by dots, at most three (for column paths); first is a ColId. */
    final List<Identifier> dottedIdentifiers() {
        List<Identifier> parts = new ArrayList<>();
        parts.add(identifier());
        while (accept('.')) {
            int start = token.start;
            parts.add(new Identifier(label(), start));
        }
        return parts;
    }

    // ---- roles

    final Role role() {
        int start = token.start;
        if (accept(Keyword.CURRENT_ROLE)) {
            return new Role(Role.Kind.CURRENT_ROLE, null, start);
        }
        if (accept(Keyword.CURRENT_USER)) {
            return new Role(Role.Kind.CURRENT_USER, null, start);
        }
        if (accept(Keyword.SESSION_USER)) {
            return new Role(Role.Kind.SESSION_USER, null, start);
        }
        String name = nonReservedWord();
        if (name.equals("public")) {
            return new Role(Role.Kind.PUBLIC, null, start);
        }
        if (name.equals("none")) {
            throw new SqlException(SqlState.RESERVED_NAME,
                    "role name \"none\" is reserved").atOffset(sql, start);
        }
        return new Role(Role.Kind.NAMED, name, start);
    }

    final List<Role> roles() {
        List<Role> roles = new ArrayList<>();
        do {
            roles.add(role());
        } while (accept(','));
        return roles;
    }

    /** A role that must have a name of its own (PostgreSQL's RoleId). */
    final String roleId() {
        int start = token.start;
        Role role = role();
        return switch (role.kind()) {
            case NAMED -> role.name();
            case PUBLIC -> throw reservedRole("role name \"public\" is reserved", start);
            case SESSION_USER -> throw reservedRole("SESSION_USER cannot be used as a role name here", start);
            case CURRENT_USER -> throw reservedRole("CURRENT_USER cannot be used as a role name here", start);
            case CURRENT_ROLE -> throw reservedRole("CURRENT_ROLE cannot be used as a role name here", start);
        };
    }

    private SqlException reservedRole(String message, int start) {
        return new SqlException(SqlState.RESERVED_NAME, message)
                .atOffset(sql, start);
    }

    // ---- types

    /** A type with SETOF and array bounds allowed. */
    final TypeName typeName() {
        int start = token.start;
        boolean setOf = accept(Keyword.SETOF);
        TypeName simple = simpleTypeName();
        List<Integer> bounds = List.of();
        if (at('[') || at(Keyword.ARRAY)) {
            bounds = arrayBounds();
        }
        if (!setOf && bounds.isEmpty()) {
            return simple;
        }
        return new TypeName(simple.name(), simple.columnOfType(), setOf, simple.modifiers(), bounds, start);
    }

    private List<Integer> arrayBounds() {
        if (accept(Keyword.ARRAY)) {
            if (!accept('[')) {
                return ONE_DIMENSION;
            }
            int size = integer();
            expect(']');
            return List.of(size);
        }
        List<Integer> bounds = new ArrayList<>();
        while (accept('[')) {
            bounds.add(at(']') ? -1 : integer());
            expect(']');
        }
        return bounds;
    }

    /** A type without SETOF and array bounds. */
    final TypeName simpleTypeName() {
        if (at(Token.KEYWORD)) {
            TypeName builtin = builtinType(false);
            if (builtin != null) {
                return builtin;
            }
        }
        int start = token.start;
        if (!isTypeOrFunctionName(token) && !(peekIs('.') && isColumnId(token))) {
            throw syntaxError();
        }
        QualifiedName name;
        String first = take();
        if (!at('.')) {
            name = new QualifiedName(null, null, first, start);
        } else {
            name = typeReference(first, start);
            if (at('%') && peekIs(Keyword.TYPE)) {
                advance();
                advance();
                return percentType(name, start);
            }
        }
        return new TypeName(name, null, false, modifiers(), List.of(), start);
    }

    /** Like {@link #qualified} but with one part more for {@code %TYPE}. */
    private QualifiedName typeReference(String first, int start) {
        List<String> parts = new ArrayList<>();
        parts.add(first);
        while (accept('.')) {
            parts.add(label());
        }
        int n = parts.size();
        if (n == 4 && at('%') && peekIs(Keyword.TYPE)) {
            advance();
            advance();
            throw notSupported("cross-database references are not implemented: " + String.join(".", parts), start);
        }
        if (n > 3) {
            throw error("improper qualified name (too many dotted names): " + String.join(".", parts), start);
        }
        return new QualifiedName(n == 3 ? parts.get(0) : null, parts.get(n - 2), parts.get(n - 1), start);
    }

    /** Turns the path {@code schema.table.column} into table and column. */
    private static TypeName percentType(QualifiedName path, int start) {
        QualifiedName table = new QualifiedName(null, path.catalog(), path.schema(), start);
        return new TypeName(table, path.name(), false, List.of(), List.of(), start);
    }

    private List<Expression> modifiers() {
        if (!at('(')) {
            return List.of();
        }
        advance();
        List<Expression> list = expressionList();
        expect(')');
        return list;
    }

    private TypeName type(QualifiedName name, List<Expression> modifiers, int start) {
        return new TypeName(name, null, false, modifiers, List.of(), start);
    }

    private static Expression number(int value) {
        return new Expression.NumberLiteral(Integer.toString(value), true, -1);
    }

    /**
     * A type with a spelling of its own in the grammar, or null if the current keyword starts none.
     *
     * @param literal for {@code type 'value'}: then character types without a length get none, and an interval's
     * fields come
     *                after the string
     */
    final TypeName builtinType(boolean literal) {
        int start = token.start;
        switch (token.keyword) {
            case INT, INTEGER -> {
                advance();
                return type(INT4, List.of(), start);
            }
            case SMALLINT -> {
                advance();
                return type(INT2, List.of(), start);
            }
            case BIGINT -> {
                advance();
                return type(INT8, List.of(), start);
            }
            case REAL -> {
                advance();
                return type(FLOAT4, List.of(), start);
            }
            case FLOAT -> {
                advance();
                return floatType(start);
            }
            case DOUBLE -> {
                if (!peekIs(Keyword.PRECISION)) {
                    return null;
                }
                advance();
                advance();
                return type(FLOAT8, List.of(), start);
            }
            case DECIMAL, DEC, NUMERIC -> {
                advance();
                return type(NUMERIC, modifiers(), start);
            }
            case BOOLEAN -> {
                advance();
                return type(BOOL, List.of(), start);
            }
            case BIT -> {
                advance();
                return bitType(literal, start);
            }
            case CHARACTER, CHAR, NCHAR, VARCHAR, NATIONAL -> {
                return characterType(literal, start);
            }
            case TIMESTAMP, TIME -> {
                return timeType(start);
            }
            case INTERVAL -> {
                advance();
                return intervalType(literal, start);
            }
            default -> {
                return null;
            }
        }
    }

    private TypeName floatType(int start) {
        if (!accept('(')) {
            return type(FLOAT8, List.of(), start);
        }
        int at = token.start;
        int bits = integer();
        expect(')');
        if (bits < 1) {
            throw invalidParameter("precision for type float must be at least 1 bit", at);
        }
        if (bits > FLOAT8_BITS_MAX) {
            throw invalidParameter("precision for type float must be less than 54 bits", at);
        }
        return type(bits <= FLOAT4_BITS_MAX ? FLOAT4 : FLOAT8, List.of(), start);
    }

    private SqlException invalidParameter(String message, int offset) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message)
                .atOffset(sql, offset);
    }

    private TypeName bitType(boolean literal, int start) {
        boolean varying = accept(Keyword.VARYING);
        List<Expression> modifiers = modifiers();
        if (modifiers.isEmpty() && !varying && !literal) {
            modifiers = List.of(number(1));
        }
        return type(varying ? VARBIT : BIT, modifiers, start);
    }

    private TypeName characterType(boolean literal, int start) {
        boolean varying = at(Keyword.VARCHAR);
        if (accept(Keyword.NATIONAL)) {
            if (!at(Keyword.CHARACTER) && !at(Keyword.CHAR)) {
                throw syntaxError();
            }
        }
        advance();
        if (!varying) {
            varying = accept(Keyword.VARYING);
        }
        List<Expression> modifiers = List.of();
        if (accept('(')) {
            int at = token.start;
            modifiers = List.of(new Expression.NumberLiteral(Integer.toString(integer()), true, at));
            expect(')');
        } else if (!varying && !literal) {
            modifiers = List.of(number(1));
        }
        return type(varying ? VARCHAR : BPCHAR, modifiers, start);
    }

    private TypeName timeType(int start) {
        boolean stamp = at(Keyword.TIMESTAMP);
        advance();
        List<Expression> modifiers = List.of();
        if (accept('(')) {
            int at = token.start;
            modifiers = List.of(new Expression.NumberLiteral(Integer.toString(integer()), true, at));
            expect(')');
        }
        boolean zone = false;
        if ((at(Keyword.WITH) || at(Keyword.WITHOUT)) && peekIs(Keyword.TIME)) {
            zone = at(Keyword.WITH);
            advance();
            advance();
            expect(Keyword.ZONE);
        }
        return type(stamp ? zone ? TIMESTAMPTZ : TIMESTAMP : zone ? TIMETZ : TIME, modifiers, start);
    }

    private TypeName intervalType(boolean literal, int start) {
        if (accept('(')) {
            int at = token.start;
            int precision = integer();
            expect(')');
            return type(INTERVAL, List.of(number(IntervalFields.FULL_RANGE),
                    new Expression.NumberLiteral(Integer.toString(precision), true, at)), start);
        }
        return type(INTERVAL, literal ? List.of() : intervalFields(), start);
    }

    /** {@code DAY TO SECOND(3)} and the like as type modifiers; empty if none is written. */
    final List<Expression> intervalFields() {
        if (!at(Token.KEYWORD)) {
            return List.of();
        }
        switch (token.keyword) {
            case YEAR -> {
                advance();
                if (at(Keyword.TO) && peekIs(Keyword.MONTH)) {
                    advance();
                    advance();
                    return List.of(number(IntervalFields.YEAR | IntervalFields.MONTH));
                }
                return List.of(number(IntervalFields.YEAR));
            }
            case MONTH -> {
                advance();
                return List.of(number(IntervalFields.MONTH));
            }
            case DAY -> {
                advance();
                return fieldsTo(IntervalFields.DAY, IntervalFields.DAY);
            }
            case HOUR -> {
                advance();
                return fieldsTo(IntervalFields.HOUR, IntervalFields.HOUR);
            }
            case MINUTE -> {
                advance();
                return fieldsTo(IntervalFields.MINUTE, IntervalFields.MINUTE);
            }
            case SECOND -> {
                return seconds(IntervalFields.SECOND);
            }
            default -> {
                return List.of();
            }
        }
    }

    private List<Expression> fieldsTo(int first, int mask) {
        if (!accept(Keyword.TO)) {
            return List.of(number(mask));
        }
        if (first == IntervalFields.DAY && accept(Keyword.HOUR)) {
            return List.of(number(mask | IntervalFields.HOUR));
        }
        int withHour = first == IntervalFields.DAY ? mask | IntervalFields.HOUR : mask;
        if (first != IntervalFields.MINUTE && accept(Keyword.MINUTE)) {
            return List.of(number(withHour | IntervalFields.MINUTE));
        }
        if (at(Keyword.SECOND)) {
            return seconds(withHour | IntervalFields.MINUTE | IntervalFields.SECOND);
        }
        throw syntaxError();
    }

    private List<Expression> seconds(int mask) {
        expect(Keyword.SECOND);
        if (!accept('(')) {
            return List.of(number(mask));
        }
        int at = token.start;
        int precision = integer();
        expect(')');
        return List.of(number(mask), new Expression.NumberLiteral(Integer.toString(precision), true, at));
    }
}
