package io.quantadb.storage.buffer;

import io.quantadb.base.RelationId;
import java.util.ArrayList;
import java.util.List;

/**
 * Files one transaction has created or wants gone: created ones are dropped at abort, dropped ones at commit. Confined
 * to the transaction's session.
 *
 * <p>Subtransactions by nesting level, 1 for the transaction itself: a release hands entries to the parent; a rollback
 * to a savepoint returns what was created inside it and forgets what was dropped. At the end: the commit record carries
 * {@link #dropsAtCommit}, the abort record {@link #dropsAtAbort} ({@link StorageRecords#putRelations}), and once it is
 * inserted {@link StorageChanges#dropAfter} gets the same list.
 */
public final class PendingStorage {
    private final List<Entry> entries = new ArrayList<>();

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public void dropAtAbort(RelationId relation, int nestingLevel) {
        entries.add(new Entry(relation, false, nestingLevel));
    }

    public void dropAtCommit(RelationId relation, int nestingLevel) {
        entries.add(new Entry(relation, true, nestingLevel));
    }

    public List<RelationId> dropsAtCommit() {
        return select(true);
    }

    public List<RelationId> dropsAtAbort() {
        return select(false);
    }

    private List<RelationId> select(boolean atCommit) {
        return entries.stream().filter(e -> e.atCommit == atCommit).map(Entry::relation).distinct().toList();
    }

    /** The subtransaction at {@code nestingLevel} is released. */
    public void subCommit(int nestingLevel) {
        entries.replaceAll(e -> e.level >= nestingLevel ? new Entry(e.relation, e.atCommit, nestingLevel - 1) : e);
    }

    /** The subtransaction at {@code nestingLevel} is rolled back. @return relations it created, to be dropped now */
    public List<RelationId> subAbort(int nestingLevel) {
        List<RelationId> created =
            entries.stream().filter(e -> e.level >= nestingLevel && !e.atCommit).map(Entry::relation).toList();
        entries.removeIf(e -> e.level >= nestingLevel);
        return created;
    }

    /** The transaction has ended and its lists have been dealt with. */
    public void clear() {
        entries.clear();
    }

    private record Entry(RelationId relation, boolean atCommit, int level) {
    }
}
