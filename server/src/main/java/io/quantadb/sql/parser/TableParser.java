package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.IndexElement;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableElement;
import io.quantadb.sql.ast.TableElement.LikeOption;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TableStatement.CheckOption;
import io.quantadb.sql.ast.TableStatement.OnCommit;
import io.quantadb.sql.ast.TableStatement.PartitionBound;
import io.quantadb.sql.ast.TableStatement.PartitionBy;
import io.quantadb.sql.ast.TableStatement.PartitionOf;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** CREATE TABLE, INDEX, SEQUENCE, VIEW and MATERIALIZED VIEW. */
abstract class TableParser extends ConstraintParser {
    /** Inside EXPLAIN, where CREATE TABLE must be CREATE TABLE AS. */
    boolean tableAsOnly;

    TableParser(String sql) {
        super(sql);
    }

    /** At EXECUTE. */
    abstract Statement execute();

    final boolean ifNotExists() {
        if (accept(Keyword.IF)) {
            expect(Keyword.NOT, Keyword.EXISTS);
            return true;
        }
        return false;
    }

    final boolean ifExists() {
        return accept(Keyword.IF, Keyword.EXISTS);
    }

    // ---- CREATE TABLE

    /** After TABLE. */
    final Statement createTable(Persistence persistence, int start) {
        boolean ifNotExists = ifNotExists();
        QualifiedName name = qualifiedName();
        QualifiedName ofType = null;
        PartitionOf partitionOf = null;
        List<TableElement> elements = List.of();
        if (accept(Keyword.OF)) {
            ofType = qualifiedName();
            elements = at('(') ? tableElements(true) : List.of();
        } else if (accept(Keyword.PARTITION)) {
            expect(Keyword.OF);
            QualifiedName parent = qualifiedName();
            elements = at('(') ? tableElements(true) : List.of();
            partitionOf = new PartitionOf(parent, partitionBound());
        } else if (at('(')) {
            if (tableAsOnly || columnListOnly()) {
                return createTableAs(persistence, ifNotExists, name, parenthesizedIdentifiers(), start);
            }
            elements = tableElements(false);
        } else {
            return createTableAs(persistence, ifNotExists, name, List.of(), start);
        }
        List<QualifiedName> inherits = List.of();
        if (ofType == null && partitionOf == null && accept(Keyword.INHERITS)) {
            expect('(');
            inherits = qualifiedNames();
            expect(')');
        }
        PartitionBy partitionBy = at(Keyword.PARTITION) ? partitionBy() : null;
        String method = accept(Keyword.USING) ? columnId() : null;
        List<Option> options = tableOptions();
        OnCommit onCommit = onCommit();
        String tablespace = accept(Keyword.TABLESPACE) ? columnId() : null;
        return new TableStatement.CreateTable(persistence, ifNotExists, name, ofType, elements, inherits, partitionOf,
                partitionBy, method, options, onCommit, tablespace, start);
    }

    /** Whether {@code (a, b)} of CREATE TABLE AS follows rather than column definitions. */
    private boolean columnListOnly() {
        int separator = peek(2).type;
        return isColumnId(peek(1)) && (separator == ',' || separator == ')');
    }

    private List<Option> tableOptions() {
        if (accept(Keyword.WITHOUT)) {
            expect(Keyword.OIDS);
            return List.of();
        }
        return withOptions();
    }

    private OnCommit onCommit() {
        if (!accept(Keyword.ON)) {
            return OnCommit.NONE;
        }
        expect(Keyword.COMMIT);
        if (accept(Keyword.DROP)) {
            return OnCommit.DROP;
        }
        boolean delete = accept(Keyword.DELETE);
        if (!delete) {
            expect(Keyword.PRESERVE);
        }
        expect(Keyword.ROWS);
        return delete ? OnCommit.DELETE_ROWS : OnCommit.PRESERVE_ROWS;
    }

    private List<TableElement> tableElements(boolean typed) {
        expect('(');
        List<TableElement> elements = new ArrayList<>();
        if (!typed && accept(')')) {
            return elements;
        }
        do {
            elements.add(tableElement(typed));
        } while (accept(','));
        expect(')');
        return elements;
    }

    private TableElement tableElement(boolean typed) {
        if (at(Keyword.LIKE) && !typed) {
            return likeTable();
        }
        return atTableConstraint() ? tableConstraint() : columnDefinition(typed);
    }

    private TableElement likeTable() {
        int start = token.start;
        advance();
        QualifiedName table = qualifiedName();
        Set<LikeOption> including = EnumSet.noneOf(LikeOption.class);
        while (at(Keyword.INCLUDING) || at(Keyword.EXCLUDING)) {
            boolean include = at(Keyword.INCLUDING);
            advance();
            Set<LikeOption> options;
            if (accept(Keyword.ALL)) {
                options = EnumSet.allOf(LikeOption.class);
            } else if (at(Token.KEYWORD)) {
                options = EnumSet.of(likeOption());
            } else {
                throw syntaxError();
            }
            if (include) {
                including.addAll(options);
            } else {
                including.removeAll(options);
            }
        }
        return new TableElement.LikeTable(table, including, start);
    }

    private LikeOption likeOption() {
        LikeOption option = switch (token.keyword) {
            case COMMENTS -> LikeOption.COMMENTS;
            case COMPRESSION -> LikeOption.COMPRESSION;
            case CONSTRAINTS -> LikeOption.CONSTRAINTS;
            case DEFAULTS -> LikeOption.DEFAULTS;
            case GENERATED -> LikeOption.GENERATED;
            case IDENTITY -> LikeOption.IDENTITY;
            case INDEXES -> LikeOption.INDEXES;
            case STATISTICS -> LikeOption.STATISTICS;
            case STORAGE -> LikeOption.STORAGE;
            default -> throw syntaxError();
        };
        advance();
        return option;
    }

    private PartitionBy partitionBy() {
        int start = token.start;
        advance();
        expect(Keyword.BY);
        String strategy = columnId();
        return new PartitionBy(strategy, indexElements(), start);
    }

    /** {@code FOR VALUES ...} or DEFAULT. */
    final PartitionBound partitionBound() {
        int start = token.start;
        if (accept(Keyword.DEFAULT)) {
            return new PartitionBound.Default(start);
        }
        expect(Keyword.FOR, Keyword.VALUES);
        if (accept(Keyword.IN)) {
            return new PartitionBound.In(boundValues(), start);
        }
        if (accept(Keyword.FROM)) {
            List<Expression> from = boundValues();
            expect(Keyword.TO);
            return new PartitionBound.Range(from, boundValues(), start);
        }
        expect(Keyword.WITH);
        return hashBound(start);
    }

    private List<Expression> boundValues() {
        expect('(');
        List<Expression> values = expressionList();
        expect(')');
        return values;
    }

    private PartitionBound hashBound(int start) {
        expect('(');
        int modulus = -1;
        int remainder = -1;
        do {
            int at = token.start;
            String name = nonReservedWord();
            if (name.equals("modulus")) {
                if (modulus != -1) {
                    throw duplicate("modulus for hash partition provided more than once", at);
                }
                modulus = integer();
            } else if (name.equals("remainder")) {
                if (remainder != -1) {
                    throw duplicate("remainder for hash partition provided more than once", at);
                }
                remainder = integer();
            } else {
                throw error("unrecognized hash partition bound specification \"" + name + "\"", at);
            }
        } while (accept(','));
        expect(')');
        if (modulus == -1) {
            throw error("modulus for hash partition must be specified", -1);
        }
        if (remainder == -1) {
            throw error("remainder for hash partition must be specified", -1);
        }
        return new PartitionBound.Hash(modulus, remainder, start);
    }

    private SqlException duplicate(String message, int offset) {
        return new SqlException(SqlState.DUPLICATE_OBJECT, message)
                .atOffset(sql, offset);
    }

    private Statement createTableAs(Persistence persistence, boolean ifNotExists, QualifiedName name,
                                    List<Identifier> columns, int start) {
        String method = accept(Keyword.USING) ? columnId() : null;
        List<Option> options = tableOptions();
        OnCommit onCommit = onCommit();
        String tablespace = accept(Keyword.TABLESPACE) ? columnId() : null;
        expect(Keyword.AS);
        int from = token.start;
        Statement query = at(Keyword.EXECUTE) ? execute() : query();
        String text = textFrom(from);
        return new TableStatement.CreateTableAs(false, persistence, ifNotExists, name, columns, method, options,
                onCommit, tablespace, query, text, withData(), start);
    }

    private boolean withData() {
        if (!accept(Keyword.WITH)) {
            return true;
        }
        boolean no = accept(Keyword.NO);
        expect(Keyword.DATA);
        return !no;
    }

    // ---- views

    /** After MATERIALIZED VIEW. */
    final Statement createMaterializedView(Persistence persistence, int start) {
        boolean ifNotExists = ifNotExists();
        QualifiedName name = qualifiedName();
        List<Identifier> columns = optionalIdentifiers();
        String method = accept(Keyword.USING) ? columnId() : null;
        List<Option> options = withOptions();
        String tablespace = accept(Keyword.TABLESPACE) ? columnId() : null;
        expect(Keyword.AS);
        int from = token.start;
        Query query = query();
        String text = textFrom(from);
        return new TableStatement.CreateTableAs(true, persistence, ifNotExists, name, columns, method, options,
                OnCommit.NONE, tablespace, query, text, withData(), start);
    }

    final Statement refresh() {
        int start = token.start;
        advance();
        expect(Keyword.MATERIALIZED, Keyword.VIEW);
        boolean concurrently = accept(Keyword.CONCURRENTLY);
        QualifiedName name = qualifiedName();
        return new TableStatement.RefreshMaterializedView(name, concurrently, withData(), start);
    }

    /** After VIEW. */
    final Statement createView(Persistence persistence, boolean orReplace, boolean recursive, int start) {
        QualifiedName name = qualifiedName();
        List<Identifier> columns = recursive ? parenthesizedIdentifiers() : optionalIdentifiers();
        List<Option> options = withOptions();
        expect(Keyword.AS);
        int from = token.start;
        Query query = query();
        String text = textFrom(from);
        int checkStart = token.start;
        CheckOption check = CheckOption.NONE;
        if (accept(Keyword.WITH)) {
            check = accept(Keyword.LOCAL) ? CheckOption.LOCAL : CheckOption.CASCADED;
            if (check == CheckOption.CASCADED) {
                accept(Keyword.CASCADED);
            }
            expect(Keyword.CHECK, Keyword.OPTION);
        }
        if (recursive) {
            if (check != CheckOption.NONE) {
                throw notSupported("WITH CHECK OPTION not supported on recursive views", checkStart);
            }
            query = RecursiveView.expand(name, columns, query);
        }
        return new TableStatement.CreateView(persistence, orReplace, recursive, name, columns, options, query, text,
                check, start);
    }

    // ---- indexes and sequences

    /** After INDEX. */
    final Statement createIndex(boolean unique, int start) {
        boolean concurrently = accept(Keyword.CONCURRENTLY);
        boolean ifNotExists = ifNotExists();
        String name = at(Keyword.ON) && !ifNotExists ? null : columnId();
        expect(Keyword.ON);
        FromItem.TableRef table = relation();
        String method = accept(Keyword.USING) ? columnId() : null;
        List<IndexElement> elements = indexElements();
        List<Identifier> including = accept(Keyword.INCLUDE) ? parenthesizedIdentifiers() : List.of();
        boolean notDistinct = nullsNotDistinct();
        List<Option> options = withOptions();
        String tablespace = accept(Keyword.TABLESPACE) ? columnId() : null;
        Expression where = null;
        String text = null;
        if (accept(Keyword.WHERE)) {
            int from = token.start;
            where = expression();
            text = textFrom(from);
        }
        return new TableStatement.CreateIndex(unique, concurrently, ifNotExists, name, table, method, elements,
                including, notDistinct, options, tablespace, where, text, start);
    }

    /** After SEQUENCE. */
    final Statement createSequence(Persistence persistence, int start) {
        boolean ifNotExists = ifNotExists();
        QualifiedName name = qualifiedName();
        return new TableStatement.CreateSequence(persistence, ifNotExists, name, sequenceOptions(), start);
    }

    /** After STATISTICS. */
    final Statement createStatistics(int start) {
        boolean ifNotExists = ifNotExists();
        QualifiedName name = qualifiedName();
        List<Identifier> kinds = optionalIdentifiers();
        expect(Keyword.ON);
        List<IndexElement> elements = new ArrayList<>();
        do {
            elements.add(statisticsElement());
        } while (accept(','));
        expect(Keyword.FROM);
        return new TableStatement.CreateStatistics(ifNotExists, name, kinds, elements, fromList(), start);
    }

    private IndexElement statisticsElement() {
        IndexElement element = indexElement();
        boolean plain = element.collation() == null && element.opclass() == null;
        if (!plain) {
            throw syntaxError();
        }
        return element;
    }
}
