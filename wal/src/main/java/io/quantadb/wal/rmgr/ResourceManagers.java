package io.quantadb.wal.rmgr;

import io.quantadb.base.Invariant;
import io.quantadb.wal.record.RecordDescriber;
import io.quantadb.wal.record.WalRecord;

/**
 * The one table of resource managers. Their ids are in the WAL: stable, never reused.
 *
 * <p>Each server builds one instance at start, registers redo and describe together, and shares it; registration is
 * confined to that thread, everything else is safe for use by many.
 */
public final class ResourceManagers implements RecordDescriber {
    /** Checkpoints, oid counter, images without a change, parameter changes, end of recovery: {@link XlogKind}. */
    public static final int XLOG = 0;
    /** Commit, abort, prepare. */
    public static final int TRANSACTION = 1;
    /** Creation, truncation and removal of relation files. */
    public static final int STORAGE = 2;
    /** Pages of the commit log. */
    public static final int CLOG = 3;
    /** Changes of rows. */
    public static final int HEAP = 4;
    /** Prune, vacuum, all-visible bits. */
    public static final int HEAP_MAINTENANCE = 5;
    public static final int BTREE = 6;
    public static final int SEQUENCE = 7;
    /** Creation of databases, the relation map. */
    public static final int CATALOG = 8;
    /** What replicas need beside pages: running transactions, exclusive locks, invalidations. */
    public static final int STANDBY = 9;
    /** Messages for logical decoding. */
    public static final int LOGICAL_MESSAGE = 10;

    private static final String[] NAMES = {"xlog", "transaction", "storage", "clog", "heap", "heap_maintenance",
            "btree",
        "sequence", "catalog", "standby", "logical_message"};

    private final ResourceManager[] registered = new ResourceManager[NAMES.length];

    /** Registers the manager of an id of this class; its name must be the table's. */
    public ResourceManagers register(int id, ResourceManager manager) {
        Invariant.check(id >= 0 && id < NAMES.length, "resource manager id %d, largest is %d", id, NAMES.length - 1);
        Invariant.check(NAMES[id].equals(manager.name()), "resource manager %s registered as %s", manager.name(),
                NAMES[id]);
        Invariant.check(registered[id] == null, "resource manager %s registered twice: %s", NAMES[id], registered[id]);
        registered[id] = manager;
        return this;
    }

    /** The manager of a record. Throws {@link UnknownResourceManagerException}. */
    public ResourceManager get(int id) {
        ResourceManager manager = id >= 0 && id < registered.length ? registered[id] : null;
        if (manager == null) {
            throw new UnknownResourceManagerException(id, resourceManagerName(id));
        }
        return manager;
    }

    public boolean isRegistered(int id) {
        return id >= 0 && id < registered.length && registered[id] != null;
    }

    /** The id of a name, -1 if there is none. */
    public static int idOf(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String resourceManagerName(int id) {
        return id >= 0 && id < NAMES.length ? NAMES[id] : "unknown(" + id + ")";
    }

    @Override
    public String describe(WalRecord record) {
        int id = record.resourceManager();
        if (!isRegistered(id)) {
            return "kind " + record.kind() + ", " + record.dataLength() + " bytes of data";
        }
        try {
            return registered[id].describe(record);
        } catch (RuntimeException e) {
            return "kind " + record.kind() + ", cannot be described: " + e;
        }
    }
}
