package io.quantadb.wal.writer;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads parked until the flush position reaches theirs: a lock-free stack that the flusher empties after each sync.
 *
 * <p>A waiter pushes itself before it looks at the flush position for the last time, and the flusher publishes the
 * position before it empties the stack; so none is missed. Works for virtual threads without pinning.
 */
final class FlushWaiters {
    private final AtomicReference<Node> top = new AtomicReference<>();

    private static final class Node {
        final Thread thread;
        final long lsn;
        Node next;

        Node(Thread thread, long lsn) {
            this.thread = thread;
            this.lsn = lsn;
        }
    }

    /** Registers the calling thread, which then checks the position and parks, in a loop. */
    void add(long lsn) {
        push(new Node(Thread.currentThread(), lsn));
    }

    private void push(Node node) {
        do {
            node.next = top.get();
        } while (!top.compareAndSet(node.next, node));
    }

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Wakes all that wait for {@code flushLsn} or less. */
    void wake(long flushLsn) {
        Node node = top.getAndSet(null);
        while (node != null) {
            Node next = node.next;
            if (node.lsn <= flushLsn) {
                LockSupport.unpark(node.thread);
            } else {
                push(node);
            }
            node = next;
        }
    }
}
