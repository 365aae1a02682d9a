package io.quantadb.pgwire;

import io.quantadb.error.SqlException;
import io.quantadb.session.CopyInput;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Hands COPY data from the event loop to the session's thread, with a bound on what is in between. */
final class CopyReceiver implements CopyInput {
    private static final int HIGH_WATER = 1 << 20;
    /** Where a full receiver asks for more again: well below, so that the loop is not woken for every row. */
    private static final int LOW_WATER = HIGH_WATER / 2;

    private final Runnable resume;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int bytes;
    /** The loop was told that this is full and waits to be resumed. */
    private boolean paused;
    private boolean done;
    private boolean abandoned;
    private SqlException failure;

    /** @param resume makes the loop read and deliver again */
    CopyReceiver(Runnable resume) {
        this.resume = resume;
    }

    @Override
    public byte[] next() {
        byte[] piece;
        boolean wake;
        lock.lock();
        try {
            while (pieces.isEmpty() && !done && failure == null) {
                arrived.awaitUninterruptibly();
            }
            if (failure != null) {
                throw failure;
            }
            piece = pieces.poll();
            bytes -= piece == null ? 0 : piece.length;
            wake = paused && bytes <= LOW_WATER;
            if (wake) {
                paused = false;
            }
        } finally {
            lock.unlock();
        }
        if (wake) {
            resume.run();
        }
        return piece;
    }

    void data(byte[] piece) {
        lock.lock();
        try {
            if (!abandoned) {
                pieces.add(piece);
                bytes += piece.length;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void done() {
        lock.lock();
        try {
            done = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    void fail(SqlException error) {
        lock.lock();
        try {
            failure = error;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abandon() {
        lock.lock();
        try {
            abandoned = true;
            pieces.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the loop has to stop delivering until it is resumed. */
    boolean isFull() {
        lock.lock();
        try {
            paused |= bytes >= HIGH_WATER;
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more messages belong to this copy. */
    boolean isComplete() {
        lock.lock();
        try {
            return done || failure != null || abandoned;
        } finally {
            lock.unlock();
        }
    }
}
