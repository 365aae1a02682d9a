package io.quantadb.storage.buffer;

import io.quantadb.wal.writer.NodeWal;
import io.quantadb.wal.writer.WalInserter;

/** The little of the WAL that the pool needs. Safe for use by many threads. */
public interface PageWal {
    /** Exclusive end of everything inserted so far. */
    long insertLsn();

    /** Returns after all WAL before {@code lsn} is on stable storage. */
    void flush(long lsn);

    /**
     * Whether a page with this LSN may be written without a long wait: false only while replicas have not confirmed
     * it.
     */
    default boolean mayWrite(long lsn) {
        return true;
    }

    /** Somebody waits for pages to become writable. */
    default void hurry() {
    }

    /** Of a node that may change its role. */
    static PageWal of(NodeWal node) {
        return new PageWal() {
            @Override
            public long insertLsn() {
                return node.insertLsn();
            }

            @Override
            public void flush(long lsn) {
                node.beforePageWrite(lsn);
            }

            @Override
            public boolean mayWrite(long lsn) {
                return node.mayWritePage(lsn);
            }

            @Override
            public void hurry() {
                node.requestFlush(node.insertLsn());
            }
        };
    }

    static PageWal of(WalInserter inserter) {
        return new PageWal() {
            @Override
            public long insertLsn() {
                return inserter.insertLsn();
            }

            @Override
            public void flush(long lsn) {
                if (lsn > inserter.flushLsn()) {
                    inserter.flush(lsn);
                }
            }
        };
    }

    /**
     * While crash recovery replays WAL that was made durable before redo began. Redo notes recovery LSNs itself.
     */
    PageWal DURABLE = new PageWal() {
        @Override
        public long insertLsn() {
            return 0;
        }

        @Override
        public void flush(long lsn) {
            // Everything that is replayed is on stable storage already.
        }
    };
}
