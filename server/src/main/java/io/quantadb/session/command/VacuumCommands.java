package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapVacuum;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.Option;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.WaitPolicy;
import java.util.ArrayList;
import java.util.List;

/** VACUUM and ANALYZE. Confined to one command. */
final class VacuumCommands {
    private final CommandContext context;
    private boolean full;
    private boolean analyze;
    private boolean verbose;
    private boolean skipLocked;
    private boolean truncate = true;

    VacuumCommands(CommandContext context) {
        this.context = context;
    }

    /** Tables named, with the columns to analyze (empty: all). */
    private record Target(RelationDescriptor table, List<Identifier> columns) {
    }

    String run(MaintenanceStatement.Vacuum command) {
        analyze = !command.vacuum();
        command.options().forEach(this::option);
        for (Target target : targets(command)) {
            if (command.vacuum()) {
                vacuum(target.table());
            }
            if (analyze) {
                analyze(target);
            }
        }
        return command.vacuum() ? "VACUUM" : "ANALYZE";
    }

    private void option(Option option) {
        switch (option.name()) {
            case "full" -> full = StorageOptions.bool(option);
            case "analyze" -> analyze |= StorageOptions.bool(option);
            case "verbose" -> verbose = StorageOptions.bool(option);
            case "skip_locked" -> skipLocked = StorageOptions.bool(option);
            case "truncate" -> truncate = StorageOptions.bool(option);
            case "freeze", "disable_page_skipping", "index_cleanup", "process_toast", "parallel" -> {
                // Xids never wrap, and all of a table is vacuumed in any case.
            }
            default -> throw context.error(SqlState.SYNTAX_ERROR, "unrecognized "
                    + (analyze ? "ANALYZE" : "VACUUM") + " option \"" + option.name() + "\"", option.position());
        }
    }

    private List<Target> targets(MaintenanceStatement.Vacuum command) {
        List<Target> targets = new ArrayList<>();
        for (MaintenanceStatement.VacuumTarget written : command.tables()) {
            RelationDescriptor table = context.lookup(written.table());
            if (table == null) {
                throw context.noRelation(written.table());
            }
            String word = command.vacuum() ? "vacuum" : "analyze";
            if (table.kind() != RelationKind.TABLE && table.kind() != RelationKind.MATERIALIZED_VIEW) {
                context.warning(SqlState.WRONG_OBJECT_TYPE, "skipping \"" + table.name() + "\" --- cannot " + word
                        + " non-tables or special system tables");
            } else if (!context.owns(table.ownerOid())) {
                context.warning(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to " + word + " \"" + table.name()
                        + "\", skipping it");
            } else {
                targets.add(new Target(table, written.columns()));
            }
        }
        if (command.tables().isEmpty()) {
            for (SchemaDescriptor schema : context.catalog().schemas()) {
                for (RelationDescriptor table : context.catalog().relations(schema.oid())) {
                    boolean heap = table.kind() == RelationKind.TABLE || table.kind() == RelationKind.MATERIALIZED_VIEW;
                    boolean foreign = table.isTemporary() && table.schemaOid() != context.state.temporarySchema;
                    if (heap && !foreign && !table.isSystem() && context.owns(table.ownerOid())) {
                        targets.add(new Target(table, List.of()));
                    }
                }
            }
        }
        return targets;
    }

    /** Null if the table is gone, or locked under SKIP_LOCKED. */
    private RelationDescriptor lock(RelationDescriptor table, LockMode mode) {
        if (!context.lock(table.oid(), table.shared(), mode, skipLocked ? WaitPolicy.NOWAIT : WaitPolicy.BLOCK)) {
            context.warning(SqlState.LOCK_NOT_AVAILABLE, "skipping vacuum of \"" + table.name() + "\" --- lock not available");
            return null;
        }
        return context.reload(table);
    }

    private void vacuum(RelationDescriptor target) {
        RelationDescriptor table = lock(target, full ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE);
        if (table == null) {
            return;
        }
        if (full) {
            if (table.isSystem()) {
                throw SqlException.notSupported("VACUUM FULL of system catalogs is not supported");
            }
            new TableRewrite(context).run(table, (values, row) -> { });
            return;
        }
        HeapVacuum.Result result = vacuumHeap(table);
        if (verbose) {
            context.session.notice(new SqlException(SqlState.SUCCESSFUL_COMPLETION, "finished vacuuming \""
                    + context.catalog().databaseName() + "." + table.schemaName() + "." + table.name() + "\": removed "
                    + result.deadRows() + " dead row versions in " + result.pages() + " pages, " + result.liveRows() + " remain")
                    .withSeverity(io.quantadb.error.Severity.INFO));
        }
        if (!table.isSystem()) {
            context.writer().relations().setStatistics(table.oid(), result.pages() - result.pagesTruncated(), result.liveRows(),
                    result.pagesAllVisible());
        }
        for (IndexDescriptor index : table.indexes()) {
            if (!table.isSystem()) {
                context.writer().relations().setStatistics(index.oid(), context.session.storage().btree(index).pageCount(),
                        index.isPartial() ? 0 : result.liveRows(), 0);
            }
        }
    }

    private HeapVacuum.Result vacuumHeap(RelationDescriptor table) {
        HeapRelation heap = context.session.storage().heap(table);
        List<BTree> trees = table.indexes().stream().filter(IndexDescriptor::ready)
                .map(i -> context.session.storage().btree(i)).toList();
        HeapVacuum.Result result = new HeapVacuum(heap, dead -> trees.forEach(t -> t.bulkDelete(context.session.txn().record(), dead)))
                .interruptPoint(context::checkInterrupts).run(truncate ? () -> tryExclusive(table) : null, true);
        if (heap.toastHeap() != null) {
            new HeapVacuum(heap.toastHeap(), null).interruptPoint(context::checkInterrupts).run(null, true);
        }
        return result;
    }

    private boolean tryExclusive(RelationDescriptor table) {
        return context.lock(table.oid(), table.shared(), LockMode.ACCESS_EXCLUSIVE, WaitPolicy.NOWAIT);
    }

    // ---- ANALYZE

    private void analyze(Target target) {
        RelationDescriptor table = lock(target.table(), LockMode.SHARE_UPDATE_EXCLUSIVE);
        if (table == null || table.isSystem()) {
            return;
        }
        List<ColumnDescriptor> columns = new ArrayList<>();
        for (Identifier name : target.columns()) {
            ColumnDescriptor column = AlterTable.column(table, name.name());
            if (columns.contains(column)) {
                throw new SqlException(SqlState.DUPLICATE_COLUMN,
                        "column \"" + name.name() + "\" of relation \"" + table.name() + "\" appears more than once");
            }
            columns.add(column);
        }
        if (target.columns().isEmpty()) {
            columns.addAll(table.liveColumns());
        }
        new TableStatistics(context, table).collect(columns);
    }
}
