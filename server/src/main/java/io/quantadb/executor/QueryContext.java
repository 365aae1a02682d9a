package io.quantadb.executor;

import io.quantadb.base.FileSystem;
import io.quantadb.base.Invariant;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.function.FunctionContext;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.nio.file.Path;

/**
 * Everything one execution of a statement needs from its surroundings. Made by the session for each execution and
 * confined to its thread; plain fields, since it is built once and read in every loop.
 */
public final class QueryContext {
    /** Null only for plans that touch no table. */
    public Transaction transaction;
    /** What the statement sees; registered for as long as the execution lasts. */
    public Snapshot snapshot;
    public Object[] parameters = {};
    public FunctionContext functions;
    public CatalogReader catalog;
    /** Opens tables and indexes; null only for plans that touch none. */
    public Storage storage;
    public Interrupts interrupts = Interrupts.NONE;
    /** Called for rows of tables with foreign keys or triggers; never null. */
    public RowEvents rowEvents = RowEvents.NONE;
    /** Whether a row lock may be waited for: WOULD_BLOCK on an event loop, else BLOCK. */
    public WaitPolicy waitPolicy = WaitPolicy.BLOCK;
    /** {@code work_mem}, for each sort or hash table. */
    public long workMemBytes = 4L << 20;
    /** {@code hash_mem_multiplier}. */
    public double hashMemMultiplier = 2.0;
    /** {@code max_parallel_workers_per_gather}: threads a scan may use besides the statement's own. */
    public int parallelWorkers = 2;
    /** {@code min_parallel_table_scan_size}, bytes: smaller tables are not read by several threads. */
    public long minParallelTableScanBytes = 8L << 20;
    /** Where sorts and hash tables go that exceed their memory; null: nowhere, 53200 then. */
    public FileSystem files;
    public Path temporaryDirectory;
    /** {@code temp_file_limit}, bytes; negative for none. */
    public long temporaryFileLimitBytes = -1;
    /** Where scans and changes are counted; null when nobody counts. */
    public io.quantadb.maintenance.TransactionActivity activity;
    /** Counters of EXPLAIN ANALYZE; null when not asked for. */
    public Instrumentation instrumentation;

    /** Slots of ExecParameters and other state of the running plan; set by the executor. */
    public Object[] execParameters = {};
    /** While a concurrently updated row is looked at again: which row stands for its table. Null otherwise. */
    public Recheck recheck;
    /** Rows changed by the statement itself: what the command tag reports. */
    public long affectedRows;
    /** What the running operators keep in memory. */
    public final MemoryAccount memory = new MemoryAccount();
    private long temporaryBytes;

    /**
     * The context of a helper thread: same snapshot and parameters, no transaction, no temporary files. It must only
     * run plans that read.
     */
    public QueryContext forWorker(Storage workerStorage, Interrupts workerInterrupts) {
        QueryContext worker = new QueryContext();
        worker.snapshot = snapshot;
        worker.parameters = parameters;
        worker.functions = functions;
        worker.storage = workerStorage;
        worker.interrupts = workerInterrupts;
        worker.workMemBytes = workMemBytes;
        worker.hashMemMultiplier = hashMemMultiplier;
        worker.parallelWorkers = 0;
        return worker;
    }

    /** Called once a batch and in every loop that can run long without one. */
    public void checkInterrupts() {
        interrupts.check();
    }

    public long hashMemBytes() {
        return (long) (workMemBytes * hashMemMultiplier);
    }

    /** Books bytes written to temporary files; 53400 over the limit. */
    public void addTemporaryBytes(long bytes) {
        temporaryBytes += bytes;
        if (temporaryFileLimitBytes >= 0 && temporaryBytes > temporaryFileLimitBytes) {
            throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                    "temporary file size exceeds temp_file_limit (" + temporaryFileLimitBytes / 1024 + "kB)");
        }
    }

    public long temporaryBytes() {
        return temporaryBytes;
    }

    public Object parameter(int number) {
        Invariant.check(number <= parameters.length, "parameter $%d, given are %d", number, parameters.length);
        return parameters[number - 1];
    }

    /**
     * READ COMMITTED: a row found by a scan was changed meanwhile; its newest version is put in its place.
     *
     * @param scanId the scan that must return only this row
     * @param tid packed place of the newest version, which the caller has locked
     */
    public record Recheck(int scanId, long tid, Recheck outer) {
        /** The replacement row of a scan, -1 if there is none. */
        public static long tidFor(Recheck recheck, int scanId) {
            for (Recheck r = recheck; r != null; r = r.outer) {
                if (r.scanId == scanId) {
                    return r.tid;
                }
            }
            return -1;
        }
    }
}
