package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.base.Invariant;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.Storage;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Aggregation of a large table by several threads: each reads blocks it takes from a common supply, through operators
 * of its own, into groups of its own, which the statement's thread puts together at the end.
 *
 * <p>The statement's thread works like the others and is the only one that can be cancelled; helpers stop at their next
 * batch. Hash joins on the way are built by it and probed by all. Helpers never wait, hold no locks, and use only what
 * is safe for many threads: heaps, the snapshot, immutable functions. If any thread's groups outgrow {@code work_mem}
 * all of it is thrown away and done again by one thread, which can use temporary files.
 *
 * <p>Differs from PostgreSQL: decided when the plan is opened, by the table's size then; EXPLAIN shows no Gather.
 */
final class ParallelAggregation {
    /** Helpers of all statements; the statement's thread goes on alone when none is free. */
    private static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(0,
            Math.max(1, Runtime.getRuntime().availableProcessors()), 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
            task -> Thread.ofPlatform().daemon().name("quantadb-parallel-scan").unstarted(task));

    private final Pipeline leader;
    private final Supplier<Pipeline> helpers;
    private final List<Pipeline> idle = new ArrayList<>();

    /** The operators one thread runs, and those of them that must know about the others. Joins from the top down. */
    record Pipeline(AggregateOperator aggregate, SeqScanOperator scan, List<HashJoinOperator> joins,
            RelationDescriptor table) {
    }

    /** Ends a thread's part without being an error of the statement. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
        static final Stopped MEMORY = new Stopped();
        static final Stopped TOLD = new Stopped();

        Stopped() {
            super(null, null, false, false);
        }
    }

    ParallelAggregation(Pipeline leader, Supplier<Pipeline> helpers) {
        this.leader = leader;
        this.helpers = helpers;
    }

    /** Called by a thread whose groups need more memory than it has. */
    static void outOfMemory(QueryContext query) {
        Invariant.check(query.transaction == null, "lack of memory for groups must not end a statement");
        throw Stopped.MEMORY;
    }

    /** Number of helpers worth starting for the table. */
    private int wanted(QueryContext query) {
        if (query.parallelWorkers <= 0 || query.recheck != null || query.snapshot == null || query.transaction == null
                || query.transaction.isolation() == IsolationLevel.SERIALIZABLE) {
            return 0;
        }
        long bytes = (long) query.storage.heap(leader.table).blockCount() * Page.SIZE;
        return bytes < query.minParallelTableScanBytes ? 0
                : Math.min(query.parallelWorkers, Runtime.getRuntime().availableProcessors() - 1);
    }

    /**
     * Aggregates the leader's input, if several threads can do that.
     *
     * @return false if the caller has to do it; its operators are then as after open
     */
    boolean run(AggregateOperator aggregate, QueryContext query) {
        int count = wanted(query);
        if (count == 0 || !aggregate.canCombine()) {
            return false;
        }
        for (HashJoinOperator join : leader.joins) {
            if (!join.buildNow()) {
                return false;
            }
        }
        HeapRelation heap = query.storage.heap(leader.table);
        BlockShare share = new BlockShare(heap.blockCount());
        Team team = new Team(query, heap, share);
        boolean enough;
        try {
            enough = team.work(count);
        } finally {
            leader.scan.share(null);
        }
        if (!enough) {
            aggregate.startAgain();
        }
        return enough;
    }

    private final class Team {
        private final QueryContext query;
        private final HeapRelation heap;
        private final BlockShare share;
        private final List<Helper> members = new ArrayList<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile boolean stop;

        Team(QueryContext query, HeapRelation heap, BlockShare share) {
            this.query = query;
            this.heap = heap;
            this.share = share;
        }

        /** @return false if memory did not suffice */
        boolean work(int count) {
            for (int i = 0; i < count; i++) {
                Helper helper = new Helper(this);
                try {
                    POOL.execute(helper);
                    members.add(helper);
                } catch (RejectedExecutionException e) {
                    // Other statements have all the threads: this one does with fewer.
                    helper.finished.countDown();
                    break;
                }
            }
            boolean done = false;
            try {
                leader.scan.share(share);
                leader.scan.rescan();
                leader.aggregate.aggregateShare();
                done = true;
            } finally {
                stop |= !done;
                awaitMembers();
            }
            boolean enough = !leader.aggregate.hasSpilled() && failure.get() != Stopped.MEMORY;
            if (!enough) {
                release();
            } else {
                try {
                    rethrow();
                    query.checkInterrupts();
                    members.forEach(helper -> leader.aggregate.combine(helper.pipeline.aggregate));
                } finally {
                    release();
                }
            }
            return enough;
        }

        /** Helpers end at their next batch at the latest, and use operators that must not be left to them. */
        private void awaitMembers() {
            boolean interrupted = false;
            for (Helper helper : members) {
                while (true) {
                    try {
                        helper.finished.await();
                        break;
                    } catch (InterruptedException e) {
                        // Helpers have a chunk each left at most; the statement looks at its requests afterwards.
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (stop) {
                release();
            }
        }

        private void rethrow() {
            switch (failure.get()) {
                case null -> {
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw Invariant.broken("helper failed with %s", e);
            }
        }

        private void release() {
            for (Helper helper : members) {
                if (helper.pipeline != null) {
                    helper.pipeline.aggregate.close();
                }
            }
        }

        void checkHelper() {
            if (stop) {
                throw Stopped.TOLD;
            }
        }
    }

    /** One helper thread's part. */
    private final class Helper implements Runnable {
        private final Team team;
        final CountDownLatch finished = new CountDownLatch(1);
        /** Built by the statement's thread: compiling looks things up in its session. */
        private final Pipeline pipeline;

        Helper(Team team) {
            this.team = team;
            this.pipeline = idle.size() > team.members.size() ? idle.get(team.members.size()) : helpers.get();
            if (idle.size() == team.members.size()) {
                idle.add(pipeline);
            }
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < pipeline.joins.size(); i++) {
                    pipeline.joins.get(i).shareTable(leader.joins.get(i));
                }
                pipeline.scan.share(team.share);
                pipeline.aggregate.open(team.query.forWorker(new OneHeap(team.heap), team::checkHelper));
                pipeline.aggregate.aggregateShare();
            } catch (Throwable e) {
                if (e != Stopped.TOLD) {
                    team.failure.compareAndSet(null, e);
                    team.stop = true;
                    team.share.close();
                }
            } finally {
                finished.countDown();
            }
        }
    }

    /** All that a helper may open. */
    private record OneHeap(HeapRelation heap) implements Storage {
        @Override
        public HeapRelation heap(RelationDescriptor relation) {
            return heap;
        }

        @Override
        public BTree btree(IndexDescriptor index) {
            throw Invariant.broken("helper opened index %s", index.name());
        }

        @Override
        public LockManager locks() {
            throw Invariant.broken("helper asked for %s", "locks");
        }

        @Override
        public WalRecordBuilder walRecord() {
            throw Invariant.broken("helper asked for %s", "WAL");
        }
    }
}
