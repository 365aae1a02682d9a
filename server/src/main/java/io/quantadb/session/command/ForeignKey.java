package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.List;

/**
 * One foreign key made ready to run: looks referenced rows up in the unique index and locks them, finds referencing rows, and carries
 * the referential actions out. Confined to its session's thread; good for two versions of the tables' descriptors.
 */
final class ForeignKey {
    private static final int ATTEMPTS_MAX = 1000;

    private final ConstraintDescriptor constraint;
    private final RelationDescriptor referencing;
    private final RelationDescriptor referenced;
    private final IndexKeys referencedKeys;
    /** For each key column of the unique index: which column of the constraint it is. */
    private final int[] keyOrder;
    /** An index of the referencing table that begins with the key's columns; null if rows have to be searched. */
    private final IndexDescriptor searchIndex;
    private final IndexKeys searchKeys;
    private final int[] searchOrder;
    private final Object[] key;

    ForeignKey(CommandContext context, ConstraintDescriptor constraint, RelationDescriptor referencing,
            RelationDescriptor referenced) {
        this.constraint = constraint;
        this.referencing = referencing;
        this.referenced = referenced;
        Expressions compiler = new Expressions(context);
        IndexDescriptor unique = referenced.index(constraint.indexOid());
        referencedKeys = new IndexKeys(referenced, unique, compiler);
        keyOrder = unique.keyColumns().stream().mapToInt(c -> constraint.referencedColumns().indexOf(c.attnum())).toArray();
        searchIndex = findSearchIndex();
        searchKeys = searchIndex == null ? null : new IndexKeys(referencing, searchIndex, compiler);
        searchOrder = searchIndex == null ? null : searchIndex.keyColumns().stream().limit(constraint.columns().size())
                .mapToInt(c -> constraint.columns().indexOf(c.attnum())).toArray();
        key = new Object[keyOrder.length];
    }

    boolean isFor(RelationDescriptor otherReferencing, RelationDescriptor otherReferenced) {
        return referencing == otherReferencing && referenced == otherReferenced;
    }

    private IndexDescriptor findSearchIndex() {
        int n = constraint.columns().size();
        for (IndexDescriptor index : referencing.indexes()) {
            if (index.valid() && !index.isPartial() && index.keyColumns().size() >= n) {
                List<Integer> first = index.keyColumns().stream().limit(n).map(IndexColumn::attnum).toList();
                if (first.containsAll(constraint.columns())) {
                    return index;
                }
            }
        }
        return null;
    }

    // ---- Values

    static boolean hasNull(List<Integer> columns, Object[] row) {
        for (int attnum : columns) {
            if (row[attnum - 1] == null) {
                return true;
            }
        }
        return false;
    }

    static boolean sameValues(RelationDescriptor relation, List<Integer> columns, Object[] a, Object[] b) {
        for (int attnum : columns) {
            Object left = a[attnum - 1];
            Object right = b[attnum - 1];
            if (left == null || right == null ? left != right
                    : !relation.column(attnum).type().ops().equal(left, right)) {
                return false;
            }
        }
        return true;
    }

    /** A value of one side as the other side's type has it; null if that type cannot hold it. */
    private static Object convert(Object value, PgType from, PgType to) {
        if (from.oid() == to.oid() || value == null) {
            return value;
        }
        if (from.kind() == PhysicalKind.LONG && to.kind() == PhysicalKind.LONG) {
            long number = (Long) value;
            boolean fits = switch (to.storageWidth()) {
                case 2 -> number == (short) number;
                case 4 -> to.unsigned() ? number >= 0 && number <= 0xFFFF_FFFFL : number == (int) number;
                default -> true;
            };
            return fits ? value : null;
        }
        if (value instanceof String text) {
            return to.oid() == Oids.BPCHAR || from.oid() != Oids.BPCHAR ? text : text.stripTrailing();
        }
        if (from.kind() == to.kind() && from.kind() == PhysicalKind.DOUBLE) {
            return value;
        }
        try {
            return to.ops().fromText(from.ops().toText(value, io.quantadb.types.TextContext.DEFAULT), -1,
                    io.quantadb.types.TextContext.DEFAULT);
        } catch (SqlException e) {
            if (e.state() == SqlState.INVALID_TEXT_REPRESENTATION || e.state() == SqlState.NUMERIC_VALUE_OUT_OF_RANGE) {
                return null;
            }
            throw e;
        }
    }

    private ColumnDescriptor referencingColumn(int i) {
        return referencing.column(constraint.columns().get(i));
    }

    private ColumnDescriptor referencedColumn(int i) {
        return referenced.column(constraint.referencedColumns().get(i));
    }

    // ---- Referencing side

    /** Checks a new or changed row, unless it is gone again. */
    void checkReferencing(CommandContext context, long tid, Object[] row) {
        HeapRelation heap = context.session.storage().heap(referencing);
        try (HeapCursor cursor = new HeapCursor()) {
            if (!heap.fetchExact(tid, ConstraintCommands.Snapshots.latest(context), cursor)) {
                return;
            }
        }
        requireReferenced(context, row, true);
    }

    /** 23503 unless the row's key exists in the referenced table; locks the row it finds. */
    void requireReferenced(CommandContext context, Object[] row, boolean lock) {
        for (int k = 0; k < keyOrder.length; k++) {
            int i = keyOrder[k];
            key[k] = convert(row[constraint.columns().get(i) - 1], referencingColumn(i).type(), referencedColumn(i).type());
            if (key[k] == null) {
                throw notPresent(context, row);
            }
        }
        if (!findReferenced(context, lock)) {
            throw notPresent(context, row);
        }
    }

    /** Whether the key exists now; with {@code lock}, it will until the end of the transaction. */
    private boolean findReferenced(CommandContext context, boolean lock) {
        referencedKeys.encodePrefix(key);
        BTree tree = context.session.storage().btree(referencedKeys.index);
        HeapRelation heap = context.session.storage().heap(referenced);
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Snapshot snapshot = ConstraintCommands.Snapshots.latest(context);
            Boolean found = lookUp(context, tree, heap, snapshot, lock);
            if (found != null) {
                return found;
            }
        }
        throw new SqlException(SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
    }

    /** Null: the row changed under our hands, look again. */
    private Boolean lookUp(CommandContext context, BTree tree, HeapRelation heap, Snapshot snapshot, boolean lock) {
        try (BTreeCursor entries = tree.cursor(); HeapCursor version = new HeapCursor()) {
            entries.seek(KeyRange.prefix(referencedKeys.key.array(), referencedKeys.key.length()), true, false);
            while (entries.nextBatch()) {
                for (int i = 0; i < entries.count(); i++) {
                    if (!heap.fetch(entries.tid(i), snapshot, version) || !keyMatches(heap, version.tupleAddress())) {
                        continue;
                    }
                    if (!lock) {
                        return true;
                    }
                    long tid = version.tid();
                    version.close();
                    entries.close();
                    HeapChange change = new HeapChange();
                    ChangeStatus status = heap.lock(context.transaction(), snapshot, tid, RowLockMode.KEY_SHARE,
                            WaitPolicy.BLOCK, change);
                    return status == ChangeStatus.OK || status == ChangeStatus.SELF_MODIFIED ? Boolean.TRUE : null;
                }
            }
            return false;
        }
    }

    private boolean keyMatches(HeapRelation heap, long tuple) {
        for (int k = 0; k < keyOrder.length; k++) {
            ColumnDescriptor column = referencedColumn(keyOrder[k]);
            Object value = TupleReader.getObject(heap.layout(), tuple, column.attnum() - 1, heap.toast());
            if (value == null || !column.type().ops().equal(value, key[k])) {
                return false;
            }
        }
        return true;
    }

    private SqlException notPresent(CommandContext context, Object[] row) {
        return new SqlException(SqlState.FOREIGN_KEY_VIOLATION, "insert or update on table \"" + referencing.name()
                + "\" violates foreign key constraint \"" + constraint.name() + "\"")
                .withDetail("Key " + text(context, referencing, constraint.columns(), row) + " is not present in table \""
                        + referenced.name() + "\".")
                .withSchema(referencing.schemaName()).withTable(referencing.name()).withConstraint(constraint.name());
    }

    private static String text(CommandContext context, RelationDescriptor relation, List<Integer> columns, Object[] row) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int attnum : columns) {
            ColumnDescriptor column = relation.column(attnum);
            names.add(column.name());
            Object value = row[attnum - 1];
            values.add(value == null ? "null" : column.type().ops().toText(value, context.session.text()));
        }
        return "(" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")";
    }

    // ---- Referenced side

    /** A referenced row was deleted ({@code newRow} null) or its key changed. */
    void referencedChanged(CommandContext context, Object[] oldRow, Object[] newRow) {
        char action = newRow == null ? constraint.deleteAction() : constraint.updateAction();
        if (action == 'a') {
            for (int k = 0; k < keyOrder.length; k++) {
                key[k] = oldRow[constraint.referencedColumns().get(keyOrder[k]) - 1];
            }
            if (findReferenced(context, false)) {
                // Another row has taken the key over.
                return;
            }
        }
        Object[] wanted = new Object[constraint.columns().size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = convert(oldRow[constraint.referencedColumns().get(i) - 1], referencedColumn(i).type(),
                    referencingColumn(i).type());
            if (wanted[i] == null) {
                return;
            }
        }
        List<Long> rows = findReferencing(context, wanted, action == 'a' || action == 'r');
        if (rows.isEmpty()) {
            return;
        }
        switch (action) {
            case 'a', 'r' -> throw stillReferenced(context, oldRow);
            default -> act(context, action, rows, wanted, newRow);
        }
    }

    private SqlException stillReferenced(CommandContext context, Object[] oldRow) {
        return new SqlException(SqlState.FOREIGN_KEY_VIOLATION, "update or delete on table \"" + referenced.name()
                + "\" violates foreign key constraint \"" + constraint.name() + "\" on table \"" + referencing.name() + "\"")
                .withDetail("Key " + text(context, referenced, constraint.referencedColumns(), oldRow)
                        + " is still referenced from table \"" + referencing.name() + "\".")
                .withSchema(referencing.schemaName()).withTable(referencing.name()).withConstraint(constraint.name());
    }

    /** Places of the rows that refer to a key now; at most one if {@code any} will do. */
    private List<Long> findReferencing(CommandContext context, Object[] wanted, boolean any) {
        List<Long> found = new ArrayList<>();
        HeapRelation heap = context.session.storage().heap(referencing);
        Snapshot snapshot = ConstraintCommands.Snapshots.latest(context);
        if (searchIndex == null) {
            try (HeapScan scan = heap.scan(snapshot)) {
                while (scan.nextPage()) {
                    context.checkInterrupts();
                    for (int i = 0; i < scan.count(); i++) {
                        if (refersTo(heap, scan.tupleAddress(i), wanted)) {
                            found.add(scan.tid(i));
                            if (any) {
                                return found;
                            }
                        }
                    }
                }
            }
            return found;
        }
        Object[] ordered = new Object[searchOrder.length];
        for (int k = 0; k < ordered.length; k++) {
            ordered[k] = wanted[searchOrder[k]];
        }
        searchKeys.encodePrefix(ordered);
        BTree tree = context.session.storage().btree(searchIndex);
        try (BTreeCursor entries = tree.cursor(); HeapCursor version = new HeapCursor()) {
            entries.seek(KeyRange.prefix(searchKeys.key.array(), searchKeys.key.length()), true, false);
            while (entries.nextBatch()) {
                for (int i = 0; i < entries.count(); i++) {
                    if (heap.fetch(entries.tid(i), snapshot, version) && refersTo(heap, version.tupleAddress(), wanted)) {
                        found.add(version.tid());
                        if (any) {
                            return found;
                        }
                    }
                }
            }
        }
        return found.stream().distinct().toList();
    }

    private boolean refersTo(HeapRelation heap, long tuple, Object[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            ColumnDescriptor column = referencingColumn(i);
            Object value = TupleReader.getObject(heap.layout(), tuple, column.attnum() - 1, heap.toast());
            if (value == null || !column.type().ops().equal(value, wanted[i])) {
                return false;
            }
        }
        return true;
    }

    /** CASCADE, SET NULL, SET DEFAULT on rows found. */
    private void act(CommandContext context, char action, List<Long> rows, Object[] wanted, Object[] newRow) {
        try (TableStore store = new TableStore(context, referencing, true)) {
            for (long tid : rows) {
                actOn(context, store, action, tid, wanted, newRow);
            }
        }
        context.transaction().nextCommand();
    }

    private void actOn(CommandContext context, TableStore store, char action, long firstTid, Object[] wanted, Object[] newRow) {
        long tid = firstTid;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Object[] old = store.read(tid);
            if (old == null || !refersTo(old, wanted)) {
                return;
            }
            Snapshot snapshot = ConstraintCommands.Snapshots.latest(context);
            ChangeStatus status;
            if (action == 'c' && newRow == null) {
                status = store.delete(snapshot, tid, old);
            } else {
                Object[] changed = old.clone();
                assign(context, store, action, changed, newRow);
                store.prepare(changed);
                status = store.update(snapshot, tid, old, changed);
            }
            switch (status) {
                case OK, SELF_MODIFIED, DELETED, INVISIBLE, SKIPPED -> {
                    return;
                }
                case UPDATED -> tid = store.change().newestTid();
            }
        }
        throw new SqlException(SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
    }

    private boolean refersTo(Object[] row, Object[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            Object value = row[constraint.columns().get(i) - 1];
            if (value == null || !referencingColumn(i).type().ops().equal(value, wanted[i])) {
                return false;
            }
        }
        return true;
    }

    private void assign(CommandContext context, TableStore store, char action, Object[] row, Object[] newRow) {
        for (int i = 0; i < constraint.columns().size(); i++) {
            ColumnDescriptor column = referencingColumn(i);
            int at = column.attnum() - 1;
            switch (action) {
                case 'c' -> row[at] = convert(newRow[constraint.referencedColumns().get(i) - 1], referencedColumn(i).type(),
                        column.type());
                case 'n', 'd' -> {
                    List<Integer> chosen = newRow == null ? constraint.deleteSetColumns() : List.of();
                    if (!chosen.isEmpty() && !chosen.contains(column.attnum())) {
                        continue;
                    }
                    row[at] = action == 'n' ? null : defaultOf(context, store, column);
                }
                default -> throw io.quantadb.base.Invariant.broken("referential action %s of %s", action, constraint.name());
            }
        }
    }

    private Object defaultOf(CommandContext context, TableStore store, ColumnDescriptor column) {
        RowContext row = store.rowContext();
        return new Expressions(context).compile(Analyzer.columnDefault(referencing, column, context.analyzer())).eval(row);
    }
}
