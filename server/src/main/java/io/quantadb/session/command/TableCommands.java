package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewConstraint;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.ColumnDefinition;
import io.quantadb.sql.ast.Constraint;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SequenceOption;
import io.quantadb.sql.ast.TableElement;
import io.quantadb.sql.ast.TableElement.LikeOption;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.sql.typed.Expr;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** CREATE TABLE: columns, defaults, constraints, LIKE. Confined to one command. */
final class TableCommands {
    private final CommandContext context;

    TableCommands(CommandContext context) {
        this.context = context;
    }

    /** A column as it will be created, with what follows once the table exists. */
    static final class ColumnSpec {
        final String name;
        final PgType type;
        final int typmod;
        final int collation;
        boolean notNull;
        boolean nullable;
        Constraint.Default defaultValue;
        /** A default taken over from another table. */
        String defaultText;
        Constraint.Generated generated;
        String generatedText;
        Constraint.Identity identity;
        boolean serial;
        final List<Constraint> constraints = new ArrayList<>();
        char compression;

        ColumnSpec(String name, PgType type, int typmod, int collation) {
            this.name = name;
            this.type = type;
            this.typmod = typmod;
            this.collation = collation;
        }

        NewColumn toNewColumn() {
            char identityKind = identity == null ? 0 : identity.always() ? 'a' : 'd';
            char generatedKind = generated != null || generatedText != null ? 's' : (char) 0;
            return new NewColumn(name, type, typmod, collation, notNull, null, identityKind, generatedKind, compression,
                    true, 0);
        }
    }

    // ---- CREATE TABLE

    String create(TableStatement.CreateTable create) {
        refuseUnsupported(create);
        boolean temporary = create.persistence() == Persistence.TEMPORARY;
        SchemaDescriptor schema = context.creationSchema(create.name(), temporary);
        temporary |= schema.oid() == context.state.temporarySchema;
        checkOnCommit(create.onCommit(), temporary);
        String name = create.name().name();
        if (context.catalog().relation(schema.name(), name) != null) {
            if (create.ifNotExists()) {
                context.notice(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
                return "CREATE TABLE";
            }
            throw CatalogErrors.relationExists(name);
        }
        List<ColumnSpec> columns = new ArrayList<>();
        List<Constraint> constraints = new ArrayList<>();
        List<Like> likes = new ArrayList<>();
        for (TableElement element : create.elements()) {
            switch (element) {
                case ColumnDefinition column -> columns.add(column(column, name));
                case Constraint constraint -> constraints.add(constraint);
                case TableElement.LikeTable like -> likes.add(like(like, columns));
            }
        }
        markPrimaryKey(columns, constraints, name);
        NewRelation relation = new NewRelation(schema.oid(), name, RelationKind.TABLE, context.roleOid(),
                temporary ? 't' : create.persistence() == Persistence.UNLOGGED ? 'u' : 'p', columns.stream().map(ColumnSpec::toNewColumn).toList(), List.of(), 0,
                StorageOptions.table(create.options()), null, 0);
        int oid = context.writer().relations().create(relation);
        context.createFiles(oid);
        DefaultPrivileges.apply(context, oid, relation.kind());
        rememberOnCommit(oid, create.onCommit());
        finish(oid, columns, constraints, likes);
        return "CREATE TABLE";
    }

    private static void refuseUnsupported(TableStatement.CreateTable create) {
        if (create.ofType() != null) {
            throw SqlException.notSupported("typed tables (CREATE TABLE ... OF) are not supported");
        }
        if (!create.inherits().isEmpty()) {
            throw SqlException.notSupported("table inheritance is not supported");
        }
        if (create.partitionOf() != null || create.partitionBy() != null) {
            throw SqlException.notSupported("partitioned tables are not supported");
        }
        checkPlace(create.accessMethod(), create.tablespace());
    }

    static void checkPlace(String accessMethod, String tablespace) {
        if (accessMethod != null && !accessMethod.equals("heap")) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + accessMethod + "\" does not exist");
        }
        if (tablespace != null && !tablespace.equals("pg_default")) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "tablespace \"" + tablespace + "\" does not exist");
        }
    }

    static void checkOnCommit(TableStatement.OnCommit onCommit, boolean temporary) {
        if (onCommit != null && onCommit != TableStatement.OnCommit.NONE && !temporary) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
        }
    }

    void rememberOnCommit(int oid, TableStatement.OnCommit onCommit) {
        if (onCommit == TableStatement.OnCommit.DROP || onCommit == TableStatement.OnCommit.DELETE_ROWS) {
            context.state.onCommit.put(oid, onCommit);
            context.transaction().onAbort(() -> context.state.onCommit.remove(oid));
        }
    }

    /** Everything that needs the table to exist: sequences, defaults, constraints, indexes. */
    private void finish(int oid, List<ColumnSpec> columns, List<Constraint> constraints, List<Like> likes) {
        for (int i = 0; i < columns.size(); i++) {
            finishColumn(oid, i + 1, columns.get(i));
        }
        List<Constraint> all = new ArrayList<>(constraints);
        ConstraintCommands commands = new ConstraintCommands(context);
        // PostgreSQL's order: indexes, then checks, then foreign keys.
        for (ColumnSpec column : columns) {
            column.constraints.stream().filter(c -> c instanceof Constraint.Unique)
                    .forEach(c -> commands.add(context.catalog().relation(oid), c, column.name, true));
        }
        all.stream().filter(c -> c instanceof Constraint.Unique)
                .forEach(c -> commands.add(context.catalog().relation(oid), c, null, true));
        for (Like like : likes) {
            finishLike(oid, like, commands);
        }
        for (ColumnSpec column : columns) {
            column.constraints.stream().filter(c -> c instanceof Constraint.Check)
                    .forEach(c -> commands.add(context.catalog().relation(oid), c, column.name, true));
        }
        all.stream().filter(c -> c instanceof Constraint.Check)
                .forEach(c -> commands.add(context.catalog().relation(oid), c, null, true));
        for (ColumnSpec column : columns) {
            column.constraints.stream().filter(c -> c instanceof Constraint.ForeignKey)
                    .forEach(c -> commands.add(context.catalog().relation(oid), c, column.name, true));
        }
        all.stream().filter(c -> !(c instanceof Constraint.Unique) && !(c instanceof Constraint.Check))
                .forEach(c -> commands.add(context.catalog().relation(oid), c, null, true));
    }

    /** Sequence, default or generation expression of a column that exists already. */
    void finishColumn(int tableOid, int attnum, ColumnSpec column) {
        RelationDescriptor table = context.catalog().relation(tableOid);
        Expressions expressions = new Expressions(context);
        if (column.serial) {
            int sequence = createOwnedSequence(table, attnum, column, List.of(), false);
            context.writer().relations().setDefault(tableOid, attnum, nextval(context, sequence));
        } else if (column.identity != null) {
            createOwnedSequence(table, attnum, column, column.identity.options(), true);
        } else if (column.generated != null) {
            Expr expr = generated(expressions, column.generated, table, attnum);
            context.writer().relations().setDefault(tableOid, attnum,
                    StoredText.expression(context, expr, column.generated.text(), table));
        } else if (column.generatedText != null) {
            Expr expr = expressions.stored(column.generatedText, table, ExprKind.GENERATED_COLUMN, column.type, column.typmod);
            context.writer().relations().setDefault(tableOid, attnum, StoredText.expression(context, expr, column.generatedText, table));
        } else if (column.defaultValue != null) {
            setDefault(table, attnum, column.defaultValue.value(), column.defaultValue.text());
        } else if (column.defaultText != null) {
            Expr expr = expressions.stored(column.defaultText, null, ExprKind.COLUMN_DEFAULT, column.type, column.typmod);
            context.writer().relations().setDefault(tableOid, attnum, StoredText.expression(context, expr, column.defaultText, null));
        }
    }

    private Expr generated(Expressions expressions, Constraint.Generated generated, RelationDescriptor table, int attnum) {
        ColumnDescriptor column = table.column(attnum);
        Expr expr = expressions.analyze(generated.value(), table, ExprKind.GENERATED_COLUMN, column.type(), column.typmod());
        for (int used : Expressions.columns(expr)) {
            if (table.column(used).isGenerated()) {
                throw context.error(SqlState.INVALID_OBJECT_DEFINITION, "cannot use generated column \""
                        + table.column(used).name() + "\" in column generation expression", generated.position())
                        .withDetail("A generated column cannot reference another generated column.");
            }
        }
        if (Expressions.hasMutable(expr, false)) {
            throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
        }
        return expr;
    }

    /** Sets a written default; NULL as default is none at all. */
    void setDefault(RelationDescriptor table, int attnum, io.quantadb.sql.ast.Expression value, String text) {
        ColumnDescriptor column = table.column(attnum);
        Expr expr;
        try {
            expr = new Expressions(context).analyze(value, null, ExprKind.COLUMN_DEFAULT, column.type(), column.typmod());
        } catch (SqlException e) {
            if (e.state() == SqlState.DATATYPE_MISMATCH) {
                Expr plain = new Expressions(context).analyze(value, null, ExprKind.COLUMN_DEFAULT, null, -1);
                throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + column.name() + "\" is of type "
                        + context.catalog().formatType(column.type().oid(), column.typmod())
                        + " but default expression is of type " + context.catalog().formatType(plain.type().oid(), -1))
                        .withHint("You will need to rewrite or cast the expression.");
            }
            throw e;
        }
        boolean isNull = expr instanceof Expr.Const constant && constant.value() == null;
        context.writer().relations().setDefault(table.oid(), attnum,
                isNull ? null : StoredText.expression(context, expr, text, null));
    }

    /** The sequence behind a serial or identity column. @return its oid */
    int createOwnedSequence(RelationDescriptor table, int attnum, ColumnSpec column, List<SequenceOption> options,
            boolean identity) {
        String wanted = null;
        int schemaOid = table.schemaOid();
        List<SequenceOption> rest = new ArrayList<>();
        for (SequenceOption option : options) {
            if (option instanceof SequenceOption.SequenceName named) {
                wanted = named.name().name();
                if (named.name().schema() != null) {
                    schemaOid = context.requireSchema(named.name().schema()).oid();
                }
            } else {
                rest.add(option);
            }
        }
        if (wanted == null) {
            wanted = context.writer().indexes().chooseName(schemaOid, table.name(), List.of(column.name), "seq");
        }
        SequenceCommands sequences = new SequenceCommands(context);
        SequenceDescriptor definition = sequences.define(rest, column.type, wanted);
        int sequence = sequences.make(schemaOid, wanted, table.ownerOid(), table.persistence(), definition);
        context.writer().relations().setSequenceOwner(sequence, table.oid(), attnum, identity);
        return sequence;
    }

    /** The default of a serial column. */
    static SqlExpression nextval(CommandContext context, int sequenceOid) {
        RelationDescriptor sequence = context.catalog().relation(sequenceOid);
        String name = io.quantadb.catalog.Identifiers.qualified(sequence.schemaName(), sequence.name()).replace("'", "''");
        return new SqlExpression("nextval('" + name + "'::regclass)", List.of(ObjectAddress.relation(sequenceOid)));
    }

    // ---- Columns

    /** Reads one column definition. */
    ColumnSpec column(ColumnDefinition definition, String tableName) {
        if (definition.type() == null) {
            throw SqlException.notSupported("typed tables (CREATE TABLE ... OF) are not supported");
        }
        PgType serial = serialType(definition.type());
        PgType type;
        int typmod = -1;
        int collation = 0;
        if (serial != null) {
            type = serial;
        } else {
            Analyzer.ResolvedType resolved = context.resolveType(definition.type());
            type = resolved.type();
            typmod = resolved.typmod();
            checkColumnType(definition.name(), type);
        }
        if (definition.collation() != null) {
            collation = IndexCommands.collation(context, definition.collation());
            if (context.catalog().type(type.oid()).collation() == 0) {
                throw context.error(SqlState.DATATYPE_MISMATCH, "collations are not supported by type "
                        + context.catalog().formatType(type.oid(), -1), definition.collation().position());
            }
        }
        ColumnSpec column = new ColumnSpec(definition.name(), type, typmod, collation);
        column.serial = serial != null;
        column.notNull = column.serial;
        if (definition.compression() != null && !definition.compression().equals("default")) {
            column.compression = compression(definition.compression());
        }
        for (Constraint constraint : definition.constraints()) {
            readConstraint(column, constraint, tableName);
        }
        if (column.generated != null && column.defaultValue != null) {
            throw context.error(SqlState.SYNTAX_ERROR, "both default and generation expression specified for column \""
                    + column.name + "\" of table \"" + tableName + "\"", column.generated.position());
        }
        if (column.identity != null && column.defaultValue != null) {
            throw context.error(SqlState.SYNTAX_ERROR, "both default and identity specified for column \"" + column.name
                    + "\" of table \"" + tableName + "\"", column.identity.position());
        }
        return column;
    }

    static char compression(String method) {
        return switch (method) {
            case "pglz" -> 'p';
            case "lz4" -> 'l';
            default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                    "invalid compression method \"" + method + "\"");
        };
    }

    void checkColumnType(String column, PgType type) {
        if (type.isPseudo()) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + column + "\" has pseudo-type "
                    + context.catalog().formatType(type.oid(), -1));
        }
    }

    private static PgType serialType(TypeName name) {
        if (name.name().schema() != null || name.isArray() || name.percentType() || name.setOf()) {
            return null;
        }
        return switch (name.name().name()) {
            case "serial", "serial4" -> BuiltinTypes.INT4;
            case "bigserial", "serial8" -> BuiltinTypes.INT8;
            case "smallserial", "serial2" -> BuiltinTypes.INT2;
            default -> null;
        };
    }

    private void readConstraint(ColumnSpec column, Constraint constraint, String tableName) {
        switch (constraint) {
            case Constraint.NotNull c -> {
                if (column.nullable) {
                    throw conflictingNull(column, tableName, c.position());
                }
                column.notNull = true;
            }
            case Constraint.Nullable c -> {
                if (column.notNull) {
                    throw conflictingNull(column, tableName, c.position());
                }
                column.nullable = true;
            }
            case Constraint.Default c -> {
                if (column.defaultValue != null || column.serial) {
                    throw context.error(SqlState.SYNTAX_ERROR, "multiple default values specified for column \""
                            + column.name + "\" of table \"" + tableName + "\"", c.position());
                }
                column.defaultValue = c;
            }
            case Constraint.Generated c -> column.generated = c;
            case Constraint.Identity c -> {
                if (column.type.oid() != BuiltinTypes.INT2.oid() && column.type.oid() != BuiltinTypes.INT4.oid()
                        && column.type.oid() != BuiltinTypes.INT8.oid()) {
                    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                            "identity column type must be smallint, integer, or bigint");
                }
                if (column.identity != null) {
                    throw context.error(SqlState.SYNTAX_ERROR, "multiple identity specifications for column \""
                            + column.name + "\" of table \"" + tableName + "\"", c.position());
                }
                column.identity = c;
                column.notNull = true;
            }
            case Constraint.Unique c -> {
                column.notNull |= c.primary();
                column.constraints.add(c);
            }
            case Constraint.Check c -> column.constraints.add(c);
            case Constraint.ForeignKey c -> column.constraints.add(c);
            case Constraint.Exclude c -> throw SqlException.notSupported("exclusion constraints are not supported");
        }
    }

    private SqlException conflictingNull(ColumnSpec column, String tableName, int position) {
        return context.error(SqlState.SYNTAX_ERROR, "conflicting NULL/NOT NULL declarations for column \"" + column.name
                + "\" of table \"" + tableName + "\"", position);
    }

    /** The columns of a primary key become NOT NULL. */
    private void markPrimaryKey(List<ColumnSpec> columns, List<Constraint> constraints, String table) {
        int keys = 0;
        for (ColumnSpec column : columns) {
            for (Constraint constraint : column.constraints) {
                if (constraint instanceof Constraint.Unique unique && unique.primary() && ++keys > 1) {
                    throw multipleKeys(table, unique.position());
                }
            }
        }
        for (Constraint constraint : constraints) {
            if (constraint instanceof Constraint.Unique unique && unique.primary()) {
                if (++keys > 1) {
                    throw multipleKeys(table, unique.position());
                }
                for (Identifier name : unique.columns()) {
                    columns.stream().filter(c -> c.name.equals(name.name())).forEach(c -> c.notNull = true);
                }
            }
        }
    }

    private SqlException multipleKeys(String table, int position) {
        return context.error(SqlState.INVALID_TABLE_DEFINITION,
                "multiple primary keys for table \"" + table + "\" are not allowed", position);
    }

    // ---- LIKE

    /** A LIKE clause: its source, and where its columns stand in the new table. */
    private record Like(RelationDescriptor source, TableElement.LikeTable clause, int firstColumn) {
        boolean has(LikeOption option) {
            return clause.including().contains(option);
        }
    }

    private Like like(TableElement.LikeTable clause, List<ColumnSpec> columns) {
        RelationDescriptor source = context.requireAndLock(clause.table(), LockMode.ACCESS_SHARE);
        switch (source.kind()) {
            case TABLE, VIEW, MATERIALIZED_VIEW, COMPOSITE_TYPE, PARTITIONED_TABLE, FOREIGN_TABLE -> {
                // These have columns.
            }
            default -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "relation \"" + source.name() + "\" is invalid in LIKE clause");
        }
        context.requireRelation(source, Privilege.SELECT);
        Like like = new Like(source, clause, columns.size());
        for (ColumnDescriptor column : source.liveColumns()) {
            ColumnSpec spec = new ColumnSpec(column.name(), column.type(), column.typmod(), column.collation());
            spec.notNull = column.notNull();
            if (column.isGenerated()) {
                if (like.has(LikeOption.GENERATED)) {
                    spec.generatedText = column.defaultExpression();
                }
            } else if (column.hasDefault() && like.has(LikeOption.DEFAULTS)) {
                spec.defaultText = column.defaultExpression();
            }
            if (column.isIdentity() && like.has(LikeOption.IDENTITY)) {
                spec.identity = new Constraint.Identity(null, column.identity() == 'a', identityOptions(source, column), -1);
            }
            if (like.has(LikeOption.COMPRESSION)) {
                spec.compression = column.compression();
            }
            columns.add(spec);
        }
        return like;
    }

    private List<SequenceOption> identityOptions(RelationDescriptor source, ColumnDescriptor column) {
        SequenceDescriptor d = context.catalog().sequence(context.catalog().ownedSequence(source.oid(), column.attnum()));
        return List.of(number(SequenceOption.Kind.START, d.start()), number(SequenceOption.Kind.INCREMENT, d.increment()),
                number(SequenceOption.Kind.MINVALUE, d.minimum()), number(SequenceOption.Kind.MAXVALUE, d.maximum()),
                number(SequenceOption.Kind.CACHE, d.cache()), new SequenceOption.Cycle(d.cycle(), -1));
    }

    private static SequenceOption number(SequenceOption.Kind kind, long value) {
        return new SequenceOption.Number(kind,
                new io.quantadb.sql.ast.Expression.NumberLiteral(Long.toString(value), true, -1), -1);
    }

    private void finishLike(int tableOid, Like like, ConstraintCommands commands) {
        RelationDescriptor table = context.catalog().relation(tableOid);
        if (like.has(LikeOption.CONSTRAINTS)) {
            for (ConstraintDescriptor constraint : like.source.constraints()) {
                if (constraint.isCheck()) {
                    commands.addStoredCheck(table, constraint.name(), constraint.expression());
                    comment(like, PgConstraintComment.of(constraint.oid()),
                            () -> ObjectAddress.constraint(context.catalog().relation(tableOid)
                                    .constraint(constraint.name()).oid()));
                }
            }
        }
        if (like.has(LikeOption.INDEXES)) {
            for (IndexDescriptor index : like.source.indexes()) {
                copyIndex(context.catalog().relation(tableOid), like, index);
            }
        }
        if (like.has(LikeOption.COMMENTS)) {
            for (ColumnDescriptor column : like.source.liveColumns()) {
                String text = context.catalog().comment(io.quantadb.catalog.table.SystemColumns.PgClass.TABLE,
                        like.source.oid(), column.attnum());
                if (text != null) {
                    context.writer().objects().setComment(ObjectAddress.column(tableOid,
                            table.column(column.name()).attnum()), text);
                }
            }
        }
    }

    /** Where a constraint's comment is. */
    private record PgConstraintComment(int classOid, int oid) {
        static PgConstraintComment of(int oid) {
            return new PgConstraintComment(io.quantadb.catalog.table.SystemColumns.PgConstraint.TABLE, oid);
        }
    }

    private void comment(Like like, PgConstraintComment source, java.util.function.Supplier<ObjectAddress> target) {
        if (like.has(LikeOption.COMMENTS)) {
            String text = context.catalog().comment(source.classOid(), source.oid(), 0);
            if (text != null) {
                context.writer().objects().setComment(target.get(), text);
            }
        }
    }

    private void copyIndex(RelationDescriptor table, Like like, IndexDescriptor index) {
        List<IndexColumn> keys = index.keyColumns().stream().map(c -> moved(c, like.source, table)).toList();
        List<IndexColumn> included = index.includeColumns().stream().map(c -> moved(c, like.source, table)).toList();
        char constraint = index.constraintOid() == 0 ? (char) 0 : index.primary() ? 'p' : 'u';
        List<String> parts = index.primary() ? List.of() : keys.stream().map(IndexColumn::name).toList();
        String suffix = index.primary() ? "pkey" : constraint == 'u' ? "key" : "idx";
        String name = context.writer().indexes().chooseName(table.schemaOid(), table.name(), parts, suffix);
        List<ObjectAddress> references = new ArrayList<>();
        Expressions expressions = new Expressions(context);
        for (IndexColumn column : keys) {
            if (column.isExpression()) {
                references.addAll(Expressions.references(expressions.stored(column.expression(), table,
                        ExprKind.INDEX_EXPRESSION, null, -1), table.oid()));
            }
        }
        if (index.predicate() != null) {
            references.addAll(Expressions.references(expressions.stored(index.predicate(), table,
                    ExprKind.INDEX_PREDICATE, null, -1), table.oid()));
        }
        ConstraintDescriptor old = like.source.constraints().stream().filter(c -> c.oid() == index.constraintOid())
                .findFirst().orElse(null);
        new IndexCommands(context).build(table, new NewIndex(table.oid(), name, index.accessMethod(), keys, included,
                references, index.unique(), index.nullsNotDistinct(), index.predicate(), constraint, index.deferrable(),
                old != null && old.initiallyDeferred(), 0, index.options(), true, true));
        if (index.primary()) {
            for (IndexColumn column : keys) {
                context.writer().relations().setNotNull(table.oid(), column.attnum(), true);
            }
        }
    }

    private static IndexColumn moved(IndexColumn column, RelationDescriptor from, RelationDescriptor to) {
        int attnum = column.attnum() == 0 ? 0 : to.column(from.column(column.attnum()).name()).attnum();
        return new IndexColumn(attnum, column.expression(), column.name(), column.type(), column.typmod(),
                column.collation(), column.opclass(), column.opfamily(), column.descending(), column.nullsFirst());
    }

    // ---- Parts used by others

    /** A check constraint in the form the catalog wants. */
    static NewConstraint check(RelationDescriptor table, String name, List<Integer> columns, SqlExpression expression,
            boolean validated, boolean noInherit) {
        return new NewConstraint(name, 'c', table.oid(), 0, table.schemaOid(), columns, expression, 0, List.of(), 0, ' ',
                ' ', ' ', List.of(), List.of(), false, false, validated, true, 0, noInherit);
    }

    static String qualified(QualifiedName name) {
        return CommandContext.text(name);
    }
}
