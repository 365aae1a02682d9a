package io.quantadb.sql.parser;

import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.Constraint.Attributes;
import io.quantadb.sql.ast.Constraint.ReferentialAction;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SequenceOption;
import io.quantadb.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/** Columns, constraints of columns, tables and domains, and sequence options. */
abstract class ConstraintParser extends DataParser {
    ConstraintParser(String sql) {
        super(sql);
    }

    /** {@code name type [clauses]}, or without the type in a typed table or partition. */
    final ColumnDefinition columnDefinition(boolean typed) {
        int start = token.start;
        String name = columnId();
        TypeName type = null;
        String compression = null;
        List<Option> fdwOptions = List.of();
        if (typed) {
            accept(Keyword.WITH, Keyword.OPTIONS);
        } else {
            type = typeName();
            if (accept(Keyword.COMPRESSION)) {
                compression = at(Keyword.DEFAULT) ? label() : columnId();
            }
            if (accept(Keyword.OPTIONS)) {
                fdwOptions = genericOptions();
            }
        }
        List<Constraint> constraints = new ArrayList<>(2);
        QualifiedName collation = columnQualifiers(constraints);
        return new ColumnDefinition(name, type, compression, collation, constraints, fdwOptions, start);
    }

    /** Constraints and COLLATE in any order, for columns and domains; returns the collation or null. */
    final QualifiedName columnQualifiers(List<Constraint> constraints) {
        QualifiedName collation = null;
        while (at(Token.KEYWORD)) {
            int start = token.start;
            if (accept(Keyword.COLLATE)) {
                if (collation != null) {
                    throw error("multiple COLLATE clauses not allowed", start);
                }
                collation = qualifiedName();
                continue;
            }
            String name = accept(Keyword.CONSTRAINT) ? columnId() : null;
            if (!at(Token.KEYWORD)) {
                throw syntaxError();
            }
            Constraint constraint = columnConstraint(name, start);
            if (constraint == null) {
                if (name != null) {
                    throw syntaxError();
                }
                misplacedAttribute();
                return collation;
            }
            constraints.add(constraint);
        }
        return collation;
    }

    /** A DEFERRABLE or the like that follows nothing it could belong to. */
    private void misplacedAttribute() {
        int start = token.start;
        if (at(Keyword.DEFERRABLE)) {
            throw error("misplaced DEFERRABLE clause", start);
        }
        if (at(Keyword.NOT, Keyword.DEFERRABLE)) {
            throw error("misplaced NOT DEFERRABLE clause", start);
        }
        if (at(Keyword.INITIALLY)) {
            String word = peekIs(Keyword.DEFERRED) ? "DEFERRED" : "IMMEDIATE";
            throw error("misplaced INITIALLY " + word + " clause", start);
        }
    }

    private Constraint columnConstraint(String name, int start) {
        switch (token.keyword) {
            case NOT -> {
                if (!peekIs(Keyword.NULL)) {
                    return null;
                }
                advance();
                advance();
                return new Constraint.NotNull(name, start);
            }
            case NULL -> {
                advance();
                return new Constraint.Nullable(name, start);
            }
            case DEFAULT -> {
                advance();
                int from = token.start;
                Expression value = restrictedExpression();
                return new Constraint.Default(name, value, textFrom(from), start);
            }
            case CHECK -> {
                return check(name, false, start);
            }
            case UNIQUE, PRIMARY -> {
                boolean primary = at(Keyword.PRIMARY);
                advance();
                if (primary) {
                    expect(Keyword.KEY);
                }
                boolean notDistinct = !primary && nullsNotDistinct();
                List<Option> options = withOptions();
                String tablespace = indexTablespace();
                return new Constraint.Unique(name, primary, List.of(), List.of(), notDistinct, options, tablespace,
                        null, attributes(false), start);
            }
            case REFERENCES -> {
                return references(name, List.of(), false, start);
            }
            case GENERATED -> {
                return generated(name, start);
            }
            default -> {
                return null;
            }
        }
    }

    /** {@code NULLS [NOT] DISTINCT}. */
    final boolean nullsNotDistinct() {
        if (!at(Keyword.NULLS)) {
            return false;
        }
        advance();
        boolean not = accept(Keyword.NOT);
        expect(Keyword.DISTINCT);
        return not;
    }

    private String indexTablespace() {
        if (at(Keyword.USING) && peekIs(Keyword.INDEX)) {
            advance();
            advance();
            expect(Keyword.TABLESPACE);
            return columnId();
        }
        return null;
    }

    private Constraint check(String name, boolean table, int start) {
        advance();
        expect('(');
        int from = token.start;
        Expression condition = expression();
        String text = textFrom(from);
        expect(')');
        boolean noInherit = accept(Keyword.NO, Keyword.INHERIT);
        Attributes attributes = table ? attributes(true) : Attributes.NONE;
        if (!noInherit && table) {
            noInherit = accept(Keyword.NO, Keyword.INHERIT);
        }
        if (attributes.deferrable()) {
            throw notSupported("CHECK constraints cannot be marked DEFERRABLE", start);
        }
        return new Constraint.Check(name, condition, text, noInherit, attributes, start);
    }

    final Constraint generated(String name, int start) {
        expect(Keyword.GENERATED);
        int whenStart = token.start;
        boolean always = accept(Keyword.ALWAYS);
        if (!always) {
            expect(Keyword.BY, Keyword.DEFAULT);
        }
        expect(Keyword.AS);
        if (accept(Keyword.IDENTITY)) {
            List<SequenceOption> options = at('(') ? parenthesizedSequenceOptions() : List.of();
            return new Constraint.Identity(name, always, options, start);
        }
        expect('(');
        int from = token.start;
        Expression value = expression();
        String text = textFrom(from);
        expect(')');
        expect(Keyword.STORED);
        if (!always) {
            throw error("for a generated column, GENERATED ALWAYS must be specified", whenStart);
        }
        return new Constraint.Generated(name, value, text, start);
    }

    private Constraint references(String name, List<Identifier> columns, boolean table, int start) {
        expect(Keyword.REFERENCES);
        QualifiedName target = qualifiedName();
        List<Identifier> referenced = optionalIdentifiers();
        Constraint.Match match = Constraint.Match.SIMPLE;
        if (accept(Keyword.MATCH)) {
            int matchStart = lastEnd - "MATCH".length();
            if (accept(Keyword.FULL)) {
                match = Constraint.Match.FULL;
            } else if (accept(Keyword.PARTIAL)) {
                throw notSupported("MATCH PARTIAL not yet implemented", matchStart);
            } else {
                expect(Keyword.SIMPLE);
            }
        }
        ReferentialAction onUpdate = ReferentialAction.NO_ACTION;
        ReferentialAction onDelete = ReferentialAction.NO_ACTION;
        boolean update = false;
        boolean delete = false;
        while (at(Keyword.ON)) {
            int at = token.start;
            advance();
            if (at(Keyword.UPDATE) && !update) {
                update = true;
                advance();
                onUpdate = referentialAction();
                if (!onUpdate.columns().isEmpty()) {
                    throw notSupported("a column list with " + onUpdate.kind().name().replace('_', ' ')
                            + " is only supported for ON DELETE actions", at);
                }
            } else if (at(Keyword.DELETE) && !delete) {
                delete = true;
                advance();
                onDelete = referentialAction();
            } else {
                throw syntaxError();
            }
        }
        return new Constraint.ForeignKey(name, columns, target, referenced, match, onUpdate, onDelete,
                attributes(table), start);
    }

    private ReferentialAction referentialAction() {
        if (accept(Keyword.NO)) {
            expect(Keyword.ACTION);
            return ReferentialAction.NO_ACTION;
        }
        if (accept(Keyword.RESTRICT)) {
            return new ReferentialAction(ReferentialAction.Kind.RESTRICT, List.of());
        }
        if (accept(Keyword.CASCADE)) {
            return new ReferentialAction(ReferentialAction.Kind.CASCADE, List.of());
        }
        expect(Keyword.SET);
        boolean setNull = accept(Keyword.NULL);
        if (!setNull) {
            expect(Keyword.DEFAULT);
        }
        return new ReferentialAction(setNull ? ReferentialAction.Kind.SET_NULL : ReferentialAction.Kind.SET_DEFAULT,
                optionalIdentifiers());
    }

    /**
     * DEFERRABLE and the like behind a constraint.
     *
     * @param table NOT VALID is allowed too
     */
    final Attributes attributes(boolean table) {
        Boolean deferrable = null;
        Boolean deferred = null;
        boolean notValid = false;
        while (at(Token.KEYWORD)) {
            int start = token.start;
            if (accept(Keyword.DEFERRABLE)) {
                if (deferrable != null) {
                    throw error("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed", start);
                }
                deferrable = true;
            } else if (at(Keyword.NOT, Keyword.DEFERRABLE)) {
                advance();
                advance();
                if (deferrable != null) {
                    throw error("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed", start);
                }
                deferrable = false;
            } else if (accept(Keyword.INITIALLY)) {
                if (deferred != null) {
                    throw error("multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed", start);
                }
                deferred = accept(Keyword.DEFERRED);
                if (!deferred) {
                    expect(Keyword.IMMEDIATE);
                }
            } else if (table && at(Keyword.NOT, Keyword.VALID)) {
                advance();
                advance();
                notValid = true;
            } else {
                break;
            }
            if (Boolean.FALSE.equals(deferrable) && Boolean.TRUE.equals(deferred)) {
                throw error("constraint declared INITIALLY DEFERRED must be DEFERRABLE", start);
            }
        }
        if (deferrable == null && deferred == null && !notValid) {
            return Attributes.NONE;
        }
        boolean initially = Boolean.TRUE.equals(deferred);
        return new Attributes(deferrable == null ? initially : deferrable, initially, notValid);
    }

    final boolean atTableConstraint() {
        if (!at(Token.KEYWORD)) {
            return false;
        }
        return switch (token.keyword) {
            case CONSTRAINT, CHECK, UNIQUE, PRIMARY, FOREIGN -> true;
            case EXCLUDE -> peekIs('(') || peekIs(Keyword.USING);
            default -> false;
        };
    }

    final Constraint tableConstraint() {
        int start = token.start;
        String name = accept(Keyword.CONSTRAINT) ? columnId() : null;
        if (!at(Token.KEYWORD)) {
            throw syntaxError();
        }
        switch (token.keyword) {
            case CHECK -> {
                return check(name, true, start);
            }
            case UNIQUE, PRIMARY -> {
                return uniqueTable(name, start);
            }
            case EXCLUDE -> {
                advance();
                return exclude(name, start);
            }
            case FOREIGN -> {
                advance();
                expect(Keyword.KEY);
                List<Identifier> columns = parenthesizedIdentifiers();
                return references(name, columns, true, start);
            }
            default -> throw syntaxError();
        }
    }

    private Constraint uniqueTable(String name, int start) {
        boolean primary = at(Keyword.PRIMARY);
        advance();
        if (primary) {
            expect(Keyword.KEY);
        }
        if (accept(Keyword.USING)) {
            expect(Keyword.INDEX);
            String index = columnId();
            return new Constraint.Unique(name, primary, List.of(), List.of(), false, List.of(), null, index,
                    attributes(false), start);
        }
        boolean notDistinct = !primary && nullsNotDistinct();
        List<Identifier> columns = parenthesizedIdentifiers();
        List<Identifier> including = accept(Keyword.INCLUDE) ? parenthesizedIdentifiers() : List.of();
        List<Option> options = withOptions();
        String tablespace = indexTablespace();
        return new Constraint.Unique(name, primary, columns, including, notDistinct, options, tablespace, null,
                attributes(false), start);
    }

    private Constraint exclude(String name, int start) {
        String method = accept(Keyword.USING) ? columnId() : null;
        expect('(');
        List<IndexElement> elements = new ArrayList<>();
        List<QualifiedName> operators = new ArrayList<>();
        do {
            elements.add(indexElement());
            expect(Keyword.WITH);
            int at = token.start;
            operators.add(at(Keyword.OPERATOR) ? qualifiedOperator() : at(Token.IDENT) ? operatorName()
                    : QualifiedName.of(anyOperator(), at));
        } while (accept(','));
        expect(')');
        List<Identifier> including = accept(Keyword.INCLUDE) ? parenthesizedIdentifiers() : List.of();
        List<Option> options = withOptions();
        String tablespace = indexTablespace();
        Expression where = null;
        String text = null;
        if (accept(Keyword.WHERE)) {
            expect('(');
            int from = token.start;
            where = expression();
            text = textFrom(from);
            expect(')');
        }
        return new Constraint.Exclude(name, method, elements, operators, including, options, tablespace, where, text,
                attributes(false), start);
    }

    // ---- sequences

    final List<SequenceOption> parenthesizedSequenceOptions() {
        expect('(');
        List<SequenceOption> options = sequenceOptions();
        if (options.isEmpty()) {
            throw syntaxError();
        }
        expect(')');
        return options;
    }

    final List<SequenceOption> sequenceOptions() {
        List<SequenceOption> options = new ArrayList<>();
        SequenceOption option = sequenceOption();
        while (option != null) {
            options.add(option);
            option = sequenceOption();
        }
        return options;
    }

    /** The next option, or null if none follows. */
    final SequenceOption sequenceOption() {
        int start = token.start;
        if (!at(Token.KEYWORD)) {
            return null;
        }
        switch (token.keyword) {
            case AS -> {
                advance();
                return new SequenceOption.As(simpleTypeName(), start);
            }
            case INCREMENT -> {
                advance();
                accept(Keyword.BY);
                return new SequenceOption.Number(SequenceOption.Kind.INCREMENT, signedNumber(), start);
            }
            case MINVALUE, MAXVALUE, CACHE -> {
                SequenceOption.Kind kind = SequenceOption.Kind.valueOf(token.keyword.name());
                advance();
                return new SequenceOption.Number(kind, signedNumber(), start);
            }
            case START -> {
                advance();
                accept(Keyword.WITH);
                return new SequenceOption.Number(SequenceOption.Kind.START, signedNumber(), start);
            }
            case RESTART -> {
                advance();
                boolean with = accept(Keyword.WITH);
                return new SequenceOption.Number(SequenceOption.Kind.RESTART,
                        with || atNumber() ? signedNumber() : null, start);
            }
            case CYCLE -> {
                advance();
                return new SequenceOption.Cycle(true, start);
            }
            case NO -> {
                return noSequenceOption(start);
            }
            case OWNED -> {
                advance();
                expect(Keyword.BY);
                return ownedBy(start);
            }
            case SEQUENCE -> {
                advance();
                expect(Keyword.NAME);
                return new SequenceOption.SequenceName(qualifiedName(), start);
            }
            default -> {
                return null;
            }
        }
    }

    private SequenceOption noSequenceOption(int start) {
        advance();
        if (accept(Keyword.CYCLE)) {
            return new SequenceOption.Cycle(false, start);
        }
        if (accept(Keyword.MINVALUE)) {
            return new SequenceOption.Number(SequenceOption.Kind.MINVALUE, null, start);
        }
        expect(Keyword.MAXVALUE);
        return new SequenceOption.Number(SequenceOption.Kind.MAXVALUE, null, start);
    }

    private SequenceOption ownedBy(int start) {
        List<Identifier> parts = dottedIdentifiers();
        int n = parts.size();
        String column = parts.get(n - 1).name();
        if (n == 1) {
            return new SequenceOption.OwnedBy(null, column.equals("none") ? null : column, start);
        }
        return new SequenceOption.OwnedBy(tableOf(parts), column, start);
    }

    /** The table of {@code [[catalog.]schema.]table.column}, given at least two parts. */
    final QualifiedName tableOf(List<Identifier> parts) {
        int n = parts.size();
        if (n > 4) {
            throw error("improper qualified name (too many dotted names)", parts.getFirst().position());
        }
        return new QualifiedName(n == 4 ? parts.get(0).name() : null, n >= 3 ? parts.get(n - 3).name() : null,
                parts.get(n - 2).name(), parts.getFirst().position());
    }
}
