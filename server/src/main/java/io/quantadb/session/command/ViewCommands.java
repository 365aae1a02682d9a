package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryWalker;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** CREATE VIEW. Confined to one command. */
final class ViewCommands {
    private final CommandContext context;

    ViewCommands(CommandContext context) {
        this.context = context;
    }

    String create(TableStatement.CreateView create) {
        AnalyzedStatement analyzed = Analyzer.analyze(create, context.sql, context.analyzer());
        Query query = ((AnalyzedStatement.Utility) analyzed).query();
        if (query.hasModifyingCte()) {
            throw SqlException.notSupported("views must not contain data-modifying statements in WITH");
        }
        boolean temporary = create.persistence() == Persistence.TEMPORARY || usesTemporary(query);
        if (temporary && create.persistence() != Persistence.TEMPORARY) {
            context.notice("view \"" + create.name().name() + "\" will be a temporary view");
        }
        SchemaDescriptor schema = context.creationSchema(create.name(), temporary);
        List<NewColumn> columns = columns(query, create.columns(), "CREATE VIEW specifies more column names than columns");
        SqlExpression definition = StoredText.query(context, query, create.queryText(),
                columns.stream().map(NewColumn::name).toList());
        List<String> options = options(create);
        RelationDescriptor existing = context.catalog().relation(schema.name(), create.name().name());
        if (existing != null) {
            if (!create.orReplace()) {
                throw CatalogErrors.relationExists(create.name().name());
            }
            replace(existing, columns, definition, options);
        } else {
            int oid = context.writer().relations().create(new NewRelation(schema.oid(), create.name().name(),
                    RelationKind.VIEW, context.roleOid(), temporary ? 't' : 'p', columns, List.of(), 0, options, definition, 0));
            DefaultPrivileges.apply(context, oid, RelationKind.VIEW);
        }
        return "CREATE VIEW";
    }

    private static List<String> options(TableStatement.CreateView create) {
        List<String> options = StorageOptions.view(create.options());
        List<String> result = options == null ? new ArrayList<>() : new ArrayList<>(options);
        switch (create.checkOption()) {
            case LOCAL -> result.add("check_option=local");
            case CASCADED -> result.add("check_option=cascaded");
            case NONE -> {
                // Nothing to add.
            }
        }
        return result.isEmpty() ? null : result;
    }

    static String definition(String text) {
        String stripped = text.strip();
        return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1).strip() : stripped;
    }

    private boolean usesTemporary(Query query) {
        boolean[] found = {false};
        QueryWalker.forEachQuery(query, q -> q.rangeTable().forEach(entry -> {
            if (entry instanceof RangeTableEntry.Relation relation) {
                RelationDescriptor descriptor = context.catalog().relation(relation.relationOid());
                found[0] |= descriptor != null && descriptor.isTemporary();
            }
        }));
        return found[0];
    }

    private void replace(RelationDescriptor view, List<NewColumn> columns, SqlExpression definition, List<String> options) {
        if (view.kind() != RelationKind.VIEW) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + view.name() + "\" is not a view");
        }
        context.requireOwner(view);
        context.lock(view, LockMode.ACCESS_EXCLUSIVE);
        if (columns.size() < view.columns().size()) {
            throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot drop columns from view");
        }
        for (int i = 0; i < view.columns().size(); i++) {
            ColumnDescriptor before = view.columns().get(i);
            NewColumn after = columns.get(i);
            if (!before.name().equals(after.name())) {
                throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot change name of view column \""
                        + before.name() + "\" to \"" + after.name() + "\"")
                        .withHint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
            }
            if (before.type().oid() != after.type().oid() || before.typmod() != after.typmod()) {
                throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot change data type of view column \""
                        + before.name() + "\" from " + context.catalog().formatType(before.type().oid(), before.typmod())
                        + " to " + context.catalog().formatType(after.type().oid(), after.typmod()));
            }
        }
        context.writer().relations().replaceView(view.oid(), columns, definition, options);
    }

    /** Columns of a query's result, renamed by a list of names that may be shorter. */
    List<NewColumn> columns(Query query, List<Identifier> names, String tooMany) {
        List<TargetEntry> targets = query.resultColumns();
        if (names.size() > targets.size()) {
            throw new SqlException(SqlState.SYNTAX_ERROR, tooMany);
        }
        List<NewColumn> columns = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Expr expr = targets.get(i).expr();
            PgType type = expr.type().oid() == Oids.UNKNOWN ? BuiltinTypes.TEXT : expr.type();
            String name = i < names.size() ? names.get(i).name() : targets.get(i).name();
            if (type.isPseudo() && type.oid() != Oids.RECORD) {
                throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + name + "\" has pseudo-type "
                        + context.catalog().formatType(type.oid(), -1));
            }
            int typeCollation = context.catalog().type(type.oid()).collation();
            int collation = expr.collation() == typeCollation ? 0 : expr.collation();
            columns.add(new NewColumn(name, type, expr.typmod(), collation, false, null, (char) 0, (char) 0,
                    (char) 0, true, 0));
        }
        return columns;
    }

    /** Everything a query depends on: relations, their columns, functions, types. */
    static List<ObjectAddress> references(Query query) {
        Set<ObjectAddress> found = new LinkedHashSet<>();
        QueryWalker.forEachQuery(query, q -> {
            for (RangeTableEntry entry : q.rangeTable()) {
                if (entry instanceof RangeTableEntry.Relation relation) {
                    found.add(ObjectAddress.relation(relation.relationOid()));
                }
            }
            QueryWalker.forEachExpression(q, expr -> collect(expr, q, found));
        });
        return List.copyOf(found);
    }

    private static void collect(Expr expr, Query query, Set<ObjectAddress> found) {
        if (expr instanceof Expr.ColumnRef column) {
            if (column.levelsUp() == 0 && column.attribute() > 0 && column.rangeIndex() <= query.rangeTable().size()
                    && query.entry(column.rangeIndex()) instanceof RangeTableEntry.Relation relation) {
                found.add(ObjectAddress.column(relation.relationOid(), column.attribute()));
            }
            return;
        }
        Expressions.collectOne(expr, found);
        Exprs.forEachChild(expr, child -> collect(child, query, found));
    }
}
