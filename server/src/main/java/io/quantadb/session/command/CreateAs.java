package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.SqlExpression;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.vector.Batch;
import io.quantadb.session.CompiledStatement;
import io.quantadb.session.PlanRunner;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.List;

/** CREATE TABLE AS, SELECT INTO, materialized views. Confined to one command. */
final class CreateAs {
    private final CommandContext context;
    private Object[] parameters;
    private int[] parameterTypes = {};

    CreateAs(CommandContext context) {
        this.context = context;
        this.parameters = context.parameters;
    }

    String run(TableStatement.CreateTableAs create) {
        TableCommands.checkPlace(create.accessMethod(), create.tablespace());
        io.quantadb.sql.typed.Query query;
        if (create.query() instanceof SessionStatement.Execute execute) {
            parameters = context.session.execution().arguments(execute, context.sql);
            CompiledStatement prepared = context.session.execution().prepared(execute, parameters);
            if (prepared.isUtility() || prepared.query().modifiesData()) {
                throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
            }
            parameterTypes = prepared.parameterTypes();
            query = prepared.query();
        } else {
            query = query((Query) create.query());
        }
        return run(create.materializedView(), create.persistence(), create.ifNotExists(), create.name(), create.columns(),
                create.options(), create.onCommit(), query, create.queryText(), create.withData());
    }

    String selectInto(Query query, QueryBody.IntoClause into) {
        return run(false, into.persistence(), false, into.table(), List.of(), List.of(), TableStatement.OnCommit.NONE,
                query(query), "", true);
    }

    private String run(boolean materialized, Persistence persistence, boolean ifNotExists, QualifiedName name,
            List<Identifier> names, List<Option> options, TableStatement.OnCommit onCommit,
            io.quantadb.sql.typed.Query typed, String text,
            boolean withData) {
        String tag = materialized ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
        boolean temporary = persistence == Persistence.TEMPORARY;
        SchemaDescriptor schema = context.creationSchema(name, temporary);
        temporary |= schema.oid() == context.state.temporarySchema;
        TableCommands.checkOnCommit(onCommit, temporary);
        if (context.catalog().relation(schema.name(), name.name()) != null) {
            if (ifNotExists) {
                context.notice(SqlState.DUPLICATE_TABLE, "relation \"" + name.name() + "\" already exists, skipping");
                return tag;
            }
            throw CatalogErrors.relationExists(name.name());
        }
        List<NewColumn> columns = new ViewCommands(context).columns(typed, names, "too many column names were specified");
        SqlExpression definition = materialized ? StoredText.query(context, typed, text,
                columns.stream().map(NewColumn::name).toList()) : null;
        RelationKind kind = materialized ? RelationKind.MATERIALIZED_VIEW : RelationKind.TABLE;
        int oid = context.writer().relations().create(new NewRelation(schema.oid(), name.name(), kind, context.roleOid(),
                temporary ? 't' : persistence == Persistence.UNLOGGED ? 'u' : 'p', columns, List.of(), 0, StorageOptions.table(options), definition, 0));
        context.createFiles(oid);
        DefaultPrivileges.apply(context, oid, kind);
        new TableCommands(context).rememberOnCommit(oid, onCommit);
        long rows = 0;
        if (withData) {
            rows = fill(context.catalog().relation(oid), typed, text);
        } else if (materialized) {
            context.writer().relations().setPopulated(oid, false);
        }
        return withData ? "SELECT " + rows : tag;
    }

    private io.quantadb.sql.typed.Query query(Query query) {
        AnalyzedStatement analyzed = Analyzer.analyze(query, context.sql, context.analyzer());
        return switch (analyzed) {
            case AnalyzedStatement.Plannable plannable -> plannable.query();
            case AnalyzedStatement.Utility utility -> utility.query();
        };
    }

    /** Runs a query and stores its rows. */
    private long fill(RelationDescriptor table, io.quantadb.sql.typed.Query query, String text) {
        CompiledStatement compiled = context.session.services().compiler().compile(text, null, query, parameterTypes, null,
                context.session, context.catalog(), context.catalog().version());
        Snapshot snapshot = context.transaction().takeSnapshot();
        long[] rows = {0};
        try (TableStore store = new TableStore(context, table, true);
                PlanRunner.Execution execution = context.session.services().runner().start(compiled.plan(),
                        context.session.execution().context(parameters, snapshot), context.session)) {
            int width = table.columns().size();
            for (Batch batch = execution.next(); batch != null; batch = execution.next()) {
                context.checkInterrupts();
                for (int i = 0; i < batch.size(); i++) {
                    Object[] values = new Object[width];
                    for (int c = 0; c < width; c++) {
                        values[c] = batch.columns[c].get(batch.position(i));
                    }
                    store.prepare(values);
                    store.add(values);
                    rows[0]++;
                }
            }
            store.flush();
        } finally {
            context.transaction().releaseSnapshot(snapshot);
        }
        return rows[0];
    }

    String refresh(TableStatement.RefreshMaterializedView refresh) {
        RelationDescriptor view = context.requireAndLock(refresh.name(), LockMode.ACCESS_EXCLUSIVE);
        if (view.kind() != RelationKind.MATERIALIZED_VIEW) {
            throw SqlException.notSupported("\"" + view.name() + "\" is not a materialized view");
        }
        context.requireOwner(view);
        if (refresh.concurrently() && !refresh.withData()) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together");
        }
        if (refresh.concurrently() && !view.populated()) {
            throw SqlException.notSupported("CONCURRENTLY cannot be used when the materialized view is not populated");
        }
        // CONCURRENTLY is executed under the plain command's lock: correct, though readers wait.
        Query parsed = (Query) SqlParser.parseStored(view.viewDefinition());
        AnalyzedStatement analyzed = Analyzer.analyze(parsed, view.viewDefinition(), context.analyzer());
        TruncateCommand.truncateOne(context, view);
        RelationDescriptor emptied = context.reload(view);
        if (refresh.withData()) {
            fill(emptied, ((AnalyzedStatement.Plannable) analyzed).query(), view.viewDefinition());
        }
        context.writer().relations().setPopulated(view.oid(), refresh.withData());
        return "REFRESH MATERIALIZED VIEW";
    }
}
