package io.quantadb.session.command;

import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.ForkNumber;
import io.quantadb.storage.buffer.BufferAccess;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A random sample of a table's rows: random blocks, and of their rows a random choice. Confined to one thread.
 *
 * <p>Blocks are chosen by selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S), rows by a reservoir (algorithm R). Rows are those
 * alive now; of rows being deleted by others those too.
 */
final class TableSample {
    /** Stands for a value that is not read because it is stored compressed or out of line. */
    record Wide(int storedBytes) {
    }

    private final CommandContext context;
    private final HeapRelation heap;
    private final int size;
    private final RandomGenerator random;
    private final Runnable betweenPages;
    private final CommitTable commits;
    private final long oldestLsn;
    private Object[][] rows = new Object[256][];
    private long[] places = new long[256];
    private int count;
    private long live;
    private long dead;
    private int blocks;
    private int scanned;

    /** @param size rows at most, and blocks at most */
    TableSample(CommandContext context, HeapRelation heap, int size, RandomGenerator random, Runnable betweenPages) {
        this.context = context;
        this.heap = heap;
        this.size = size;
        this.random = random;
        this.betweenPages = betweenPages;
        var manager = context.session.services().transactions();
        commits = manager.commits();
        manager.advanceHorizon();
        oldestLsn = manager.snapshots().oldestSnapshotLsn();
    }

    void take() {
        BufferPool pool = context.pool();
        BufferRing ring = pool.newRing(BufferAccess.VACUUM);
        blocks = heap.blockCount();
        int wanted = Math.min(size, blocks);
        for (int block = 0; block < blocks && scanned < wanted; block++) {
            if (random.nextDouble() * (blocks - block) < wanted - scanned) {
                betweenPages.run();
                int buffer = pool.pin(BufferPool.key(heap.id()), ForkNumber.MAIN, block, ring);
                try {
                    readPage(pool, buffer, block);
                } finally {
                    pool.unpin(buffer);
                }
                scanned++;
            }
        }
        sortByPlace();
    }

    /** The versions to look at are chosen under the latch; their attributes cannot change or move while the page is pinned. */
    private void readPage(BufferPool pool, int buffer, int block) {
        long page = pool.address(buffer);
        int[] offsets = new int[Page.MAX_OFFSETS + 1];
        int found = 0;
        pool.latchShared(buffer);
        try {
            if (Page.isNew(page)) {
                return;
            }
            int max = Page.maxOffset(page);
            for (int offset = 1; offset <= max; offset++) {
                if (Page.isDead(page, offset)) {
                    dead++;
                } else if (Page.isNormal(page, offset) && isAlive(Page.itemAddress(page, offset))) {
                    offsets[found++] = offset;
                }
            }
        } finally {
            pool.unlatchShared(buffer);
        }
        for (int i = 0; i < found; i++) {
            offer(page, block, offsets[i]);
        }
    }

    private boolean isAlive(long tuple) {
        long xmin = TupleHeader.xmin(tuple);
        long xmax = TupleHeader.xmax(tuple);
        if (xmax != 0 && context.transaction().isOwn(xmax)) {
            dead++;
            return false;
        }
        switch (Visibility.vacuumStatus(tuple, oldestLsn, commits)) {
            case Visibility.LIVE, Visibility.DELETE_IN_PROGRESS -> {
                return true;
            }
            case Visibility.INSERT_IN_PROGRESS -> {
                return context.transaction().isOwn(xmin);
            }
            default -> {
                dead++;
                return false;
            }
        }
    }

    private void offer(long page, int block, int offset) {
        long seen = live++;
        int slot;
        if (count < size) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, Math.min(size, count * 2));
                places = Arrays.copyOf(places, rows.length);
            }
            slot = count++;
        } else {
            long chosen = random.nextLong(seen + 1);
            if (chosen >= size) {
                return;
            }
            slot = (int) chosen;
        }
        rows[slot] = read(Page.itemAddress(page, offset));
        places[slot] = Integer.toUnsignedLong(block) << 16 | offset;
    }

    private Object[] read(long tuple) {
        TupleLayout layout = heap.layout();
        Object[] values = new Object[layout.attributeCount()];
        for (int i = 0; i < values.length; i++) {
            int external = TupleReader.externalLength(layout, tuple, i);
            values[i] = external > 0 ? new Wide(external) : TupleReader.getObject(layout, tuple, i, heap.toast());
        }
        return values;
    }

    /** The correlation is about the order of rows in the table. */
    private void sortByPlace() {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(places[a], places[b]));
        Object[][] sorted = new Object[count][];
        for (int i = 0; i < count; i++) {
            sorted[i] = rows[order[i]];
        }
        rows = sorted;
    }

    /** The rows in table order; attributes are objects, null, or {@link Wide}. */
    Object[][] rows() {
        return rows;
    }

    int blocks() {
        return blocks;
    }

    int blocksScanned() {
        return scanned;
    }

    long liveRowsSeen() {
        return live;
    }

    long deadRowsSeen() {
        return dead;
    }

    double totalRows() {
        return scanned == 0 ? 0 : Math.floor((double) live / scanned * blocks + 0.5);
    }

    double totalDeadRows() {
        return scanned == 0 ? 0 : Math.floor((double) dead / scanned * blocks + 0.5);
    }
}
