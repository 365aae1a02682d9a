package io.quantadb.session.command;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.FunctionContext;
import io.quantadb.session.Session;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.writer.WalInserter;

/**
 * nextval and its relatives for one session. Confined to the session's thread; sequences themselves are shared through their page's
 * latch.
 *
 * <p>A sequence is one page with one row. Values are not transactional. The WAL is told of {@value #LOGGED_AHEAD} values in advance, so
 * that most calls log nothing; after a crash the sequence goes on behind what was announced. A reply that carries a value waits, like
 * one that reads a fresh commit, until the record that announced it is durable.
 */
final class Sequences implements FunctionContext.SequenceAccess {
    /** Values announced to the WAL beyond those fetched. */
    private static final int LOGGED_AHEAD = 32;

    private final Session session;
    private final CommandServices services;
    private final SessionState state;

    Sequences(Session session, CommandServices services, SessionState state) {
        this.session = session;
        this.services = services;
        this.state = state;
    }

    /** DISCARD SEQUENCES. */
    void forget() {
        state.sequences.clear();
        state.lastSequence = 0;
    }

    private RelationDescriptor open(int oid) {
        RelationDescriptor relation = session.catalog().relation(oid);
        if (relation == null) {
            throw new SqlException(SqlState.UNDEFINED_TABLE, "could not open relation with OID " + Integer.toUnsignedString(oid));
        }
        if (relation.kind() != RelationKind.SEQUENCE) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a sequence");
        }
        return relation;
    }

    private void lock(RelationDescriptor relation) {
        var locks = session.services().transactions().locks();
        locks.lockRelation(session.txn().lockOwner(), locks.relation(session.catalog().databaseOid(), relation.oid()),
                LockMode.ROW_EXCLUSIVE, session.waitPolicy());
    }

    private void require(RelationDescriptor relation, int privileges) {
        int role = session.catalog().role(session.functions().currentUser()).oid();
        if (Privileges.onRelation(session.catalog(), role, relation, privileges) == 0) {
            throw CommandContext.denied("sequence", relation.name());
        }
    }

    private SessionState.SequenceCache cache(RelationDescriptor relation) {
        SessionState.SequenceCache cache = state.sequences.computeIfAbsent(relation.oid(),
                oid -> new SessionState.SequenceCache());
        if (cache.fileNumber != relation.storage().fileNumber()) {
            cache.fileNumber = relation.storage().fileNumber();
            cache.cached = cache.last;
        }
        return cache;
    }

    @Override
    public long nextval(int oid) {
        RelationDescriptor relation = open(oid);
        require(relation, Privilege.USAGE.bit() | Privilege.UPDATE.bit());
        if (session.transaction().readOnly() && !relation.isTemporary()) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute nextval() in a read-only transaction");
        }
        SessionState.SequenceCache cache = cache(relation);
        if (cache.hasLast && cache.last != cache.cached) {
            cache.last += cache.increment;
            state.lastSequence = oid;
            return cache.last;
        }
        lock(relation);
        relation = open(oid);
        SequenceDescriptor definition = session.catalog().sequence(oid);
        cache = cache(relation);
        fetch(relation, definition, cache);
        state.lastSequence = oid;
        return cache.last;
    }

    /** Takes the next {@code cache} values from the page. */
    private void fetch(RelationDescriptor relation, SequenceDescriptor definition, SessionState.SequenceCache cache) {
        WalInserter wal = session.services().wal();
        wal.admit();
        session.transaction().topXid();
        BufferPool pool = session.services().pool();
        int buffer = pool.pin(relation.storage(), ForkNumber.MAIN, 0);
        pool.latchExclusive(buffer);
        try {
            long page = pool.address(buffer);
            long row = SequencePage.row(page);
            long last = SequencePage.lastValue(row);
            boolean called = SequencePage.isCalled(row);
            long logged = SequencePage.logCount(row);
            long wanted = definition.cache();
            long ahead = wanted;
            boolean log = false;
            if (!called) {
                // The first value is last_value itself.
                log = true;
                ahead = wanted + LOGGED_AHEAD;
            } else if (logged < wanted || Page.lsn(page) <= wal.redoLsn()) {
                log = true;
                ahead = wanted + LOGGED_AHEAD;
            }
            long next = last;
            long first = 0;
            long lastFetched = last;
            long taken = 0;
            long reached = 0;
            boolean fresh = !called;
            long remaining = ahead;
            while (remaining > 0) {
                if (fresh) {
                    fresh = false;
                } else {
                    Long following = following(next, definition);
                    if (following == null) {
                        if (taken > 0) {
                            break;
                        }
                        following = wrapped(definition, relation);
                    }
                    next = following;
                }
                remaining--;
                if (taken < wanted) {
                    if (taken == 0) {
                        first = next;
                    }
                    lastFetched = next;
                    taken++;
                } else {
                    reached++;
                }
            }
            if (log) {
                write(wal, relation.storage(), page, next, true, 0);
                logged = reached;
            } else {
                logged -= taken;
            }
            pool.markDirty(buffer);
            SequencePage.set(row, lastFetched, logged, true);
            session.transaction().dependOn(Page.lsn(page));
            cache.hasLast = true;
            cache.last = first;
            cache.cached = lastFetched;
            cache.increment = definition.increment();
        } finally {
            pool.releaseExclusive(buffer);
        }
    }

    /** The value after another; null at the end of the range. */
    private static Long following(long value, SequenceDescriptor definition) {
        long next = value + definition.increment();
        boolean overflow = definition.increment() > 0 ? next < value : next > value;
        return overflow || next > definition.maximum() || next < definition.minimum() ? null : (Long) next;
    }

    private static long wrapped(SequenceDescriptor definition, RelationDescriptor relation) {
        boolean ascending = definition.increment() > 0;
        if (!definition.cycle()) {
            throw new SqlException(SqlState.SEQUENCE_GENERATOR_LIMIT_EXCEEDED, "nextval: reached "
                    + (ascending ? "maximum" : "minimum") + " value of sequence \"" + relation.name() + "\" ("
                    + (ascending ? definition.maximum() : definition.minimum()) + ")");
        }
        return ascending ? definition.minimum() : definition.maximum();
    }

    /** Logs a state of the row; the page is latched and gets the record's LSN. The page's own row is set by the caller. */
    private void write(WalInserter wal, RelationId storage, long page, long last, boolean called, long logCount) {
        WalRecordBuilder record = session.txn().record().begin(ResourceManagers.SEQUENCE, SequenceRedo.STATE,
                session.transaction().topXid())
                .block(storage, ForkNumber.MAIN, 0, page, WalRecordBuilder.WILL_INIT).mainData()
                .putLong(last).putLong(logCount).putByte(called ? 1 : 0);
        Page.setLsn(page, wal.insert(record));
    }

    @Override
    public long currval(int oid) {
        RelationDescriptor relation = open(oid);
        require(relation, Privilege.USAGE.bit() | Privilege.SELECT.bit());
        SessionState.SequenceCache cache = state.sequences.get(oid);
        if (cache == null || !cache.hasLast) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "currval of sequence \"" + relation.name() + "\" is not yet defined in this session");
        }
        return cache.last;
    }

    @Override
    public long lastval() {
        SessionState.SequenceCache cache = state.lastSequence == 0 ? null : state.sequences.get(state.lastSequence);
        if (cache == null || session.catalog().relation(state.lastSequence) == null) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
        }
        require(open(state.lastSequence), Privilege.USAGE.bit() | Privilege.SELECT.bit());
        return cache.last;
    }

    @Override
    public long setval(int oid, long value, boolean isCalled) {
        RelationDescriptor relation = open(oid);
        require(relation, Privilege.UPDATE.bit());
        if (session.transaction().readOnly() && !relation.isTemporary()) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute setval() in a read-only transaction");
        }
        lock(relation);
        relation = open(oid);
        SequenceDescriptor definition = session.catalog().sequence(oid);
        if (value < definition.minimum() || value > definition.maximum()) {
            throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "setval: value " + value
                    + " is out of bounds for sequence \"" + relation.name() + "\" (" + definition.minimum() + ".."
                    + definition.maximum() + ")");
        }
        SessionState.SequenceCache cache = cache(relation);
        if (isCalled) {
            cache.hasLast = true;
            cache.last = value;
        }
        cache.cached = cache.last;
        WalInserter wal = session.services().wal();
        wal.admit();
        BufferPool pool = session.services().pool();
        int buffer = pool.pin(relation.storage(), ForkNumber.MAIN, 0);
        pool.latchExclusive(buffer);
        try {
            long page = pool.address(buffer);
            pool.markDirty(buffer);
            write(wal, relation.storage(), page, value, isCalled, 0);
            SequencePage.set(SequencePage.row(page), value, 0, isCalled);
            session.transaction().dependOn(Page.lsn(page));
        } finally {
            pool.releaseExclusive(buffer);
        }
        return value;
    }

    /** The state as stored: last_value and is_called. */
    record Current(long lastValue, boolean called) {
    }

    static Current read(BufferPool pool, RelationId storage) {
        int buffer = pool.pin(storage, ForkNumber.MAIN, 0);
        pool.latchShared(buffer);
        try {
            long row = SequencePage.row(pool.address(buffer));
            return new Current(SequencePage.lastValue(row), SequencePage.isCalled(row));
        } finally {
            pool.releaseShared(buffer);
        }
    }

    /** Fills the file of a new sequence, which was just created and is empty. */
    static void initialise(CommandContext context, RelationId storage, long last, boolean called) {
        WalInserter wal = context.wal();
        wal.admit();
        BufferPool pool = context.pool();
        int buffer = pool.extend(storage, ForkNumber.MAIN);
        try {
            long page = pool.address(buffer);
            SequencePage.init(page, last, 0, called);
            pool.markDirty(buffer);
            WalRecordBuilder record = context.session.txn().record().begin(ResourceManagers.SEQUENCE, SequenceRedo.STATE,
                    context.transaction().topXid())
                    .block(storage, ForkNumber.MAIN, 0, page, WalRecordBuilder.WILL_INIT).mainData()
                    .putLong(last).putLong(0).putByte(called ? 1 : 0);
            Page.setLsn(page, wal.insert(record));
        } finally {
            pool.releaseExclusive(buffer);
        }
    }

    /** The only page of a sequence: one row version that everybody sees, in the format of heap rows. */
    static final class SequencePage {
        private static final int DATA = io.quantadb.txn.TupleHeader.SIZE_BYTES;
        private static final int LENGTH = DATA + 17;

        private SequencePage() {
        }

        static void init(long page, long last, long logCount, boolean called) {
            Page.init(page, 0, io.quantadb.storage.page.PageKind.SEQUENCE);
            int offset = Page.addItem(page, new byte[LENGTH], LENGTH, 0);
            long row = Page.itemAddress(page, offset);
            Memory.putLong(row + io.quantadb.txn.TupleHeader.XMIN, io.quantadb.base.Xid.BOOTSTRAP);
            io.quantadb.txn.TupleHeader.setCtid(row, offset);
            io.quantadb.txn.TupleHeader.setInfomask(row, io.quantadb.txn.TupleHeader.XMIN_COMMITTED);
            Memory.putShort(row + io.quantadb.txn.TupleHeader.NATTS, 3);
            set(row, last, logCount, called);
        }

        static long row(long page) {
            return Page.itemAddress(page, 1);
        }

        static void set(long row, long last, long logCount, boolean called) {
            Memory.putLong(row + DATA, last);
            Memory.putLong(row + DATA + 8, logCount);
            Memory.putByte(row + DATA + 16, called ? 1 : 0);
        }

        static long lastValue(long row) {
            return Memory.getLong(row + DATA);
        }

        static long logCount(long row) {
            return Memory.getLong(row + DATA + 8);
        }

        static boolean isCalled(long row) {
            return Memory.getByte(row + DATA + 16) != 0;
        }
    }
}
