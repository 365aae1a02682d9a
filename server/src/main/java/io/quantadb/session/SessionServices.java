package io.quantadb.session;

import io.quantadb.access.heap.HeapAccess;
import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.catalog.bootstrap.DatabaseBootstrap;
import io.quantadb.catalog.cache.CatalogCaches;
import io.quantadb.maintenance.Checkpointer;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.TransactionManager;
import io.quantadb.wal.writer.WalInserter;
import java.nio.file.Path;

/**
 * What all sessions share. Immutable; safe for use by many threads.
 *
 * @param bootstrap copies templates: CREATE DATABASE
 * @param temporaryDirectory where sorts and hash tables spill
 * @param cluster what sessions see of replication
 */
public record SessionServices(TransactionManager transactions, WalInserter wal, BufferPool pool, HeapAccess heaps, CatalogCaches catalogs,
        DatabaseBootstrap bootstrap, Checkpointer checkpointer, QueryCompiler compiler, PlanRunner runner, UtilityCommands utility,
        SettingCatalog settings, SessionRegistry sessions, PlanCache planCache, StatementStatistics statistics, Clock clock,
        FileSystem files, Path dataDirectory, Path temporaryDirectory, Recovery recovery,
        ClusterInfo cluster) {
}
