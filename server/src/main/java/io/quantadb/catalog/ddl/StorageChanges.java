package io.quantadb.catalog.ddl;

import io.quantadb.base.RelationId;

/** Told which files a catalog change makes superfluous; implemented over {@code Transaction.dropFilesAtCommit}. */
@FunctionalInterface
public interface StorageChanges {
    void dropped(RelationId storage);
}
