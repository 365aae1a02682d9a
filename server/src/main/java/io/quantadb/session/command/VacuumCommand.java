package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.MaintenanceStatement.VacuumTarget;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.WaitPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * VACUUM and ANALYZE: finds the tables and works on each in a transaction of its own. Confined to one command.
 *
 * <p>ANALYZE in a transaction block keeps to that block's transaction.
 */
final class VacuumCommand {
    private CommandContext context;
    private final boolean ownTransactions;

    VacuumCommand(CommandContext context) {
        this.context = context;
        ownTransactions = !context.session.inTransactionBlock();
    }

    /** @param named the user gave its name, so that he hears why it is left out */
    private record Target(int oid, String name, boolean named, List<Identifier> columns) {
    }

    String run(MaintenanceStatement.Vacuum statement) {
        VacuumOptions options = VacuumOptions.read(statement.vacuum(), statement.options(), context);
        if (!options.analyze() && statement.tables().stream().anyMatch(t -> t.columns() != null && !t.columns().isEmpty())) {
            throw SqlException.notSupported("ANALYZE option must be specified when a column list is provided");
        }
        for (Target target : targets(statement, options)) {
            if (options.vacuum()) {
                vacuum(target, options, VacuumCost.of(context));
            }
            if (options.analyze()) {
                analyze(target, options, VacuumCost.of(context));
            }
        }
        return statement.vacuum() ? "VACUUM" : "ANALYZE";
    }

    /** Autovacuum's work on one table, which may be gone. The command runs outside of a transaction block. */
    void runAutomatic(int relationOid, boolean vacuum, boolean analyze, VacuumCost cost) {
        VacuumOptions options = VacuumOptions.automatic(vacuum, analyze);
        Target target = new Target(relationOid, "", false, List.of());
        if (vacuum) {
            vacuum(target, options, cost);
        }
        if (analyze) {
            analyze(target, options, cost);
        }
    }

    // ---- Which tables

    private List<Target> targets(MaintenanceStatement.Vacuum statement, VacuumOptions options) {
        List<Target> targets = new ArrayList<>();
        if (statement.tables().isEmpty()) {
            for (SchemaDescriptor schema : context.catalog().schemas()) {
                for (RelationDescriptor relation : context.catalog().relations(schema.oid())) {
                    if (isVacuumable(relation) && !isForeignTemporary(relation)) {
                        targets.add(new Target(relation.oid(), relation.name(), false, List.of()));
                    }
                }
            }
            return targets;
        }
        for (VacuumTarget named : statement.tables()) {
            RelationDescriptor relation = context.lookup(named.table());
            if (relation == null) {
                throw context.noRelation(named.table());
            }
            List<Identifier> columns = named.columns() == null ? List.of() : named.columns();
            targets.add(new Target(relation.oid(), relation.name(), true, columns));
            addPartitions(relation, columns, targets);
        }
        return targets;
    }

    private void addPartitions(RelationDescriptor parent, List<Identifier> columns, List<Target> targets) {
        if (parent.kind() == RelationKind.PARTITIONED_TABLE) {
            for (int oid : context.catalog().children(parent.oid())) {
                RelationDescriptor child = context.catalog().relation(oid);
                targets.add(new Target(oid, child.name(), true, columns));
                addPartitions(child, columns, targets);
            }
        }
    }

    private static boolean isVacuumable(RelationDescriptor relation) {
        return relation.kind() == RelationKind.TABLE || relation.kind() == RelationKind.MATERIALIZED_VIEW;
    }

    private boolean isForeignTemporary(RelationDescriptor relation) {
        return relation.isTemporary() && relation.schemaOid() != context.session.sessionCatalog().temporarySchema();
    }

    // ---- One table

    private void vacuum(Target target, VacuumOptions options, VacuumCost cost) {
        nextTransaction();
        LockMode mode = options.full() ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE;
        RelationDescriptor relation = open(target, options, "vacuum", mode);
        if (relation == null) {
            return;
        }
        if (options.full()) {
            throw SqlException.notSupported("VACUUM FULL is not supported")
                    .withHint("VACUUM makes the space of deleted rows available again and cuts off an empty end of the table.");
        }
        new TableVacuum(context, relation, options, cost).run();
        if (relation.toastOid() == 0 || !options.toast()) {
            return;
        }
        nextTransaction();
        relation = open(target, options, "vacuum", mode);
        if (relation != null && relation.toastOid() != 0) {
            new TableVacuum(context, relation, options, cost).runToast();
        }
    }

    private void analyze(Target target, VacuumOptions options, VacuumCost cost) {
        nextTransaction();
        RelationDescriptor relation = open(target, options, "analyze", LockMode.SHARE_UPDATE_EXCLUSIVE);
        if (relation != null) {
            new TableAnalysis(context, relation, columns(relation, target.columns()), options.verbose(), cost).run();
        }
    }

    /** Commits what was done and begins anew with a fresh catalog, unless a transaction block is open. */
    private void nextTransaction() {
        if (ownTransactions) {
            context.session.nextTransaction();
            context = new CommandContext(context.session, context.services, context.state, context.sql, context.parameters,
                    context.out);
        }
    }

    /** Locks and checks a table; null if it is to be left out, which a warning says. */
    private RelationDescriptor open(Target target, VacuumOptions options, String verb, LockMode mode) {
        RelationDescriptor found = context.catalog().relation(target.oid());
        if (found != null && !mayProcess(found, verb)) {
            return null;
        }
        if (found != null && !context.lock(found.oid(), found.shared(), mode,
                options.skipLocked() ? WaitPolicy.NOWAIT : WaitPolicy.BLOCK)) {
            if (target.named()) {
                context.warning(SqlState.LOCK_NOT_AVAILABLE, "skipping " + verb + " of \"" + target.name() + "\" --- lock not available");
            }
            return null;
        }
        RelationDescriptor relation = found == null ? null : context.catalog().relation(target.oid());
        if (relation == null) {
            if (target.named()) {
                context.warning(SqlState.UNDEFINED_TABLE,
                        "skipping " + verb + " of \"" + target.name() + "\" --- relation no longer exists");
            }
            return null;
        }
        if (relation.kind() == RelationKind.PARTITIONED_TABLE) {
            // Its rows are in the partitions, which are targets of their own.
            return null;
        }
        if (!isVacuumable(relation)) {
            context.warning(SqlState.SUCCESSFUL_COMPLETION,
                    "skipping \"" + relation.name() + "\" --- cannot " + verb + " non-tables or special system tables");
            return null;
        }
        return isForeignTemporary(relation) ? null : relation;
    }

    private boolean mayProcess(RelationDescriptor relation, String verb) {
        CatalogReader catalog = context.catalog();
        boolean databaseOwner = context.owns(catalog.database(catalog.databaseOid()).ownerOid());
        if (context.owns(relation.ownerOid()) || databaseOwner && !relation.shared()) {
            return true;
        }
        String who = relation.shared() ? "superuser" : relation.isSystem() ? "superuser or database owner" : "table or database owner";
        context.warning(SqlState.SUCCESSFUL_COMPLETION,
                "skipping \"" + relation.name() + "\" --- only " + who + " can " + verb + " it");
        return false;
    }

    /** Columns asked for by name, all if none was; throws 42703, 42701. */
    private static List<ColumnDescriptor> columns(RelationDescriptor relation, List<Identifier> names) {
        if (names.isEmpty()) {
            return relation.liveColumns();
        }
        List<ColumnDescriptor> columns = new ArrayList<>();
        BitSet seen = new BitSet();
        for (Identifier name : names) {
            ColumnDescriptor column = relation.column(name.name());
            if (column == null) {
                throw CatalogErrors.noColumn(name.name(), relation.name());
            }
            if (seen.get(column.attnum())) {
                throw new SqlException(SqlState.DUPLICATE_COLUMN,
                        "column \"" + name.name() + "\" of relation \"" + relation.name() + "\" appears more than once");
            }
            seen.set(column.attnum());
            columns.add(column);
        }
        return columns;
    }

    static void info(CommandContext context, String message) {
        context.session.notice(new SqlException(SqlState.SUCCESSFUL_COMPLETION, message).withSeverity(Severity.INFO));
    }
}
