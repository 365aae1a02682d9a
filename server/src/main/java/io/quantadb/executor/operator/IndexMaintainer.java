package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.access.heap.DirtyResult;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable.IndexTarget;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.util.BitSet;
import java.util.List;

/** Keeps one index of a table that is being changed. Confined to one thread. */
final class IndexMaintainer {
    final IndexDescriptor index;
    private final RelationDescriptor relation;
    private final KeyEncoder[] encoders;
    private final ScalarEvaluator[] expressions;
    private final ScalarEvaluator predicate;
    private final BitSet columns = new BitSet();
    private final KeyBuffer key = new KeyBuffer(64);
    private final IndexEntry entry = new IndexEntry();
    private final InsertOutcome outcome = new InsertOutcome();
    private final HeapCursor cursor = new HeapCursor();
    private final HeapChange change = new HeapChange();
    private final KeyBuffer payload;
    private final KeyEncoder[] includeEncoders;
    private final Object[] values;
    private QueryContext query;
    private BTree tree;
    private HeapRelation heap;
    private boolean keyHasNull;

    IndexMaintainer(RelationDescriptor relation, IndexTarget target, ExprCompiler compiler) {
        this.relation = relation;
        this.index = target.index();
        this.encoders = IndexRanges.encoders(index);
        this.expressions = new ScalarEvaluator[encoders.length];
        this.values = new Object[encoders.length];
        for (int i = 0; i < encoders.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            if (column.isExpression()) {
                expressions[i] = compiler.scalar(target.expressions().get(i));
                columns.or(ExprColumns.of(target.expressions().get(i), InputRef.OUTER));
            } else {
                columns.set(column.attnum());
            }
        }
        for (IndexColumn column : index.includeColumns()) {
            columns.set(column.attnum());
        }
        predicate = target.predicate() == null ? null : compiler.scalar(target.predicate());
        if (target.predicate() != null) {
            columns.or(ExprColumns.of(target.predicate(), InputRef.OUTER));
        }
        includeEncoders = index.includeColumns().stream().map(c -> KeyEncoder.of(c.type(), c.typmod()))
                .toArray(KeyEncoder[]::new);
        payload = includeEncoders.length == 0 ? null : new KeyBuffer(64);
    }

    void open(QueryContext context, HeapRelation table) {
        query = context;
        heap = table;
        tree = context.storage.btree(index);
    }

    /** Attributes whose change needs a new entry: key, INCLUDE, expressions, predicate. */
    BitSet columns() {
        return columns;
    }

    /** Whether foreign keys may refer to it. */
    boolean isKey() {
        return index.unique() && predicate == null && !index.hasExpressions() && !index.deferrable();
    }

    /** Computes the key of the row that is the context's OUTER; false if the index leaves the row out. */
    boolean compute(Object[] row, RowContext context) {
        if (predicate != null && !predicate.isTrue(context)) {
            return false;
        }
        key.reset();
        keyHasNull = false;
        for (int i = 0; i < encoders.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            Object value = expressions[i] != null ? expressions[i].eval(context) : row[column.attnum() - 1];
            values[i] = value;
            keyHasNull |= value == null;
            encoders[i].encode(value, column.descending(), column.nullsFirst(), key);
        }
        if (payload != null) {
            payload.reset();
            for (int i = 0; i < includeEncoders.length; i++) {
                includeEncoders[i].encode(row[index.includeColumns().get(i).attnum() - 1], false, false, payload);
            }
        }
        int length = key.length() + (payload == null ? 0 : payload.length());
        if (length > BTree.MAX_ENTRY_BYTES) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "index row size " + length
                    + " exceeds btree version 4 maximum " + BTree.MAX_ENTRY_BYTES + " for index \"" + index.name()
                    + "\"").withSchema(relation.schemaName()).withTable(relation.name());
        }
        return true;
    }

    KeyBuffer keyBuffer() {
        return key;
    }

    /** Null if there are no INCLUDE columns. */
    KeyBuffer payloadBuffer() {
        return payload;
    }

    SqlException duplicate(QueryContext context) {
        return ConstraintErrors.duplicateKey(relation, index, values, context.functions.text());
    }

    SqlException couldNotCreate(QueryContext context) {
        return ConstraintErrors.couldNotCreate(relation, index, values, context.functions.text());
    }

    private boolean mustBeUnique() {
        return index.unique() && (!keyHasNull || index.nullsNotDistinct());
    }

    /** Whether the computed key is among those for which a conflict is possible. */
    boolean canConflict() {
        return mustBeUnique();
    }

    private final UniqueProbe probe = this::probe;

    private long probe(long tid) {
        try {
            DirtyResult result = heap.fetchDirty(query.transaction, tid, cursor, change);
            return switch (result) {
                case NONE -> cursor.allDead() ? UniqueProbe.DEAD : UniqueProbe.IGNORE;
                case LIVE -> {
                    conflictTid = cursor.tid();
                    yield UniqueProbe.LIVE;
                }
                case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> change.otherXid();
            };
        } finally {
            cursor.close();
        }
    }

    private long conflictTid;

    /**
     * Looks for a live row with the computed key, waiting for running transactions that decide.
     *
     * @return packed TID of its version, -1 if there is none
     */
    long findConflict() {
        while (true) {
            tree.checkUnique(key.array(), key.length(), probe, outcome);
            switch (outcome.kind()) {
                case INSERTED -> {
                    return -1;
                }
                case CONFLICT -> {
                    return conflictTid;
                }
                case WAIT -> waitFor(outcome.xid());
            }
        }
    }

    private void waitFor(long xid) {
        query.checkInterrupts();
        query.storage.locks().waitForXid(query.transaction.session().lockOwner(), xid, query.waitPolicy);
    }

    /**
     * Inserts the entry of the computed key.
     *
     * @param speculative a duplicate is not an error but answered by false
     * @throws SqlException 23505
     */
    boolean insert(long tid, Object[] row, boolean speculative) {
        int payloadLength = payload == null ? 0 : payload.length();
        entry.set(key.array(), key.length(), tid, payload == null ? null : payload.array(), payloadLength);
        long xid = query.transaction.xid();
        if (!mustBeUnique()) {
            tree.insert(query.storage.walRecord(), xid, entry);
            noteInserted();
            return true;
        }
        while (true) {
            tree.insertUnique(query.storage.walRecord(), xid, entry, probe, outcome);
            switch (outcome.kind()) {
                case INSERTED -> {
                    noteInserted();
                    return true;
                }
                case WAIT -> waitFor(outcome.xid());
                case CONFLICT -> {
                    if (speculative) {
                        return false;
                    }
                    // If the key was looked for before, a failure that says "try again" tells more than a duplicate.
                    noteInserted();
                    if (index.deferrable()) {
                        tree.insert(query.storage.walRecord(), xid, entry);
                        query.rowEvents.uniqueCheckDue(relation, index.oid(), tid, row);
                        return true;
                    }
                    throw ConstraintErrors.duplicateKey(relation, index, values, query.functions.text());
                }
            }
        }
    }

    /** Serializable: finds who has read the place of the computed key. */
    private void noteInserted() {
        if (query.transaction.serializable() != null) {
            query.transaction.serializable().insertsKey(BufferPool.key(tree.relation()), key.array(), key.length());
        }
    }

    static List<IndexMaintainer> all(RelationDescriptor relation, List<IndexTarget> targets, ExprCompiler compiler) {
        return targets.stream().filter(t -> t.index().ready())
                .map(t -> new IndexMaintainer(relation, t, compiler)).toList();
    }
}
