package io.quantadb.session.command;

import io.quantadb.base.RelationId;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.lock.LockMode;
import java.util.LinkedHashMap;
import java.util.Map;

/** TRUNCATE: gives tables and their indexes new, empty files. Confined to one command. */
final class TruncateCommand {
    private final CommandContext context;

    TruncateCommand(CommandContext context) {
        this.context = context;
    }

    String run(DataStatement.Truncate truncate) {
        Map<Integer, RelationDescriptor> tables = new LinkedHashMap<>();
        for (FromItem.TableRef reference : truncate.tables()) {
            RelationDescriptor table = context.requireAndLock(reference.name(), LockMode.ACCESS_EXCLUSIVE);
            check(table);
            tables.put(table.oid(), table);
        }
        closeOverForeignKeys(tables, truncate.cascade());
        for (RelationDescriptor table : tables.values()) {
            truncateOne(context, context.reload(table));
            var activity = context.session.tableActivity().table(table);
            context.transaction().onCommit(activity::emptied);
            if (truncate.restartIdentity()) {
                restartSequences(table);
            }
        }
        return "TRUNCATE TABLE";
    }

    private void check(RelationDescriptor table) {
        if (table.kind() != RelationKind.TABLE) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is not a table");
        }
        if (table.isSystem()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: \"" + table.name() + "\" is a system catalog");
        }
        context.requireRelation(table, Privilege.TRUNCATE);
    }

    private void closeOverForeignKeys(Map<Integer, RelationDescriptor> tables, boolean cascade) {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (RelationDescriptor table : java.util.List.copyOf(tables.values())) {
                for (ConstraintDescriptor key : table.referencedBy()) {
                    if (tables.containsKey(key.tableOid())) {
                        continue;
                    }
                    RelationDescriptor referencing = context.catalog().relation(key.tableOid());
                    if (!cascade) {
                        throw SqlException.notSupported("cannot truncate a table referenced in a foreign key constraint")
                                .withDetail("Table \"" + referencing.name() + "\" references \"" + table.name() + "\".")
                                .withHint("Truncate table \"" + referencing.name()
                                        + "\" at the same time, or use TRUNCATE ... CASCADE.");
                    }
                    context.notice("truncate cascades to table \"" + referencing.name() + "\"");
                    context.lock(referencing, LockMode.ACCESS_EXCLUSIVE);
                    check(referencing);
                    tables.put(referencing.oid(), referencing);
                    grown = true;
                }
            }
        }
    }

    private void restartSequences(RelationDescriptor table) {
        for (int attnum = 1; attnum <= table.columns().size(); attnum++) {
            int oid = context.catalog().ownedSequence(table.oid(), attnum);
            if (oid != 0) {
                SequenceDescriptor definition = context.catalog().sequence(oid);
                SequenceCommands.restart(context, context.catalog().relation(oid), definition.start(), false);
            }
        }
    }

    /** Empties one table; undone if the transaction aborts. The caller holds ACCESS EXCLUSIVE. */
    static void truncateOne(CommandContext context, RelationDescriptor table) {
        if (context.transaction().serializable() != null) {
            context.transaction().serializable().writesRelation(BufferPool.key(table.storage()));
        }
        replaceHeap(context, table);
        IndexCommands indexes = new IndexCommands(context);
        for (IndexDescriptor index : table.indexes()) {
            indexes.replaceFile(index);
        }
        RelationDescriptor emptied = context.reload(table);
        for (IndexDescriptor index : emptied.indexes()) {
            indexes.fill(emptied, index);
        }
    }

    /** Gives a table and its TOAST relation new, empty files. */
    static void replaceHeap(CommandContext context, RelationDescriptor table) {
        context.transaction().dropFilesAtCommit(table.storage());
        context.writer().relations().setFile(table.oid(), context.newFileNumber());
        if (table.toastOid() != 0) {
            RelationDescriptor toast = context.catalog().relation(table.toastOid());
            context.transaction().dropFilesAtCommit(toast.storage());
            context.writer().relations().setFile(toast.oid(), context.newFileNumber());
            context.createFile(context.catalog().relation(toast.oid()).storage());
        }
        RelationId storage = context.catalog().relation(table.oid()).storage();
        context.createFile(storage);
        context.transaction().session().manager().conflicts().transfer(BufferPool.key(table.storage()), BufferPool.key(storage));
    }
}
