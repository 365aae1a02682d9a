package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an insert finds room: one byte a heap page in the FREE_SPACE_MAP fork. Safe for use by many threads.
 *
 * <p>A category is free bytes divided by {@value #CATEGORY_BYTES}, rounded down, so a page found has at least what was
 * asked for, if the map is up to date. A map page: page header, then a binary tree of bytes in which each inner node is
 * the larger of its children: {@value #INNER} inner nodes, then {@value #LEAVES} leaves, one a heap page. The roots of
 * all map pages of a relation are also kept in memory, and so is the block the last insert went to.
 *
 * <p>It is a hint: not logged, so it may be wrong after a crash, in both directions. Whoever uses a block it names
 * checks the page and calls {@link #record} with the truth; a damaged map page is replaced by zeros and fills again
 * through vacuum. It is never a source of errors: a full disk while it grows is ignored.
 */
public final class FreeSpaceMap {
    static final int CATEGORY_BYTES = 32;
    static final int NODES = Page.SIZE - Page.HEADER_SIZE;
    static final int INNER = 4095;
    static final int LEAVES = NODES - INNER;
    private static final Logger LOG = LoggerFactory.getLogger(FreeSpaceMap.class);
    private static final int NO_BLOCK = -1;

    private final BufferPool pool;
    private final ConcurrentHashMap<RelationId, RelationState> relations = new ConcurrentHashMap<>();

    public FreeSpaceMap(BufferPool pool) {
        this.pool = pool;
    }

    /** Map pages needed for a heap of {@code heapBlocks}. */
    static int mapBlocks(int heapBlocks) {
        return (heapBlocks + LEAVES - 1) / LEAVES;
    }

    private static int categoryOf(int freeBytes) {
        return Math.min(freeBytes / CATEGORY_BYTES, 255);
    }

    /** The category every page of which has {@code bytes}; 256 if there is none. */
    private static int categoryFor(int bytes) {
        return (bytes + CATEGORY_BYTES - 1) / CATEGORY_BYTES;
    }

    /** The block the last insert into the relation went to, -1 if none is known. */
    public int target(RelationId relation) {
        RelationState state = relations.get(relation);
        return state == null ? NO_BLOCK : state.target;
    }

    public void setTarget(RelationId relation, int heapBlock) {
        state(relation).target = heapBlock;
    }

    /**
     * A heap block that should have {@code bytes} free, -1 if the map knows none. Callers that search at the same time
     * are sent to different blocks where there are any.
     */
    public int search(RelationId relation, int bytes) {
        int category = categoryFor(bytes);
        if (category > 255) {
            return NO_BLOCK;
        }
        RelationState state = state(relation);
        int start = state.nextStart.getAndIncrement();
        byte[] roots = state.roots;
        for (int i = 0; i < roots.length; i++) {
            int mapBlock = (state.nextPage + i) % roots.length;
            if ((roots[mapBlock] & 0xFF) < category) {
                continue;
            }
            int heapBlock = searchPage(relation, state, mapBlock, category, start);
            if (heapBlock >= 0) {
                state.nextPage = mapBlock;
                return heapBlock;
            }
        }
        return NO_BLOCK;
    }

    /** Notes how much room the heap block has. */
    public void record(RelationId relation, int heapBlock, int freeBytes) {
        int mapBlock = heapBlock / LEAVES;
        int category = categoryOf(freeBytes);
        if (mapBlock >= pool.blockCount(relation, ForkNumber.FREE_SPACE_MAP)
            && (category == 0 || !grow(relation, mapBlock))) {
            return;
        }
        int buffer = pool.pinOrZero(relation, ForkNumber.FREE_SPACE_MAP, mapBlock);
        try {
            long page = pool.address(buffer);
            if (leaf(page, heapBlock % LEAVES) == category) {
                state(relation).setRoot(mapBlock, node(page, 0));
                return;
            }
            pool.latchExclusive(buffer);
            try {
                pool.markDirty(buffer);
                update(page, heapBlock % LEAVES, category);
                state(relation).setRoot(mapBlock, node(page, 0));
            } finally {
                pool.unlatchExclusive(buffer);
            }
        } finally {
            pool.unpin(buffer);
        }
    }

    /** {@link #record} of a page that turned out too full, then {@link #search}. */
    public int recordAndSearch(RelationId relation, int heapBlock, int freeBytes, int bytes) {
        record(relation, heapBlock, freeBytes);
        return search(relation, bytes);
    }

    /** What the map says about the block, rounded down, bytes: for tests and statistics. */
    public int freeBytes(RelationId relation, int heapBlock) {
        int mapBlock = heapBlock / LEAVES;
        if (mapBlock >= pool.blockCount(relation, ForkNumber.FREE_SPACE_MAP)) {
            return 0;
        }
        int buffer = pool.pinOrZero(relation, ForkNumber.FREE_SPACE_MAP, mapBlock);
        int category = leaf(pool.address(buffer), heapBlock % LEAVES);
        pool.unpin(buffer);
        return category * CATEGORY_BYTES;
    }

    /** Forgets what is known of heap blocks from {@code heapBlocks} on. The map file is cut by the caller. */
    void truncate(RelationId relation, int heapBlocks) {
        relations.remove(relation);
        int mapBlock = heapBlocks / LEAVES;
        if (mapBlock >= pool.blockCount(relation, ForkNumber.FREE_SPACE_MAP)) {
            return;
        }
        int buffer = pool.pinOrZero(relation, ForkNumber.FREE_SPACE_MAP, mapBlock);
        pool.latchExclusive(buffer);
        long page = pool.address(buffer);
        if (!Page.isNew(page)) {
            pool.markDirty(buffer);
            long from = page + Page.HEADER_SIZE + INNER + heapBlocks % LEAVES;
            Memory.fill(from, page + Page.SIZE - from, 0);
            rebuild(page);
        }
        pool.releaseExclusive(buffer);
    }

    void forget(RelationId relation) {
        relations.remove(relation);
    }

    void forgetDatabase(int databaseOid) {
        relations.keySet().removeIf(relation -> relation.databaseOid() == databaseOid);
    }

    private boolean grow(RelationId relation, int mapBlock) {
        try {
            pool.ensureBlocks(relation, ForkNumber.FREE_SPACE_MAP, mapBlock + 1);
            return true;
        } catch (StorageException e) {
            LOG.debug("free-space map of {} cannot grow: {}", relation, e.getMessage());
            return false;
        }
    }

    /**
     * Finds a leaf of at least {@code category} in one map page, beginning near slot {@code start}. Repairs the tree
     * where it promises what no leaf has, and leaves that lie beyond the end of the heap.
     */
    private int searchPage(RelationId relation, RelationState state, int mapBlock, int category, int start) {
        if (mapBlock >= pool.blockCount(relation, ForkNumber.FREE_SPACE_MAP)) {
            state.setRoot(mapBlock, 0);
            return NO_BLOCK;
        }
        int heapBlocks = pool.blockCount(relation, ForkNumber.MAIN);
        int buffer = pool.pinOrZero(relation, ForkNumber.FREE_SPACE_MAP, mapBlock);
        pool.latchExclusive(buffer);
        try {
            long page = pool.address(buffer);
            while (node(page, 0) >= category) {
                int slot = descend(page, category, start);
                if (slot < 0) {
                    pool.markDirty(buffer);
                    rebuild(page);
                    continue;
                }
                int heapBlock = mapBlock * LEAVES + slot;
                if (heapBlock < heapBlocks) {
                    state.setRoot(mapBlock, node(page, 0));
                    return heapBlock;
                }
                pool.markDirty(buffer);
                update(page, slot, 0);
            }
            state.setRoot(mapBlock, node(page, 0));
            return NO_BLOCK;
        } finally {
            pool.releaseExclusive(buffer);
        }
    }

    /**
     * A leaf slot, -1 if an inner node is wrong. Where both children would do, bits of {@code start} choose: neighbours
     * in time part ways.
     */
    private static int descend(long page, int category, int start) {
        int at = 0;
        int choice = start;
        while (at < INNER) {
            int left = 2 * at + 1;
            int right = left + 1;
            boolean leftFits = node(page, left) >= category;
            boolean rightFits = right < NODES && node(page, right) >= category;
            if (!leftFits && !rightFits) {
                return NO_BLOCK;
            }
            if (leftFits && rightFits) {
                at = (choice & 1) == 0 ? left : right;
                choice >>>= 1;
            } else {
                at = leftFits ? left : right;
            }
        }
        return at - INNER;
    }

    private static int node(long page, int index) {
        return Memory.getUnsignedByte(page + Page.HEADER_SIZE + index);
    }

    private static int leaf(long page, int slot) {
        return node(page, INNER + slot);
    }

    private static void setNode(long page, int index, int value) {
        Memory.putByte(page + Page.HEADER_SIZE + index, value);
    }

    private static int childMax(long page, int index) {
        int left = 2 * index + 1;
        int leftValue = left < NODES ? node(page, left) : 0;
        int rightValue = left + 1 < NODES ? node(page, left + 1) : 0;
        return Math.max(leftValue, rightValue);
    }

    private static void update(long page, int slot, int category) {
        if (Page.isNew(page)) {
            Page.init(page, 0, PageKind.FREE_SPACE_MAP);
            Page.setLower(page, Page.SIZE);
            Page.setUpper(page, Page.SIZE);
        }
        int at = INNER + slot;
        setNode(page, at, category);
        while (at > 0) {
            at = (at - 1) / 2;
            int value = childMax(page, at);
            if (node(page, at) == value) {
                return;
            }
            setNode(page, at, value);
        }
    }

    private static void rebuild(long page) {
        for (int at = INNER - 1; at >= 0; at--) {
            setNode(page, at, childMax(page, at));
        }
    }

    private RelationState state(RelationId relation) {
        RelationState state = relations.get(relation);
        return state != null ? state : relations.computeIfAbsent(relation, this::load);
    }

    /** Reads the roots of the relation's map pages. */
    private RelationState load(RelationId relation) {
        int mapBlocks = pool.blockCount(relation, ForkNumber.FREE_SPACE_MAP);
        RelationState state = new RelationState(new byte[mapBlocks]);
        for (int mapBlock = 0; mapBlock < mapBlocks; mapBlock++) {
            int buffer = pool.pinOrZero(relation, ForkNumber.FREE_SPACE_MAP, mapBlock);
            state.roots[mapBlock] = (byte) node(pool.address(buffer), 0);
            pool.unpin(buffer);
        }
        return state;
    }

    private static final class RelationState {
        private final AtomicInteger nextStart = new AtomicInteger();
        private volatile int target = NO_BLOCK;
        private volatile int nextPage;
        private volatile byte[] roots;

        RelationState(byte[] roots) {
            this.roots = roots;
        }

        /**
         * Lost updates are harmless: a root too small is set again by the next record, one too large by the next
         * search.
         */
        void setRoot(int mapBlock, int category) {
            byte[] current = roots;
            if (mapBlock >= current.length) {
                current = Arrays.copyOf(current, mapBlock + 1);
                current[mapBlock] = (byte) category;
                roots = current;
            } else {
                current[mapBlock] = (byte) category;
            }
        }
    }
}
