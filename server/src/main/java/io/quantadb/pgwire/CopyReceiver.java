package io.quantadb.pgwire;

import io.quantadb.error.SqlException;
import io.quantadb.session.CopyInput;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Hands COPY data from the event loop to the session's thread, with a bound on what is in between. */
final class CopyReceiver implements CopyInput {
    private static final int HIGH_WATER = 1 << 20;

    private final Runnable resume;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int bytes;
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
            boolean wasFull = bytes >= HIGH_WATER;
            bytes -= piece == null ? 0 : piece.length;
            wake = wasFull && bytes < HIGH_WATER;
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

    boolean isFull() {
        lock.lock();
        try {
            return bytes >= HIGH_WATER;
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
