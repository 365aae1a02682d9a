package io.quantadb.session;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.StorageInfo;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;

/** Sizes of relations' files. Confined to the session's thread. */
final class StorageInfoService implements StorageInfo {
    private final Session session;

    StorageInfoService(Session session) {
        this.session = session;
    }

    private BufferPool pool() {
        return session.services().pool();
    }

    private CatalogReader catalog() {
        return session.catalog();
    }

    private RelationId storage(int relationOid) {
        RelationDescriptor relation = catalog().relation(relationOid);
        if (relation != null && relation.storage() != null) {
            return relation.storage();
        }
        IndexDescriptor index = catalog().index(relationOid);
        return index == null ? null : index.storage();
    }

    private boolean isMissing(int relationOid) {
        return catalog().relation(relationOid) == null && catalog().index(relationOid) == null;
    }

    private long bytes(RelationId storage, ForkNumber fork) {
        return storage == null ? 0 : (long) pool().forkBlocks(storage, fork) * Page.SIZE;
    }

    private long bytes(RelationId storage) {
        long total = 0;
        for (ForkNumber fork : ForkNumber.values()) {
            total += bytes(storage, fork);
        }
        return total;
    }

    @Override
    public Long forkSize(int relationOid, String fork) {
        if (isMissing(relationOid)) {
            return null;
        }
        return switch (fork) {
            case "main" -> bytes(storage(relationOid), ForkNumber.MAIN);
            case "fsm" -> bytes(storage(relationOid), ForkNumber.FREE_SPACE_MAP);
            case "vm" -> bytes(storage(relationOid), ForkNumber.VISIBILITY_MAP);
            case "init" -> 0L;
            default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid fork name")
                .withHint("Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
        };
    }

    @Override
    public Long tableSize(int relationOid) {
        if (isMissing(relationOid)) {
            return null;
        }
        RelationDescriptor relation = catalog().relation(relationOid);
        int toast = relation == null ? 0 : relation.toastOid();
        return bytes(storage(relationOid)) + (toast == 0 ? 0 : bytes(storage(toast)));
    }

    @Override
    public Long indexesSize(int relationOid) {
        RelationDescriptor relation = catalog().relation(relationOid);
        if (relation == null) {
            return isMissing(relationOid) ? null : (Long) 0L;
        }
        long total = 0;
        for (IndexDescriptor index : relation.indexes()) {
            total += bytes(index.storage());
        }
        return total;
    }

    /** Other databases' catalogs are not at hand; theirs count as one of this size would without user tables. */
    @Override
    public Long databaseSize(int databaseOid) {
        if (databaseOid != 0 && catalog().database(databaseOid) == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "database with OID " + Integer.toUnsignedString(databaseOid) + " does not exist");
        }
        boolean own = databaseOid == 0 || databaseOid == catalog().databaseOid();
        long total = 0;
        for (SchemaDescriptor schema : catalog().schemas()) {
            if (own || schema.name().equals("pg_catalog")) {
                for (RelationDescriptor relation : catalog().relations(schema.oid())) {
                    total += relation.storage() == null ? 0 : tableSize(relation.oid());
                    total += relation.indexes().stream().mapToLong(index -> bytes(index.storage())).sum();
                }
            }
        }
        return total;
    }

    @Override
    public Long fileNode(int relationOid) {
        RelationId storage = storage(relationOid);
        return storage == null ? null : (Long) Integer.toUnsignedLong(storage.fileNumber());
    }

    @Override
    public String filePath(int relationOid) {
        RelationId storage = storage(relationOid);
        return storage == null ? null : pool().filePath(storage);
    }
}
