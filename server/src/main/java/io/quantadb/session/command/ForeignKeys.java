package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.access.heap.DirtyResult;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.RowEvents;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.session.Session;
import io.quantadb.session.StatementExecution;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.WaitPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checks that follow from changed rows, for one session: foreign keys and deferrable unique constraints. Confined to the session's
 * thread.
 *
 * <p>Changes are queued while a statement runs and looked at when it ends, or at commit if the constraint is deferred. A check that has
 * become pointless (its row is gone again, perhaps by a rollback to a savepoint) is left out, so the queue need not follow
 * subtransactions.
 */
final class ForeignKeys implements RowEvents, StatementExecution.DeferredWork {
    /** One thing to do later. */
    private sealed interface Work {
        ConstraintDescriptor constraint();

        /** A new or changed referencing row. */
        record Referencing(ConstraintDescriptor constraint, long tid, Object[] row) implements Work {
        }

        /** A deleted or changed referenced row; {@code newRow} is null if it was deleted. */
        record Referenced(ConstraintDescriptor constraint, Object[] oldRow, Object[] newRow) implements Work {
        }

        /** A row in a deferrable unique index. */
        record Unique(ConstraintDescriptor constraint, int indexOid, long tid, Object[] row) implements Work {
        }
    }

    private final Session session;
    private final CommandServices services;
    private final SessionState state;
    private final Deque<Work> immediate = new ArrayDeque<>();
    private final Deque<Work> deferred = new ArrayDeque<>();
    /** The transaction that {@link #deferred} and {@link #modes} belong to. */
    private Transaction owner;
    /** SET CONSTRAINTS of this transaction, by constraint oid; key 0 for ALL. */
    private final Map<Integer, Boolean> modes = new HashMap<>();
    private final Map<Integer, ForeignKey> compiled = new HashMap<>();

    ForeignKeys(Session session, CommandServices services, SessionState state) {
        this.session = session;
        this.services = services;
        this.state = state;
    }

    private CommandContext context() {
        return CommandContext.internal(session, services, state);
    }

    // ---- Rows change

    @Override
    public boolean wants(RelationDescriptor relation) {
        if (!relation.referencedBy().isEmpty()) {
            return true;
        }
        for (ConstraintDescriptor constraint : relation.constraints()) {
            if (constraint.isForeignKey()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void inserted(RelationDescriptor relation, long tid, Object[] row) {
        for (ConstraintDescriptor constraint : relation.constraints()) {
            if (constraint.isForeignKey() && needsCheck(constraint, relation, row)) {
                queue(new Work.Referencing(constraint, tid, row));
            }
        }
    }

    @Override
    public void updated(RelationDescriptor relation, long oldTid, Object[] oldRow, long newTid, Object[] newRow) {
        for (ConstraintDescriptor constraint : relation.constraints()) {
            if (constraint.isForeignKey() && (constraint.deferrable()
                    || !ForeignKey.sameValues(relation, constraint.columns(), oldRow, newRow))
                    && needsCheck(constraint, relation, newRow)) {
                queue(new Work.Referencing(constraint, newTid, newRow));
            }
        }
        for (ConstraintDescriptor constraint : relation.referencedBy()) {
            if (!ForeignKey.sameValues(relation, constraint.referencedColumns(), oldRow, newRow)
                    && !ForeignKey.hasNull(constraint.referencedColumns(), oldRow)) {
                queue(new Work.Referenced(constraint, oldRow, newRow));
            }
        }
    }

    @Override
    public void deleted(RelationDescriptor relation, long tid, Object[] row) {
        for (ConstraintDescriptor constraint : relation.referencedBy()) {
            if (!ForeignKey.hasNull(constraint.referencedColumns(), row)) {
                queue(new Work.Referenced(constraint, row, null));
            }
        }
    }

    @Override
    public void uniqueCheckDue(RelationDescriptor relation, int indexOid, long tid, Object[] row) {
        IndexDescriptor index = relation.index(indexOid);
        queue(new Work.Unique(session.catalog().constraint(index.constraintOid()), indexOid, tid, row));
    }

    /** Whether the row refers to anything: nulls refer to nothing, but MATCH FULL forbids some. */
    private static boolean needsCheck(ConstraintDescriptor constraint, RelationDescriptor relation, Object[] row) {
        int nulls = 0;
        for (int attnum : constraint.columns()) {
            if (row[attnum - 1] == null) {
                nulls++;
            }
        }
        if (nulls == 0) {
            return true;
        }
        if (constraint.matchType() == 'f' && nulls < constraint.columns().size()) {
            throw new SqlException(SqlState.FOREIGN_KEY_VIOLATION, "insert or update on table \"" + relation.name()
                    + "\" violates foreign key constraint \"" + constraint.name() + "\"")
                    .withDetail("MATCH FULL does not allow mixing of null and nonnull key values.")
                    .withSchema(relation.schemaName()).withTable(relation.name()).withConstraint(constraint.name());
        }
        return false;
    }

    private void queue(Work work) {
        (isDeferred(work) ? deferred : immediate).add(work);
    }

    private void claim() {
        if (owner != session.transaction()) {
            owner = session.transaction();
            deferred.clear();
            modes.clear();
        }
    }

    private boolean isDeferred(Work work) {
        claim();
        ConstraintDescriptor constraint = work.constraint();
        if (!constraint.deferrable()) {
            return false;
        }
        if (work instanceof Work.Referenced referenced) {
            // Only NO ACTION waits: what changes rows is done at once.
            char action = referenced.newRow() == null ? constraint.deleteAction() : constraint.updateAction();
            if (action != 'a') {
                return false;
            }
        }
        Boolean mode = modes.get(constraint.oid());
        if (mode == null) {
            mode = modes.get(0);
        }
        return mode != null ? mode : constraint.initiallyDeferred();
    }

    // ---- Ends of statements and transactions

    @Override
    public void statementEnd() {
        if (immediate.isEmpty()) {
            return;
        }
        session.transaction().nextCommand();
        drain(immediate);
    }

    @Override
    public void beforeCommit() {
        claim();
        while (!deferred.isEmpty()) {
            session.transaction().nextCommand();
            drain(deferred);
            drain(immediate);
        }
        if (!state.onCommit.isEmpty()) {
            TemporaryObjects.beforeCommit(context());
        }
    }

    @Override
    public void forget() {
        // What is deferred goes with its transaction, not with a statement: see claim.
        immediate.clear();
    }

    @Override
    public boolean isIdle() {
        return (deferred.isEmpty() || owner != session.transaction()) && state.onCommit.isEmpty();
    }

    private void drain(Deque<Work> queue) {
        CommandContext context = context();
        int done = 0;
        while (!queue.isEmpty()) {
            if ((++done & 0xFF) == 0) {
                context.checkInterrupts();
            }
            run(context, queue.poll());
        }
    }

    private void run(CommandContext context, Work work) {
        switch (work) {
            case Work.Referencing check -> {
                ForeignKey key = key(context, check.constraint());
                if (key != null) {
                    key.checkReferencing(context, check.tid(), check.row());
                }
            }
            case Work.Referenced change -> {
                ForeignKey key = key(context, change.constraint());
                if (key != null) {
                    key.referencedChanged(context, change.oldRow(), change.newRow());
                }
            }
            case Work.Unique unique -> checkUnique(context, unique);
        }
    }

    /** Null if the constraint was dropped meanwhile. */
    private ForeignKey key(CommandContext context, ConstraintDescriptor constraint) {
        RelationDescriptor referencing = context.catalog().relation(constraint.tableOid());
        RelationDescriptor referenced = context.catalog().relation(constraint.referencedTableOid());
        if (referencing == null || referenced == null || referenced.index(constraint.indexOid()) == null) {
            return null;
        }
        ForeignKey known = compiled.get(constraint.oid());
        if (known == null || !known.isFor(referencing, referenced)) {
            known = new ForeignKey(context, constraint, referencing, referenced);
            compiled.put(constraint.oid(), known);
        }
        return known;
    }

    /** Checks every row of the referencing table. */
    void validate(CommandContext context, ConstraintDescriptor constraint) {
        RelationDescriptor referencing = context.catalog().relation(constraint.tableOid());
        ForeignKey key = new ForeignKey(context, constraint, referencing,
                context.catalog().relation(constraint.referencedTableOid()));
        try (TableStore store = new TableStore(context, referencing, false);
                HeapScan scan = store.heap.scan(ConstraintCommands.Snapshots.latest(context))) {
            while (scan.nextPage()) {
                context.checkInterrupts();
                for (int i = 0; i < scan.count(); i++) {
                    Object[] row = store.values(scan.tupleAddress(i));
                    if (needsCheck(constraint, referencing, row)) {
                        key.requireReferenced(context, row, false);
                    }
                }
            }
        }
    }

    // ---- Deferrable unique constraints

    private void checkUnique(CommandContext context, Work.Unique work) {
        RelationDescriptor relation = context.catalog().relation(work.constraint().tableOid());
        IndexDescriptor index = relation == null ? null : relation.index(work.indexOid());
        if (index == null) {
            return;
        }
        HeapRelation heap = session.storage().heap(relation);
        IndexKeys keys = new IndexKeys(relation, index, new Expressions(context));
        RowContext row = new RowContext(session.execution().context(new Object[0], null));
        row.outer = new RowView.ArrayRow(work.row());
        if (!keys.compute(work.row(), row) || !keys.mustBeUnique()) {
            return;
        }
        BTree tree = session.storage().btree(index);
        InsertOutcome outcome = new InsertOutcome();
        HeapChange change = new HeapChange();
        try (HeapCursor cursor = new HeapCursor()) {
            if (!heap.fetchExact(work.tid(), ConstraintCommands.Snapshots.latest(context), cursor)) {
                return;
            }
            while (true) {
                tree.checkUnique(keys.key.array(), keys.key.length(),
                        tid -> probe(heap, tid, work.tid(), cursor, change), outcome);
                if (outcome.kind() == InsertOutcome.Kind.CONFLICT) {
                    throw keys.duplicate(session.text());
                }
                if (outcome.kind() == InsertOutcome.Kind.INSERTED) {
                    return;
                }
                session.services().transactions().locks().waitForXid(session.txn().lockOwner(), outcome.xid(), WaitPolicy.BLOCK);
            }
        }
    }

    private long probe(HeapRelation heap, long tid, long own, HeapCursor cursor, HeapChange change) {
        DirtyResult result = heap.fetchDirty(session.transaction(), tid, cursor, change);
        return switch (result) {
            case NONE -> UniqueProbe.IGNORE;
            case LIVE -> cursor.tid() == own ? UniqueProbe.IGNORE : UniqueProbe.LIVE;
            case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> change.otherXid();
        };
    }

    // ---- SET CONSTRAINTS

    void setConstraints(SessionStatement.SetConstraints set) {
        claim();
        if (set.constraints().isEmpty()) {
            modes.clear();
            modes.put(0, set.deferred());
        } else {
            for (QualifiedName name : set.constraints()) {
                for (ConstraintDescriptor constraint : find(name)) {
                    modes.put(constraint.oid(), set.deferred());
                }
            }
        }
        if (!set.deferred()) {
            runImmediate();
        }
    }

    /** What was put off and is not any more is checked now. */
    private void runImmediate() {
        List<Work> all = new ArrayList<>(deferred);
        deferred.clear();
        for (Work work : all) {
            queue(work);
        }
        statementEnd();
    }

    private List<ConstraintDescriptor> find(QualifiedName name) {
        List<SchemaDescriptor> schemas = name.schema() == null ? session.catalog().searchPath()
                : List.of(context().requireSchema(name.schema()));
        for (SchemaDescriptor schema : schemas) {
            List<ConstraintDescriptor> found = new ArrayList<>();
            for (RelationDescriptor relation : session.catalog().relations(schema.oid())) {
                ConstraintDescriptor constraint = relation.constraint(name.name());
                if (constraint != null) {
                    found.add(constraint);
                }
            }
            if (!found.isEmpty()) {
                for (ConstraintDescriptor constraint : found) {
                    if (!constraint.deferrable()) {
                        throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                                "constraint \"" + name.name() + "\" is not deferrable");
                    }
                }
                return found;
            }
        }
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "constraint \"" + CommandContext.text(name) + "\" does not exist");
    }

    static SqlException missing(String constraint, String table) {
        return CatalogErrors.noConstraint(constraint, table);
    }
}
